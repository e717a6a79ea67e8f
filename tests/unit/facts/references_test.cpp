#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

using ::testing::HasSubstr;

class ReferencesTest : public ::testing::Test {
 protected:
  Office office_;
  RecordId ada_ = office_.person();
};

TEST_F(ReferencesTest, MustNameARecordThatIsThereAndLive) {
  const auto order = [&] {
    office_.create("office.order", {{"customer", Value::ref(office_.type("customer"), ada_)},
                                    {"ordered_on", text("2026-01-01")},
                                    {"total", text("1")},
                                    {"gift", text("false")}});
  };
  EXPECT_TRUE(problems_of(order).empty());
  office_.remove("customer", ada_);
  const auto problems = problems_of(order);
  EXPECT_EQ(problem_of_field(problems, "customer").number, ProblemNumber::reference_invalid);
}

TEST_F(ReferencesTest, OfAnotherTypeAreRefused) {
  const auto problems = problems_of([&] {
    office_.update("customer", ada_, {{"owner", text("customer/" + ada_.text())}});
  });
  EXPECT_EQ(problem_of_field(problems, "owner").expected, "member");
}

TEST_F(ReferencesTest, ToAnyTypeMustSayTheType) {
  const auto problems = problems_of([&] {
    office_.create("office.order", {{"customer", text(ada_.text())},
                                    {"ordered_on", text("2026-01-01")},
                                    {"total", text("1")},
                                    {"gift", text("false")},
                                    {"about", text(ada_.text())}});
  });
  EXPECT_THAT(problem_of_field(problems, "about").message, HasSubstr("type/key"));
}

TEST_F(ReferencesTest, FindByKeySaysWhichFormsThereAre) {
  office_.create("office.product", {{"code", text("PEN")}, {"name", text("Pen")}});
  office_.read([&](access::Unit& unit) {
    const std::int32_t product = office_.type("office.product");
    EXPECT_NO_THROW(facts::find_by_key(unit, product, "PEN"));
    const auto problems = problems_of([&] { facts::find_by_key(unit, product, "PIN"); });
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems.front().number, ProblemNumber::record_not_found);
    EXPECT_THAT(problems.front().expected, HasSubstr("@source:external_id"));
    EXPECT_THAT(problems.front().expected, HasSubstr("code"));
    EXPECT_EQ(problem_of([&] { facts::find_by_key(unit, product, "@erp"); }), ProblemNumber::record_not_found);
    EXPECT_EQ(problem_of([&] { facts::find_by_key(unit, product, "@erp:1"); }), ProblemNumber::record_not_found);
  });
}

TEST_F(ReferencesTest, FindByKeyTellsRemovedFromNeverThere) {
  const RecordId pen = office_.create("office.product", {{"code", text("PEN")}, {"name", text("Pen")}});
  office_.remove("office.product", pen);
  office_.read([&](access::Unit& unit) {
    EXPECT_EQ(problem_of([&] { facts::find_by_key(unit, office_.type("office.product"), pen.text()); }),
              ProblemNumber::record_removed);
    EXPECT_EQ(problem_of([&] { facts::find_by_key(unit, office_.type("office.product"), ada_.text()); }),
              ProblemNumber::record_not_found);
  });
}

}  // namespace
}  // namespace kith::internal::testing
