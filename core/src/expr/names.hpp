// What the expression language knows of the world: names and their types. The catalog implements it (floor 2),
// mapping files and tests do so in their own way.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"

namespace kith::internal::expr {

/// The values of an enum field, in declared order (lowest first where `ordered`).
struct EnumValues {
  std::vector<std::string> ids;
  bool ordered = false;
  bool extensible = false;  ///< other bundles may add values named `bundle.id`
};

/// The type of an expression or a name. An enum is Kind::text with `values`.
struct Type {
  Kind kind = Kind::null;               ///< Kind::null: only ever null
  const EnumValues* values = nullptr;   ///< borrowed from the catalog
  std::int32_t record_type = -1;        ///< ref and set: the target; -1 = any
  Kind element = Kind::null;            ///< json: the element kind of a list; null = opaque json
  Currency currency{};                  ///< money
  static Type of(Kind k) {
    Type t;
    t.kind = k;
    return t;
  }
};
std::string type_name(const Type& type);  ///< "int", "enum", "ref", "list of text", ...

enum class MemberKind : std::uint8_t { field, derived, set };

/// A name on a record type: a field, a derivation, or a set of child records.
struct Member {
  MemberKind kind = MemberKind::field;
  std::int32_t index = -1;  ///< the member's number within its record type
  Type type;                ///< set: Kind::ref with the child's record type
  bool nullable = true;
};

struct LifecycleMembers {
  Member state;  ///< enum field
  Member since;  ///< timestamp field
};

struct FunctionSignature {
  std::int32_t index = -1;  ///< the catalog's number
  std::vector<Kind> arguments;
  Kind returns = Kind::null;
};

/// All names are as written in expressions: "name", "retail.tier", "retail.orders", "sales.product".
class Names {
 public:
  virtual ~Names() = default;
  virtual std::string record_type_name(std::int32_t record_type) const = 0;
  virtual std::optional<Member> member(std::int32_t record_type, std::string_view name) const = 0;
  virtual std::vector<std::string> member_names(std::int32_t record_type) const = 0;
  virtual std::optional<LifecycleMembers> lifecycle(std::int32_t record_type, std::string_view name) const = 0;
  virtual std::vector<std::string> lifecycle_names(std::int32_t record_type) const = 0;
  virtual std::optional<Member> segment(std::int32_t record_type, std::string_view name) const = 0;
  virtual std::vector<std::string> segment_names(std::int32_t record_type) const = 0;
  virtual std::optional<Type> setting(std::string_view name) const = 0;  ///< "retail.lapse_days"
  virtual std::vector<std::string> setting_names() const = 0;
  virtual std::optional<Type> parameter(std::string_view set, std::string_view name) const = 0;  ///< "insight.rfm", "r1"
  virtual std::vector<std::string> parameter_names() const = 0;  ///< "set.name"
  virtual std::optional<FunctionSignature> function(std::string_view name) const = 0;  ///< of plugins: "retail.f"
  virtual std::vector<std::string> function_names() const = 0;
};

}  // namespace kith::internal::expr
