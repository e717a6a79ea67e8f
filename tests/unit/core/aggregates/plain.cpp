#include "aggregates/plain.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace kith_test::aggregates {

bool same(const Plain& a, const Plain& b) {
  if (a.dead() || b.dead()) return a.dead() == b.dead();
  return a.kind == b.kind && a.i == b.i && a.d == b.d && a.s == b.s;
}
bool less(const Plain& a, const Plain& b) {
  if (a.kind == Plain::Kind::real) return a.d < b.d;
  return a.kind == Plain::Kind::text ? a.s < b.s : a.i < b.i;
}
std::string shown(const Plain& value) {
  switch (value.kind) {
    case Plain::Kind::null: return "null";
    case Plain::Kind::unknown: return "unknown";
    case Plain::Kind::whole: return std::to_string(value.i);
    case Plain::Kind::real: return std::to_string(value.d);
    default: return "'" + value.s + "'";
  }
}

namespace {

__extension__ Plain fitting(__int128 n) {
  return n < INT64_MIN || n > INT64_MAX ? Plain::unknown() : Plain::whole(static_cast<std::int64_t>(n));
}
__extension__ __int128 half_even(__int128 sum, std::int64_t parts) {
  __extension__ const __int128 towards_zero = sum / parts, rest = sum % parts < 0 ? -(sum % parts) : sum % parts;
  const bool away = rest * 2 > parts || (rest * 2 == parts && towards_zero % 2 != 0);
  return towards_zero + (away ? (sum < 0 ? -1 : 1) : 0);
}

Plain figure_of(const Figure& figure, const std::vector<const Order*>& rows) {
  std::vector<Plain> values;
  for (const Order* order : rows) {
    if (figure.holds && !figure.holds(*order)) continue;
    const Plain value = figure.value ? figure.value(*order) : Plain::whole(1);
    if (value.kind == Plain::Kind::unknown) return value;
    if (value.kind != Plain::Kind::null) values.push_back(value);
  }
  const auto count = static_cast<std::int64_t>(values.size());
  if (figure.fn == "count") return Plain::whole(count);
  std::sort(values.begin(), values.end(), less);
  if (figure.fn == "count_distinct")
    return Plain::whole(std::unique(values.begin(), values.end(), same) - values.begin());
  __extension__ __int128 whole = 0;
  double real = 0;
  for (const Plain& value : values) whole += value.i, real += value.d;
  const bool reals = figure.type == Figure::Type::real;
  if (figure.fn == "sum") return reals ? Plain::real(real) : fitting(whole);
  if (count == 0) return {};
  if (figure.fn == "min") return values.front();
  if (figure.fn == "max") return values.back();
  const Plain &low = values[static_cast<std::size_t>((count - 1) / 2)],
              &high = values[static_cast<std::size_t>(count / 2)];
  __extension__ const __int128 both = static_cast<__int128>(low.i) + high.i;
  if (figure.type == Figure::Type::money)
    return figure.fn == "avg" ? fitting(half_even(whole * 10'000, count)) : fitting(half_even(both, 2));
  if (figure.fn == "avg") return Plain::real((reals ? real : static_cast<double>(whole)) / static_cast<double>(count));
  return Plain::real(reals ? (low.d + high.d) / 2 : static_cast<double>(both) / 2);
}

struct PlainGroup {
  Row key;
  std::vector<const Order*> orders;
};

/// The groups of one order: a list gives several.
std::vector<Row> keys_of(const Asked& asked, const Order& order) {
  std::vector<Row> keys{{}};
  for (const By& by : asked.by) {
    std::vector<Row> longer;
    for (const Row& key : keys)
      for (const Plain& value : by.of(order)) {
        longer.push_back(key);
        longer.back().push_back(value);
      }
    keys = std::move(longer);
  }
  return keys;
}

std::vector<PlainGroup> groups_of(const Asked& asked, const std::vector<Order>& orders) {
  std::vector<PlainGroup> groups;
  if (asked.by.empty()) groups.emplace_back();
  for (const Order& order : orders) {
    if (asked.holds && !asked.holds(order)) continue;
    for (const Row& key : keys_of(asked, order)) {
      auto at = std::find_if(groups.begin(), groups.end(), [&](const PlainGroup& group) {
        return std::equal(group.key.begin(), group.key.end(), key.begin(), key.end(), same);
      });
      if (at == groups.end()) at = groups.insert(groups.end(), {key, {}});
      at->orders.push_back(&order);
    }
  }
  return groups;
}

void sort_rows(const Asked& asked, std::vector<Row>& rows) {
  std::vector<std::pair<std::size_t, bool>> order = asked.order_by;
  for (std::size_t i = 0; i < asked.by.size(); ++i) order.emplace_back(i, false);
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    for (const auto& [column, descending] : order) {
      const Plain &x = a[column], &y = b[column];
      if (x.dead() != y.dead()) return y.dead();
      if (x.dead() || same(x, y)) continue;
      return descending ? less(y, x) : less(x, y);
    }
    return false;
  });
}

}  // namespace

std::vector<Row> answer(const Asked& asked, const std::vector<Order>& orders) {
  std::vector<Row> rows;
  for (const PlainGroup& group : groups_of(asked, orders)) {
    Row row = group.key;
    for (const Figure& figure : asked.figures) row.push_back(figure_of(figure, group.orders));
    if (asked.having_column >= 0) {
      const Plain& value = row[static_cast<std::size_t>(asked.having_column)];
      if (value.dead() || value.i < asked.having_least) continue;
    }
    rows.push_back(std::move(row));
  }
  sort_rows(asked, rows);
  if (asked.limit > 0 && rows.size() > asked.limit) rows.resize(asked.limit);
  return rows;
}

std::string text_of(const Asked& asked) {
  std::string out = "where " + asked.where + "; by";
  for (const By& by : asked.by) out += " " + by.member + ":" + by.bucket;
  for (const Figure& figure : asked.figures)
    out += "; " + figure.fn + " of " + figure.of + (figure.where.empty() ? "" : " where " + figure.where);
  return out + "; having " + asked.having + "; order " + asked.order + "; limit " + std::to_string(asked.limit);
}

std::int64_t wall_day(std::int64_t us, const std::string& zone) {
  std::int64_t seconds = us / 1'000'000 - (us % 1'000'000 < 0 ? 1 : 0);
  if (zone == "UTC") return seconds / 86'400 - (seconds % 86'400 < 0 ? 1 : 0);
  const auto at = static_cast<std::time_t>(seconds);
  ::setenv("TZ", (":" + zone).c_str(), 1);
  ::tzset();
  std::tm wall{};
  ::localtime_r(&at, &wall);
  ::unsetenv("TZ");
  ::tzset();
  std::tm midnight{};
  midnight.tm_year = wall.tm_year, midnight.tm_mon = wall.tm_mon, midnight.tm_mday = wall.tm_mday;
  return ::timegm(&midnight) / 86'400;
}
std::int64_t start_of(const std::string& bucket, std::int64_t day) {
  std::time_t at = static_cast<std::time_t>(day) * 86'400;
  std::tm date{};
  ::gmtime_r(&at, &date);
  if (bucket == "week") return day - (date.tm_wday + 6) % 7;
  if (bucket != "day") date.tm_mday = 1;
  if (bucket == "quarter") date.tm_mon -= date.tm_mon % 3;
  if (bucket == "year") date.tm_mon = 0;
  return ::timegm(&date) / 86'400;
}

}  // namespace kith_test::aggregates
