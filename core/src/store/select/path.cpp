#include "store/select/path.hpp"

#include <algorithm>
#include <cmath>

#include "expr/sql/sql_text.hpp"
#include "store/layout/tables.hpp"

namespace kith::internal::store {
namespace {

// Each arm of a merge is compiled with the statement, so that few values are merged, and many are looked up and sorted.
constexpr std::size_t kMostArms = 8;
// Values of a long list that are counted to estimate the whole, and how far each is counted.
constexpr std::size_t kSampled = 8;
constexpr std::int64_t kSampledRows = 64;
// Rows up to which two ways to look something up are compared.
constexpr std::int64_t kCompared = 256;

expr::Sql equals(const std::string& column, const Value& value) { return {"t." + column + " = ?", {value}}; }

std::vector<std::size_t> with_reach_to(const expr::Condition& condition, const std::string& column) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < condition.parts.size(); ++i) {
    const auto& reach = condition.parts[i].reach;
    if (reach && !reach->derived && reach->column == column) found.push_back(i);
  }
  return found;
}

bool is_one_value(const expr::Reach& reach) {
  return !reach.range && reach.values.size() + (reach.or_null ? 1 : 0) == 1;
}

}  // namespace

/// An index, with the parts of the condition that it finds: single values of its first columns, then perhaps several
/// values or a range of the next one.
struct PathFinder::Lookup {
  const IndexFacts* index = nullptr;
  const expr::Condition* condition = nullptr;
  std::vector<std::size_t> parts;  ///< that the index decides
  std::size_t bound = 0;           ///< columns that have one value
  std::size_t several = SIZE_MAX;  ///< the part that has several values
  bool range = false;
  bool finds_one = false;  ///< at most

  const expr::Reach& values() const { return *condition->parts[several].reach; }
  bool has_several() const { return several != SIZE_MAX; }
  bool is_long() const { return has_several() && values().values.size() > expr::kMostSingleBinds; }
  expr::Sql where(std::size_t without = SIZE_MAX) const {
    std::vector<expr::Sql> pieces;
    for (const std::size_t part : parts) {
      if (part != without) pieces.push_back(condition->parts[part].sql);
    }
    return expr::all_of(pieces);
  }
};

PathFinder::PathFinder(Connection& connection, const Layout& layout, std::int64_t tenant, std::int32_t record_type,
                       const expr::Condition& condition)
    : connection_(&connection), layout_(&layout), tenant_(tenant), record_type_(record_type), condition_(&condition) {}

std::optional<PathFinder::Lookup> PathFinder::by(const IndexFacts& index, const expr::Condition& condition) const {
  Lookup lookup;
  lookup.index = &index;
  lookup.condition = &condition;
  std::size_t used = 0;
  for (const std::string& column : index.columns) {
    const std::vector<std::size_t> parts = with_reach_to(condition, column);
    const auto reach = [&](std::size_t part) -> const expr::Reach& { return *condition.parts[part].reach; };
    const auto one = std::find_if(parts.begin(), parts.end(), [&](std::size_t i) { return is_one_value(reach(i)); });
    if (one != parts.end()) {
      if (reach(*one).or_null && !index.whole) break;
      lookup.parts.push_back(*one);
      ++lookup.bound;
      ++used;
      continue;
    }
    const auto many = std::find_if(parts.begin(), parts.end(), [&](std::size_t i) { return !reach(i).range; });
    if (many != parts.end() && (index.whole || !reach(*many).or_null)) {
      lookup.several = *many;
      lookup.parts.push_back(*many);
      ++used;
    } else if (!parts.empty() && many == parts.end()) {
      lookup.range = true;
      lookup.parts.insert(lookup.parts.end(), parts.begin(), parts.end());
      ++used;
    }
    break;
  }
  // An index without the records that lack a value serves only who asks for a value of each of its columns.
  if (used == 0 || (!index.whole && used < index.columns.size())) return std::nullopt;
  // What has no value is not unique.
  lookup.finds_one = index.unique && lookup.bound == index.columns.size() &&
                     std::none_of(lookup.parts.begin(), lookup.parts.end(),
                                  [&](std::size_t part) { return condition.parts[part].reach->or_null; });
  return lookup;
}

std::vector<PathFinder::Lookup> PathFinder::lookups(const expr::Condition& condition) const {
  std::vector<Lookup> found;
  for (const IndexFacts& index : layout_->tables().indexes[static_cast<std::size_t>(record_type_)]) {
    auto lookup = by(index, condition);
    if (!lookup) continue;
    if (lookup->finds_one) return {std::move(*lookup)};
    // Of two indexes that begin alike, the one that decides more.
    const auto same = std::find_if(found.begin(), found.end(),
                                   [&](const Lookup& other) { return other.parts.front() == lookup->parts.front(); });
    if (same == found.end()) {
      found.push_back(std::move(*lookup));
    } else if (same->parts.size() < lookup->parts.size()) {
      *same = std::move(*lookup);
    }
  }
  return found;
}

std::int64_t PathFinder::rows_of_type() const {
  const StatementPtr row = connection_->prepare("SELECT max(rid) FROM " + layout_->facts_table(record_type_));
  return row->step() ? row->integer(0) : 0;
}

std::int64_t PathFinder::matches(const Lookup& lookup, const expr::Sql& where, std::int64_t most) const {
  const StatementPtr row =
      connection_->prepare("SELECT count(*) FROM (SELECT 1 FROM " + layout_->facts_table(record_type_) +
                           " AS t INDEXED BY " + lookup.index->name + " WHERE t.tenant = ? AND " +
                           layout_->live_condition(record_type_, "t") + " AND " + where.text + " LIMIT ?)");
  int position = 0;
  row->bind(position++, tenant_);
  for (const Value& value : where.binds) row->bind(position++, value);
  row->bind(position, most);
  return row->step() ? row->integer(0) : 0;
}

/// How many rows the index finds; of many values, some stand for all. At most `most`, or about as many as it says.
std::int64_t PathFinder::matches(const Lookup& lookup, std::int64_t most) const {
  if (lookup.finds_one) return 1;
  if (!lookup.is_long()) return matches(lookup, lookup.where(), most);
  const std::vector<Value>& values = lookup.values().values;
  const expr::Sql others = lookup.where(lookup.several);
  const std::string& column = lookup.values().column;
  std::int64_t seen = 0;
  for (std::size_t i = 0; i < kSampled; ++i) {
    const Value& value = values[i * values.size() / kSampled];
    seen += matches(lookup, expr::all_of({others, equals(column, value)}), kSampledRows);
  }
  return std::min(most, seen * static_cast<std::int64_t>(values.size()) / static_cast<std::int64_t>(kSampled) + 1);
}

const PathFinder::Lookup* PathFinder::fewest(const std::vector<Lookup>& found, std::int64_t most,
                                             std::int64_t& rows) const {
  const Lookup* best = nullptr;
  for (const Lookup& lookup : found) {
    const std::int64_t count = matches(lookup, best == nullptr ? most : std::min(most, rows + 1));
    if (best != nullptr && count >= rows) continue;
    best = &lookup;
    rows = count;
  }
  return best;
}

/// Rows of the index, where so many of its first columns have one value, are in the page's order. Where only the first
/// terms are, each group of equal ones is sorted by itself, which ends with the page too.
bool PathFinder::gives_order(const IndexFacts& index, std::size_t from, const Order& order) const {
  if (!index.whole && from < index.columns.size()) return false;
  if (order.keys.empty()) return from < index.columns.size() ? index.columns[from] == "id" : !index.unique;
  return from < index.columns.size() && !order.columns.front().empty() && index.columns[from] == order.columns.front();
}

bool PathFinder::gives_order(const Lookup& lookup, const Order& order) const {
  if (lookup.finds_one) return true;
  if (lookup.range) return gives_order(*lookup.index, lookup.bound, order);
  if (!lookup.has_several()) {
    // The first term may be one of the columns that have one value.
    return gives_order(*lookup.index, lookup.bound, order) ||
           (!order.keys.empty() && lookup.bound > 0 && order.keys.size() == 1 &&
            lookup.bound == lookup.index->columns.size() && lookup.index->columns.front() == order.columns.front());
  }
  const std::size_t arms = lookup.values().values.size() + (lookup.values().or_null ? 1 : 0);
  return arms <= kMostArms && gives_order(*lookup.index, lookup.bound + 1, order);
}

const IndexFacts* PathFinder::walk(const Order& order) const {
  for (const IndexFacts& index : layout_->tables().indexes[static_cast<std::size_t>(record_type_)]) {
    if (gives_order(index, 0, order)) return &index;
  }
  return nullptr;
}

Path PathFinder::along(const IndexFacts* index) const {
  return {{Arm{index == nullptr ? "" : index->name, {}, {}, condition_->sql()}},
          index != nullptr,
          index == nullptr ? "" : index->of_nulls};
}

Path PathFinder::through(const Lookup& lookup, bool in_order) const {
  Path path;
  path.in_order = in_order;
  const std::string& index = lookup.index->name;
  if (lookup.has_several() && in_order) {
    const expr::Reach& reach = lookup.values();
    const expr::Sql rest = condition_->sql_without(lookup.several);
    for (const Value& value : reach.values) {
      path.arms.push_back({index, {}, {}, expr::all_of({equals(reach.column, value), rest})});
    }
    if (reach.or_null)
      path.arms.push_back({index, {}, {}, expr::all_of({expr::literally("t." + reach.column + " IS NULL"), rest})});
  } else if (lookup.has_several() && (lookup.is_long() || lookup.values().or_null) &&
             expr::rows_of(expr::Dialect::sqlite, lookup.values().values)) {
    const expr::Reach& reach = lookup.values();
    const expr::Sql rest = condition_->sql_without(lookup.several);
    path.arms.push_back({index, reach.column, reach.values, rest});
    if (reach.or_null)
      path.arms.push_back({index, {}, {}, expr::all_of({expr::literally("t." + reach.column + " IS NULL"), rest})});
  } else {
    path.arms.push_back({index, {}, {}, condition_->sql()});
  }
  return path;
}

std::optional<std::vector<PathFinder::Lookup>> PathFinder::ways(const expr::Part& part) const {
  if (part.ways.empty() || part.ways.size() > kMostArms) return std::nullopt;
  std::vector<Lookup> out;
  for (const expr::Condition& way : part.ways) {
    std::vector<Lookup> found = lookups(way);
    if (found.empty()) return std::nullopt;
    std::int64_t rows = 0;
    out.push_back(found.size() == 1 ? found.front() : *fewest(found, kCompared, rows));
  }
  return out;
}

/// An || whose sides are each found by an index: one arm for each, without what an earlier one has found.
std::optional<Path> PathFinder::through_ways(const Order& order, std::int64_t most) const {
  for (std::size_t i = 0; i < condition_->parts.size(); ++i) {
    const expr::Part& part = condition_->parts[i];
    const auto found = ways(part);
    if (!found) continue;
    bool in_order = true;
    std::int64_t rows = 0;
    for (const Lookup& lookup : *found) {
      if (lookup.has_several() || !gives_order(lookup, order)) in_order = false;
    }
    for (const Lookup& lookup : *found) {
      if (!in_order) rows += matches(lookup, most + 1 - rows);
    }
    if (rows > most) continue;
    Path path;
    path.in_order = in_order;
    std::vector<expr::Sql> pieces{condition_->sql_without(i)};
    for (std::size_t way = 0; way < found->size(); ++way) {
      std::vector<expr::Sql> all = pieces;
      all.push_back(part.ways[way].sql());
      path.arms.push_back({(*found)[way].index->name, {}, {}, expr::all_of(all)});
      pieces.push_back(expr::cat("(", part.ways[way].sql(), ") IS NOT TRUE"));
    }
    return path;
  }
  return std::nullopt;
}

Path PathFinder::for_page(const Order& order, std::int64_t rows) const {
  const std::vector<Lookup> found = lookups(*condition_);
  const IndexFacts* index = walk(order);
  if (found.empty()) {
    // As many rows as a walk is expected to look at, where the rows that are found lie anywhere in it.
    const bool any = std::any_of(condition_->parts.begin(), condition_->parts.end(),
                                 [](const expr::Part& part) { return !part.ways.empty(); });
    if (any) {
      const double all = static_cast<double>(std::max<std::int64_t>(rows_of_type(), 1));
      const auto most = static_cast<std::int64_t>(std::sqrt(static_cast<double>(rows) * all)) + kCompared;
      if (auto path = through_ways(order, index == nullptr ? INT64_MAX / 2 : most)) return *path;
    }
    return along(index);
  }
  if (found.size() == 1 && gives_order(found.front(), order)) return through(found.front(), true);
  std::int64_t few = 0;
  if (found.size() > 1) {
    const Lookup* best = fewest(found, kCompared, few);
    if (few < kCompared) return through(*best, gives_order(*best, order));
    for (const Lookup& lookup : found) {
      if (gives_order(lookup, order)) return through(lookup, true);
    }
  }
  // Looking m rows up and sorting them is dearer than a walk from m on where rows * all / m, which a walk is expected
  // to look at, is less than m.
  const double all = static_cast<double>(std::max<std::int64_t>(rows_of_type(), 1));
  const auto most =
      std::max<std::int64_t>(static_cast<std::int64_t>(std::sqrt(static_cast<double>(rows) * all)), kCompared);
  const Lookup* best = fewest(found, index == nullptr ? INT64_MAX / 2 : most + 1, few);
  if (index == nullptr || few <= most) return through(*best, gives_order(*best, order));
  return along(index);
}

/// An index in which all of these columns stand, so that no row needs to be read.
const IndexFacts* PathFinder::holding(const std::vector<std::string>& read) const {
  for (const IndexFacts& index : layout_->tables().indexes[static_cast<std::size_t>(record_type_)]) {
    const auto stands_in = [&](const std::string& column) {
      return std::find(index.columns.begin(), index.columns.end(), column) != index.columns.end();
    };
    if (index.whole && !index.unique && std::all_of(read.begin(), read.end(), stands_in)) return &index;
  }
  return nullptr;
}

Path PathFinder::for_all(const std::vector<std::string>& read) const {
  const std::vector<Lookup> found = lookups(*condition_);
  if (found.empty()) {
    const auto path = through_ways(Order{}, rows_of_type() / 8 + kCompared);
    return path ? *path : along(condition_->parts.empty() ? holding(read) : nullptr);
  }
  const std::int64_t most = rows_of_type() / 8 + kCompared;
  std::int64_t few = 0;
  const Lookup* best = found.size() == 1 && !found.front().range ? &found.front() : fewest(found, most, few);
  const bool decides_all = best->parts.size() == condition_->parts.size();
  if (few >= most && !decides_all) return along(nullptr);
  return through(*best, false);
}

}  // namespace kith::internal::store
