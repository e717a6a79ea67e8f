#include "facts/import/mapping/columns.hpp"

#include <utility>

#include "base/time/time.hpp"

namespace kith::internal::facts {

namespace {
constexpr std::string_view kLine = "_line";
}

Columns::Columns(const std::vector<std::string>& names, std::string zone)
    : names_(names), zone_(is_time_zone(zone) ? std::move(zone) : std::string{}) {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!by_name_.emplace(names_[i], static_cast<std::int32_t>(i)).second) twice_.insert(names_[i]);
  }
}

std::int32_t Columns::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? -1 : found->second;
}

std::size_t Columns::namesakes(std::string_view name) const {
  std::size_t count = 0;
  while (find(std::string(name) + "#" + std::to_string(count + 1)) >= 0) ++count;
  return count > 1 ? count : 0;
}

std::string Columns::record_type_name(std::int32_t) const { return "the file's row"; }

std::optional<expr::Member> Columns::member(std::int32_t record_type, std::string_view name) const {
  if (record_type != 0) return std::nullopt;
  if (name == kLine) {
    return expr::Member{expr::MemberKind::field, static_cast<std::int32_t>(names_.size()),
                        expr::Type::of(Kind::integer), false};
  }
  std::int32_t column = find(name);
  if (column < 0 && namesakes(name) > 0) {
    ambiguous_.emplace(name);
    column = find(std::string(name) + "#1");
  }
  if (column < 0) return std::nullopt;
  return expr::Member{expr::MemberKind::field, column, expr::Type::of(Kind::text), true};
}

std::vector<std::string> Columns::member_names(std::int32_t) const {
  std::vector<std::string> all = names_;
  all.emplace_back(kLine);
  return all;
}

}  // namespace kith::internal::facts
