#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

using facts::Input;
using ::testing::HasSubstr;

class LifecycleTest : public ::testing::Test {
 protected:
  RecordId order(std::vector<Input> more = {}) {
    std::vector<Input> inputs{{"customer", Value::ref(office_.type("customer"), customer_)},
                              {"ordered_on", text("2026-01-01")},
                              {"total", text("100")},
                              {"gift", text("false")}};
    for (Input& input : more) inputs.push_back(std::move(input));
    return office_.create("office.order", inputs);
  }
  std::vector<Problem> refused(const RecordId& id, const std::string& event, const std::vector<Input>& inputs = {}) {
    return problems_of([&] { office_.transition("office.order", id, "office.order_state", event, inputs); });
  }
  std::string state(const RecordId& id) {
    const auto& lifecycle =
        office_.catalog->lifecycles[static_cast<std::size_t>(office_.catalog->type("office.order").lifecycles.front())];
    return office_
        .get("office.order", id,
             office_.catalog->type("office.order").members[static_cast<std::size_t>(lifecycle.state_member)].name)
        .s;
  }
  std::string state_field() {
    const auto& lifecycle =
        office_.catalog->lifecycles[static_cast<std::size_t>(office_.catalog->type("office.order").lifecycles.front())];
    return office_.catalog->type("office.order").members[static_cast<std::size_t>(lifecycle.state_member)].name;
  }
  std::vector<store::TransitionRow> history(const RecordId& id) {
    std::vector<store::TransitionRow> rows;
    office_.read([&](access::Unit& unit) { rows = unit.journal.transitions(office_.type("office.order"), id); });
    return rows;
  }
  Office office_;
  RecordId customer_ = office_.person();
};

TEST_F(LifecycleTest, BeginsInTheFirstInitialState) {
  const RecordId id = order();
  EXPECT_EQ(state(id), "placed");
  ASSERT_EQ(history(id).size(), 1U);
  EXPECT_EQ(history(id).front().to_state, "placed");
}

TEST_F(LifecycleTest, MayBeginInAnotherInitialState) {
  EXPECT_EQ(state(order({{state_field(), text("draft")}})), "draft");
  const auto problems = problems_of([&] { order({{state_field(), text("closed")}}); });
  EXPECT_EQ(problem_of_field(problems, state_field()).expected, "placed, draft");
}

TEST_F(LifecycleTest, RefusesADirectWriteOfTheStateAndNamesTheWay) {
  const RecordId id = order();
  const auto problems = problems_of([&] { office_.update("office.order", id, {{state_field(), text("closed")}}); });
  EXPECT_EQ(problem_of_field(problems, state_field()).number, ProblemNumber::field_not_writable);
  EXPECT_THAT(problems.front().fix, HasSubstr("kith transition"));
}

TEST_F(LifecycleTest, ListsTheEventsThatArePossibleFromHere) {
  const RecordId id = order();
  const auto problems = refused(id, "shipp");
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().number, ProblemNumber::no_such_transition);
  EXPECT_EQ(problems.front().expected, "ship (to shipped), cancel (to cancelled), weigh (to placed)");
  EXPECT_THAT(problems.front().fix, HasSubstr("ship"));
}

TEST_F(LifecycleTest, PassesWhenTheGuardHoldsAndKeepsWhatItSaw) {
  const RecordId id = order();
  office_.now += 2 * kDay;
  office_.transition("office.order", id, "office.order_state", "ship", {{"shipped_on", text("2026-01-03")}});
  EXPECT_EQ(state(id), "shipped");
  const auto rows = history(id);
  ASSERT_EQ(rows.size(), 2U);
  ASSERT_TRUE(rows[0].left_us.has_value());
  EXPECT_EQ(*rows[0].left_us - rows[0].entered_us, 2 * kDay);
  EXPECT_FALSE(rows[1].left_us.has_value());
  EXPECT_EQ(rows[1].event, "ship");
  EXPECT_EQ(rows[1].from_state, "placed");
  EXPECT_EQ(rows[1].actor, "alice");
  EXPECT_EQ(rows[1].bundle_version, "0.1.0");
  EXPECT_THAT(rows[1].guard_json, HasSubstr("100.00"));
}

TEST_F(LifecycleTest, IsDeniedByAGuardThatIsFalseWithItsTextAndValues) {
  const RecordId id = order({{"number", text("1")}});
  office_.update("office.order", id, {{"total", text("1000")}});
  const auto problems = refused(id, "ship", {{"shipped_on", text("2026-01-03")}});
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().number, ProblemNumber::guard_denied);
  EXPECT_THAT(problems.front().message, HasSubstr("Large orders are looked at first."));
  EXPECT_THAT(problems.front().found, HasSubstr("total"));
  EXPECT_EQ(state(id), "placed");
}

TEST_F(LifecycleTest, PullsDerivationsFreshIntoTheGuard) {
  const RecordId id = order({{"number", text("1")}});
  order({{"number", text("2")}});
  order({{"number", text("3")}});
  // Nothing has settled order_count since: the guard sees three orders all the same.
  EXPECT_EQ(refused(id, "ship", {{"shipped_on", text("2026-01-03")}}).front().number, ProblemNumber::guard_denied);
}

TEST_F(LifecycleTest, IsDeniedByAnUnknownGuardThatNamesTheEmptyField) {
  const RecordId id = order();
  const auto problems = refused(id, "weigh");
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().number, ProblemNumber::guard_denied);
  EXPECT_EQ(problems.front().field, "weight_kg");
  EXPECT_TRUE(refused(id, "weigh", {{"weight_kg", text("2")}}).empty());
}

TEST_F(LifecycleTest, NeedsTheFieldsOfTheNewState) {
  const auto problems = refused(order(), "ship");
  EXPECT_EQ(problem_of_field(problems, "shipped_on").number, ProblemNumber::required_missing);
}

TEST_F(LifecycleTest, KeepsTheFieldsThatAStateNeeds) {
  const RecordId id = order();
  office_.transition("office.order", id, "office.order_state", "ship", {{"shipped_on", text("2026-01-03")}});
  const auto problems = problems_of([&] { office_.update("office.order", id, {{"shipped_on", Value::null()}}); });
  EXPECT_EQ(problem_of_field(problems, "shipped_on").number, ProblemNumber::required_missing);
}

TEST_F(LifecycleTest, AsksTheGuardOfTheStateThatIsEntered) {
  const RecordId id = order();
  office_.transition("office.order", id, "office.order_state", "ship", {{"shipped_on", text("2026-01-03")}});
  EXPECT_THAT(refused(id, "close").front().message, HasSubstr("An unpaid order stays open."));
  EXPECT_TRUE(refused(id, "close", {{"paid_at", text("2026-01-04T00:00:00Z")}}).empty());
}

TEST_F(LifecycleTest, NeedsAReasonWhereOneIsRequired) {
  const RecordId id = order();
  EXPECT_EQ(refused(id, "cancel").front().number, ProblemNumber::reason_required);
  EXPECT_TRUE(refused(id, "cancel", {{"reason", text(" changed their mind ")}}).empty());
  EXPECT_EQ(history(id).back().reason, "changed their mind");
}

TEST_F(LifecycleTest, LeavesOneChangeAndItsEvents) {
  const RecordId id = order();
  const std::size_t before = office_.events().size();
  office_.transition("office.order", id, "office.order_state", "cancel", {{"reason", text("x")}});
  const auto changes = office_.changes("office.order", id);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes.back().kind, store::ChangeKind::transition);
  const auto events = office_.events();
  ASSERT_EQ(events.size(), before + 2);
  EXPECT_EQ(events[before].kind, store::EventKind::changed);
  EXPECT_EQ(events[before + 1].kind, store::EventKind::transition);
  EXPECT_EQ(events[before + 1].payload_json, R"({"event":"cancel","from":"placed","to":"cancelled"})");
}

TEST_F(LifecycleTest, OfTheCoreAsksForAWayToReachAQualifiedCustomer) {
  const std::string name =
      office_.catalog->lifecycles[static_cast<std::size_t>(office_.catalog->type("customer").lifecycles.front())].name;
  office_.transition("customer", customer_, name, "engage");
  const auto problems = problems_of([&] { office_.transition("customer", customer_, name, "qualify"); });
  EXPECT_EQ(problems.front().number, ProblemNumber::guard_denied);
  office_.update("customer", customer_, {{"email", text("ada@example.com")}});
  EXPECT_TRUE(problems_of([&] { office_.transition("customer", customer_, name, "qualify"); }).empty());
}

TEST_F(LifecycleTest, NamesTheLifecyclesThereAre) {
  const auto problems = problems_of([&] { office_.transition("office.order", order(), "office.state", "ship"); });
  EXPECT_EQ(problems.front().expected, "office.order_state");
}

}  // namespace
}  // namespace kith::internal::testing
