#include "store/select/joins.hpp"

#include <algorithm>

#include "base/problem/limits.hpp"
#include "base/text/text.hpp"
#include "store/layout/tables.hpp"

namespace kith::internal::store {
namespace {

const catalog::Member& member_of(const Layout& layout, const Place& place) {
  return layout.catalog().type(place.record_type).members[static_cast<std::size_t>(place.member)];
}

bool by_rank(const Place& place) {
  return place.type.kind == Kind::text && place.type.values != nullptr && place.type.values->ordered;
}

/// "about" -> "about__type", also for quoted names: the second column of a ref to any type.
std::string type_column(const std::string& column) {
  if (!column.empty() && column.back() == '"') return column.substr(0, column.size() - 1) + "__type\"";
  return column + "__type";
}

}  // namespace

Joins::Joins(const Layout& layout, Allowed allowed, std::int32_t record_type, const std::string& indexed)
    : layout_(&layout), allowed_(std::move(allowed)) {
  joined_.push_back({{}, record_type, "t", false});
  from_.text = layout.facts_table(record_type) + " AS t" + (indexed.empty() ? "" : " INDEXED BY " + indexed);
}

std::size_t Joins::reach(const std::vector<std::int32_t>& refs) {
  for (std::size_t i = 0; i < joined_.size(); ++i) {
    if (joined_[i].refs == refs) return i;
  }
  const std::size_t before = reach({refs.begin(), refs.end() - 1});
  check_limit(Limit::joins, ++tables_);
  const std::int32_t source = joined_[before].record_type;
  const std::int32_t target =
      layout_->catalog().type(source).members[static_cast<std::size_t>(refs.back())].type.record_type;
  const std::string alias = "j" + std::to_string(joined_.size());
  expr::Sql allowed = allowed_(target, alias);
  from_.text += " LEFT JOIN " + layout_->facts_table(target) + " AS " + alias + " ON " + alias +
                ".id = " + joined_[before].alias + "." + layout_->column(source, refs.back()) + " AND " + allowed.text;
  from_.binds.insert(from_.binds.end(), allowed.binds.begin(), allowed.binds.end());
  joined_.push_back({refs, target, alias, false});
  return joined_.size() - 1;
}

void Joins::join_derived(Joined& joined) {
  if (joined.derived) return;
  joined.derived = true;
  check_limit(Limit::joins, ++tables_);
  const std::string derived = joined.alias + "d";
  from_.text += " LEFT JOIN " + layout_->derived_table(joined.record_type) + " AS " + derived + " ON " +
                layout_->derived_join(joined.alias, derived);
}

void Joins::need_derived() { join_derived(joined_.front()); }

std::string Joins::value(const Place& place) {
  Joined& joined = joined_[reach(place.refs)];
  if (place.member < 0) return joined.alias + ".id";
  const std::string column = layout_->column(place.record_type, place.member);
  if (member_of(*layout_, place).role == catalog::Role::derived) {
    join_derived(joined);
    return joined.alias + "d." + column;
  }
  return joined.alias + "." + column;
}

std::string Joins::sort_key(const Place& place) {
  if (const std::string column = sort_column(*layout_, place); !column.empty()) return "t." + column;
  std::string column = value(place);
  if (!by_rank(place)) return column;
  std::string rank = "CASE " + column;
  for (std::size_t i = 0; i < place.type.values->ids.size(); ++i) {
    rank += " WHEN '" + join(split(place.type.values->ids[i], '\''), "''") + "' THEN " + std::to_string(i);
  }
  return rank + " END";
}

std::string Joins::columns(const Place& place) {
  const std::string column = value(place);
  return is_any_ref(place) ? column + ", " + type_column(column) : column;
}

std::string sort_column(const Layout& layout, const Place& place) {
  if (!place.refs.empty()) return {};
  if (place.member < 0) return "id";
  const catalog::Member& member = member_of(layout, place);
  if (member.role == catalog::Role::derived || by_rank(place)) return {};
  const std::string column = layout.column(place.record_type, place.member);
  // What is never changed was changed last when it was created, and has one index for both.
  const catalog::RecordType& type = layout.catalog().type(place.record_type);
  if (member.name != "updated_at" || !type.append_only || !type.lifecycles.empty()) return column;
  return layout.column(place.record_type, type.by_name.find("created_at")->second);
}

}  // namespace kith::internal::store
