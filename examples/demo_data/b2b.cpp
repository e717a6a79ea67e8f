// A sales team's data: accounts, the people there, deals, who decides, contracts, and what was said.
#include <fstream>

#include "names.hpp"

namespace demo {
namespace {

constexpr std::string_view kFirst[] = {"Alpine",  "Baltic", "Nordic",  "Delta", "Orion", "Summit",
                                       "Harbour", "Union",  "Pacific", "Vega",  "Atlas", "Merid"};
constexpr std::string_view kSecond[] = {"Foods",     "Logistics", "Motors",   "Pharma",
                                        "Packaging", "Energy",    "Textiles", "Robotics"};
constexpr std::string_view kForm[] = {"GmbH", "AB", "Ltd", "SA", "Inc"};
constexpr std::string_view kIndustryCodes[] = {"10.71", "28.93", "29.10", "21.20", "17.21", "35.11", "13.20", "28.99"};
constexpr std::string_view kTiers[] = {"small", "standard", "standard", "standard", "key", "strategic"};
constexpr std::string_view kMachines[] = {"packing line", "filling line", "palletiser", "service contract",
                                          "spare parts"};
constexpr std::string_view kPipelines[] = {"new_business", "expansion", "key_account", "key_account"};
constexpr std::string_view kStages[] = {"prospecting",     "qualification", "needs",      "value",
                                        "decision_makers", "proposal",      "negotiation"};
constexpr std::string_view kForecast[] = {"pipeline", "pipeline", "best_case", "commit"};
constexpr std::string_view kTitles[] = {"Plant manager", "Head of purchasing", "Chief financial officer", "Engineer",
                                        "Operator"};
constexpr std::string_view kRoles[] = {"evaluator", "decision_maker", "economic_buyer", "champion", "user"};
constexpr std::string_view kStances[] = {"for", "neutral", "neutral", "against"};
constexpr std::string_view kContact[] = {"email", "phone", "meeting", "visit"};
constexpr std::int64_t kPeople = 3;  // at each account

struct Sales {
  const Request& request;
  Random random;
  std::int64_t accounts;
  std::string account(std::int64_t number) const { return "A" + padded(number, 4); }
  std::string day(std::int64_t from_end) const { return date_text(request.end_day + from_end); }
};

void write_accounts(Sales& sales) {
  std::ofstream out = create(sales.request, "accounts.csv");
  out << "account_id,name,email,industry_code,employees,tier,annual_revenue\r\n";
  for (std::int64_t i = 1; i <= sales.accounts; ++i) {
    const std::int64_t trade = sales.random.below(8);
    const std::string first(sales.random.one_of(kFirst)), form(sales.random.one_of(kForm));
    const std::string name = first + " " + std::string(kSecond[trade]) + " " + form;
    std::string email = sales.random.chance(85) ? "purchasing@account" + padded(i, 4) + ".example" : "";
    std::string tier(sales.random.one_of(kTiers));
    const std::int64_t employees = 20 + sales.random.below(4'000);
    // The mistakes of a real export.
    if (i % 83 == 0) tier = "platinum";
    if (i % 97 == 0) email = "ask reception";
    out << sales.account(i) << ',' << name << ',' << email << ',' << kIndustryCodes[trade] << ',' << employees << ','
        << tier << ',' << employees * (90'000 + sales.random.below(60'000)) << ".00\r\n";
  }
}

void write_contacts(Sales& sales) {
  std::ofstream out = create(sales.request, "contacts.csv");
  out << "contact_id,account_id,name,given_name,family_name,email,title\r\n";
  for (std::int64_t i = 1; i <= sales.accounts; ++i)
    for (std::int64_t k = 1; k <= kPeople; ++k) {
      const Person person = draw_person(sales.random, i * 10 + k, "account" + padded(i, 4) + ".example");
      out << "P" << padded(i, 4) << k << ',' << sales.account(i) << ',' << person.name() << ',' << person.given << ','
          << person.family << ',' << person.email << ',' << sales.random.one_of(kTitles) << "\r\n";
    }
}

// One deal and the people who decide on it. A stage is stated where the account's stages are followed.
void write_deal(Sales& sales, std::ofstream& deals, std::ofstream& roles, std::int64_t number) {
  Random& random = sales.random;
  const std::int64_t who = 1 + random.below(sales.accounts), stage = random.below(7);
  const std::string_view product = random.one_of(kMachines);
  std::string pipeline(random.one_of(kPipelines)), amount = money_text(500'000 + random.below(40'000'000));
  std::string close = sales.day(random.below(150) - 20);
  if (number % 71 == 0) amount = "tbd";
  if (number % 89 == 0) close = "next spring";
  const bool staged = pipeline == "key_account";
  deals << "D" << padded(number, 4) << ',' << sales.account(who) << ",\"" << product << ", " << sales.account(who)
        << "\"," << pipeline << ',' << amount << ',' << close << ',' << random.one_of(kForecast) << ','
        << (staged ? kStages[stage] : std::string_view()) << ',' << (stage > 0 || random.chance(40) ? "true" : "false")
        << ',' << (random.chance(35) ? "true" : "false") << ',' << sales.day(10 + random.below(300)) << ','
        << random.below(4) << ',' << (random.chance(25) ? "Rival Machines" : "") << "\r\n";
  for (std::int64_t k = 1; staged && k <= kPeople; ++k)
    if (random.chance(60))
      roles << "D" << padded(number, 4) << ",P" << padded(who, 4) << k << ',' << kRoles[random.below(5)] << ','
            << random.one_of(kStances) << "\r\n";
}

void write_deals(Sales& sales) {
  std::ofstream deals = create(sales.request, "deals.csv"), roles = create(sales.request, "roles.csv");
  deals << "deal_id,account_id,title,pipeline,amount,close_on,forecast_category,stage,need_explicit,budget_confirmed,"
           "decide_by,paper_process,incumbent\r\n";
  roles << "deal_id,contact_id,role,stance\r\n";
  for (std::int64_t i = 1; i <= sales.accounts * 3 / 2; ++i) write_deal(sales, deals, roles, i);
}

void write_contracts(Sales& sales) {
  std::ofstream out = create(sales.request, "contracts.csv");
  out << "number,account_id,recurring_value,starts_on,ends_on\r\n";
  for (std::int64_t i = 1; i <= sales.accounts; i += 2) {
    const std::int64_t ends = 20 + sales.random.below(500);
    std::int64_t starts = ends - 730;
    if (i % 61 == 0) starts = ends + 30;  // it ends before it starts
    out << "C-" << padded(i, 4) << ',' << sales.account(i) << ',' << money_text(200'000 + sales.random.below(9'000'000))
        << ',' << sales.day(starts) << ',' << sales.day(ends) << "\r\n";
  }
}

void write_log(Sales& sales) {
  std::ofstream out = create(sales.request, "contact_log.csv");
  out << "entry_id,account_id,channel,direction,at,subject\r\n";
  for (std::int64_t i = 1; i <= sales.accounts * 4; ++i)
    out << "L" << padded(i, 5) << ',' << sales.account(1 + sales.random.below(sales.accounts)) << ','
        << sales.random.one_of(kContact) << ',' << (sales.random.chance(60) ? "in" : "out") << ','
        << sales.day(-1 - sales.random.below(200)) << "T10:00:00Z,About the " << sales.random.one_of(kMachines)
        << "\r\n";
}

}  // namespace

void write_b2b(const Request& request) {
  Sales sales{request, Random(request.seed + 2), 200};
  write_accounts(sales);
  write_contacts(sales);
  write_deals(sales);
  write_contracts(sales);
  write_log(sales);
}

}  // namespace demo
