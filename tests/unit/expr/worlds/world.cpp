#include "unit/expr/worlds/world.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <random>
#include <stdexcept>

#include "base/text/text.hpp"
#include "expr/evaluate/arithmetic.hpp"

namespace kith::internal::expr::testing {
namespace {

Type ref_to(std::int32_t record_type) {
  Type type = Type::of(Kind::ref);
  type.record_type = record_type;
  return type;
}

Type money() {
  Type type = Type::of(Kind::money);
  type.currency = kYuan;
  return type;
}

Type list_of(Kind element) {
  Type type = Type::of(Kind::json);
  type.element = element;
  return type;
}

Type enum_of(const EnumValues& values) {
  Type type = Type::of(Kind::text);
  type.values = &values;
  return type;
}

const char* storage_of(Kind kind) {
  switch (kind) {
    case Kind::real: return "REAL";
    case Kind::text:
    case Kind::json: return "TEXT";
    case Kind::ref: return "BLOB";
    default: return "INTEGER";
  }
}

void bind(sqlite3_stmt* statement, int at, const Value& value) {
  switch (value.kind) {
    case Kind::null:
    case Kind::unknown: sqlite3_bind_null(statement, at); break;
    case Kind::real: sqlite3_bind_double(statement, at, value.d); break;
    case Kind::text:
    case Kind::json:
      sqlite3_bind_text(statement, at, value.s.data(), static_cast<int>(value.s.size()), SQLITE_TRANSIENT);
      break;
    case Kind::ref: sqlite3_bind_blob(statement, at, value.id.bytes.data(), 16, SQLITE_TRANSIENT); break;
    default: sqlite3_bind_int64(statement, at, value.i); break;
  }
}

sqlite3_stmt* prepare(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    throw std::runtime_error(std::string{sqlite3_errmsg(db)} + " in " + sql);
  }
  return statement;
}

}  // namespace

World::World(std::uint64_t shape) : types_(3) {
  const auto of = [](Kind kind) { return Type::of(kind); };
  const auto form = [&](TextForm wanted) {
    Type type = of(Kind::text);
    type.form = wanted;
    return type;
  };
  add(kCustomer, "name", of(Kind::text), MemberKind::field, false);
  add(kCustomer, "note", of(Kind::text));
  add(kCustomer, "n", of(Kind::integer));
  add(kCustomer, "m", of(Kind::integer));
  add(kCustomer, "x", of(Kind::real));
  add(kCustomer, "y", of(Kind::real));
  add(kCustomer, "ok", of(Kind::boolean));
  add(kCustomer, "sure", of(Kind::boolean), MemberKind::field, false);
  add(kCustomer, "tier", enum_of(tiers_));
  add(kCustomer, "old_tier", enum_of(tiers_));
  add(kCustomer, "kind", enum_of(kinds_));
  add(kCustomer, "born", of(Kind::date));
  add(kCustomer, "left_on", of(Kind::date));
  add(kCustomer, "joined", of(Kind::timestamp));
  add(kCustomer, "seen", of(Kind::timestamp));
  add(kCustomer, "balance", money());
  add(kCustomer, "spent", money());
  add(kCustomer, "parent", ref_to(kCustomer));
  add(kCustomer, "home", ref_to(kRegion));
  add(kCustomer, "about", ref_to(-1));
  add(kCustomer, "tags", list_of(Kind::text));
  add(kCustomer, "extra", of(Kind::json));
  add(kCustomer, "zone", of(Kind::text));
  add(kCustomer, "lifecycle", enum_of(states_));
  add(kCustomer, "lifecycle_since", of(Kind::timestamp));
  add(kCustomer, "retail.score", of(Kind::integer), MemberKind::derived);
  add(kCustomer, "retail.last_at", of(Kind::timestamp), MemberKind::derived);
  add(kCustomer, "retail.vip", of(Kind::boolean), MemberKind::derived);
  add(kCustomer, "retail.tier", enum_of(tiers_));
  add(kCustomer, "retail.best", ref_to(kCustomer), MemberKind::derived);
  add(kCustomer, "mail", form(TextForm::email));
  add(kRegion, "code", of(Kind::text));
  add(kRegion, "rank", of(Kind::integer));
  add(kRegion, "opened", of(Kind::timestamp));
  add(kRegion, "chief", ref_to(kCustomer));
  add(kRegion, "size_class", of(Kind::integer), MemberKind::derived);
  add(kOrder, "total", money());
  add(kOrder, "customer", ref_to(kCustomer));
  add(kOrder, "qty", of(Kind::integer));
  add(kOrder, "weight", of(Kind::real));
  add(kOrder, "at", of(Kind::timestamp));
  add(kOrder, "due_on", of(Kind::date));
  add(kOrder, "done", of(Kind::boolean));
  add(kOrder, "note", of(Kind::text));
  add(kOrder, "tier", enum_of(tiers_));
  add(kOrder, "place", ref_to(kRegion));
  add(kOrder, "margin", of(Kind::integer), MemberKind::derived);
  add(kOrder, "purpose", of(Kind::text));
  add(kOrder, "channel", enum_of(channels_));
  add(kOrder, "answer", enum_of(answers_));
  add_set(kCustomer, "retail.orders", kOrder, "customer");
  add_set(kCustomer, "retail.children", kCustomer, "parent");
  add_set(kRegion, "residents", kCustomer, "home");
  if (shape != 0) reshape(shape);
}

void World::reshape(std::uint64_t shape) {
  std::mt19937_64 random(shape);
  const auto chance = [&](std::uint64_t percent) { return random() % 100 < percent; };
  if (chance(50)) tiers_.ids.insert(tiers_.ids.begin() + static_cast<std::ptrdiff_t>(random() % 4), "bronze");
  if (chance(50)) std::swap(tiers_.ids[random() % tiers_.ids.size()], tiers_.ids[random() % tiers_.ids.size()]);
  if (chance(30)) states_.ids.push_back("lost");
  Currency currency = kYuan;
  if (chance(50)) currency = chance(50) ? Currency{{'B', 'H', 'D'}, 3} : Currency{{'U', 'S', 'D'}, 2};
  for (std::size_t type = 0; type < types_.size(); ++type) {
    for (Named& named : types_[type]) {
      Member& member = named.member;
      if (member.type.kind == Kind::money) member.type.currency = currency;
      if (member.kind == MemberKind::set || member.type.kind == Kind::ref) continue;
      if (chance(25)) member.kind = member.kind == MemberKind::field ? MemberKind::derived : MemberKind::field;
      if (chance(35)) member.nullable = !member.nullable;
      if (member.kind == MemberKind::derived) member.nullable = true;
    }
  }
}

void World::add(std::int32_t record_type, std::string name, Type type, MemberKind kind, bool nullable) {
  auto& members = types_[static_cast<std::size_t>(record_type)];
  members.push_back({std::move(name), Member{kind, static_cast<std::int32_t>(members.size()), type, nullable}});
}

void World::add_set(std::int32_t record_type, std::string name, std::int32_t child, std::string_view ref) {
  add(record_type, std::move(name), ref_to(child), MemberKind::set);
  types_[static_cast<std::size_t>(record_type)].back().member.set_ref = number(child, ref);
}

std::int32_t World::number(std::int32_t record_type, std::string_view name) const {
  const auto found = member(record_type, name);
  if (!found) throw std::runtime_error("no member " + std::string{name});
  return found->index;
}
const Member& World::member_at(std::int32_t record_type, std::int32_t at) const {
  return types_[static_cast<std::size_t>(record_type)][static_cast<std::size_t>(at)].member;
}
std::int32_t World::size(std::int32_t record_type) const {
  return static_cast<std::int32_t>(types_[static_cast<std::size_t>(record_type)].size());
}

std::string World::record_type_name(std::int32_t record_type) const {
  return record_type == kCustomer ? "customer"
         : record_type == kRegion ? "region"
         : record_type == kOrder  ? "retail.order"
                                  : "any";
}
std::optional<Member> World::member(std::int32_t record_type, std::string_view name) const {
  for (const Named& named : types_[static_cast<std::size_t>(record_type)]) {
    if (named.name == name) return named.member;
  }
  return std::nullopt;
}
std::vector<std::string> World::member_names(std::int32_t record_type) const {
  std::vector<std::string> names;
  for (const Named& named : types_[static_cast<std::size_t>(record_type)]) names.push_back(named.name);
  return names;
}
std::optional<LifecycleMembers> World::lifecycle(std::int32_t record_type, std::string_view name) const {
  if (record_type != kCustomer || name != "customer.lifecycle") return std::nullopt;
  return LifecycleMembers{*member(kCustomer, "lifecycle"), *member(kCustomer, "lifecycle_since")};
}
std::vector<std::string> World::lifecycle_names(std::int32_t record_type) const {
  return record_type == kCustomer ? std::vector<std::string>{"customer.lifecycle"} : std::vector<std::string>{};
}
std::optional<Member> World::segment(std::int32_t record_type, std::string_view name) const {
  if (record_type != kCustomer || name != "retail.vips") return std::nullopt;
  return member(kCustomer, "retail.vip");
}
std::vector<std::string> World::segment_names(std::int32_t record_type) const {
  return record_type == kCustomer ? std::vector<std::string>{"retail.vips"} : std::vector<std::string>{};
}
std::optional<Type> World::setting(std::string_view name) const {
  if (name == "retail.days") return Type::of(Kind::integer);
  if (name == "retail.label") return Type::of(Kind::text);
  if (name == "retail.limit") return Type::of(Kind::integer);
  return std::nullopt;
}
std::vector<std::string> World::setting_names() const { return {"retail.days", "retail.label", "retail.limit"}; }
std::optional<Type> World::setting_key(std::string_view name) const {
  return name == "retail.limit" ? std::optional{enum_of(tiers_)} : std::nullopt;
}
std::optional<RelationshipSet> World::relationship(std::int32_t record_type, std::string_view name) const {
  if (record_type == kCustomer && name == "knows") return RelationshipSet{kKnows, false, kCustomer};
  if (record_type == kCustomer && name == "known_by") return RelationshipSet{kKnows, true, kCustomer};
  if (record_type == kCustomer && name == "friends") return RelationshipSet{kFriends, false, kCustomer};
  if (record_type == kCustomer && name == "lives_in") return RelationshipSet{kLivesIn, false, kRegion};
  if (record_type == kRegion && name == "homes") return RelationshipSet{kLivesIn, true, kCustomer};
  return std::nullopt;
}
std::vector<std::string> World::relationship_names(std::int32_t record_type) const {
  if (record_type == kRegion) return {"homes"};
  return record_type == kCustomer ? std::vector<std::string>{"knows", "known_by", "friends", "lives_in"}
                                  : std::vector<std::string>{};
}
// Orders serve as consents too: they have a purpose, a channel and an answer.
std::optional<ConsentMembers> World::consents(std::int32_t record_type) const {
  if (record_type != kCustomer) return std::nullopt;
  return ConsentMembers{*member(kCustomer, "retail.orders"),
                        *member(kOrder, "purpose"),
                        *member(kOrder, "channel"),
                        *member(kOrder, "answer"),
                        *member(kOrder, "at"),
                        "granted",
                        "any"};
}
std::optional<Type> World::parameter(std::string_view set, std::string_view name) const {
  if (set == "insight.rfm" && (name == "r1" || name == "r2")) return Type::of(Kind::integer);
  return std::nullopt;
}
std::vector<std::string> World::parameter_names() const { return {"insight.rfm.r1", "insight.rfm.r2"}; }
std::optional<FunctionSignature> World::function(std::string_view name) const {
  if (name != "retail.twice") return std::nullopt;
  return FunctionSignature{4, {Kind::integer}, Kind::integer};
}
std::vector<std::string> World::function_names() const { return {"retail.twice"}; }

std::string World::facts_table(std::int32_t record_type) const {
  return record_type == kCustomer ? "customer" : record_type == kRegion ? "region" : "retail__order";
}
std::string World::derived_table(std::int32_t record_type) const { return facts_table(record_type) + "__d"; }
std::string World::column(std::int32_t record_type, std::int32_t at) const {
  return "\"c_" + types_[static_cast<std::size_t>(record_type)][static_cast<std::size_t>(at)].name + "\"";
}
std::string World::key_column(std::int32_t record_type, std::int32_t at) const {
  return "\"k_" + types_[static_cast<std::size_t>(record_type)][static_cast<std::size_t>(at)].name + "\"";
}
bool World::has_key_at(std::int32_t record_type, std::int32_t at) const {
  const Member& member = member_at(record_type, at);
  return member.kind == MemberKind::field && has_key(member.type.form);
}
std::string World::live_condition(std::int32_t, std::string_view alias) const {
  return std::string{alias} + ".removed_at IS NULL";
}

Sql World::related(const Hop& set, const Sql& owner, std::int64_t tenant, std::int64_t now) const {
  Sql out;
  const bool both = set.relationship == kFriends;
  for (const bool back : {false, true}) {
    if (!both && back != set.inverse) continue;
    if (!out.text.empty()) out.text += " UNION ALL ";
    out.text += std::string{"SELECT e."} + (back ? "from_id" : "to_id") +
                " FROM edge AS e WHERE e.tenant = ? AND e.relationship = ? AND e." + (back ? "to_id" : "from_id") +
                " = " + owner.text + " AND e.begins <= ? AND e.ends > ?";
    out.binds.push_back(Value::integer(tenant));
    out.binds.push_back(Value::integer(set.relationship));
    out.binds.insert(out.binds.end(), owner.binds.begin(), owner.binds.end());
    out.binds.push_back(Value::timestamp(now));
    out.binds.push_back(Value::timestamp(now));
  }
  return out;
}

Timed Course::at(std::int64_t now) const {
  Timed timed{first, kForever};
  for (const auto& [when, value] : later) {
    if (when > now) {
      timed.until = when;
      break;
    }
    timed.value = value;
  }
  return timed;
}

Record::Record(const World& world, std::int32_t record_type, std::uint8_t number)
    : world_(world),
      record_type_(record_type),
      values_(static_cast<std::size_t>(world.size(record_type))),
      facts_(values_.size()) {
  show_facts(facts_.data());
  id_.bytes[0] = static_cast<std::uint8_t>(record_type + 1);
  id_.bytes[15] = number;
}
Record& Record::set(std::string_view name, Value value) { return set_course(name, {std::move(value), {}}); }
Record& Record::set_course(std::string_view name, Course course) {
  const auto at = static_cast<std::size_t>(world_.number(record_type_, name));
  facts_[at] = course.first;
  values_[at] = std::move(course);
  return *this;
}
Record& Record::link(std::string_view name, Record* target) {
  links_[world_.number(record_type_, name)] = target;
  return set(name, target == nullptr ? Value::null() : target->self());
}
Value Record::self() { return Value::ref(record_type_, id_); }
Timed Record::get(std::int32_t member) {
  if (world_.member_at(record_type_, member).kind == MemberKind::derived && !has_derived)
    return {Value::null(), kForever};
  return values_[static_cast<std::size_t>(member)].at(now);
}
RecordView* Record::follow(std::int32_t member) {
  if (get(member).value.is_null()) return nullptr;
  const auto found = links_.find(member);
  return found == links_.end() || found->second == nullptr || found->second->removed ? nullptr : found->second;
}

void Record::related(const Hop& set, std::vector<Related>& out) {
  if (graph == nullptr) return;
  if (set.relationship < 0) {
    const Member& member = world_.member_at(record_type_, set.member);
    for (Record* child : graph->records) {
      if (child->record_type_ != member.type.record_type || child->removed) continue;
      const Value ref = child->raw(member.set_ref);
      if (ref.kind == Kind::ref && ref.id == id_) out.push_back({child, true, kForever});
    }
    return;
  }
  for (Record* other : graph->records) {
    if (other->removed) continue;
    bool found = false;
    Related related{other, false, kForever};
    for (const Edge& edge : graph->edges) {
      const bool forth = edge.from == this && edge.to == other && (!set.inverse || edge.relationship == kFriends);
      const bool back = edge.to == this && edge.from == other && (set.inverse || edge.relationship == kFriends);
      if (edge.relationship != set.relationship || (!forth && !back)) continue;
      const bool inside = edge.begins <= now && now < edge.ends;
      const std::int64_t until = now < edge.begins ? (edge.begins < edge.ends ? edge.begins : kForever)
                                 : inside          ? edge.ends
                                                   : kForever;
      if (inside == related.inside && found) {
        related.until = inside ? std::max(related.until, until) : std::min(related.until, until);
      } else if (!found || inside) {
        related.inside = inside;
        related.until = until;
      }
      found = true;
    }
    if (found) out.push_back(related);
  }
}

const std::vector<std::pair<Value, Value>>* Answers::setting_table(std::string_view name) const {
  return name == "retail.limit" ? &limits_ : nullptr;
}
Value Answers::setting(std::string_view name) const { return name == "retail.days" ? days : Value::text("gold"); }
Timed Answers::parameter(std::string_view, std::string_view name) const {
  return {name == "r1" ? Value::integer(10) : Value::null(), kForever};
}
Value Answers::call(std::int32_t, const std::vector<Value>& arguments) const {
  const auto twice = arguments[0].is_null() ? std::nullopt : multiply(2, arguments[0].i);
  return twice ? Value::integer(*twice) : Value::null();
}

Database::Database(const World& world) : world_(world) {
  if (sqlite3_open(":memory:", &db_) != SQLITE_OK) throw std::runtime_error("can't open SQLite in memory");
  run("CREATE TABLE edge (tenant INTEGER, relationship INTEGER, from_id BLOB, to_id BLOB, begins INTEGER, ends "
      "INTEGER) STRICT");
  for (const std::int32_t type : {kCustomer, kRegion, kOrder}) {
    std::string facts = "CREATE TABLE " + world.facts_table(type) +
                        " (rid INTEGER PRIMARY KEY, tenant INTEGER, id BLOB, removed_at INTEGER";
    std::string derived =
        "CREATE TABLE " + world.derived_table(type) + " (rid INTEGER PRIMARY KEY, tenant INTEGER, id BLOB";
    for (std::int32_t at = 0; at < world.size(type); ++at) {
      const Member& member = world.member_at(type, at);
      if (member.kind == MemberKind::set) continue;
      (member.kind == MemberKind::derived ? derived : facts) +=
          ", " + world.column(type, at) + " " + storage_of(member.type.kind);
      if (world.has_key_at(type, at)) facts += ", " + world.key_column(type, at) + " TEXT";
    }
    run(facts + ", UNIQUE(tenant, id)) STRICT");
    run(derived + ", UNIQUE(tenant, id)) STRICT");
  }
}
Database::~Database() { sqlite3_close(db_); }

void Database::run(const std::string& sql) {
  char* message = nullptr;
  if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, &message) != SQLITE_OK) throw std::runtime_error(message);
}

void Database::insert(const Record& record, std::int64_t tenant) {
  std::int64_t rid = 0;
  for (const bool derived : {false, true}) {
    if (derived && !record.has_derived) continue;
    std::string columns = derived ? "rid, tenant, id" : "tenant, id, removed_at";
    std::vector<Value> values;
    if (derived) values.push_back(Value::integer(rid));
    values.push_back(Value::integer(tenant));
    values.push_back(Value::ref(record.type(), record.id()));
    if (!derived) values.push_back(record.removed ? Value::integer(1) : Value::null());
    for (std::int32_t at = 0; at < world_.size(record.type()); ++at) {
      const MemberKind kind = world_.member_at(record.type(), at).kind;
      if (kind == MemberKind::set || (kind == MemberKind::derived) != derived) continue;
      columns += ", " + world_.column(record.type(), at);
      values.push_back(record.raw(at));
      if (!world_.has_key_at(record.type(), at)) continue;
      columns += ", " + world_.key_column(record.type(), at);
      values.push_back(record.raw(at).is_null() ? Value::null() : Value::text(email_key(record.raw(at).s)));
    }
    std::string marks = "?";
    for (std::size_t i = 1; i < values.size(); ++i) marks += ", ?";
    const std::string table = derived ? world_.derived_table(record.type()) : world_.facts_table(record.type());
    sqlite3_stmt* statement = prepare(db_, "INSERT INTO " + table + " (" + columns + ") VALUES (" + marks + ")");
    for (std::size_t i = 0; i < values.size(); ++i) bind(statement, static_cast<int>(i) + 1, values[i]);
    const int result = sqlite3_step(statement);
    sqlite3_finalize(statement);
    if (result != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(db_));
    if (!derived) rid = sqlite3_last_insert_rowid(db_);
  }
}

void Database::insert(const Edge& edge, std::int64_t tenant) {
  sqlite3_stmt* statement =
      prepare(db_, "INSERT INTO edge (tenant, relationship, from_id, to_id, begins, ends) VALUES (?, ?, ?, ?, ?, ?)");
  const std::vector<Value> values{
      Value::integer(tenant), Value::integer(edge.relationship), edge.from->self(),
      edge.to->self(),        Value::timestamp(edge.begins),     Value::timestamp(edge.ends)};
  for (std::size_t i = 0; i < values.size(); ++i) bind(statement, static_cast<int>(i) + 1, values[i]);
  const int result = sqlite3_step(statement);
  sqlite3_finalize(statement);
  if (result != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(db_));
}

std::vector<std::vector<Database::Cell>> Database::rows_of(const Sql& columns) {
  sqlite3_stmt* statement = prepare(
      db_, "SELECT " + columns.text +
               " FROM customer AS t LEFT JOIN customer__d AS td ON td.rid = t.rid WHERE t.tenant = 7 ORDER BY t.rid");
  for (std::size_t i = 0; i < columns.binds.size(); ++i) bind(statement, static_cast<int>(i) + 1, columns.binds[i]);
  std::vector<std::vector<Cell>> rows;
  int result = sqlite3_step(statement);
  for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
    std::vector<Cell>& row = rows.emplace_back();
    for (int at = 0; at < sqlite3_column_count(statement); ++at) {
      const int type = sqlite3_column_type(statement, at);
      std::string text;
      if (type == SQLITE_FLOAT) {
        text = to_text(Value::real(sqlite3_column_double(statement, at)));
      } else if (type != SQLITE_NULL) {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, at));
        if (type == SQLITE_INTEGER) bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement, at));
        text.assign(bytes == nullptr ? "" : bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, at)));
      }
      row.emplace_back(type, std::move(text));
    }
  }
  sqlite3_finalize(statement);
  if (result != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(db_));
  return rows;
}

std::string Database::plan_of(const Sql& where) {
  sqlite3_stmt* statement =
      prepare(db_, "EXPLAIN QUERY PLAN SELECT t.id FROM customer AS t WHERE t.tenant = 7 AND " + where.text);
  for (std::size_t i = 0; i < where.binds.size(); ++i) bind(statement, static_cast<int>(i) + 1, where.binds[i]);
  std::string plan;
  while (sqlite3_step(statement) == SQLITE_ROW)
    plan += std::string{reinterpret_cast<const char*>(sqlite3_column_text(statement, 3))} + "\n";
  sqlite3_finalize(statement);
  return plan;
}

const std::vector<std::string>& set_indexes() {
  static const World world;
  static const std::vector<std::string> indexes = [] {
    std::vector<std::string> made;
    const auto add = [&](const std::string& table, const std::string& column) {
      made.push_back("CREATE INDEX of_set_" + std::to_string(made.size()) + " ON " + table + " (tenant, " + column +
                     ")");
    };
    add(world.facts_table(kOrder), world.column(kOrder, world.number(kOrder, "customer")));
    add(world.facts_table(kCustomer), world.column(kCustomer, world.number(kCustomer, "parent")));
    add(world.facts_table(kCustomer), world.column(kCustomer, world.number(kCustomer, "home")));
    add("edge", "relationship, from_id");
    add("edge", "relationship, to_id");
    return made;
  }();
  return indexes;
}

std::int64_t instant(const char* text) { return parse_instant(text).value(); }
std::int64_t day(const char* text) { return parse_date(text).value(); }

}  // namespace kith::internal::expr::testing
