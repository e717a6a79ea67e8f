#include "aggregates/questions.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace kith_test::aggregates {

By Questions::any_by() {
  const Shop* const shop = shop_;
  static const char* const kBuckets[] = {"day", "week", "month", "quarter", "year"};
  const std::string bucket = kBuckets[shop_->below(5)];
  const auto one = [](OfOrder of) {
    return [of = std::move(of)](const Order& order) { return std::vector<Plain>{of(order)}; };
  };
  const auto group = [shop](const Order& order) {
    const Customer* customer = shop->customer(order);
    return customer != nullptr && customer->group ? Plain::text(*customer->group) : Plain();
  };
  const auto customer = [shop](const Order& order) {
    const Customer* customer = shop->customer(order);
    return customer != nullptr ? Plain::text(customer->ref.text()) : Plain();
  };
  switch (shop_->below(11)) {
    case 0: return {"channel", "", false, one([](const Order& o) { return o.channel; })};
    case 1: return {"returned", "", false, one([](const Order& o) { return o.returned; })};
    case 2: return {"place", "", false, one([](const Order& o) { return o.place; })};
    case 3: return {"customer.shop.group.code", "", false, one(group)};
    case 4: return {"customer", "", false, one(customer)};
    case 5: return {"items", "", false, one([](const Order& o) { return o.items; })};
    case 6: return {"customer.shop.ordered", "", false, one([shop](const Order& o) { return shop->ordered(o); })};
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
      return {"placed_at", bucket, false, one([shop, bucket](const Order& o) {
                return o.placed_at.dead() ? Plain()
                                          : Plain::whole(start_of(bucket, wall_day(o.placed_at.i, shop->zone())));
              })};
  }
}

Figure Questions::any_figure() {
  const Shop* const shop = shop_;
  using Type = Figure::Type;
  const std::vector<Figure> values = {
      {"", "items", "", Type::whole, [](const Order& o) { return o.items; }, {}},
      {"", "total", "", Type::money, [](const Order& o) { return o.total; }, {}},
      {"", "weight", "", Type::real, [](const Order& o) { return o.weight; }, {}},
      {"", "day", "", Type::time, [](const Order& o) { return o.day; }, {}},
      {"", "placed_at", "", Type::time, [](const Order& o) { return o.placed_at; }, {}},
      {"", "place", "", Type::none, [](const Order& o) { return o.place; }, {}},
      {"", "gross", "", Type::whole, [shop](const Order& o) { return shop->gross(o); }, {}},
      {"", "customer.shop.points", "", Type::whole, [shop](const Order& o) { return shop->points(o); }, {}},
      {"", "customer.shop.ordered", "", Type::whole, [shop](const Order& o) { return shop->ordered(o); }, {}},
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
       [shop](const Order& o) {
         const Plain more = shop->points(o);
         return Plain::whole((o.items.dead() ? 0 : o.items.i) - (more.dead() ? 1 : more.i));
       },
       {}}};
  static const std::vector<std::string> kAny = {"count", "count_distinct"}, kTimes = {"count", "min", "max"},
                                        kNumbers = {"count", "count_distinct", "sum", "min", "max", "avg", "median"};
  Figure figure;
  if (shop_->chance(5)) {
    figure.fn = "count";
  } else {
    figure = values[static_cast<std::size_t>(shop_->below(static_cast<std::int64_t>(values.size())))];
    const auto& names = figure.type == Type::none ? kAny : figure.type == Type::time ? kTimes : kNumbers;
    figure.fn = names[static_cast<std::size_t>(shop_->below(static_cast<std::int64_t>(names.size())))];
  }
  if (shop_->chance(3)) std::tie(figure.where, figure.holds) = any_filter();
  return figure;
}

std::pair<std::string, Holds> Questions::any_filter() {
  const Shop* const shop = shop_;
  switch (shop_->below(8)) {
    case 0: return {"returned", [](const Order& o) { return !o.returned.dead() && o.returned.i == 1; }};
    case 1: return {"items > 3", [](const Order& o) { return !o.items.dead() && o.items.i > 3; }};
    case 2: return {"place.fold().contains('köln')", [](const Order& o) { return o.place.s.rfind("Köln", 0) == 0; }};
    case 3:
      return {"upper(place) == 'BONN' || items == null",
              [](const Order& o) { return o.place.s == "Bonn" || o.items.dead(); }};
    case 4: return {"gross > 30", [shop](const Order& o) { return !shop->gross(o).dead() && shop->gross(o).i > 30; }};
    case 5:
      return {"customer.shop.points < 12 && items in [1, 2, 3, 4, 5]", [shop](const Order& o) {
                return !shop->points(o).dead() && shop->points(o).i < 12 && !o.items.dead() && o.items.i >= 1 &&
                       o.items.i <= 5;
              }};
    case 6:
      return {"customer.shop.ordered >= 2 && place.fold() != 'bonn süd'", [shop](const Order& o) {
                return !shop->ordered(o).dead() && shop->ordered(o).i >= 2 && !o.place.dead() &&
                       o.place.s != "Bonn Süd";
              }};
    default:
      return {"channel == 'web' || tags.size() > 1",
              [](const Order& o) { return (!o.channel.dead() && o.channel.i == 0) || (o.tags && o.tags->size() > 1); }};
  }
}

Asked Questions::next() {
  Asked asked;
  for (std::int64_t i = shop_->below(4); i > 0; --i) {
    By by = any_by();
    const bool taken = std::any_of(asked.by.begin(), asked.by.end(), [&](const By& other) {
      return (other.member == by.member && other.bucket == by.bucket) || (other.unnest && by.unnest);
    });
    if (!taken) asked.by.push_back(std::move(by));
  }
  for (std::int64_t i = 1 + shop_->below(4); i > 0; --i) asked.figures.push_back(any_figure());
  if (shop_->chance(2)) std::tie(asked.where, asked.holds) = any_filter();
  if (shop_->chance(4) && asked.figures[0].fn.rfind("count", 0) == 0) {
    asked.having_least = 1 + shop_->below(4);
    asked.having_column = static_cast<int>(asked.by.size());
    asked.having = "f0 >= " + std::to_string(asked.having_least);
  }
  for (std::int64_t i = shop_->below(3); i > 0; --i) {
    const bool descending = shop_->chance(2);
    const auto figure = static_cast<std::size_t>(shop_->below(static_cast<std::int64_t>(asked.figures.size())));
    asked.order += (asked.order.empty() ? "f" : ", f") + std::to_string(figure) + (descending ? " desc" : "");
    asked.order_by.emplace_back(asked.by.size() + figure, descending);
  }
  if (shop_->chance(4)) asked.limit = static_cast<std::uint32_t>(1 + shop_->below(6));
  return asked;
}

}  // namespace kith_test::aggregates
