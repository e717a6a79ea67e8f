// One meaning: the evaluator and SQLite divide the same records into the same true, false and unknown.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <deque>
#include <iostream>

#include "base/error.hpp"
#include "generator.hpp"
#include "world.hpp"

namespace kith::internal::expr::testing {
namespace {

constexpr int kRecords = 40;

class DifferentialTest : public ::testing::Test {
 protected:
  DifferentialTest() : database_(world_) { env_.surroundings = &answers_; }

  // Forty customers that point at each other, three regions, some of them removed, and the same ids in another tenant.
  void fill(Generator& make) {
    for (std::uint8_t i = 0; i < 3; ++i) regions_.emplace_back(world_, kRegion, i);
    for (std::uint8_t i = 0; i < kRecords; ++i) customers_.emplace_back(world_, kCustomer, i);
    for (Record& region : regions_) {
      values(region, make);
      region.link("chief", make.chance(70) ? &customers_[static_cast<std::size_t>(make.below(kRecords))] : nullptr);
    }
    regions_[2].removed = true;
    for (Record& customer : customers_) {
      values(customer, make);
      customer.removed = make.chance(15);
      customer.has_derived = make.chance(80);
      customer.link("parent", make.chance(75) ? &customers_[static_cast<std::size_t>(make.below(kRecords))] : nullptr);
      customer.link("retail.best", make.chance(60) ? &customers_[static_cast<std::size_t>(make.below(kRecords))] : nullptr);
      customer.link("about", make.chance(60) ? &customers_[static_cast<std::size_t>(make.below(kRecords))] : nullptr);
      customer.link("home", make.chance(80) ? &regions_[static_cast<std::size_t>(make.below(3))] : nullptr);
    }
    sets(make);
    for (const Record& region : regions_) database_.insert(region);
    for (const Record& customer : customers_) database_.insert(customer);
    for (const Record& region : regions_) {
      Record twin(world_, kRegion, region.id().bytes[15]);
      values(twin, make);
      database_.insert(twin, kTenant + 1);
    }
  }

  // Orders, some removed, some of nobody; edges of all times; and in the other tenant orders and edges of the same ids.
  void sets(Generator& make) {
    const auto someone = [&] { return &customers_[static_cast<std::size_t>(make.below(kRecords))]; };
    for (std::uint8_t i = 0; i < 60; ++i) {
      Record& order = orders_.emplace_back(world_, kOrder, i);
      values(order, make);
      if (make.chance(60)) order.set("qty", Value::integer(make.below(9) - 4));
      order.removed = make.chance(15);
      order.has_derived = make.chance(80);
      order.link("customer", make.chance(90) ? someone() : nullptr);
      order.link("place", make.chance(80) ? &regions_[static_cast<std::size_t>(make.below(3))] : nullptr);
      database_.insert(order);
      Record twin(world_, kOrder, i);
      values(twin, make);
      twin.link("customer", someone());
      database_.insert(twin, kTenant + 1);
    }
    const std::int64_t day = 86'400'000'000;
    for (int i = 0; i < 120; ++i) {
      Edge edge{static_cast<std::int32_t>(make.below(3)), someone(), nullptr, env_.now + (make.below(7) - 4) * day, kForever};
      edge.to = edge.relationship == kLivesIn ? &regions_[static_cast<std::size_t>(make.below(3))] : someone();
      if (make.chance(50)) edge.ends = edge.begins + make.below(6) * day;
      graph_.edges.push_back(edge);
      database_.insert(edge);
      edge.from = someone();
      edge.begins = env_.now - day;
      database_.insert(edge, kTenant + 1);
    }
    for (auto* records : {&customers_, &regions_, &orders_}) {
      for (Record& record : *records) {
        record.graph = &graph_;
        record.now = env_.now;
        graph_.records.push_back(&record);
      }
    }
  }

  void values(Record& record, Generator& make) {
    for (const std::string& name : world_.member_names(record.type())) {
      const Member member = *world_.member(record.type(), name);
      if (member.kind != MemberKind::set && member.type.kind != Kind::ref) record.set(name, make.value_for(member, env_.now));
    }
  }

  ProgramPtr compile_any(const std::string& source) {
    std::vector<Diagnostic> diagnostics;
    Scope scope;
    scope.names = &world_;
    scope.record_type = kCustomer;
    ProgramPtr program = expr::compile(source, scope, diagnostics);
    for (const Diagnostic& d : diagnostics) ADD_FAILURE() << source << "\n" << d.message << " at " << d.begin << " (" << d.fix << ")";
    return program;
  }

  std::vector<std::string> ids_that(const Program& program, bool wanted) {
    std::vector<std::string> ids;
    for (Record& customer : customers_) {
      const Value value = evaluate(program, customer, env_).value;
      if (wanted ? value.is_true() : value.is_false()) ids.push_back(customer.id().text());
    }
    return ids;
  }

  // (storage class, text) as SQLite should give it.
  static std::pair<int, std::string> stored(const Value& value) {
    switch (value.kind) {
      case Kind::null:
      case Kind::unknown: return {SQLITE_NULL, ""};
      case Kind::real: return {SQLITE_FLOAT, to_text(Value::real(value.d == 0 ? 0.0 : value.d))};
      case Kind::text:
      case Kind::json: return {SQLITE_TEXT, value.s};
      default: return {SQLITE_INTEGER, std::to_string(value.i)};
    }
  }

  World world_;
  Answers answers_;
  Env env_;
  Database database_;
  std::deque<Record> regions_, customers_, orders_;
  Graph graph_;
};

Lowering for_sqlite(const World& world) {
  Lowering how;
  how.schema = &world;
  how.tenant = kTenant;
  return how;
}

TEST_F(DifferentialTest, SqliteAndTheEvaluatorDivideRecordsAlike) {
  const std::uint64_t seed = first_seed();
  Generator make(seed, Taste{true, true, false});
  env_.now = 1'767'607'200'000'000;  // 2026-01-05T10:00:00Z
  fill(make);
  const Lowering how = for_sqlite(world_);
  const std::int64_t cases = case_count(5'000, 100'000);
  std::int64_t exact = 0, superset = 0, vm_only = 0, all = 0, none = 0, wrong = 0, with_sets = 0, divided = 0;
  for (std::int64_t i = 0; i < cases && wrong < 10; ++i) {
    const std::string source = make.boolean(static_cast<int>(1 + make.below(4)));
    const ProgramPtr program = compile_any(source);
    ASSERT_TRUE(program) << "seed " << seed << " case " << i;
    const std::vector<std::string> yes = ids_that(*program, true);
    all += yes.size() == kRecords ? 1 : 0;
    none += yes.empty() ? 1 : 0;
    if (program->sql_class == SqlClass::vm_only) {
      ++vm_only;
      EXPECT_THROW(lower_true(*program, env_, how), Error);
      continue;
    }
    const Sql when_true = lower_true(*program, env_, how);
    const std::vector<std::string> found = database_.ids_where(when_true);
    if (program->sql_class == SqlClass::superset) {
      ++superset;
      if (!std::includes(found.begin(), found.end(), yes.begin(), yes.end())) {
        ++wrong;
        ADD_FAILURE() << "seed " << seed << " case " << i << ": SQL left rows out of a superset\n" << source << "\n" << when_true.text;
      }
      continue;
    }
    ++exact;
    with_sets += program->uses_sets ? 1 : 0;
    divided += program->uses_sets && !yes.empty() && yes.size() < kRecords ? 1 : 0;
    const Sql when_false = lower_false(*program, env_, how);
    const bool same = found == yes && database_.ids_where(when_false) == ids_that(*program, false);
    if (!same) {
      ++wrong;
      ADD_FAILURE() << "seed " << seed << " case " << i << "\n" << source << "\nT " << when_true.text << "\nF " << when_false.text
                    << "\nevaluator true " << yes.size() << " false " << ids_that(*program, false).size() << ", SQLite true "
                    << found.size() << " false " << database_.ids_where(when_false).size();
    }
  }
  std::cout << cases << " expressions over " << kRecords << " records: exact " << exact << ", superset " << superset << ", evaluator only "
            << vm_only << "; exact over sets " << with_sets << ", of which " << divided << " divide the records; true for all " << all << ", for none " << none << "; wrong " << wrong << " (seed " << seed << ")\n";
  EXPECT_GT(exact, cases / 2);
  EXPECT_LT(all + none, cases * 3 / 4);
  EXPECT_GT(divided, cases / 20);
}

TEST_F(DifferentialTest, ASupersetLeavesNoTrueRecordOut) {
  const std::uint64_t seed = first_seed() + 2;
  Generator make(seed, Taste{false, true, false});
  env_.now = 1'767'607'200'000'000;
  fill(make);
  const Lowering how = for_sqlite(world_);
  std::int64_t held = 0, narrowed = 0;
  for (std::int64_t i = 0; i < case_count(500, 10'000); ++i) {
    const std::string beyond = "(name.fold() >= 'a' || retail.twice(n) == 4)";
    const std::string first = make.boolean(2);
    const std::string source = make.chance(50) ? first + " && " + beyond : "(" + beyond + " && " + first + ") || (ok && " + make.boolean(2) + ")";
    const ProgramPtr program = compile_any(source);
    ASSERT_TRUE(program);
    if (program->sql_class != SqlClass::superset) continue;
    const std::vector<std::string> found = database_.ids_where(lower_true(*program, env_, how));
    const std::vector<std::string> yes = ids_that(*program, true);
    EXPECT_TRUE(std::includes(found.begin(), found.end(), yes.begin(), yes.end())) << "seed " << seed << " case " << i << "\n" << source;
    EXPECT_THROW(lower_false(*program, env_, how), Error);
    held += static_cast<std::int64_t>(yes.size());
    narrowed += kRecords - static_cast<std::int64_t>(found.size());
  }
  EXPECT_GT(held, 0);
  EXPECT_GT(narrowed, 0);
}

TEST_F(DifferentialTest, SqliteAndTheEvaluatorComputeTheSameValues) {
  const std::uint64_t seed = first_seed() + 1;
  Generator make(seed, Taste{false, true, false});
  env_.now = -1'234'567'890'123;  // before 1970
  fill(make);
  const Lowering how = for_sqlite(world_);
  const std::int64_t cases = case_count(3'000, 60'000);
  std::int64_t wrong = 0, dead = 0, values = 0, exact = 0, with_sets = 0;
  for (std::int64_t i = 0; i < cases && wrong < 10; ++i) {
    const Kind kind = make.any_kind();
    const std::string source = make.of(kind, static_cast<int>(1 + make.below(4)));
    const ProgramPtr program = compile_any(source);
    ASSERT_TRUE(program) << "seed " << seed << " case " << i;
    if (program->sql_class != SqlClass::exact) continue;
    ++exact;
    with_sets += program->uses_sets ? 1 : 0;
    const Sql sql = lower_value(*program, env_, how);
    const auto found = database_.values_of(sql);
    ASSERT_EQ(found.size(), customers_.size());
    for (std::size_t at = 0; at < customers_.size(); ++at) {
      const Value value = evaluate(*program, customers_[at], env_).value;
      ++values;
      dead += value.is_dead() ? 1 : 0;
      auto seen = found[at];
      if (seen.first == SQLITE_FLOAT && seen.second == "-0") seen.second = "0";
      if (seen == stored(value)) continue;
      ++wrong;
      ADD_FAILURE() << "seed " << seed << " case " << i << " record " << at << "\n" << source << "\n" << sql.text << "\nevaluator "
                    << kind_name(value.kind) << " " << to_text(value) << " (" << stored(value).second << "), SQLite " << seen.first << " " << seen.second;
      break;
    }
  }
  std::cout << exact << " of " << cases << " expressions in SQL, " << with_sets << " over sets, " << values << " values, null or unknown " << dead << "; wrong " << wrong
            << " (seed " << seed << ")\n";
  EXPECT_GT(exact, cases / 2);
  EXPECT_GT(with_sets, cases / 20);
}

}  // namespace
}  // namespace kith::internal::expr::testing
