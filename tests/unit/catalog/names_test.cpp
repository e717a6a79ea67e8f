#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(NamesTest, PrefixesAFieldOnAnotherBundlesTypeAndKeepsItBareOnItsOwn) {
  const Built built = Manifests()
                          .bundle("shop", kOrders)
                          .bundle("post", R"("fields": {"shop.order": [{"name": "parcel", "type": "text"}]})",
                                  R"(, "requires": {"plugins": {"shop": "^0.1"}})")
                          .build();
  ASSERT_BUILDS(built);
  const RecordType& order = built->type("shop.order");
  EXPECT_EQ(order.table, "shop__order");
  EXPECT_EQ(built->member(order, "total").column, "total");
  EXPECT_EQ(built->member(order, "post.parcel").column, "post__parcel");
  EXPECT_EQ(built->member(built->type("customer"), "shop.orders").role, Role::child_set);
}

TEST(NamesTest, RefusesTwoBundlesOfOneIdNamingBothPlaces) {
  const Built built = Manifests().bundle("shop", "").add("shop", R"({"id": "shop", "version": "0.2.0"})").build();
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::duplicate_name);
}

TEST(NamesTest, NamesBothOwnersWhenOneHidesTheOther) {
  const Built built =
      Manifests()
          .bundle("post", "")
          .bundle("shop", R"("record_types": [{"name": "order", "fields": [{"name": "post", "type": "text"}]}])")
          .bundle("mail", "")
          .add("post2", R"({"id": "post2", "version": "0.1.0"})")
          .build();
  ASSERT_BUILDS(built);
  const Built clash =
      Manifests()
          .bundle("shop", R"("record_types": [{"name": "order", "fields": [{"name": "post", "type": "text"}]}])")
          .bundle("post", R"("fields": {"shop.order": [{"name": "parcel", "type": "text"}]})",
                  R"(, "requires": {"plugins": {"shop": "^0.1"}})")
          .build();
  ASSERT_EQ(clash.problems.size(), 1U) << clash.text();
  EXPECT_EQ(clash.problems[0].number, ProblemNumber::duplicate_name);
  EXPECT_THAT(clash.text(), AllOf(HasSubstr("\"post\" of shop"), HasSubstr("\"post.parcel\" of post"),
                                  HasSubstr("shop/plugin.json:"), HasSubstr("post/plugin.json:")));
}

TEST(NamesTest, NamesBothOwnersWhenAFieldTakesANameOfTheCore) {
  const Built built =
      build_bundle(R"("record_types": [{"name": "order", "fields": [{"name": "version", "type": "int"}]}])");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::duplicate_name);
  EXPECT_THAT(built.text(), AllOf(HasSubstr("the core"), HasSubstr("shop")));
}

TEST(NamesTest, RefusesAFieldDeclaredTwiceWithBothPlaces) {
  const Built built = build_bundle(
      "\"fields\": {\"customer\": [{\"name\": \"tier\", \"type\": \"int\"},\n{\"name\": \"tier\", \"type\": "
      "\"text\"}]}");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].where.line, 3);
  EXPECT_THAT(built.problems[0].notes.front(), HasSubstr("shop/plugin.json:2"));
}

TEST(NamesTest, RefusesNamesThatTheStoreOrTheLanguageKeeps) {
  const Built built = build_bundle(
      R"("record_types": [{"name": "order", "fields": [{"name": "id", "type": "int"}, {"name": "null", "type": "int"},
        {"name": "ok", "type": "int"}]}])");
  ASSERT_EQ(built.problems.size(), 2U) << built.text();
  for (const Problem& problem : built.problems) EXPECT_EQ(problem.number, ProblemNumber::bad_name);
}

TEST(NamesTest, RefusesABundleNamedLikeACoreRecordType) {
  const Built built = Manifests().bundle("customer", "").build();
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::bad_name);
}

TEST(NamesTest, SuggestsTheQualifiedNameForAnUnqualifiedOne) {
  const Built built =
      build_bundle(std::string(kOrders) + R"(, "segments": [{"name": "big", "on": "order", "when": "total > 5"}])");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.problems[0].fix, HasSubstr("shop.order"));
}

TEST(NamesTest, RefusesNamesOfABundleThatIsNotRequired) {
  const Built built = Manifests()
                          .bundle("shop", kOrders)
                          .bundle("post", R"("segments": [{"name": "s", "on": "shop.order", "when": "total > 5"}])")
                          .build();
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.text(), AllOf(HasSubstr("does not require"), HasSubstr("requires")));
}

TEST(NamesTest, RefusesExpressionsThatReadABundleThatIsNotRequired) {
  const Built built =
      Manifests()
          .bundle("shop", R"("fields": {"customer": [{"name": "tier", "type": "text"}]})")
          .bundle("post", R"("segments": [{"name": "s", "on": "customer", "when": "shop.tier == 'gold'"}])")
          .build();
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.problems[0].message, HasSubstr("which post does not require"));
}

TEST(NamesTest, AnswersTheExpressionLanguage) {
  const Built built = Manifests()
                          .bundle("shop", std::string(kOrders) + R"(,
    "settings": [{"name": "days", "type": "int", "default": 30}],
    "parameters": [{"set": "rfm", "values": [{"name": "r1", "type": "double"}]}],
    "functions": [{"name": "gap", "args": [{"name": "a", "type": "timestamp"}, {"name": "b", "type": "timestamp"}],
     "returns": "double"}],
    "segments": [{"name": "known", "on": "customer", "when": "email != null"}])",
                                  R"(, "library": "shop", "requires": {"abi": "0.1"})")
                          .build();
  ASSERT_BUILDS(built);
  const expr::Names& names = built->names();
  const std::int32_t customer = built->type("customer").number, order = built->type("shop.order").number;
  EXPECT_EQ(names.record_type_name(order), "shop.order");
  EXPECT_EQ(names.member(customer, "shop.orders")->kind, expr::MemberKind::set);
  EXPECT_EQ(names.member(customer, "shop.orders")->type.record_type, order);
  EXPECT_EQ(names.member(order, "customer")->type.record_type, customer);
  EXPECT_FALSE(names.member(customer, "nothing").has_value());
  EXPECT_EQ(names.lifecycle(customer, "customer.lifecycle")->since.type.kind, Kind::timestamp);
  EXPECT_EQ(names.segment(customer, "shop.known")->kind, expr::MemberKind::derived);
  EXPECT_FALSE(names.segment(order, "shop.known").has_value());
  EXPECT_EQ(names.setting("shop.days")->kind, Kind::integer);
  EXPECT_EQ(names.parameter("shop.rfm", "r1")->kind, Kind::real);
  EXPECT_EQ(names.function("shop.gap")->returns, Kind::real);
  EXPECT_EQ(built->functions.front().abi_signature, "(timestamp,timestamp)->double");
  EXPECT_THAT(names.member_names(customer), testing::Contains("shop.orders"));
  EXPECT_THAT(names.parameter_names(), testing::ElementsAre("shop.rfm.r1"));
}

TEST(NamesTest, ThrowsWithASuggestionForUnknownTypesAndFields) {
  const Built built = Manifests().build();
  ASSERT_BUILDS(built);
  try {
    built->type("custmer");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::unknown_record_type);
    EXPECT_THAT(error.first().fix, HasSubstr("customer"));
  }
  try {
    built->member(built->type("customer"), "emial");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::unknown_field);
    EXPECT_THAT(error.first().fix, HasSubstr("email"));
  }
}

}  // namespace
}  // namespace kith::internal::catalog
