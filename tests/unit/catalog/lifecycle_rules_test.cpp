// What lifecycles declare beside states and events: automatic transitions, orders, raises, slots.
#include <algorithm>

#include "base/time/time.hpp"
#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// `more`: further keys of the lifecycle.
std::string with_transitions(const std::string& transitions, const std::string& more = "") {
  return R"("lifecycles": [{"name": "stage", "on": "customer", "initial": ["open"],
    "states": [{"id": "open", "category": "open"}, {"id": "done", "category": "won"}, {"id": "lost",
     "category": "lost"}],
    "transitions": [)" +
         transitions + "]" + more + "}]";
}

TEST(AutomaticTransitionTest, IsWatchedByAHiddenDerivationThatReadsStateTimeAndGuards) {
  const Built built = build_bundle(with_transitions(
      R"({"event": "finish", "from": ["open"], "to": "done", "auto": {"when": "email != null"},
        "guard": "phone != null"})"));
  ASSERT_BUILDS(built);
  const Lifecycle& stage = built->lifecycles.back();
  ASSERT_GE(stage.automatic, 0);
  const Derivation& derivation = built->derivations[static_cast<std::size_t>(stage.automatic)];
  EXPECT_EQ(derivation.name, "shop.stage#auto");
  EXPECT_EQ(derivation.kind, DerivationKind::automatic);
  EXPECT_EQ(derivation.lifecycle, stage.number);
  const RecordType& customer = built->type("customer");
  for (const std::string name : {"shop.stage", "shop.stage_since", "email", "phone"}) {
    const std::int32_t member = built->member_index(customer, name);
    EXPECT_TRUE(std::any_of(derivation.reads.begin(), derivation.reads.end(), [&](const expr::Read& read) {
      return read.path.empty() && read.member == member;
    })) << name;
  }
  EXPECT_EQ(stage.transitions[0].automatic->text(), "email != null");
}

TEST(AutomaticTransitionTest, TakesItsTimeFromATextOrASetting) {
  const std::string settings =
      R"("settings": [{"name": "wait", "type": "text", "default": "12h"}, {"name": "days", "type": "int",
        "default": 7}], )";
  const auto after = [&](const std::string& value) {
    return build_bundle(
        settings +
        with_transitions(R"({"event": "finish", "from": ["open"], "to": "done", "auto": {"after": )" + value + "}}"));
  };
  const auto wait_of = [](const Built& built) { return built->lifecycles.back().transitions[0].automatic->after_us; };
  for (const auto& [value, expected] : {std::pair{"\"30d\"", 30 * kMicrosPerDay},
                                        {R"({"setting": "wait"})", kMicrosPerDay / 2},
                                        {R"({"setting": "days"})", 7 * kMicrosPerDay}}) {
    const Built built = after(value);
    ASSERT_BUILDS(built);
    EXPECT_EQ(wait_of(built), std::optional<std::int64_t>(expected)) << value;
  }
  EXPECT_THAT(after("\"soon\"").text(), HasSubstr("not a length of time"));
  EXPECT_THAT(after(R"({"setting": "wiat"})").text(), HasSubstr("did you mean \"shop.wait\""));
  EXPECT_THAT(after("30").text(), HasSubstr("wrong type"));
}

TEST(AutomaticTransitionTest, SaysExactlyOnceWhenItIsDue) {
  const Built none =
      build_bundle(with_transitions(R"({"event": "finish", "from": ["open"], "to": "done", "auto": {}})"));
  EXPECT_THAT(none.text(), HasSubstr("must say when it is due"));
  const Built both = build_bundle(with_transitions(
      R"({"event": "finish", "from": ["open"], "to": "done", "auto": {"after": "1d", "when": "true"}})"));
  EXPECT_THAT(both.text(), HasSubstr("exactly one of"));
  const Built later = build_bundle(with_transitions(
      R"({"event": "finish", "from": ["open"], "to": "done", "auto": {"relative_to": "birth_date",
        "after_days": 3}})"));
  EXPECT_THAT(later.text(), HasSubstr("\"relative_to\" of \"auto\" of a transition is not supported"));
}

TEST(AutomaticTransitionTest, RefusesTwoThatLeaveOneStateWithoutAnOrderAndNamesBoth) {
  const std::string first = R"({"event": "finish", "from": ["open"], "to": "done", "auto": {"after": "1d"})";
  const std::string second =
      R"({"event": "lose", "from": ["open", "done"], "to": "lost", "auto": {"when": "email == null"})";
  const Built built = build_bundle(with_transitions(first + "}, " + second + "}"));
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::ambiguous_transition);
  EXPECT_THAT(built.text(),
              AllOf(HasSubstr("\"finish\" of shop"), HasSubstr("\"lose\" of shop"), HasSubstr("\"open\"")));
  EXPECT_EQ(build_bundle(with_transitions(first + R"(, "order": 1}, )" + second + R"(, "order": 1})")).problems.size(),
            1U);
  EXPECT_EQ(build_bundle(with_transitions(first + R"(, "order": 1}, )" + second + "}")).problems.size(), 1U);
  ASSERT_BUILDS(build_bundle(with_transitions(first + R"(, "order": 1}, )" + second + R"(, "order": 2})")));
}

TEST(AutomaticTransitionTest, RefusesAGuardThatOnlyAPersonsWriteCouldAnswer) {
  const Built built = build_bundle(with_transitions(
      R"j({"event": "finish", "from": ["open"], "to": "done", "auto": {"after": "1d"}, "guard": "changed(email)"})j"));
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.text(), HasSubstr("guard of the automatic transition shop.stage/finish"));
  const Built entry = build_bundle(R"j("lifecycles": [{"name": "stage", "on": "customer", "initial": ["open"],
    "states": [{"id": "open", "category": "open"}, {"id": "done", "category": "won", "enter_guard": "changed(email)"}],
    "transitions": [{"event": "finish", "from": ["open"], "to": "done", "auto": {"after": "1d"}}]}])j");
  EXPECT_THAT(entry.text(), HasSubstr("which \"finish\" enters by itself"));
}

TEST(AutomaticTransitionTest, RefusesAnOrderThatOrdersNothing) {
  const Built built =
      build_bundle(with_transitions(R"({"event": "finish", "from": ["open"], "to": "done", "order": 1})"));
  EXPECT_THAT(built.text(), HasSubstr("has no meaning without \"auto\""));
}

TEST(RaisesTest, NamesAStateOfAnotherLifecycleOfTheSameRecord) {
  const std::string finish = R"({"event": "finish", "from": ["open"], "to": "done"})";
  const auto raising = [&](const std::string& raises) {
    return build_bundle(with_transitions(finish, ", \"raises\": " + raises));
  };
  const Built built = raising(R"({"customer.lifecycle": {"done": "customer"}})");
  ASSERT_BUILDS(built);
  const Lifecycle& stage = built->lifecycles.back();
  ASSERT_EQ(stage.raises.size(), 1U);
  EXPECT_EQ(built->lifecycles[static_cast<std::size_t>(stage.raises[0].lifecycle)].name, "customer.lifecycle");
  EXPECT_THAT(raising(R"({"customer.lifecycel": {"done": "customer"}})").text(),
              HasSubstr("did you mean \"customer.lifecycle\""));
  EXPECT_THAT(raising(R"({"customer.lifecycle": {"dnoe": "customer"}})").text(), HasSubstr("has no state \"dnoe\""));
  EXPECT_THAT(raising(R"({"customer.lifecycle": {"done": "patron"}})").text(), HasSubstr("has no state \"patron\""));
  EXPECT_THAT(raising(R"({"shop.stage": {"done": "lost"}})").text(), HasSubstr("can't raise itself"));
  EXPECT_THAT(raising(R"({"customer.lifecycle": "customer"})").text(), HasSubstr("wrong type"));
}

TEST(RaisesTest, NeedsAnOrderOfTheOthersStatesAndNamesBothOwners) {
  const std::string finish = R"({"event": "finish", "from": ["open"], "to": "done"})";
  const Built built = Manifests()
                          .bundle("base", with_transitions(finish))
                          .bundle("shop", with_transitions(finish, R"(, "raises": {"base.stage": {"done": "done"}})"),
                                  R"(, "requires": {"plugins": {"base": "*"}})")
                          .build();
  EXPECT_THAT(built.text(),
              AllOf(HasSubstr("\"base.stage\" of base"), HasSubstr("\"shop.stage\" of shop"), HasSubstr("no order")));
}

TEST(LifecycleOrderTest, NamesEachStateAtMostOnce) {
  const auto ordered = [&](const std::string& order) {
    return build_bundle(
        with_transitions(R"({"event": "finish", "from": ["open"], "to": "done"})", ", \"order\": " + order));
  };
  const Built built = ordered(R"(["open", "done"])");
  ASSERT_BUILDS(built);
  EXPECT_EQ(built->lifecycles.back().rank("done"), 1);
  EXPECT_EQ(built->lifecycles.back().rank("lost"), -1);
  EXPECT_THAT(ordered(R"(["open", "dun"])").text(), HasSubstr("names the state \"dun\""));
  EXPECT_THAT(ordered(R"(["open", "open"])").text(), HasSubstr("twice"));
}

TEST(LifecycleOrderTest, OfTheCoreHasFormerBelowCustomer) {
  const Built built = Manifests().build();
  EXPECT_THAT(built->lifecycles.front().order, ElementsAre("prospect", "lead", "qualified", "former", "customer"));
}

TEST(SlotTest, NeedsAConditionOfAllButTheLastAndNamesBothOwners) {
  const std::string finish = R"({"event": "finish", "from": ["open"], "to": "done"})";
  const std::string slot = R"(, "slot": "pipeline")", some = R"(, "applies_when": "kind == 'person'")";
  const auto both = [&](const std::string& first) {
    return Manifests()
        .bundle("base", with_transitions(finish, slot + first))
        .bundle("shop", with_transitions(finish, slot))
        .build();
  };
  const Built built = both(some);
  ASSERT_BUILDS(built);
  EXPECT_THAT(built->lifecycles.back().earlier_in_slot, ElementsAre(built->lifecycles.back().number - 1));
  EXPECT_THAT(both("").text(), AllOf(HasSubstr("\"shop.stage\" of shop"), HasSubstr("\"base.stage\" of base"),
                                     HasSubstr("share the slot")));
}

}  // namespace
}  // namespace kith::internal::catalog
