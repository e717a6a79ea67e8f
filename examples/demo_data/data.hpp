// What is made: what the systems of a trade would export (a shop's, a sales team's, a bank's, a hotel's), mistakes
// included.
#pragma once
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace demo {

struct Request {
  std::string folder = ".";
  std::string trade = "retail";  ///< or b2b, finance, hospitality, all
  std::int64_t customers = 2'000, orders = 12'000;
  std::int64_t end_day = 0;  ///< the last day of the data, in days since 1970-01-01
  std::uint64_t seed = 1;
};

struct Person {
  std::string given, family, email;
  std::string name() const { return given + " " + family; }
};

/// How a customer shops; decides how many orders they have, when and for how much.
struct Shopper {
  std::string id;
  std::int64_t weight = 1;                   ///< their share of the orders
  std::int64_t first_day = 0, last_day = 0;  ///< days before the end, first >= last
  std::int64_t basket_cents = 3'000;
  Person person{};
};

/// Writes customers.csv; a few rows have a mistake that an import must find. Returns those whose row is right.
std::vector<Shopper> write_customers(std::ostream& out, const Request& request);
/// Writes orders.csv of these shoppers, in order of time.
void write_orders(std::ostream& out, const Request& request, const std::vector<Shopper>& shoppers);

/// Opens a file of the request's folder for writing, or throws.
std::ofstream create(const Request& request, const std::string& name);
/// accounts, contacts, deals, roles, contracts, contact_log
void write_b2b(const Request& request);
/// products, clients, bank_accounts. Some of the clients are people known elsewhere: the same names and addresses.
void write_finance(const Request& request, const std::vector<Person>& known);
/// properties, guests, reservations; known as above
void write_hospitality(const Request& request, const std::vector<Person>& known);

/// "2026-12-31"
std::string date_text(std::int64_t day);

}  // namespace demo
