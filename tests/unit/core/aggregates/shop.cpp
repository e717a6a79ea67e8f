#include "aggregates/shop.hpp"

#include <algorithm>
#include <fstream>

namespace kith_test::aggregates {

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
      {"name": "channel", "type": "enum", "ordered": true, "values": ["web", "shop", "call"],
       "label": {"en": "Channel"}},
      {"name": "tags", "type": "list", "of": "text", "label": {"en": "Tags"}}]}],
  "fields": {"customer": [
    {"name": "group", "type": "ref", "to": "shop.group", "inverse": "customers", "label": {"en": "Group"}},
    {"name": "points", "type": "int", "label": {"en": "Points"}}]},
  "formulas": {"shop.order": [
    {"name": "gross", "type": "int", "expr": "items * 10 + coalesce(customer.shop.points, 0)",
     "label": {"en": "Gross"}}]},
  "rollups": {"customer": [
    {"name": "ordered", "type": "int", "over": "shop.orders", "aggregate": "count", "where": "items > 3",
     "label": {"en": "Ordered"}}]}})json";

constexpr std::int64_t kMicros = 1'000'000;

}  // namespace

Shop::Shop(const std::string& zone, std::uint64_t seed) : random_(seed), zone_(zone) {
  std::filesystem::create_directories(world_.folder() / "plugins/shop");
  std::ofstream(world_.folder() / "plugins/shop/plugin.json") << kShop;
  core_.emplace(world_.open(R"(, "locale": {"currency": "EUR", "time_zone": ")" + zone + R"("}, "plugin_folders": [")" +
                            (world_.folder() / "plugins").string() + R"("], "plugins": {"shop": {}})"));
  me_.emplace(core_->session({.actor = "alice"}));
  me_->transact([&](kith::Session& tx) { fill(tx); });
}

void Shop::fill(kith::Session& tx) {
  std::vector<kith::Ref> groups;
  for (int i = 0; i < 4; ++i) groups.push_back(tx.create("shop.group", {{"code", "g" + std::to_string(i)}}));
  while (customers_.size() < 12) customers_.push_back(new_customer(tx, groups));
  for (int i = 0; i < 90; ++i) orders_.push_back(new_order(tx));
}

Customer Shop::new_customer(kith::Session& tx, const std::vector<kith::Ref>& groups) {
  Customer customer;
  std::vector<kith::Field> fields{{"kind", "person"}, {"name", "C" + std::to_string(customers_.size())}};
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
  return customer;
}

/// Near the changes of clocks and the ends of years, which are where days go wrong.
std::int64_t Shop::instant() {
  static const std::int64_t kTurns[] = {1'143'961'200, 1'162'105'200, 1'199'145'600, 1'268'550'000, 1'289'109'660,
                                        1'325'239'200, 1'356'998'400, 1'396'137'600, 1'414'285'200, 1'451'606'400,
                                        1'483'228'800, 1'604'210'400, 1'615'708'800, 1'711'846'800, 1'735'689'600,
                                        -86'400,       951'782'400,   1'230'768'000, 1'609'459'200, 1'767'225'600};
  const std::int64_t at = kTurns[static_cast<std::size_t>(below(20))] + below(5) * 43'200 - 86'400;
  return chance(3) ? (at + below(86'400)) * kMicros + below(kMicros) : at * kMicros + (below(3) - 1);
}

Order Shop::new_order(kith::Session& tx) {
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
void Shop::change() {
  Customer& customer = customers_[static_cast<std::size_t>(below(12))];
  customer.points = below(20);
  me_->update(customer.ref, {{"shop.points", *customer.points}});
  Order& order = orders_[static_cast<std::size_t>(below(static_cast<std::int64_t>(orders_.size())))];
  order.items = Plain::whole(below(9));
  me_->update(order.ref, {{"items", order.items.i}});
}

Plain Shop::points(const Order& order) const {
  const Customer* of = customer(order);
  return of != nullptr && of->points ? Plain::whole(*of->points) : Plain();
}
Plain Shop::gross(const Order& order) const {
  std::int64_t ten = 0, sum = 0;
  const Plain more = points(order);
  if (order.items.dead() || __builtin_mul_overflow(order.items.i, std::int64_t{10}, &ten) ||
      __builtin_add_overflow(ten, more.dead() ? 0 : more.i, &sum))
    return {};
  return Plain::whole(sum);
}
Plain Shop::ordered(const Order& order) const {
  if (!order.customer) return {};
  return Plain::whole(std::count_if(orders_.begin(), orders_.end(), [&](const Order& other) {
    return other.customer == order.customer && !other.items.dead() && other.items.i > 3;
  }));
}

}  // namespace kith_test::aggregates
