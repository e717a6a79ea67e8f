#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ContactPointsTest : public ::testing::Test {
 protected:
  std::vector<std::string> points() { return office_.contents("contact_point", {"kind", "value", "primary"}); }
  RecordId point(const std::string& kind, const std::string& value, bool primary) {
    return office_.create("contact_point", {{"customer", Value::ref(office_.type("customer"), ada_)},
                                            {"kind", text(kind)},
                                            {"value", text(value)},
                                            {"primary", Value::boolean(primary)}});
  }
  Value email() { return office_.get("customer", ada_, "email"); }
  Office office_;
  RecordId ada_ = office_.create(
      "customer", {{"kind", text("person")}, {"name", text("Ada Li")}, {"email", text("ada@example.com")}});
};

TEST_F(ContactPointsTest, FollowTheColumnOfANewCustomer) {
  EXPECT_THAT(points(), ElementsAre("email|ada@example.com|true|"));
}

TEST_F(ContactPointsTest, FollowAChangedColumn) {
  office_.update("customer", ada_, {{"email", text("li@example.com")}, {"phone", text("13800138000")}});
  EXPECT_THAT(points(), ElementsAre("email|li@example.com|true|", "phone|+8613800138000|true|"));
}

TEST_F(ContactPointsTest, GoWhenTheColumnIsEmptied) {
  office_.update("customer", ada_, {{"email", Value::null()}});
  EXPECT_THAT(points(), IsEmpty());
}

TEST_F(ContactPointsTest, BecomePrimaryAgainWhenTheirValueComesBack) {
  point("email", "work@example.com", false);
  office_.update("customer", ada_, {{"email", text("work@example.com")}});
  EXPECT_THAT(points(), ElementsAre("email|ada@example.com|false|", "email|work@example.com|true|"));
}

TEST_F(ContactPointsTest, NewPrimaryChangesTheColumnAndTheOldOneSteppedBack) {
  point("email", "Work@EXAMPLE.com", true);
  EXPECT_EQ(email(), text("Work@example.com"));
  EXPECT_THAT(points(), ElementsAre("email|Work@example.com|true|", "email|ada@example.com|false|"));
}

TEST_F(ContactPointsTest, ChangedPrimaryValueChangesTheColumn) {
  RecordId id;
  office_.read([&](access::Unit& unit) { id = unit.records.ids_after(office_.type("contact_point"), {}, 1).front(); });
  office_.update("contact_point", id, {{"value", text("new@example.com")}});
  EXPECT_EQ(email(), text("new@example.com"));
  EXPECT_EQ(office_.get("customer", ada_, "version"), Value::integer(2));
}

TEST_F(ContactPointsTest, RemovedPrimaryEmptiesTheColumn) {
  RecordId id;
  office_.read([&](access::Unit& unit) { id = unit.records.ids_after(office_.type("contact_point"), {}, 1).front(); });
  office_.remove("contact_point", id);
  EXPECT_TRUE(email().is_null());
}

TEST_F(ContactPointsTest, ThatIsNotPrimaryLeavesTheColumnAlone) {
  point("email", "second@example.com", false);
  EXPECT_EQ(email(), text("ada@example.com"));
}

TEST_F(ContactPointsTest, NewAddressIsNotVerified) {
  RecordId id;
  office_.read([&](access::Unit& unit) { id = unit.records.ids_after(office_.type("contact_point"), {}, 1).front(); });
  office_.update("contact_point", id, {{"verified", Value::boolean(true)}});
  office_.update("customer", ada_, {{"email", text("li@example.com")}});
  EXPECT_EQ(office_.get("contact_point", id, "verified"), Value::boolean(false));
}

TEST_F(ContactPointsTest, RefuseAValueThatIsNoneOfTheirKind) {
  const auto problems = problems_of([&] { point("email", "not an address", false); });
  EXPECT_EQ(problem_of_field(problems, "value").number, ProblemNumber::value_invalid);
  EXPECT_TRUE(problems_of([&] { point("social", "@ada", false); }).empty());
}

TEST_F(ContactPointsTest, GoWithTheirCustomer) {
  office_.remove("customer", ada_);
  EXPECT_THAT(points(), IsEmpty());
}

}  // namespace
}  // namespace kith::internal::testing
