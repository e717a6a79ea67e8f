// A world that has names of its own for the members of its rows, and nothing else: columns of a file, of a result.
#pragma once
#include "expr/names.hpp"

namespace kith::internal::expr {

class BareNames : public Names {
 public:
  std::optional<LifecycleMembers> lifecycle(std::int32_t, std::string_view) const override { return std::nullopt; }
  std::vector<std::string> lifecycle_names(std::int32_t) const override { return {}; }
  std::optional<Member> segment(std::int32_t, std::string_view) const override { return std::nullopt; }
  std::vector<std::string> segment_names(std::int32_t) const override { return {}; }
  std::optional<Type> setting(std::string_view) const override { return std::nullopt; }
  std::vector<std::string> setting_names() const override { return {}; }
  std::optional<Type> parameter(std::string_view, std::string_view) const override { return std::nullopt; }
  std::vector<std::string> parameter_names() const override { return {}; }
  std::optional<FunctionSignature> function(std::string_view) const override { return std::nullopt; }
  std::vector<std::string> function_names() const override { return {}; }
};

}  // namespace kith::internal::expr
