// No read and no write without a tenant and an actor; no write in a unit that reads.
#include "access/policy.hpp"

#include "unit/access/world.hpp"

namespace kith::internal::testing {
namespace {

class PolicyTest : public ::testing::Test {
 protected:
  World world{std::string(kShopFacts)};
  void as(const std::string& tenant, std::int64_t number, const std::string& actor, const World::InUnit& body) {
    world.principal = {tenant, number, actor};
    world.read(body);
  }
};

TEST_F(PolicyTest, WantsATenantAndAnActor) {
  const std::int64_t acme = world.principal.tenant_number;
  const auto reading = [&](access::Unit& unit) { access::require(unit, access::Operation::read, 0); };
  EXPECT_EQ(problem_of([&] { as("acme", -1, "alice", reading); }), ProblemNumber::misuse);
  EXPECT_EQ(problem_of([&] { as("acme", acme, "", reading); }), ProblemNumber::misuse);
  EXPECT_NO_THROW(as("acme", acme, "alice", reading));
}

TEST_F(PolicyTest, RefusesAWriteInAUnitThatReads) {
  for (const access::Operation operation :
       {access::Operation::create, access::Operation::update, access::Operation::remove, access::Operation::transition,
        access::Operation::relate}) {
    EXPECT_EQ(problem_of([&] { world.read([&](access::Unit& unit) { access::require(unit, operation, 0); }); }),
              ProblemNumber::misuse);
    EXPECT_NO_THROW(world.write([&](access::Unit& unit) { access::require(unit, operation, 0); }));
  }
  EXPECT_NO_THROW(world.read([&](access::Unit& unit) { access::require(unit, access::Operation::export_, 0); }));
}

TEST_F(PolicyTest, ReadsOfRecordsWantThemTooWhateverTheyAreFor) {
  const std::int64_t acme = world.principal.tenant_number;
  for (const access::Operation operation :
       {access::Operation::read, access::Operation::update, access::Operation::check, access::Operation::derive}) {
    const auto reading = [&](access::Unit& unit) {
      EXPECT_FALSE(unit.reads.load(operation, 0, RecordId{}).has_value());
      EXPECT_FALSE(unit.reads.is_live(operation, 0, RecordId{}));
    };
    EXPECT_EQ(problem_of([&] { as("acme", -1, "alice", reading); }), ProblemNumber::misuse);
    EXPECT_EQ(problem_of([&] { as("acme", acme, "", reading); }), ProblemNumber::misuse);
    EXPECT_NO_THROW(as("acme", acme, "alice", reading)) << "also in a unit that only reads";
  }
}

TEST_F(PolicyTest, ReadingStatementsCarryTenantAndLiveness) {
  world.read([&](access::Unit& unit) {
    const expr::Sql predicate = access::readable(unit, 0, "t");
    EXPECT_THAT(predicate.text, ::testing::HasSubstr("t.tenant = ?"));
    EXPECT_THAT(predicate.text, ::testing::HasSubstr("t.removed_at IS NULL"));
    ASSERT_EQ(predicate.binds.size(), 1U);
    EXPECT_EQ(predicate.binds[0], Value::integer(world.principal.tenant_number));
  });
}

}  // namespace
}  // namespace kith::internal::testing
