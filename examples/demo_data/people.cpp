#include <ostream>

#include "data.hpp"
#include "names.hpp"
#include "random.hpp"

namespace demo {
namespace {

constexpr std::string_view kPreferredChannels[] = {"store", "web", "web", "app"};

// Five habits: each shop has loyal, regular, new, fading and one-time customers.
Shopper habit(Random& random, std::string id) {
  const std::int64_t kind = random.below(100);
  const std::int64_t basket = 1'500 + random.below(6'000);
  if (kind < 12) return {std::move(id), 18 + random.below(10), 720, 0, basket + 4'000};          // loyal
  if (kind < 45) return {std::move(id), 6 + random.below(6), 600, random.below(60), basket};     // regular
  if (kind < 65) return {std::move(id), 2 + random.below(3), 60 + random.below(60), 0, basket};  // new
  if (kind < 85)
    return {std::move(id), 6 + random.below(8), 700, 200 + random.below(200), basket + 3'000};  // fading, once good
  return {std::move(id), 1, 710, 30 + random.below(600), basket};                               // once
}

}  // namespace

std::vector<Shopper> write_customers(std::ostream& out, const Request& request) {
  Random random(request.seed);
  std::vector<Shopper> shoppers;
  out << "customer_id,name,given_name,family_name,email,phone,preferred_channel,language\r\n";
  for (std::int64_t i = 1; i <= request.customers; ++i) {
    const std::string id = "C" + padded(i, 5);
    const std::string_view given = random.one_of(kGiven), family = random.one_of(kFamily);
    std::string email = lower(given) + "." + lower(family) + std::to_string(i) + "@example.com";
    std::string channel(random.one_of(kPreferredChannels)), language = random.chance(15) ? "zh" : "en";
    std::string name = std::string(given) + " " + std::string(family);
    const std::string phone = random.chance(70) ? "+1 202 555 " + padded(random.below(10'000), 4) : "";
    // The mistakes of a real export, at places that the number of customers does not move.
    const bool bad_email = i % 613 == 0, bad_channel = i % 877 == 0, no_name = i % 991 == 0;
    if (bad_email) email = "no e-mail";
    if (bad_channel) channel = "fax";
    if (no_name) name.clear();
    out << id << ',' << name << ',' << given << ',' << family << ',' << email << ',' << phone << ',' << channel << ','
        << language << "\r\n";
    Shopper shopper = habit(random, id);
    shopper.person = {std::string(given), std::string(family), email};
    if (!bad_email && !bad_channel && !no_name) shoppers.push_back(std::move(shopper));
  }
  return shoppers;
}

}  // namespace demo
