// What the expression language knows of the world: names and their types. The catalog implements it (floor 2),
// mapping files and tests do so in their own way.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/forms.hpp"
#include "base/value/value.hpp"

namespace kith::internal::expr {

/// The values of an enum field, in declared order (lowest first where `ordered`).
struct EnumValues {
  std::vector<std::string> ids;
  bool ordered = false;
  bool extensible = false;  ///< other bundles may add values named `bundle.id`
};

/// The type of an expression or a name. An enum is Kind::text with `values`.
struct Type {
  Kind kind = Kind::null;              ///< Kind::null: only ever null
  const EnumValues* values = nullptr;  ///< borrowed from the catalog
  std::int32_t record_type = -1;       ///< ref and set: the target; -1 = any
  Kind element = Kind::null;           ///< json: the element kind of a list; null = opaque json
  Currency currency{};                 ///< money
  TextForm form = TextForm::none;      ///< of a stored text, and of the texts of a stored list
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
  std::int32_t set_ref = -1;  ///< set: the child's field that names the record
};

/// A relationship as it is seen from one of its ends.
struct RelationshipSet {
  std::int32_t number = -1;  ///< the catalog's
  bool inverse = false;      ///< seen from the end to which it leads
  std::int32_t target = -1;  ///< record type at the other end; -1 = any
};

/// Where consents lie, as records of their own: the newest of a purpose and channel decides.
struct ConsentMembers {
  Member set;  ///< on the record that gives consent
  Member purpose, channel, status, at;
  std::string granted;      ///< the status that means yes
  std::string any_channel;  ///< the channel that stands for all
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
  virtual std::optional<Type> parameter(std::string_view set,
                                        std::string_view name) const = 0;              ///< "insight.rfm", "r1"
  virtual std::vector<std::string> parameter_names() const = 0;                        ///< "set.name"
  virtual std::optional<FunctionSignature> function(std::string_view name) const = 0;  ///< of plugins: "retail.f"
  virtual std::vector<std::string> function_names() const = 0;

  // What not every world has.
  /// The relationship of that name that begins at, or under its inverse name leads to, records of this type.
  virtual std::optional<RelationshipSet> relationship(std::int32_t /*record_type*/, std::string_view /*name*/) const {
    return std::nullopt;
  }
  virtual std::vector<std::string> relationship_names(std::int32_t /*record_type*/) const { return {}; }
  virtual std::optional<ConsentMembers> consents(std::int32_t /*record_type*/) const { return std::nullopt; }
  virtual std::vector<std::string> purpose_names() const { return {}; }
  virtual std::optional<Type> setting_key(std::string_view /*name*/) const {
    return std::nullopt;
  }                                                        ///< keyed settings only
  virtual std::string time_zone() const { return {}; }     ///< whose days count where none is named; "" = UTC
  virtual std::string phone_region() const { return {}; }  ///< of national telephone numbers; "" = none
  virtual std::int32_t actor_type() const { return -1; }   ///< record type of who asks; -1 = nobody is known
};

}  // namespace kith::internal::expr
