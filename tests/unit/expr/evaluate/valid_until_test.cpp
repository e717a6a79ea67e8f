// valid_until against brute force: with no write, a value never changes before the instant that came with it.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <iostream>

#include "base/time/time.hpp"
#include "unit/expr/worlds/generator.hpp"
#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {
namespace {

class ValidUntilTest : public ::testing::Test {
 protected:
  ValidUntilTest() { env_.surroundings = &answers_; }

  ProgramPtr compile_any(const std::string& source, bool stored = false) {
    Scope scope;
    scope.names = &world_;
    scope.record_type = kCustomer;
    scope.rules.stored = stored;
    return compile_or_throw(source, scope);
  }

  Timed at(const Program& program, Record& record, std::int64_t now) {
    env_.now = now;
    for (Record& one : customers_) one.now = now;
    for (Record& one : regions_) one.now = now;
    for (Record& one : orders_) one.now = now;
    return evaluate(program, record, env_);
  }

  // Three customers and a region around `now`; what is computed changes at instants of its own.
  void fill(Generator& make, std::int64_t now) {
    customers_.clear();
    regions_.clear();
    orders_.clear();
    graph_ = {};
    instants_.clear();
    regions_.emplace_back(world_, kRegion, 0);
    for (std::uint8_t i = 0; i < 3; ++i) customers_.emplace_back(world_, kCustomer, i);
    values(regions_[0], make, now);
    for (Record& customer : customers_) {
      values(customer, make, now);
      customer.link("parent", make.chance(80) ? &customers_[static_cast<std::size_t>(make.below(3))] : nullptr);
      customer.link("home", make.chance(80) ? &regions_[0] : nullptr);
      Record* best = &customers_[static_cast<std::size_t>(make.below(3))];
      customer.link("retail.best", best);
      // The best is gone from some instant on.
      const std::int64_t gone = now + make.below(3 * kMicrosPerDay);
      customer.set_course("retail.best", {best->self(), {{gone, Value::null()}}});
      instants_.push_back(gone);
    }
    sets(make, now);
  }

  // A few orders, and edges that begin and end around now.
  void sets(Generator& make, std::int64_t now) {
    const auto someone = [&] { return &customers_[static_cast<std::size_t>(make.below(3))]; };
    for (std::uint8_t i = 0; i < 5; ++i) {
      Record& order = orders_.emplace_back(world_, kOrder, i);
      values(order, make, now);
      order.link("customer", someone());
      order.link("place", &regions_[0]);
    }
    for (int i = 0; i < 8; ++i) {
      Edge edge{static_cast<std::int32_t>(make.below(3)), someone(), nullptr,
                now + (make.below(5) - 3) * kMicrosPerDay + make.below(2), kForever};
      edge.to = edge.relationship == kLivesIn ? &regions_[0] : someone();
      if (make.chance(60)) edge.ends = edge.begins + 1 + make.below(5) * kMicrosPerDay;
      instants_.push_back(edge.begins);
      if (edge.ends != kForever) instants_.push_back(edge.ends);
      graph_.edges.push_back(edge);
    }
    for (auto* records : {&customers_, &regions_, &orders_}) {
      for (Record& record : *records) {
        record.graph = &graph_;
        graph_.records.push_back(&record);
      }
    }
  }

  void values(Record& record, Generator& make, std::int64_t now) {
    for (const std::string& name : world_.member_names(record.type())) {
      const Member member = *world_.member(record.type(), name);
      if (member.kind == MemberKind::set || member.type.kind == Kind::ref) continue;
      if (name == "zone") continue;
      Value value = make.value_for(member, now);
      const bool day = value.kind == Kind::date && value.i > -100'000'000 && value.i < 100'000'000;
      if (value.kind == Kind::timestamp) instants_.push_back(value.i);
      if (day) instants_.push_back(value.i * kMicrosPerDay);
      if (member.kind != MemberKind::derived) {
        record.set(name, std::move(value));
        continue;
      }
      Course course{std::move(value), {}};
      std::int64_t when = now - kMicrosPerDay;
      for (std::int64_t i = make.below(3); i > 0; --i) {
        when += 1 + make.below(2 * kMicrosPerDay);
        instants_.push_back(when);
        course.later.emplace_back(when, make.value_for(member, now));
      }
      record.set_course(name, std::move(course));
    }
  }

  // Instants at which something may happen: the record's own plus and minus whole days, midnights, and around each.
  std::vector<std::int64_t> probes(Generator& make, std::int64_t now) {
    std::vector<std::int64_t> out;
    for (const std::int64_t instant : instants_) {
      if (instant < now - 10 * kMicrosPerDay || instant > now + 10 * kMicrosPerDay) continue;
      for (std::int64_t days = -6; days <= 6; ++days) {
        for (const std::int64_t odd : {0, -1, 1}) out.push_back(instant + days * kMicrosPerDay + odd);
        out.push_back(instant + days * kMicrosPerDay + kMicrosPerDay / 2);
      }
      for (const std::int64_t step : {900'000'000LL, 20'000'000LL, 500'000LL}) {
        for (const std::int64_t odd : {0, -1, 1}) {
          out.push_back(instant + step + odd);
          out.push_back(instant - step + odd);
        }
      }
    }
    const std::int64_t midnight = floor_div(now, kMicrosPerDay) * kMicrosPerDay;
    for (std::int64_t half_hours = 0; half_hours < 96; ++half_hours) {
      out.push_back(midnight + half_hours * kMicrosPerDay / 48);
      out.push_back(midnight + half_hours * kMicrosPerDay / 48 - 1);
    }
    for (int i = 0; i < 10; ++i) out.push_back(now + 1 + make.below(5 * kMicrosPerDay));
    return out;
  }

  World world_;
  Answers answers_;
  Env env_;
  std::deque<Record> customers_, regions_, orders_;
  Graph graph_;
  std::vector<std::int64_t> instants_;
};

TEST_F(ValidUntilTest, NoValueChangesBeforeItsInstant) {
  const std::uint64_t seed = first_seed();
  Generator make(seed, Taste{true, true, false, true});
  const std::vector<std::int64_t> beginnings = {instant("2026-01-05T10:00:00Z"), instant("1969-12-31T23:00:00Z"),
                                                instant("1955-06-01T05:00:00Z"), instant("2026-03-29T00:30:00Z"),
                                                instant("2026-10-24T22:00:00Z"), instant("2027-02-27T05:00:00Z"),
                                                instant("2028-02-28T19:00:00Z"), instant("2026-12-30T12:00:00Z")};
  const std::int64_t cases = case_count(5'000, 100'000);
  std::int64_t late = 0, finite = 0, exact = 0, compared = 0, moved = 0;
  for (std::int64_t i = 0; i < cases && late < 10; ++i) {
    const std::int64_t now = make.pick(beginnings) + (make.chance(50) ? 0 : make.below(kMicrosPerDay));
    if (i % 5 == 0) fill(make, now);
    const std::string source = make.chance(60) ? make.boolean(static_cast<int>(1 + make.below(4)))
                                               : make.of(make.any_kind(), static_cast<int>(1 + make.below(4)));
    const ProgramPtr program = compile_any(source);
    Record& record = customers_[static_cast<std::size_t>(make.below(3))];
    const Timed first = at(*program, record, now);
    ASSERT_GT(first.until, now) << source;
    finite += first.until != kForever ? 1 : 0;
    const bool still = first.until == kForever;
    for (const std::int64_t later : probes(make, now)) {
      if (later <= now || later >= first.until || make.chance(still ? 95 : 60)) continue;
      ++compared;
      const Timed then = at(*program, record, later);
      if (then.value == first.value) continue;
      ++late;
      ADD_FAILURE() << "seed " << seed << " case " << i << "\n"
                    << source << "\nat " << format_instant(now) << " it was " << kind_name(first.value.kind) << " "
                    << to_text(first.value) << " until " << first.until << ", but at " << later << " it is "
                    << kind_name(then.value.kind) << " " << to_text(then.value);
      break;
    }
    if (first.until == kForever) continue;
    ++moved;
    if (!(at(*program, record, first.until).value == first.value)) ++exact;
  }
  std::cout << cases << " expressions, " << compared << " later values compared, " << finite << " with an end, "
            << exact << " of " << moved << " ends exact; late " << late << " (seed " << seed << ")\n";
  EXPECT_GT(finite, cases / 10);
  EXPECT_GT(exact, moved / 4);
}

TEST_F(ValidUntilTest, NowOutsideOfTheKnownFormsHoldsForOneMicrosecond) {
  fill(*std::make_unique<Generator>(1, Taste{}), 1000);
  const Timed timed = at(*compile_any("now()"), customers_[0], 1000);
  EXPECT_EQ(timed.value, Value::timestamp(1000));
  EXPECT_EQ(timed.until, 1001);
}

struct Flip {
  const char* source;
  std::int64_t now, until;
};

TEST_F(ValidUntilTest, AComparisonWithNowFlipsAsItsOperatorSays) {
  customers_.emplace_back(world_, kCustomer, std::uint8_t{0});
  customers_[0]
      .set("joined", Value::timestamp(5000))
      .set("seen", Value::null())
      .set("born", Value::date(2))
      .set("n", Value::integer(5));
  const std::int64_t day = kMicrosPerDay;
  const std::vector<Flip> flips = {
      {"joined < now()", 10, 5001},
      {"joined >= now()", 10, 5001},
      {"joined <= now()", 10, 5000},
      {"joined > now()", 10, 5000},
      {"joined == now()", 10, 5000},
      {"joined == now()", 5000, 5001},
      {"joined != now()", 6000, kForever},
      {"now() > joined", 10, 5001},
      {"joined < now() - duration('1d')", 10, 5001 + day},
      {"joined + duration('1d') <= now()", 10, 5000 + day},
      {"joined < now()", 6000, kForever},
      {"seen < now()", 10, kForever},
      {"seen == now()", 10, kForever},
      {"days_since(joined) == 0", 6000, 5000 + day},
      {"days_since(joined) > 3", 6000, 5000 + 4 * day},
      {"days_since(joined) >= 3", 6000, 5000 + 3 * day},
      {"days_since(joined) < 3", 6000, 5000 + 3 * day},
      {"days_since(joined) <= 3", 6000, 5000 + 4 * day},
      {"days_since(joined) == 3", 6000, 5000 + 3 * day},
      {"days_since(joined) != 3", 5000 + 3 * day, 5000 + 4 * day},
      {"days_since(joined) == 3", 5000 + 4 * day, kForever},
      {"days_since(joined) > 3", 5000 + 4 * day, kForever},
      {"3 < days_since(joined)", 6000, 5000 + 4 * day},
      {"3 >= days_since(joined)", 6000, 5000 + 4 * day},
      {"n + 2 <= days_since(joined)", 6000, 5000 + 7 * day},
      {"days_since(joined) > m", 6000, kForever},
      {"days_since(joined) == m", 6000, kForever},
      {"days_since(seen) > days_since(joined)", 6000, kForever},
      {"days_since(joined) > days_since(born)", 6000, day},
      {"days_since(joined) > 9223372036854775807", 6000, kForever},
      {"days_since(born) < 1", 0, 3 * day},
      {"days_since(born) < 1", 3 * day, kForever},
      {"born <= today()", 0, 2 * day},
      {"born <= today()", 2 * day, kForever},
      {"born < today()", 0, 3 * day},
      {"today() == born", 0, 2 * day},
      {"today() == born", 2 * day, 3 * day},
      {"days_between(born, today()) >= 30", 0, 32 * day},
      {"days_between(born, today()) <= 30", 0, 33 * day},
      {"days_between(today(), born) > 1", 0, day},
      {"days_between(today(), born) < 0", 0, 3 * day},
      {"30 < days_between(born, today())", 0, 33 * day},
      {"days_between(born, today('Asia/Shanghai')) >= 30", 0, 32 * day - 8 * 3'600'000'000LL},
      {"today('Asia/Shanghai') == born", 0, 2 * day - 8 * 3'600'000'000LL},
      {"next_anniversary(born)", 0, 3 * day},
      {"next_anniversary(born)", 3 * day, 368 * day},
      {"days_between(today(), next_anniversary(born)) <= 1", 0, day},
      {"days_between(today(), next_anniversary(born)) <= 1", day, 3 * day},
      {"next_anniversary(born) == today()", 0, 2 * day},
      {"next_anniversary(seen)", 0, kForever},
      {"joined < now() && false", 10, kForever},
      {"joined < now() || m == null", 10, kForever},
      {"joined < now() && seen < now()", 10, 5001},
      {"coalesce(seen, joined) < now()", 10, 5001},
      {"joined < now() ? 1 : 2", 10, 5001},
  };
  for (const Flip& flip : flips) {
    EXPECT_EQ(at(*compile_any(flip.source, true), customers_[0], flip.now).until, flip.until)
        << flip.source << " at " << flip.now;
  }
}

// St John's set its clocks back at one minute past midnight: the new day lasted a minute and came again an hour later.
TEST_F(ValidUntilTest, ADateThatComesTwiceIsSeenToEnd) {
  customers_.emplace_back(world_, kCustomer, std::uint8_t{0});
  const ProgramPtr program = compile_any("today('America/St_Johns')");
  std::int64_t now = instant("2006-10-28T12:00:00Z");
  const std::int64_t end = instant("2006-10-30T12:00:00Z");
  int steps = 0;
  while (now < end && ++steps < 10'000) {
    const Timed timed = at(*program, customers_[0], now);
    ASSERT_GT(timed.until, now);
    for (std::int64_t later = now; later < std::min(timed.until, end); later += 60 * kMicrosPerSecond) {
      ASSERT_EQ(at(*program, customers_[0], later).value, timed.value)
          << format_instant(now) << " " << format_instant(later);
    }
    now = timed.until;
  }
  EXPECT_GE(now, end);
}

}  // namespace
}  // namespace kith::internal::expr::testing
