// The plain program: it knows the records and what a question means, and nothing of the engine.
#pragma once
#include <kith/kith.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kith_test::aggregates {

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
bool same(const Plain& a, const Plain& b);  ///< null and unknown look the same from outside
bool less(const Plain& a, const Plain& b);  ///< neither is dead
std::string shown(const Plain& value);

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
inline constexpr const char* kChannels[] = {"web", "shop", "call"};

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

/// The rows of the answer, in their order.
std::vector<Row> answer(const Asked& asked, const std::vector<Order>& orders);
std::string text_of(const Asked& asked);
/// The day that a wall in the zone shows, by the C library.
std::int64_t wall_day(std::int64_t us, const std::string& zone);
/// The first day of the bucket, by the C library's calendar.
std::int64_t start_of(const std::string& bucket, std::int64_t day);

}  // namespace kith_test::aggregates
