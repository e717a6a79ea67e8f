// The "type" of a field, formula, setting, argument: the key and what goes with it (values, of, to, currency).
#pragma once
#include "catalog/builder/builder.hpp"

namespace kith::internal::catalog {

struct DeclaredType {
  expr::Type type;
  std::unique_ptr<expr::EnumValues> values;  ///< enum and list of enum; `type.values` points here
  std::vector<EnumValue> value_labels;
};

/// nullopt, with a problem, when the type can't be. A ref's target is left open (-1): it may be declared later.
std::optional<DeclaredType> read_type(Builder& builder, const Item& item, const std::string& what);
Kind kind_of(std::string_view type_name);
/// "(timestamp,timestamp)->double"
std::string abi_signature(const std::vector<Argument>& arguments, Kind returns);
/// `name`, `type` pairs; a ref's `to` is resolved.
std::vector<Argument> read_arguments(Builder& builder, const Item& item, std::string_view key);

}  // namespace kith::internal::catalog
