// What is made: a shop's customers and their orders, as an export of a shop system would have them, mistakes included.
#pragma once
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace demo {

struct Request {
  std::string folder = ".";
  std::int64_t customers = 2'000, orders = 12'000;
  std::int64_t end_day = 0;  ///< the last day with orders, in days since 1970-01-01
  std::uint64_t seed = 1;
};

/// How a customer shops; decides how many orders they have, when and for how much.
struct Shopper {
  std::string id;
  std::int64_t weight = 1;                   ///< their share of the orders
  std::int64_t first_day = 0, last_day = 0;  ///< days before the end, first >= last
  std::int64_t basket_cents = 3'000;
};

/// Writes customers.csv; a few rows have a mistake that an import must find. Returns those whose row is right.
std::vector<Shopper> write_customers(std::ostream& out, const Request& request);
/// Writes orders.csv of these shoppers, in order of time.
void write_orders(std::ostream& out, const Request& request, const std::vector<Shopper>& shoppers);

/// "2026-12-31"
std::string date_text(std::int64_t day);

}  // namespace demo
