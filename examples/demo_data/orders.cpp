#include <algorithm>
#include <ostream>
#include <tuple>

#include "data.hpp"
#include "random.hpp"

namespace demo {
namespace {

constexpr std::string_view kCategories[] = {"coffee", "tea", "bakery", "kitchen", "books", "garden", "toys", "care"};
constexpr std::string_view kOrderChannels[] = {"store", "web", "web", "app", "phone"};

struct Order {
  std::int64_t day, second;
  std::size_t shopper;
  std::int64_t cents;
  std::string_view kind, channel, category;
};

std::string two(std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

std::vector<Order> draw(const Request& request, const std::vector<Shopper>& shoppers) {
  Random random(request.seed + 1);
  std::vector<std::size_t> ticket;  // a shopper is drawn as often as their weight says
  for (std::size_t i = 0; i < shoppers.size(); ++i)
    ticket.insert(ticket.end(), static_cast<std::size_t>(shoppers[i].weight), i);
  std::vector<Order> orders;
  for (std::int64_t i = 0; i < request.orders && !ticket.empty(); ++i) {
    const std::size_t who = ticket[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(ticket.size())))];
    const Shopper& shopper = shoppers[who];
    const std::int64_t ago = shopper.last_day + random.below(shopper.first_day - shopper.last_day + 1);
    const bool returned = random.chance(4);
    const std::int64_t cents = shopper.basket_cents / 2 + random.below(shopper.basket_cents);
    // Orders of the last day lie in its first hour, so that they are past whenever this runs.
    const std::int64_t second = ago == 0 ? random.below(3'600) : 8 * 3'600 + random.below(12 * 3'600);
    orders.push_back({request.end_day - ago, second, who, cents, returned ? "return" : "sale",
                      random.one_of(kOrderChannels), random.one_of(kCategories)});
  }
  std::sort(orders.begin(), orders.end(), [](const Order& a, const Order& b) {
    return std::tie(a.day, a.second, a.shopper, a.cents) < std::tie(b.day, b.second, b.shopper, b.cents);
  });
  return orders;
}

}  // namespace

void write_orders(std::ostream& out, const Request& request, const std::vector<Shopper>& shoppers) {
  out << "order_id,customer_id,ordered_at,kind,channel,category,total\r\n";
  std::int64_t number = 0;
  for (const Order& order : draw(request, shoppers)) {
    ++number;
    std::string date = date_text(order.day), customer = shoppers[order.shopper].id, kind(order.kind);
    std::string total = std::to_string(order.cents / 100) + "." + two(order.cents % 100);
    // The mistakes of a real export.
    if (number % 1'999 == 0) date = date.substr(0, 5) + "13" + date.substr(7);  // there is no 13th month
    if (number % 2'503 == 0) customer = "C99999";                               // nobody has this number
    if (number % 2'791 == 0) kind = "swap";                                     // unknown kind
    if (number % 3'307 == 0) total = "n/a";                                     // no amount
    out << 'O' << 100'000 + number << ',' << customer << ',' << date << 'T' << two(order.second / 3'600) << ':'
        << two(order.second / 60 % 60) << ':' << two(order.second % 60) << "Z," << kind << ',' << order.channel << ','
        << order.category << ',' << total << "\r\n";
  }
}

}  // namespace demo
