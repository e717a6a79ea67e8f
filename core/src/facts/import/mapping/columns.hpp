// The columns of a file as names for expressions.
#pragma once
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "expr/bare_names.hpp"

namespace kith::internal::facts {

class Columns : public expr::BareNames {
 public:
  /// `zone` is the file's: its days are those of the expressions.
  explicit Columns(const std::vector<std::string>& names, std::string zone = {});
  std::int32_t find(std::string_view name) const;  ///< -1 = no such column
  bool is_twice(std::string_view name) const { return twice_.count(name) != 0; }
  /// How many columns of the file have this name, which are known as name#1, name#2, ...; 0 = it is no such name.
  std::size_t namesakes(std::string_view name) const;
  /// Names of several columns that expressions have asked for since the last call.
  std::set<std::string> take_ambiguous() const { return std::exchange(ambiguous_, {}); }

  std::string record_type_name(std::int32_t record_type) const override;
  std::optional<expr::Member> member(std::int32_t record_type, std::string_view name) const override;
  std::vector<std::string> member_names(std::int32_t record_type) const override;
  std::string time_zone() const override { return zone_; }

 private:
  std::vector<std::string> names_;
  std::string zone_;
  std::map<std::string, std::int32_t, std::less<>> by_name_;
  std::set<std::string, std::less<>> twice_;
  mutable std::set<std::string> ambiguous_;  ///< a check asks through a const face
};

}  // namespace kith::internal::facts
