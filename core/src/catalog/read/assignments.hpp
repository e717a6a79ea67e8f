// The "set" of an action: names with templates or literals, checked against the type of what they set.
#pragma once
#include "catalog/builder/builder.hpp"

namespace kith::internal::catalog {

/// Where one template stands and what it must yield.
struct TemplateSpot {
  const Item& item;                  ///< the action
  std::string pointer;               ///< of the value
  std::int32_t record_type = -1;     ///< of the workflow: what expressions see
  std::optional<expr::Type> wanted;  ///< nullopt: any
  std::string what;
};

/// nullopt: problems were reported.
std::optional<Assignment> read_assignment(Builder& builder, const TemplateSpot& spot, const boost::json::value& value,
                                          std::string name);

/// {field: template} for fields of `target`.
struct FieldsSpot {
  const Item& item;
  std::string_view key;
  std::int32_t record_type = -1;
  std::int32_t target = -1;
  std::string what;
};
std::vector<Assignment> read_field_assignments(Builder& builder, const FieldsSpot& spot);
/// {name: template} where any name goes: the payload of an event.
std::vector<Assignment> read_free_assignments(Builder& builder, const FieldsSpot& spot);
/// {argument: template} for the arguments of an action.
std::vector<Assignment> read_argument_assignments(Builder& builder, const FieldsSpot& spot,
                                                  const std::vector<Argument>& arguments);

}  // namespace kith::internal::catalog
