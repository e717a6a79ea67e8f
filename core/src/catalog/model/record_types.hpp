// Record types with their members, and the relationships between records.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem/error.hpp"
#include "base/text/matcher.hpp"
#include "base/value/value.hpp"
#include "expr/names.hpp"

namespace kith::internal::catalog {

inline constexpr std::string_view kCoreBundle = "kith";  ///< owner of what the core declares itself

/// Language tag -> text. "en" is always there.
struct Label {
  std::map<std::string, std::string, std::less<>> texts;
  const std::string& in(std::string_view language) const;  ///< falls back to "en"
};

struct EnumValue {
  std::string id;  ///< as it is stored and asked for: "phone", "retail.live"
  Label label;
  std::string owner{};  ///< the bundle that added it; "" = the one that declares the member
  std::string after{};  ///< the value that it was added behind; "" = none
};

enum class Pii : std::uint8_t { none, personal, sensitive };

/// What a member is, which decides how it is written and where it lies.
enum class Role : std::uint8_t {
  field,     ///< a fact that people and systems write
  system,    ///< a fact that the engine writes: version, created_at, a lifecycle's state
  derived,   ///< in <table>__d, written by floor derive
  child_set  ///< no column: the inverse of a ref
};

/// One name on a record type. `members` of a RecordType are numbered by position; expr::Member::index is that number.
struct Member {
  std::string name;   ///< as in expressions: "name", "retail.tier", "retail.orders"
  std::string owner;  ///< bundle id
  Label label;
  Role role = Role::field;
  expr::Type type;     ///< child_set: Kind::ref with the child's type
  std::string column;  ///< physical: "name", "retail__tier"; "" for child_set
  Place place;         ///< of its declaration
  // facts
  bool required = false, unique = false, index = false;
  std::optional<Value> default_value;
  std::optional<double> min, max;          ///< numbers, money in major units
  std::optional<std::int64_t> max_length;  ///< code points
  std::string pattern;                     ///< regular expression (RE2) for the whole text; "" = any
  std::shared_ptr<const Matcher> matcher;  ///< the pattern, compiled
  std::string format;                      ///< "", email, phone, time_zone, currency, country, language
  Pii pii = Pii::none;
  std::unique_ptr<expr::EnumValues> values;  ///< enum; `type.values` points here
  std::vector<EnumValue> value_labels;
  std::string inverse;  ///< ref: the set's name on the target, as in expressions there; "" = none
  // child_set
  std::int32_t set_ref_member = -1;  ///< the ref member of the child type that points here
  // derived
  std::int32_t derivation = -1;  ///< in Catalog::derivations
};

struct RecordType {
  std::int32_t number = -1;
  std::string name;  ///< "customer", "retail.order"
  std::string owner;
  Label label;
  std::string table;                                ///< "customer", "retail__order"
  std::int32_t title_member = -1, key_member = -1;  ///< -1 = none
  std::vector<std::int32_t> timeline_path;          ///< ref members to the customer; empty = not on a timeline
  bool append_only = false;
  std::vector<Member> members;
  std::vector<std::vector<std::int32_t>> unique_sets, index_sets;  ///< members, tenant is put first by the store
  std::vector<std::int32_t> lifecycles;                            ///< in Catalog::lifecycles
  Place place;
  const Member* find(std::string_view member_name) const;
  std::map<std::string, std::int32_t, std::less<>> by_name;
};

enum class Cardinality : std::uint8_t { one_to_one, one_to_many, many_to_one, many_to_many };
struct RelationshipEnd {
  std::int32_t record_type = -1;
  std::string kind;  ///< a customer kind; "" = any
};
struct Relationship {
  std::int32_t number = -1;
  std::string name, inverse, owner;
  Label label, inverse_label;
  RelationshipEnd from, to;
  Cardinality cardinality = Cardinality::many_to_many;
  bool acyclic = false, symmetric = false;
  struct Attribute {
    std::string name;
    expr::Type type;
    Label label;
  };
  std::vector<Attribute> attributes;
};

}  // namespace kith::internal::catalog
