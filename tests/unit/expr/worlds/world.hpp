// A small catalog with records in memory and in SQLite, for tests of expressions.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "expr/evaluate/evaluate.hpp"
#include "expr/names.hpp"
#include "expr/sql/lower.hpp"

struct sqlite3;

namespace kith::internal::expr::testing {

inline constexpr std::int32_t kCustomer = 0;
inline constexpr std::int32_t kRegion = 1;
inline constexpr std::int32_t kOrder = 2;
inline constexpr std::int32_t kKnows = 0;    ///< customer to customer; back: known_by
inline constexpr std::int32_t kFriends = 1;  ///< customer to customer, symmetric
inline constexpr std::int32_t kLivesIn = 2;  ///< customer to region; back: homes
inline constexpr std::int64_t kTenant = 7;
inline const Currency kYuan{{'C', 'N', 'Y'}, 2};

/// Names, types and tables: a customer with fields of every kind, a region it lives in, its orders, its children
/// (customers whose parent it is), and three relationships with dated edges.
class World : public Names, public SqlSchema {
 public:
  World() : World(0) {}
  /// The same names every time; from a shape other than 0: which may be null, which are derived, what an enum has, how
  /// many decimals money has.
  explicit World(std::uint64_t shape);
  std::int32_t number(std::int32_t record_type, std::string_view name) const;
  const Member& member_at(std::int32_t record_type, std::int32_t number) const;
  std::int32_t size(std::int32_t record_type) const;

  std::string record_type_name(std::int32_t record_type) const override;
  std::optional<Member> member(std::int32_t record_type, std::string_view name) const override;
  std::vector<std::string> member_names(std::int32_t record_type) const override;
  std::optional<LifecycleMembers> lifecycle(std::int32_t record_type, std::string_view name) const override;
  std::vector<std::string> lifecycle_names(std::int32_t record_type) const override;
  std::optional<Member> segment(std::int32_t record_type, std::string_view name) const override;
  std::vector<std::string> segment_names(std::int32_t record_type) const override;
  std::optional<Type> setting(std::string_view name) const override;
  std::vector<std::string> setting_names() const override;
  std::optional<Type> parameter(std::string_view set, std::string_view name) const override;
  std::vector<std::string> parameter_names() const override;
  std::optional<FunctionSignature> function(std::string_view name) const override;
  std::vector<std::string> function_names() const override;
  std::optional<RelationshipSet> relationship(std::int32_t record_type, std::string_view name) const override;
  std::vector<std::string> relationship_names(std::int32_t record_type) const override;
  std::optional<ConsentMembers> consents(std::int32_t record_type) const override;
  std::vector<std::string> purpose_names() const override { return {"retail.news"}; }
  std::optional<Type> setting_key(std::string_view name) const override;
  std::int32_t actor_type() const override { return kCustomer; }
  std::string time_zone() const override { return zone; }
  std::string phone_region() const override { return "DE"; }
  std::string zone;  ///< of the tenant; "" = UTC

  std::string facts_table(std::int32_t record_type) const override;
  std::string derived_table(std::int32_t record_type) const override;
  std::string column(std::int32_t record_type, std::int32_t member) const override;
  std::string key_column(std::int32_t record_type, std::int32_t member) const override;
  /// An address that is stored, with its key beside it.
  bool has_key_at(std::int32_t record_type, std::int32_t member) const;
  std::string live_condition(std::int32_t record_type, std::string_view alias) const override;
  Sql related(const Hop& set, const Sql& owner, std::int64_t tenant, std::int64_t now) const override;

 private:
  void reshape(std::uint64_t shape);
  void add(std::int32_t record_type, std::string name, Type type, MemberKind kind = MemberKind::field,
           bool nullable = true);
  struct Named {
    std::string name;
    Member member;
  };
  std::vector<std::vector<Named>> types_;
  EnumValues tiers_{{"none", "silver", "gold"}, true, false};
  EnumValues kinds_{{"person", "organization"}, false, false};
  void add_set(std::int32_t record_type, std::string name, std::int32_t child, std::string_view ref);
  EnumValues channels_{{"any", "email", "phone"}, false, false};
  EnumValues answers_{{"granted", "withdrawn"}, false, false};
  EnumValues states_{{"prospect", "lead", "customer"}, false, false};
};

/// A value that may change at given instants by time alone: the last whose instant is not later than now.
struct Course {
  Value first;
  std::vector<std::pair<std::int64_t, Value>> later;  ///< ascending
  Timed at(std::int64_t now) const;
};

class Record;

/// An edge that counts from an instant on until another.
struct Edge {
  std::int32_t relationship = 0;
  Record* from = nullptr;
  Record* to = nullptr;
  std::int64_t begins = 0, ends = kForever;
};

/// All records, in the order of their ids, and what is between them.
struct Graph {
  std::vector<Record*> records;
  std::vector<Edge> edges;
};

class Record : public RecordView {
 public:
  Record(const World& world, std::int32_t record_type, std::uint8_t number);
  Record& set(std::string_view name, Value value);
  Record& set_course(std::string_view name, Course course);
  Record& link(std::string_view name, Record* target);  ///< sets the ref too
  bool removed = false;
  std::int64_t now = 0;          ///< for courses
  bool has_derived = true;       ///< its derived row exists
  const Graph* graph = nullptr;  ///< where its sets are looked for
  std::int32_t type() const { return record_type_; }
  RecordId id() const { return id_; }
  const Value& raw(std::int32_t member) const { return values_[static_cast<std::size_t>(member)].first; }

  Value self() override;
  Timed get(std::int32_t member) override;
  RecordView* follow(std::int32_t member) override;
  void related(const Hop& set, std::vector<Related>& out) override;

 private:
  const World& world_;
  std::int32_t record_type_;
  RecordId id_;
  std::vector<Course> values_;
  std::vector<Value> facts_;  ///< what stands in the fields, in one piece, as a store's row does
  std::map<std::int32_t, Record*> links_;
};

/// setting('retail.limit', 'gold') = 100, 'silver' = 10; setting('retail.days') = 30, setting('retail.label') = 'gold',
/// param('insight.rfm', 'r1') = 10, retail.twice(n) = 2n.
class Answers : public Surroundings {
 public:
  Value setting(std::string_view name) const override;
  Timed parameter(std::string_view set, std::string_view name) const override;
  Value call(std::int32_t function, const std::vector<Value>& arguments) const override;
  const std::vector<std::pair<Value, Value>>* setting_table(std::string_view name) const override;
  RecordView* actor() const override { return asking; }
  Value days = Value::integer(30);
  RecordView* asking = nullptr;

 private:
  std::vector<std::pair<Value, Value>> limits_{{Value::text("gold"), Value::integer(100)},
                                               {Value::text("silver"), Value::integer(10)}};
};

/// A SQLite database in memory with the tables of a World.
class Database {
 public:
  explicit Database(const World& world);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  void insert(const Record& record, std::int64_t tenant = kTenant);
  void insert(const Edge& edge, std::int64_t tenant = kTenant);
  /// `columns` of each customer of the tenant in order of insertion, as (storage class, text).
  using Cell = std::pair<int, std::string>;
  std::vector<std::vector<Cell>> rows_of(const Sql& columns);
  std::string plan_of(const Sql& where);
  void run(const std::string& sql);

 private:
  const World& world_;
  sqlite3* db_ = nullptr;
};

/// For the columns by which sets are found; the same words in both databases.
const std::vector<std::string>& set_indexes();

std::int64_t instant(const char* text);
std::int64_t day(const char* text);

}  // namespace kith::internal::expr::testing
