#include "unit/expr/engines/postgresql.hpp"

#include <charconv>
#include <stdexcept>

#include "base/text/text.hpp"

#ifdef KITH_TEST_LIBPQ
#include <libpq-fe.h>

#include "lib/postgres.hpp"
#endif

namespace kith::internal::expr::testing {

#ifdef KITH_TEST_LIBPQ

namespace {

std::string shortest(double value) {
  std::string out(32, '\0');
  const auto [end, error] = std::to_chars(out.data(), out.data() + out.size(), value);
  out.resize(error == std::errc{} ? static_cast<std::size_t>(end - out.data()) : 0);
  return out;
}

std::optional<std::string> as_parameter(const Value& value) {
  switch (value.kind) {
    case Kind::null:
    case Kind::unknown: return std::nullopt;
    case Kind::boolean: return value.i != 0 ? "t" : "f";
    case Kind::real: return shortest(value.d);
    case Kind::text:
    case Kind::json: return value.s;
    case Kind::ref: return value.id.text();
    default: return std::to_string(value.i);
  }
}

PGconn* as_connection(void* connection) { return static_cast<PGconn*>(connection); }

}  // namespace

std::string Postgresql::missing() { return kith::test::Postgres::instance().missing(); }

Postgresql::Postgresql() : connection_(PQconnectdb(kith::test::Postgres::instance().connection().c_str())) {
  if (PQstatus(as_connection(connection_)) != CONNECTION_OK)
    throw std::runtime_error(PQerrorMessage(as_connection(connection_)));
  PQsetNoticeProcessor(
      as_connection(connection_), [](void*, const char*) {}, nullptr);
}
Postgresql::~Postgresql() { PQfinish(as_connection(connection_)); }

std::vector<Postgresql::Row> Postgresql::query(const Sql& sql) {
  std::vector<std::optional<std::string>> texts;
  for (const Value& value : sql.binds) texts.push_back(as_parameter(value));
  std::vector<const char*> values;
  for (const auto& text : texts) values.push_back(text ? text->c_str() : nullptr);
  PGresult* result = PQexecParams(as_connection(connection_), numbered(sql.text).c_str(),
                                  static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0);
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    std::string failure = PQresultErrorMessage(result);
    PQclear(result);
    throw std::runtime_error(failure.substr(0, failure.find('\n')));
  }
  std::vector<Row> rows;
  for (int row = 0; row < PQntuples(result); ++row) {
    Row& cells = rows.emplace_back();
    for (int at = 0; at < PQnfields(result); ++at) {
      if (PQgetisnull(result, row, at) != 0)
        cells.emplace_back(std::nullopt);
      else
        cells.emplace_back(
            std::string(PQgetvalue(result, row, at), static_cast<std::size_t>(PQgetlength(result, row, at))));
    }
  }
  PQclear(result);
  return rows;
}

#else

std::string Postgresql::missing() {
  return "PostgreSQL's client library (libpq-dev) was not there when the tests were built";
}
Postgresql::Postgresql() { throw std::runtime_error(missing()); }
Postgresql::~Postgresql() = default;
std::vector<Postgresql::Row> Postgresql::query(const Sql&) { return {}; }

#endif

std::string Postgresql::plan_of(const Sql& where) {
  Sql explain = where;
  explain.text = "EXPLAIN SELECT t.id FROM customer AS t WHERE t.tenant = 7 AND " + where.text;
  std::string plan;
  for (const Row& row : query(explain)) plan += row[0].value_or("") + "\n";
  return plan;
}

void create_tables(Postgresql& database, const World& world, bool by_code_point) {
  const auto storage = [&](Kind kind) -> std::string {
    switch (kind) {
      case Kind::boolean: return "boolean";
      case Kind::real: return "float8";
      case Kind::text: return by_code_point ? "text COLLATE \"C\"" : "text";
      case Kind::json: return "jsonb";
      case Kind::ref: return "uuid";
      default: return "bigint";
    }
  };
  database.run("DROP TABLE IF EXISTS edge");
  database.run(
      "CREATE UNLOGGED TABLE edge (tenant bigint, relationship bigint, from_id uuid, to_id uuid, begins bigint, ends "
      "bigint)");
  for (const std::int32_t type : {kCustomer, kRegion, kOrder}) {
    std::string facts = " (rid bigserial PRIMARY KEY, tenant bigint, id uuid, removed_at bigint";
    std::string derived = " (rid bigint PRIMARY KEY, tenant bigint, id uuid";
    for (std::int32_t at = 0; at < world.size(type); ++at) {
      const Member& member = world.member_at(type, at);
      if (member.kind == MemberKind::set) continue;
      (member.kind == MemberKind::derived ? derived : facts) +=
          ", " + world.column(type, at) + " " + storage(member.type.kind);
      if (world.has_key_at(type, at)) facts += ", " + world.key_column(type, at) + " " + storage(Kind::text);
    }
    for (const auto& [table, columns] :
         {std::pair{world.facts_table(type), facts}, {world.derived_table(type), derived}}) {
      database.run("DROP TABLE IF EXISTS " + table);
      database.run("CREATE UNLOGGED TABLE " + table + columns + ", UNIQUE (tenant, id))");
    }
  }
}

void insert(Postgresql& database, const World& world, const Record& record, std::int64_t tenant) {
  std::string rid;
  for (const bool derived : {false, true}) {
    if (derived && !record.has_derived) continue;
    std::string columns = derived ? "rid, tenant, id" : "tenant, id, removed_at";
    Sql insert;
    if (derived) insert.binds.push_back(Value::integer(std::stoll(rid)));
    insert.binds.push_back(Value::integer(tenant));
    insert.binds.push_back(Value::ref(record.type(), record.id()));
    if (!derived) insert.binds.push_back(record.removed ? Value::integer(1) : Value::null());
    for (std::int32_t at = 0; at < world.size(record.type()); ++at) {
      const MemberKind kind = world.member_at(record.type(), at).kind;
      if (kind == MemberKind::set || (kind == MemberKind::derived) != derived) continue;
      columns += ", " + world.column(record.type(), at);
      insert.binds.push_back(record.raw(at));
      if (!world.has_key_at(record.type(), at)) continue;
      columns += ", " + world.key_column(record.type(), at);
      insert.binds.push_back(record.raw(at).is_null() ? Value::null() : Value::text(email_key(record.raw(at).s)));
    }
    std::string marks = "?";
    for (std::size_t i = 1; i < insert.binds.size(); ++i) marks += ", ?";
    const std::string table = derived ? world.derived_table(record.type()) : world.facts_table(record.type());
    insert.text = "INSERT INTO " + table + " (" + columns + ") VALUES (" + marks + ") RETURNING rid";
    rid = database.query(insert).at(0).at(0).value();
  }
}

void insert(Postgresql& database, const Edge& edge, std::int64_t tenant) {
  Sql insert;
  insert.text = "INSERT INTO edge (tenant, relationship, from_id, to_id, begins, ends) VALUES (?, ?, ?, ?, ?, ?)";
  insert.binds = {Value::integer(tenant), Value::integer(edge.relationship), edge.from->self(),
                  edge.to->self(),        Value::timestamp(edge.begins),     Value::timestamp(edge.ends)};
  database.query(insert);
}

}  // namespace kith::internal::expr::testing
