// kith_demo_data: makes the files of a trade; of a shop, customers.csv and orders.csv. The same arguments give the same
// bytes on every machine.
#include <charconv>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string_view>

#include "data.hpp"

namespace demo {
namespace {

constexpr std::int64_t kSecondsOfDay = 86'400;

// Days of the proleptic Gregorian calendar: Howard Hinnant, "chrono-compatible low-level date algorithms".
std::int64_t days_of(std::int64_t y, std::int64_t m, std::int64_t d) {
  y -= m <= 2 ? 1 : 0;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
  const std::int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146'097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719'468;
}

std::int64_t number(std::string_view text, const char* what) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || out < 0)
    throw std::runtime_error(std::string(what) + " needs a number, found '" + std::string(text) + "'");
  return out;
}

std::int64_t day_of(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-')
    throw std::runtime_error("--end needs a date as 2026-12-31, found '" + std::string(text) + "'");
  const std::int64_t day = days_of(number(text.substr(0, 4), "--end"), number(text.substr(5, 2), "--end"),
                                   number(text.substr(8, 2), "--end"));
  if (date_text(day) != text) throw std::runtime_error("there is no day " + std::string(text));
  return day;
}

std::string trade_of(std::string_view text) {
  for (const std::string_view known : {"retail", "b2b", "finance", "hospitality", "all"})
    if (text == known) return std::string(text);
  throw std::runtime_error("there is no trade '" + std::string(text) + "': retail, b2b, finance, hospitality or all");
}

Request parse(int argc, char** argv) {
  Request request;
  request.end_day =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count() /
      kSecondsOfDay;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view flag = argv[i];
    if (i + 1 == argc)
      throw std::runtime_error(
          "usage: kith_demo_data [--trade retail|b2b|finance|hospitality|all] [--out FOLDER] [--customers N] "
          "[--orders N] [--end DATE] [--seed N]");
    const std::string_view value = argv[i + 1];
    if (flag == "--out")
      request.folder = value;
    else if (flag == "--trade")
      request.trade = trade_of(value);
    else if (flag == "--customers")
      request.customers = number(value, "--customers");
    else if (flag == "--orders")
      request.orders = number(value, "--orders");
    else if (flag == "--end")
      request.end_day = day_of(value);
    else if (flag == "--seed")
      request.seed = static_cast<std::uint64_t>(number(value, "--seed"));
    else
      throw std::runtime_error("there is no flag '" + std::string(flag) + "'");
  }
  return request;
}

// Every fifth shopper is known to the other trades too.
std::vector<Person> some_of(const std::vector<Shopper>& shoppers) {
  std::vector<Person> known;
  for (std::size_t i = 0; i < shoppers.size(); i += 5) known.push_back(shoppers[i].person);
  return known;
}

void write(const Request& request) {
  const auto wanted = [&](std::string_view trade) { return request.trade == trade || request.trade == "all"; };
  std::vector<Person> known;
  if (wanted("retail")) {
    std::ofstream customers = create(request, "customers.csv");
    const auto shoppers = write_customers(customers, request);
    std::ofstream orders = create(request, "orders.csv");
    write_orders(orders, request, shoppers);
    if (!customers.flush() || !orders.flush())
      throw std::runtime_error("the files could not be written whole: is the disk full?");
    known = some_of(shoppers);
  }
  if (wanted("b2b")) write_b2b(request);
  if (wanted("finance")) write_finance(request, known);
  if (wanted("hospitality")) write_hospitality(request, known);
}

}  // namespace

std::ofstream create(const Request& request, const std::string& name) {
  const std::string path = request.folder + "/" + name;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!file) throw std::runtime_error(path + " can't be written");
  return file;
}

std::string date_text(std::int64_t day) {
  const std::int64_t z = day + 719'468, era = (z >= 0 ? z : z - 146'096) / 146'097, doe = z - era * 146'097;
  const std::int64_t yoe = (doe - doe / 1'460 + doe / 36'524 - doe / 146'096) / 365,
                     doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153, d = doy - (153 * mp + 2) / 5 + 1, m = mp < 10 ? mp + 3 : mp - 9;
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", static_cast<int>(yoe + era * 400 + (m <= 2 ? 1 : 0)),
                static_cast<int>(m), static_cast<int>(d));
  return text;
}

}  // namespace demo

int main(int argc, char** argv) try {
  const demo::Request request = demo::parse(argc, argv);
  demo::write(request);
  std::cout << demo::date_text(request.end_day) << '\n';  // the last day with orders
} catch (const std::exception& error) {
  std::cerr << "kith_demo_data: " << error.what() << '\n';
  return 1;
}
