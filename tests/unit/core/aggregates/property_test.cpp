// Random aggregates over random records, against a plain program that knows the records and nothing of the engine:
// nulls, unknown elements, sums beyond 64 bits, buckets over changes of the clock and ends of years, derived members
// that have just become stale, and filters that SQL can't decide. KITH_CASES says how many; KITH_FULL: 20,000.
#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "aggregates/questions.hpp"

namespace kith_test::aggregates {

namespace {

Plain plain_of(const kith::Cell& cell, const By* by) {
  if (by != nullptr && by->member == "channel" && cell)
    return Plain::whole(std::find(std::begin(kChannels), std::end(kChannels), cell.text()) - std::begin(kChannels));
  switch (cell.raw().type) {
    case KITH_NULL: return {};
    case KITH_DOUBLE: return Plain::real(cell.real());
    case KITH_TEXT:
    case KITH_REF: return Plain::text(cell.str());
    default: return Plain::whole(cell.raw().as.i);
  }
}

std::vector<Row> ask(kith::Session& session, const Asked& asked) {
  kith::Aggregate aggregate = session.aggregate("shop.order");
  aggregate.where(asked.where).having(asked.having).order_by(asked.order).limit(asked.limit);
  for (const By& by : asked.by) by.unnest ? aggregate.by_each(by.member) : aggregate.by(by.member, by.bucket);
  for (std::size_t i = 0; i < asked.figures.size(); ++i)
    aggregate.figure(asked.figures[i].fn, asked.figures[i].of, "f" + std::to_string(i), asked.figures[i].where);
  std::vector<Row> out;
  for (auto row : aggregate) {
    Row& line = out.emplace_back();
    for (std::size_t i = 0; i < asked.by.size() + asked.figures.size(); ++i)
      line.push_back(plain_of(row[i], i < asked.by.size() ? &asked.by[i] : nullptr));
  }
  return out;
}

/// Asks one question; "" when the answer is the plain program's.
std::string difference(Shop& shop) {
  if (shop.chance(5)) shop.change();
  const Asked asked = Questions(shop).next();
  const std::vector<Row> expected = answer(asked, shop.orders()), found = ask(shop.session(), asked);
  if (found.size() != expected.size())
    return text_of(asked) + "\n" + std::to_string(found.size()) + " rows, not " + std::to_string(expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    for (std::size_t k = 0; k < found[i].size(); ++k)
      if (!same(found[i][k], expected[i][k]))
        return text_of(asked) + "\nrow " + std::to_string(i) + " column " + std::to_string(k) + ": " +
               shown(found[i][k]) + ", not " + shown(expected[i][k]);
  return {};
}

std::int64_t queries() {
  if (const char* given = std::getenv("KITH_CASES")) return std::atoll(given);
  return std::getenv("KITH_FULL") != nullptr ? 20'000 : 500;
}

TEST(AggregatePropertyTest, AnswersAsAPlainProgramDoes) {
  const std::vector<std::string> zones = {"America/New_York", "Europe/Berlin", "America/St_Johns",
                                          "Pacific/Apia",     "UTC",           "Asia/Kathmandu"};
  const std::int64_t all = queries();
  const auto shops = static_cast<std::int64_t>(zones.size()) * std::max<std::int64_t>(1, all / 6'000);
  for (std::int64_t i = 0; i < shops; ++i) {
    const std::string& zone = zones[static_cast<std::size_t>(i) % zones.size()];
    Shop shop(zone, 20'261'128 + static_cast<std::uint64_t>(i));
    for (std::int64_t query = 0; query * shops < all; ++query) {
      const std::string found = difference(shop);
      ASSERT_EQ(found, "") << "in " << zone << ", shop " << i << ", query " << query;
    }
  }
}

}  // namespace

}  // namespace kith_test::aggregates
