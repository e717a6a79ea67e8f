#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <tuple>

#include "day.hpp"

namespace kith::bench {
namespace {

/// SplitMix64 (Steele, Lea, Flood 2014): the same sequence on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::int64_t below(std::int64_t limit) {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return static_cast<std::int64_t>((z ^ (z >> 31U)) % static_cast<std::uint64_t>(limit));
  }
  template <std::size_t N>
  const char* one_of(const char* const (&list)[N]) {
    return list[below(N)];
  }

 private:
  std::uint64_t state_;
};

constexpr const char* kGiven[] = {"Ada",  "Amara", "Ben",  "Carla", "Chen", "Elif", "Farid", "Grace",
                                  "Hana", "Ines",  "Kofi", "Lena",  "Mei",  "Noah", "Priya", "Yuki"};
constexpr const char* kFamily[] = {"Ahmed", "Bauer", "Costa", "Diaz",   "Evans", "Fischer", "Garcia", "Hansen",
                                   "Ito",   "Kaya",  "Li",    "Mensah", "Novak", "Okafor",  "Patel",  "Zhang"};
constexpr const char* kPreferred[] = {"store", "web", "web", "app"};
constexpr const char* kChannels[] = {"store", "web", "web", "app", "phone"};
constexpr const char* kCategories[] = {"coffee", "tea", "bakery", "kitchen", "books", "garden", "toys", "care"};

std::string padded(std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}
std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return text;
}
std::string customer_key(std::int64_t number) { return "C" + padded(number, 7); }

/// How somebody shops: between which days before today, and for how much.
struct Habit {
  std::int32_t first = 700, last = 0;
  std::int32_t basket = 3'000;  ///< cents
  std::int32_t weight = 1;      ///< share of the orders
};

// Loyal, regular, new, fading and one-time customers, and some who never buy.
Habit draw_habit(Random& random) {
  const std::int64_t kind = random.below(100);
  const auto basket = static_cast<std::int32_t>(1'500 + random.below(6'000));
  const auto some = [&](std::int64_t least, std::int64_t spread) {
    return static_cast<std::int32_t>(least + random.below(spread));
  };
  if (kind < 12) return {720, 0, basket + 4'000, some(18, 10)};
  if (kind < 45) return {600, some(0, 60), basket, some(6, 6)};
  if (kind < 65) return {some(60, 60), 0, basket, some(2, 3)};
  if (kind < 85) return {700, some(200, 200), basket + 3'000, some(6, 8)};
  if (kind < 96) return {710, some(30, 600), basket, 1};
  return {0, 0, basket, 0};
}

std::vector<Habit> write_customers(std::ofstream& out, std::int64_t count) {
  Random random(1);
  std::vector<Habit> habits;
  out << "customer_id,name,given_name,family_name,email,phone,preferred_channel,language\r\n";
  for (std::int64_t i = 1; i <= count; ++i) {
    const std::string given = random.one_of(kGiven), family = random.one_of(kFamily);
    out << customer_key(i) << ',' << given << ' ' << family << ',' << given << ',' << family << ',' << lower(given)
        << '.' << lower(family) << i << "@example.com,";
    if (random.below(100) < 70) out << "+1 202 555 " << padded(random.below(10'000), 4);
    out << ',' << random.one_of(kPreferred) << ',' << (random.below(100) < 15 ? "zh" : "en") << "\r\n";
    habits.push_back(draw_habit(random));
  }
  return habits;
}

struct Order {
  std::int32_t day, second;  ///< days before today
  std::int32_t customer, cents;
  bool returned;
  std::int8_t channel, category;
};

std::vector<Order> draw_orders(const std::vector<Habit>& habits, std::int64_t count) {
  Random random(2);
  std::vector<std::int32_t> tickets;  // somebody is drawn as often as their weight says
  for (std::size_t i = 1; i < habits.size(); ++i)
    tickets.insert(tickets.end(), static_cast<std::size_t>(habits[i].weight), static_cast<std::int32_t>(i));
  constexpr Habit kAccount{720, 0, 9'000, 0};
  std::vector<Order> out;
  for (std::int64_t i = 0; i < count; ++i) {
    const bool account = i % 12 == 0 || tickets.empty();
    const auto who =
        account ? 0 : tickets[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(tickets.size())))];
    const Habit& habit = account ? kAccount : habits[static_cast<std::size_t>(who)];
    const std::int64_t ago = habit.last + random.below(habit.first - habit.last + 1);
    out.push_back({static_cast<std::int32_t>(ago), static_cast<std::int32_t>(random.below(80'000)), who,
                   static_cast<std::int32_t>(habit.basket / 2 + random.below(habit.basket)), random.below(100) < 4,
                   static_cast<std::int8_t>(random.below(std::size(kChannels))),
                   static_cast<std::int8_t>(random.below(std::size(kCategories)))});
  }
  std::sort(out.begin(), out.end(), [](const Order& a, const Order& b) {
    return std::tie(b.day, a.second, a.customer, a.cents) < std::tie(a.day, b.second, b.customer, b.cents);
  });
  return out;
}

// Howard Hinnant, "chrono-compatible low-level date algorithms".
std::string date_text(std::int64_t day) {
  const std::int64_t z = day + 719'468, era = z / 146'097, doe = z - era * 146'097;
  const std::int64_t yoe = (doe - doe / 1'460 + doe / 36'524 - doe / 146'096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
  const std::int64_t m = mp < 10 ? mp + 3 : mp - 9;
  return padded(yoe + era * 400 + (m <= 2 ? 1 : 0), 4) + "-" + padded(m, 2) + "-" +
         padded(doy - (153 * mp + 2) / 5 + 1, 2);
}

void write_orders(std::ofstream& out, const std::vector<Order>& orders) {
  out << "order_id,customer_id,ordered_at,kind,channel,category,total\r\n";
  std::int64_t number = 0;
  for (const Order& order : orders)
    out << 'O' << 1'000'000 + ++number << ',' << customer_key(order.customer + 1) << ','
        << date_text(kTodayDays - order.day) << 'T' << padded(order.second / 3'600, 2) << ':'
        << padded(order.second / 60 % 60, 2) << ':' << padded(order.second % 60, 2) << "Z,"
        << (order.returned ? "return" : "sale") << ',' << kChannels[order.channel] << ',' << kCategories[order.category]
        << ',' << order.cents / 100 << '.' << padded(order.cents % 100, 2) << "\r\n";
}

}  // namespace

void write_day_files(const std::filesystem::path& folder, DaySize size) {
  std::ofstream customers(folder / "customers.csv", std::ios::binary);
  const std::vector<Habit> habits = write_customers(customers, size.customers);
  std::ofstream orders(folder / "orders.csv", std::ios::binary);
  write_orders(orders, draw_orders(habits, size.orders));
  if (!customers.flush() || !orders.flush())
    throw std::runtime_error("the files of the day could not be written to " + folder.string() + ": is the disk full?");
}

}  // namespace kith::bench
