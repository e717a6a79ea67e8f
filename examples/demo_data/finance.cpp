// A bank's data: products with their risk, clients with one identity document each, accounts.
#include <algorithm>
#include <fstream>

#include "names.hpp"

namespace demo {
namespace {

struct Product {
  std::string_view code, name;
  int risk;
};
constexpr Product kProducts[] = {{"CURRENT", "Current account", 1}, {"SAVINGS", "Savings account", 1},
                                 {"BONDFUND", "Bond fund", 2},      {"MIXED", "Balanced fund", 3},
                                 {"EQUITY", "Equity fund", 4},      {"DERIV", "Structured note", 5}};
constexpr std::string_view kCountries[] = {"SE", "DE", "FR", "CH", "SG", "SE", "DE", "NL", "VN", "LB", "KP"};
constexpr std::string_view kPep[] = {"domestic", "foreign", "rca", "former", "international"};
constexpr std::string_view kIndustryRisks[] = {"low", "low", "low", "medium", "high"};
constexpr std::string_view kChannel[] = {"branch", "branch", "video", "online", "introducer"};

void write_products(const Request& request) {
  std::ofstream out = create(request, "products.csv");
  out << "code,name,risk\r\n";
  for (const Product& product : kProducts) out << product.code << ',' << product.name << ',' << product.risk << "\r\n";
}

// What the bank's own system says of a client's standing: most are clients, some are on the way.
struct Standing {
  std::string state, sanctions, rating;
};
Standing standing(Random& random, bool exposed) {
  if (random.chance(70))
    return {"active", random.chance(5) ? "false_match" : "clear",
            exposed             ? "high"
            : random.chance(75) ? "low"
                                : "medium"};
  if (random.chance(60)) return {"onboarding", random.chance(30) ? "not_screened" : "clear", exposed ? "high" : "low"};
  return {"prospect", "not_screened", ""};
}

void write_client(std::ofstream& out, Random& random, const Request& request, std::int64_t number,
                  const Person& person) {
  std::string email = person.email, country(kCountries[random.below(random.chance(92) ? 8 : 11)]);
  const std::string pep = random.chance(6) ? std::string(random.one_of(kPep)) : random.chance(90) ? "none" : "";
  const Standing now = standing(random, !pep.empty() && pep != "none" && pep != "former");
  std::int64_t last_day = request.end_day + 5 + random.below(2'500);
  if (now.state == "onboarding" && random.chance(20)) last_day = request.end_day - random.below(300);
  std::string expires = date_text(last_day);
  // The mistakes of a real export.
  if (number % 131 == 0) country = "Neverland";
  if (number % 173 == 0) expires = "lifelong";
  out << "B" << padded(number, 5) << ',' << person.name() << ',' << person.given << ',' << person.family << ',' << email
      << ',' << country << ',' << now.state << ',' << pep << ',' << now.sanctions << ',' << now.rating << ','
      << random.one_of(kIndustryRisks) << ',' << random.one_of(kChannel) << ',' << 1 + random.below(5) << ','
      << 1 + random.below(5) << ',' << 1 + random.below(5) << ",passport,X" << padded(number, 7) << ','
      << date_text(last_day - 3'650) << ',' << expires << ','
      << (now.state == "active" ? date_text(request.end_day + 1 + random.below(900)) : "") << "\r\n";
}

}  // namespace

void write_finance(const Request& request, const std::vector<Person>& known) {
  constexpr std::int64_t clients = 400;
  write_products(request);
  Random random(request.seed + 3);
  std::ofstream out = create(request, "clients.csv"), accounts = create(request, "bank_accounts.csv");
  out << "client_id,name,given_name,family_name,email,country,state,pep,sanctions,rating,industry_risk,channel,"
         "knowledge,"
         "tolerance,capacity,document_kind,document_number,issued_on,expires_on,next_review_on\r\n";
  accounts << "number,client_email,product,opened_on,balance,last_movement_at\r\n";
  for (std::int64_t i = 1; i <= clients; ++i) {
    const auto place = static_cast<std::size_t>(i - 1);
    const Person person = place < known.size() ? known[place] : draw_person(random, i, "bank.example");
    write_client(out, random, request, i, person);
    for (std::int64_t k = 0; k < 1 + random.below(2); ++k) {
      const std::int64_t opened = 30 + random.below(2'000),
                         moved = random.chance(92) ? random.below(30) : 366 + random.below(200);
      std::string balance = money_text(random.below(9'000'000));
      if (i % 149 == 0) balance = "see statement";
      accounts << "AC" << padded(i, 5) << k << ',' << person.email << ',' << kProducts[random.below(6)].code << ','
               << date_text(request.end_day - opened) << ',' << balance << ','
               << date_text(request.end_day - std::min(opened, moved)) << "T08:00:00Z\r\n";
    }
  }
}

}  // namespace demo
