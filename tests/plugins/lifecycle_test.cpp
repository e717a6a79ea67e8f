// The core's customer lifecycle, with the retail plugin beside it: its one guard, and its history.
#include "plugins/world.hpp"

namespace kith::test {
namespace {

using testing::HasSubstr;

TEST(LifecycleTest, QualifiesACustomerWhoCanBeReached) {
  World world;
  const Ref ada = world.me.create("customer", {{"kind", "person"}, {"name", "Ada Li"}, {"email", "ada@example.com"}});
  world.me.transition(ada, "customer.lifecycle", "engage");
  world.me.transition(ada, "customer.lifecycle", "qualify");
  EXPECT_EQ(world.value(ada, "state('customer.lifecycle')"), "qualified");
}

TEST(LifecycleTest, QualifiesByPhoneToo) {
  World world;
  const Ref bo = world.me.create("customer", {{"kind", "person"}, {"name", "Bo Ek"}, {"phone", "+46 8 123 456 00"}});
  world.me.transition(bo, "customer.lifecycle", "engage");
  world.me.transition(bo, "customer.lifecycle", "qualify");
  EXPECT_EQ(world.value(bo, "state('customer.lifecycle')"), "qualified");
}

TEST(LifecycleTest, DoesNotQualifyACustomerWithoutEmailAndPhone) {
  World world;
  const Ref cy = world.person("Cy Who");
  world.me.transition(cy, "customer.lifecycle", "engage");
  const Error error = failure_of([&] { world.me.transition(cy, "customer.lifecycle", "qualify"); });
  EXPECT_EQ(error.code(), KITH_INVALID);
  EXPECT_THAT(error.what(), HasSubstr("A qualified customer needs an e-mail address or a phone number."));
  EXPECT_EQ(world.value(cy, "state('customer.lifecycle')"), "lead");
}

TEST(LifecycleTest, AsksForAReasonWhereACustomerLeaves) {
  World world;
  const Ref ada = world.me.create("customer", {{"kind", "person"}, {"name", "Ada Li"}, {"email", "ada@example.com"}});
  for (const char* event : {"engage", "qualify", "win"}) world.me.transition(ada, "customer.lifecycle", event);
  EXPECT_EQ(failure_of([&] { world.me.transition(ada, "customer.lifecycle", "leave"); }).code(), KITH_INVALID);
  world.me.transition(ada, "customer.lifecycle", "leave", {{"reason", "moved away"}});
  EXPECT_EQ(world.value(ada, "state('customer.lifecycle')"), "former");
}

TEST(LifecycleTest, RefusesAnEventThatDoesNotLeadOutOfTheState) {
  World world;
  const Ref ada = world.person("Ada Li");
  const Error error = failure_of([&] { world.me.transition(ada, "customer.lifecycle", "win"); });
  EXPECT_EQ(error.code(), KITH_INVALID);
  EXPECT_THAT(error.what(), HasSubstr("engage"));
}

}  // namespace
}  // namespace kith::test
