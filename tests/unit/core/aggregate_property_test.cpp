// Random aggregates over random records, against a plain program that knows the records and nothing of the engine:
// nulls, unknown elements, sums beyond 64 bits, buckets over changes of the clock and ends of years, derived members
// that have just become stale, and filters that SQL can't decide. KITH_CASES says how many; KITH_FULL: 20,000.
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "world.hpp"

using kith_test::World;

namespace {

const char* const kShop = R"json({
  "id": "shop", "version": "0.1.0", "label": {"en": "Shop"}, "requires": {"kith": "*"},
  "record_types": [
    {"name": "group", "label": {"en": "Group"}, "title": "code", "fields": [
      {"name": "code", "type": "text", "label": {"en": "Code"}}]},
    {"name": "order", "label": {"en": "Order"}, "fields": [
      {"name": "customer", "type": "ref", "to": "customer", "inverse": "orders", "label": {"en": "Customer"}},
      {"name": "placed_at", "type": "timestamp", "label": {"en": "Placed at"}},
      {"name": "day", "type": "date", "label": {"en": "Day"}},
      {"name": "total", "type": "money", "label": {"en": "Total"}},
      {"name": "items", "type": "int", "label": {"en": "Items"}},
      {"name": "weight", "type": "double", "label": {"en": "Weight"}},
      {"name": "returned", "type": "bool", "label": {"en": "Returned"}},
      {"name": "place", "type": "text", "label": {"en": "Place"}},
      {"name": "channel", "type": "enum", "ordered": true, "values": ["web", "shop", "call"], "label": {"en": "Channel"}},
      {"name": "tags", "type": "list", "of": "text", "label": {"en": "Tags"}}]}],
  "fields": {"customer": [
    {"name": "group", "type": "ref", "to": "shop.group", "inverse": "customers", "label": {"en": "Group"}},
    {"name": "points", "type": "int", "label": {"en": "Points"}}]},
  "formulas": {"shop.order": [
    {"name": "gross", "type": "int", "expr": "items * 10 + coalesce(customer.shop.points, 0)", "label": {"en": "Gross"}}]},
  "rollups": {"customer": [
    {"name": "ordered", "type": "int", "over": "shop.orders", "aggregate": "count", "where": "items > 3",
     "label": {"en": "Ordered"}}]}})json";

constexpr std::int64_t kMicros = 1'000'000;

/// A value of the plain program. Instants, dates, money in minor units, bools and ints are in `i`.
struct Plain {
  enum class Kind { null, unknown, whole, real, text } kind = Kind::null;
  std::int64_t i = 0;
  double d = 0;
  std::string s;
  static Plain whole(std::int64_t n) { return {Kind::whole, n, 0, {}}; }
  static Plain real(double d) { return {Kind::real, 0, d, {}}; }
  static Plain text(std::string s) { return {Kind::text, 0, 0, std::move(s)}; }
  static Plain unknown() { return {Kind::unknown, 0, 0, {}}; }
  bool dead() const { return kind == Kind::null || kind == Kind::unknown; }
};
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

struct Customer {
  kith::Ref ref;
  std::optional<std::string> group;  ///< its code
  std::optional<std::int64_t> points;
};
struct Order {
  kith::Ref ref;
  std::optional<std::size_t> customer;
  Plain placed_at, day, total, items, weight, returned, place, channel;
  std::optional<std::vector<std::string>> tags;
};
constexpr const char* kChannels[] = {"web", "shop", "call"};

using OfOrder = std::function<Plain(const Order&)>;
using Holds = std::function<bool(const Order&)>;

struct By {
  std::string member, bucket;
  bool unnest = false;
  std::function<std::vector<Plain>(const Order&)> of;
};
struct Figure {
  std::string fn, of, where;
  enum class Type { whole, money, real, time, none } type = Type::none;
  OfOrder value;  ///< empty: the row
  Holds holds;    ///< empty: every row
};
struct Asked {
  std::string where, having, order;
  Holds holds;
  std::vector<By> by;
  std::vector<Figure> figures;
  int having_column = -1;
  std::int64_t having_least = 0;
  std::vector<std::pair<std::size_t, bool>> order_by;
  std::uint32_t limit = 0;
};
using Row = std::vector<Plain>;

/// Records, and questions about them.
class Shop {
 public:
  Shop(const std::string& zone, std::uint64_t seed) : random_(seed), zone_(zone) {
    std::filesystem::create_directories(world_.folder() / "plugins/shop");
    std::ofstream(world_.folder() / "plugins/shop/plugin.json") << kShop;
    core_.emplace(world_.open(R"(, "locale": {"currency": "EUR", "time_zone": ")" + zone +
                              R"("}, "plugin_folders": [")" + (world_.folder() / "plugins").string() +
                              R"("], "plugins": {"shop": {}})"));
    me_.emplace(core_->session({.actor = "alice"}));
    me_->transact([&](kith::Session& tx) { fill(tx); });
  }

  /// Asks one question; "" when the answer is the plain program's.
  std::string difference() {
    if (chance(5)) change();
    const Asked asked = question();
    const std::vector<Row> expected = answer(asked);
    const std::vector<Row> found = ask(asked);
    if (found.size() != expected.size())
      return text_of(asked) + "\n" + std::to_string(found.size()) + " rows, not " + std::to_string(expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      for (std::size_t k = 0; k < found[i].size(); ++k)
        if (!same(found[i][k], expected[i][k]))
          return text_of(asked) + "\nrow " + std::to_string(i) + " column " + std::to_string(k) + ": " +
                 shown(found[i][k]) + ", not " + shown(expected[i][k]);
    return {};
  }

 private:
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n)); }
  bool chance(std::int64_t one_of) { return below(one_of) == 0; }

  // --- records
  void fill(kith::Session& tx) {
    std::vector<kith::Ref> groups;
    for (int i = 0; i < 4; ++i) groups.push_back(tx.create("shop.group", {{"code", "g" + std::to_string(i)}}));
    for (int i = 0; i < 12; ++i) {
      Customer customer;
      std::vector<kith::Field> fields{{"kind", "person"}, {"name", "C" + std::to_string(i)}};
      if (!chance(4)) {
        const auto group = static_cast<std::size_t>(below(4));
        customer.group = "g" + std::to_string(group);
        fields.push_back({"shop.group", groups[group].text()});
      }
      if (!chance(4)) {
        customer.points = below(20);
        fields.push_back({"shop.points", *customer.points});
      }
      customer.ref = tx.create("customer", fields);
      customers_.push_back(customer);
    }
    for (int i = 0; i < 90; ++i) orders_.push_back(new_order(tx));
  }

  /// Near the changes of clocks and the ends of years, which are where days go wrong.
  std::int64_t instant() {
    static const std::int64_t kTurns[] = {1'143'961'200, 1'162'105'200, 1'199'145'600, 1'268'550'000, 1'289'109'660,
                                          1'325'239'200, 1'356'998'400, 1'396'137'600, 1'414'285'200, 1'451'606'400,
                                          1'483'228'800, 1'604'210'400, 1'615'708'800, 1'711'846'800, 1'735'689'600,
                                          -86'400,       951'782'400,   1'230'768'000, 1'609'459'200, 1'767'225'600};
    const std::int64_t at = kTurns[static_cast<std::size_t>(below(20))] + below(5) * 43'200 - 86'400;
    return chance(3) ? (at + below(86'400)) * kMicros + below(kMicros) : at * kMicros + (below(3) - 1);
  }

  Order new_order(kith::Session& tx) {
    Order order;
    std::vector<kith::Field> fields;
    if (!chance(6)) {
      order.customer = static_cast<std::size_t>(below(12));
      fields.push_back({"customer", customers_[*order.customer].ref.text()});
    }
    const auto give = [&](const char* name, Plain& into, std::int64_t n, auto value) {
      if (chance(5)) return;
      into = Plain::whole(n);
      fields.push_back({name, value});
    };
    const std::int64_t at = instant(), day = below(8'000) + (chance(3) ? -9'000 : 12'000);
    give("placed_at", order.placed_at, at, kith::Timestamp{at});
    give("day", order.day, day, kith::Date{day});
    const std::int64_t minor = chance(30) ? 9'000'000'000'000'000'000 - below(50) : below(200'000) - 40'000;
    give("total", order.total, minor, kith::Money{minor, {'E', 'U', 'R'}, 2});
    const std::int64_t items = chance(40) ? INT64_MAX - below(3) : below(9);
    give("items", order.items, items, items);
    const bool returned = chance(2);
    give("returned", order.returned, returned ? 1 : 0, returned);
    if (!chance(5)) {
      order.weight = Plain::real(static_cast<double>(below(400) - 100) / 8);
      fields.push_back({"weight", order.weight.d});
    }
    if (!chance(5)) {
      order.place = Plain::text(std::string(chance(2) ? "Köln" : "Bonn") + (chance(3) ? " Süd" : ""));
      fields.push_back({"place", order.place.s});
    }
    if (!chance(5)) {
      order.channel = Plain::whole(below(3));
      fields.push_back({"channel", kChannels[order.channel.i]});
    }
    if (!chance(4)) {
      std::string list;
      order.tags.emplace();
      for (std::int64_t i = below(4); i > 0; --i) {
        order.tags->push_back(std::string(1, static_cast<char>('a' + below(4))));
        list += (list.empty() ? "[\"" : ", \"") + order.tags->back() + "\"";
      }
      fields.push_back({"tags", kith::Value::json(list.empty() ? "[]" : list + "]")});
    }
    order.ref = tx.create("shop.order", fields);
    return order;
  }

  /// Something that derived members hang on.
  void change() {
    Customer& customer = customers_[static_cast<std::size_t>(below(12))];
    customer.points = below(20);
    me_->update(customer.ref, {{"shop.points", *customer.points}});
    Order& order = orders_[static_cast<std::size_t>(below(static_cast<std::int64_t>(orders_.size())))];
    order.items = Plain::whole(below(9));
    me_->update(order.ref, {{"items", order.items.i}});
  }

  // --- what members and expressions are, plainly
  Plain points(const Order& order) const {
    const Customer* customer = order.customer ? &customers_[*order.customer] : nullptr;
    return customer && customer->points ? Plain::whole(*customer->points) : Plain();
  }
  Plain gross(const Order& order) const {  // a formula that is unknown is stored as null
    std::int64_t ten = 0, sum = 0;
    const Plain more = points(order);
    if (order.items.dead() || __builtin_mul_overflow(order.items.i, std::int64_t{10}, &ten) ||
        __builtin_add_overflow(ten, more.dead() ? 0 : more.i, &sum))
      return {};
    return Plain::whole(sum);
  }
  Plain ordered(const Order& order) const {
    if (!order.customer) return {};
    return Plain::whole(std::count_if(orders_.begin(), orders_.end(), [&](const Order& other) {
      return other.customer == order.customer && !other.items.dead() && other.items.i > 3;
    }));
  }

  std::int64_t wall_day(std::int64_t us) const {
    std::int64_t seconds = us / kMicros - (us % kMicros < 0 ? 1 : 0);
    if (zone_ == "UTC") return seconds / 86'400 - (seconds % 86'400 < 0 ? 1 : 0);
    const auto at = static_cast<std::time_t>(seconds);
    ::setenv("TZ", (":" + zone_).c_str(), 1);
    ::tzset();
    std::tm wall{};
    ::localtime_r(&at, &wall);
    ::unsetenv("TZ");
    ::tzset();
    std::tm midnight{};
    midnight.tm_year = wall.tm_year, midnight.tm_mon = wall.tm_mon, midnight.tm_mday = wall.tm_mday;
    return ::timegm(&midnight) / 86'400;
  }
  /// By the C library's calendar.
  static std::int64_t start_of(const std::string& bucket, std::int64_t day) {
    std::time_t at = static_cast<std::time_t>(day) * 86'400;
    std::tm date{};
    ::gmtime_r(&at, &date);
    if (bucket == "week") return day - (date.tm_wday + 6) % 7;
    if (bucket != "day") date.tm_mday = 1;
    if (bucket == "quarter") date.tm_mon -= date.tm_mon % 3;
    if (bucket == "year") date.tm_mon = 0;
    return ::timegm(&date) / 86'400;
  }

  // --- questions
  By any_by() {
    static const char* const kBuckets[] = {"day", "week", "month", "quarter", "year"};
    const std::string bucket = kBuckets[below(5)];
    const auto one = [](OfOrder of) {
      return [of = std::move(of)](const Order& order) { return std::vector<Plain>{of(order)}; };
    };
    const auto group = [this](const Order& order) {
      const Customer* customer = order.customer ? &customers_[*order.customer] : nullptr;
      return customer && customer->group ? Plain::text(*customer->group) : Plain();
    };
    const auto customer = [this](const Order& order) {
      return order.customer ? Plain::text(customers_[*order.customer].ref.text()) : Plain();
    };
    switch (below(11)) {
      case 0: return {"channel", "", false, one([](const Order& o) { return o.channel; })};
      case 1: return {"returned", "", false, one([](const Order& o) { return o.returned; })};
      case 2: return {"place", "", false, one([](const Order& o) { return o.place; })};
      case 3: return {"customer.shop.group.code", "", false, one(group)};
      case 4: return {"customer", "", false, one(customer)};
      case 5: return {"items", "", false, one([](const Order& o) { return o.items; })};
      case 6: return {"customer.shop.ordered", "", false, one([this](const Order& o) { return ordered(o); })};
      case 7:
        return {"tags", "", true, [](const Order& o) {
                  std::set<std::string> once;
                  std::vector<Plain> out;
                  if (o.tags) once.insert(o.tags->begin(), o.tags->end());
                  for (const std::string& tag : once) out.push_back(Plain::text(tag));
                  if (out.empty()) out.emplace_back();
                  return out;
                }};
      case 8:
        return {"day", bucket, false, one([bucket](const Order& o) {
                  return o.day.dead() ? Plain() : Plain::whole(start_of(bucket, o.day.i));
                })};
      default:
        return {"placed_at", bucket, false, one([this, bucket](const Order& o) {
                  return o.placed_at.dead() ? Plain() : Plain::whole(start_of(bucket, wall_day(o.placed_at.i)));
                })};
    }
  }

  Figure any_figure() {
    using Type = Figure::Type;
    const std::vector<Figure> values = {
        {"", "items", "", Type::whole, [](const Order& o) { return o.items; }, {}},
        {"", "total", "", Type::money, [](const Order& o) { return o.total; }, {}},
        {"", "weight", "", Type::real, [](const Order& o) { return o.weight; }, {}},
        {"", "day", "", Type::time, [](const Order& o) { return o.day; }, {}},
        {"", "placed_at", "", Type::time, [](const Order& o) { return o.placed_at; }, {}},
        {"", "place", "", Type::none, [](const Order& o) { return o.place; }, {}},
        {"", "gross", "", Type::whole, [this](const Order& o) { return gross(o); }, {}},
        {"", "customer.shop.points", "", Type::whole, [this](const Order& o) { return points(o); }, {}},
        {"", "customer.shop.ordered", "", Type::whole, [this](const Order& o) { return ordered(o); }, {}},
        {"",
         "60 / items",
         "",
         Type::whole,
         [](const Order& o) {
           return o.items.dead() || o.items.i == 0 ? Plain::unknown() : Plain::whole(60 / o.items.i);
         },
         {}},
        {"",
         "coalesce(items, 0) - coalesce(customer.shop.points, 1)",
         "",
         Type::whole,
         [this](const Order& o) {
           const Plain more = points(o);
           return Plain::whole((o.items.dead() ? 0 : o.items.i) - (more.dead() ? 1 : more.i));
         },
         {}}};
    static const std::vector<std::string> kAny = {"count", "count_distinct"}, kTimes = {"count", "min", "max"},
                                          kNumbers = {"count", "count_distinct", "sum", "min", "max", "avg", "median"};
    Figure figure;
    if (chance(5)) {
      figure.fn = "count";
    } else {
      figure = values[static_cast<std::size_t>(below(static_cast<std::int64_t>(values.size())))];
      const auto& names = figure.type == Type::none ? kAny : figure.type == Type::time ? kTimes : kNumbers;
      figure.fn = names[static_cast<std::size_t>(below(static_cast<std::int64_t>(names.size())))];
    }
    if (chance(3)) std::tie(figure.where, figure.holds) = any_filter();
    return figure;
  }

  std::pair<std::string, Holds> any_filter() {
    switch (below(8)) {
      case 0: return {"returned", [](const Order& o) { return !o.returned.dead() && o.returned.i == 1; }};
      case 1: return {"items > 3", [](const Order& o) { return !o.items.dead() && o.items.i > 3; }};
      case 2: return {"place.fold().contains('köln')", [](const Order& o) { return o.place.s.rfind("Köln", 0) == 0; }};
      case 3:
        return {"upper(place) == 'BONN' || items == null",
                [](const Order& o) { return o.place.s == "Bonn" || o.items.dead(); }};
      case 4: return {"gross > 30", [this](const Order& o) { return !gross(o).dead() && gross(o).i > 30; }};
      case 5:
        return {"customer.shop.points < 12 && items in [1, 2, 3, 4, 5]", [this](const Order& o) {
                  return !points(o).dead() && points(o).i < 12 && !o.items.dead() && o.items.i >= 1 && o.items.i <= 5;
                }};
      case 6:
        return {"customer.shop.ordered >= 2 && place.fold() != 'bonn süd'", [this](const Order& o) {
                  return !ordered(o).dead() && ordered(o).i >= 2 && !o.place.dead() && o.place.s != "Bonn Süd";
                }};
      default:
        return {"channel == 'web' || tags.size() > 1", [](const Order& o) {
                  return (!o.channel.dead() && o.channel.i == 0) || (o.tags && o.tags->size() > 1);
                }};
    }
  }

  Asked question() {
    Asked asked;
    for (std::int64_t i = below(4); i > 0; --i) {
      By by = any_by();
      const bool taken = std::any_of(asked.by.begin(), asked.by.end(), [&](const By& other) {
        return (other.member == by.member && other.bucket == by.bucket) || (other.unnest && by.unnest);
      });
      if (!taken) asked.by.push_back(std::move(by));
    }
    for (std::int64_t i = 1 + below(4); i > 0; --i) asked.figures.push_back(any_figure());
    if (chance(2)) std::tie(asked.where, asked.holds) = any_filter();
    if (chance(4) && asked.figures[0].fn.rfind("count", 0) == 0) {
      asked.having_least = 1 + below(4);
      asked.having_column = static_cast<int>(asked.by.size());
      asked.having = "f0 >= " + std::to_string(asked.having_least);
    }
    for (std::int64_t i = below(3); i > 0; --i) {
      const bool descending = chance(2);
      const auto figure = static_cast<std::size_t>(below(static_cast<std::int64_t>(asked.figures.size())));
      asked.order += (asked.order.empty() ? "f" : ", f") + std::to_string(figure) + (descending ? " desc" : "");
      asked.order_by.emplace_back(asked.by.size() + figure, descending);
    }
    if (chance(4)) asked.limit = static_cast<std::uint32_t>(1 + below(6));
    return asked;
  }

  static std::string text_of(const Asked& asked) {
    std::string out = "where " + asked.where + "; by";
    for (const By& by : asked.by) out += " " + by.member + ":" + by.bucket;
    for (const Figure& figure : asked.figures)
      out += "; " + figure.fn + " of " + figure.of + (figure.where.empty() ? "" : " where " + figure.where);
    return out + "; having " + asked.having + "; order " + asked.order + "; limit " + std::to_string(asked.limit);
  }

  // --- the plain program
  static Plain figure_of(const Figure& figure, const std::vector<const Order*>& rows) {
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
    if (figure.fn == "avg")
      return Plain::real((reals ? real : static_cast<double>(whole)) / static_cast<double>(count));
    return Plain::real(reals ? (low.d + high.d) / 2 : static_cast<double>(both) / 2);
  }
  __extension__ static Plain fitting(__int128 n) {
    return n < INT64_MIN || n > INT64_MAX ? Plain::unknown() : Plain::whole(static_cast<std::int64_t>(n));
  }
  __extension__ static __int128 half_even(__int128 sum, std::int64_t parts) {
    __extension__ const __int128 towards_zero = sum / parts, rest = sum % parts < 0 ? -(sum % parts) : sum % parts;
    const bool away = rest * 2 > parts || (rest * 2 == parts && towards_zero % 2 != 0);
    return towards_zero + (away ? (sum < 0 ? -1 : 1) : 0);
  }

  std::vector<Row> answer(const Asked& asked) const {
    std::vector<std::pair<Row, std::vector<const Order*>>> groups;
    if (asked.by.empty()) groups.emplace_back();
    for (const Order& order : orders_) {
      if (asked.holds && !asked.holds(order)) continue;
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
      for (const Row& key : keys) {
        auto at = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
          return std::equal(group.first.begin(), group.first.end(), key.begin(), key.end(), same);
        });
        if (at == groups.end()) at = groups.insert(groups.end(), {key, {}});
        at->second.push_back(&order);
      }
    }
    std::vector<Row> rows;
    for (const auto& [key, members] : groups) {
      Row row = key;
      for (const Figure& figure : asked.figures) row.push_back(figure_of(figure, members));
      if (asked.having_column >= 0) {
        const Plain& value = row[static_cast<std::size_t>(asked.having_column)];
        if (value.dead() || value.i < asked.having_least) continue;
      }
      rows.push_back(std::move(row));
    }
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
    if (asked.limit > 0 && rows.size() > asked.limit) rows.resize(asked.limit);
    return rows;
  }

  // --- the engine
  static Plain plain_of(const kith::Cell& cell, const By* by) {
    if (by != nullptr && by->member == "channel" && cell)
      return Plain::whole(std::find(std::begin(kChannels), std::end(kChannels), cell.text()) - std::begin(kChannels));
    switch (cell.raw().type) {
      case KITH_NULL: return {};
      case KITH_DOUBLE: return Plain::real(cell.real());
      case KITH_TEXT:
      case KITH_REF: return Plain::text(cell.str());
      default: return Plain::whole(cell.raw().as.i);
    }
  }

  std::vector<Row> ask(const Asked& asked) {
    kith::Aggregate aggregate = me_->aggregate("shop.order");
    aggregate.where(asked.where).having(asked.having).order_by(asked.order).limit(asked.limit);
    for (const By& by : asked.by) by.unnest ? aggregate.by_each(by.member) : aggregate.by(by.member, by.bucket);
    for (std::size_t i = 0; i < asked.figures.size(); ++i)
      aggregate.figure(asked.figures[i].fn, asked.figures[i].of, "f" + std::to_string(i), asked.figures[i].where);
    std::vector<Row> out;
    for (auto row : aggregate) {
      Row& line = out.emplace_back();
      for (std::size_t i = 0; i < asked.by.size() + asked.figures.size(); ++i)
        line.push_back(plain_of(row[i], i < asked.by.size() ? &asked.by[i] : nullptr));
    }
    return out;
  }

  std::mt19937_64 random_;
  std::string zone_;
  World world_;
  std::optional<kith::Core> core_;
  std::optional<kith::OwnedSession> me_;
  std::vector<Customer> customers_;
  std::vector<Order> orders_;
};

std::int64_t queries() {
  if (const char* given = std::getenv("KITH_CASES")) return std::atoll(given);
  return std::getenv("KITH_FULL") != nullptr ? 20'000 : 500;
}

TEST(AggregatePropertyTest, AnswersAsAPlainProgramDoes) {
  const std::vector<std::string> zones = {"America/New_York", "Europe/Berlin", "America/St_Johns",
                                          "Pacific/Apia",     "UTC",           "Asia/Kathmandu"};
  const std::int64_t all = queries();
  const auto shops = static_cast<std::int64_t>(zones.size()) * std::max<std::int64_t>(1, all / 6'000);
  for (std::int64_t i = 0; i < shops; ++i) {
    const std::string& zone = zones[static_cast<std::size_t>(i) % zones.size()];
    Shop shop(zone, 20'261'128 + static_cast<std::uint64_t>(i));
    for (std::int64_t query = 0; query * shops < all; ++query) {
      const std::string found = shop.difference();
      ASSERT_EQ(found, "") << "in " << zone << ", shop " << i << ", query " << query;
    }
  }
}

}  // namespace
