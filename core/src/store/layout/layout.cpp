#include "store/layout/layout.hpp"

#include "base/problem/error.hpp"
#include "base/time/time.hpp"
#include "store/layout/physical.hpp"
#include "store/layout/tables.hpp"

namespace kith::internal::store {
namespace {

std::int32_t look_up(const std::map<std::int64_t, std::int32_t>& back, std::int64_t lasting) {
  const auto found = back.find(lasting);
  return found == back.end() ? -1 : found->second;
}

std::int64_t lasting(const std::vector<std::int64_t>& numbers, std::int32_t number, const char* what) {
  if (number < 0) return 0;
  const auto index = static_cast<std::size_t>(number);
  if (index >= numbers.size()) {
    throw Error(ProblemNumber::bug, std::string("a layout without lasting numbers was asked for that of a ") + what,
                "report this as a bug");
  }
  return numbers[index];
}

}  // namespace

std::int32_t LastingNumbers::type_of(std::int64_t number) const { return look_up(type_back, number); }

std::int32_t LastingNumbers::derivation_of(std::int64_t number) const { return look_up(derivation_back, number); }

const LastingMember& LastingNumbers::member_of(std::int64_t lasting_type, std::int64_t lasting_member) const {
  const auto found = member_back.find({lasting_type, lasting_member});
  if (found != member_back.end()) return found->second;
  throw Error(ProblemNumber::storage_corrupt,
              "a row names member " + std::to_string(lasting_member) + " of type " + std::to_string(lasting_type) +
                  ", which this database never had",
              "restore the database from a backup");
}

Layout::Layout(catalog::CatalogPtr catalog, LastingNumbers numbers)
    : catalog_(std::move(catalog)), numbers_(std::move(numbers)), tables_(std::make_shared<const Tables>(*catalog_)) {}

std::string Layout::facts_table(std::int32_t record_type) const { return tables_->record(record_type).facts; }

std::string Layout::derived_table(std::int32_t record_type) const { return tables_->record(record_type).derived; }

std::string Layout::column(std::int32_t record_type, std::int32_t member) const {
  return tables_->record(record_type).quoted[static_cast<std::size_t>(member)];
}

std::string Layout::key_column(std::int32_t record_type, std::int32_t member) const {
  return tables_->record(record_type).keys[static_cast<std::size_t>(member)];
}

std::string Layout::derived_join(std::string_view facts, std::string_view derived) const {
  const std::string f(facts), d(derived);
  return d + ".rid = " + f + ".rid";
}

std::string Layout::live_condition(std::int32_t, std::string_view alias) const {
  return std::string(alias) + ".removed_at IS NULL";
}

expr::Sql Layout::related(const expr::Hop& set, const expr::Sql& owner, std::int64_t tenant, std::int64_t now) const {
  const catalog::Relationship& relationship = catalog_->relationships[static_cast<std::size_t>(set.relationship)];
  const Value today = Value::date(utc_to_local_days(now, catalog_->time_zone));
  expr::Sql out;
  for (const bool back : {false, true}) {
    if (!relationship.symmetric && back != set.inverse) continue;
    const char* near = back ? "to_id" : "from_id";
    const char* other = back ? "from_id" : "to_id";
    if (!out.text.empty()) out.text += " UNION ALL ";
    out.text += std::string("SELECT e.") + other + " FROM kith_edge AS e WHERE e.tenant = ? AND e." + near + " = " +
                owner.text + " AND e.relationship = ? AND e.from_on <= ? AND (e.to_on IS NULL OR e.to_on > ?)";
    out.binds.push_back(Value::integer(tenant));
    out.binds.insert(out.binds.end(), owner.binds.begin(), owner.binds.end());
    out.binds.push_back(Value::text(relationship.name));
    out.binds.push_back(today);
    out.binds.push_back(today);
  }
  return out;
}

std::int64_t Layout::lasting_type(std::int32_t record_type) const {
  return lasting(numbers_.record_type, record_type, "record type");
}

std::int64_t Layout::lasting_derivation(std::int32_t derivation) const {
  return lasting(numbers_.derivation, derivation, "derivation");
}

std::int64_t Layout::lasting_member(std::int32_t record_type, std::int32_t member) const {
  static const std::vector<std::int64_t> kNone;
  const auto type = static_cast<std::size_t>(record_type);
  return lasting(type < numbers_.member.size() ? numbers_.member[type] : kNone, member, "member");
}

std::int64_t tenant_number(Connection& connection, std::string_view name, bool create) {
  const auto ask = [&]() -> std::int64_t {
    const StatementPtr found = connection.prepare("SELECT number FROM kith_tenant WHERE name = ?");
    found->bind(0, name);
    return found->step() ? found->integer(0) : -1;
  };
  const std::int64_t number = ask();
  if (number >= 0 || !create) return number;
  const StatementPtr insert = connection.prepare("INSERT INTO kith_tenant (name) VALUES (?)");
  insert->bind(0, name);
  insert->step();
  return connection.last_rowid();
}

std::vector<std::string> tenant_names(Connection& connection) {
  std::vector<std::string> out;
  const StatementPtr all = connection.prepare("SELECT name FROM kith_tenant ORDER BY number");
  while (all->step()) out.emplace_back(all->text(0));
  return out;
}

std::optional<std::string> meta(Connection& connection, std::string_view key) {
  const StatementPtr found = connection.prepare("SELECT value FROM kith_meta WHERE key = ?");
  found->bind(0, key);
  if (!found->step()) return std::nullopt;
  return std::string(found->text(0));
}

void set_meta(Connection& connection, std::string_view key, std::string_view value) {
  const StatementPtr upsert = connection.prepare(
      "INSERT INTO kith_meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
  upsert->bind(0, key);
  upsert->bind(1, value);
  upsert->step();
}

}  // namespace kith::internal::store
