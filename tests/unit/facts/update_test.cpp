#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

class UpdateTest : public ::testing::Test {
 protected:
  Office office_;
  RecordId ada_ = office_.person();
};

TEST_F(UpdateTest, MovesTheVersionAndTheStamps) {
  office_.now += kDay;
  office_.principal.actor = "bob";
  const facts::Saved saved = office_.update("customer", ada_, {{"country", text("CN")}}, 1);
  EXPECT_EQ(saved.version, 2);
  EXPECT_TRUE(saved.changed);
  EXPECT_EQ(office_.get("customer", ada_, "version"), Value::integer(2));
  EXPECT_EQ(office_.get("customer", ada_, "updated_by"), text("bob"));
  EXPECT_EQ(office_.get("customer", ada_, "created_by"), text("alice"));
  EXPECT_EQ(office_.get("customer", ada_, "updated_at"), Value::timestamp(kStart + kDay));
}

TEST_F(UpdateTest, RefusesAnotherVersionAndNamesBoth) {
  office_.update("customer", ada_, {{"country", text("CN")}});
  const auto problems = problems_of([&] { office_.update("customer", ada_, {{"country", text("DE")}}, 1); });
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().number, ProblemNumber::version_conflict);
  EXPECT_EQ(problems.front().expected, "version 1");
  EXPECT_EQ(problems.front().found, "version 2");
}

TEST_F(UpdateTest, ThatChangesNothingLeavesNoTrace) {
  const std::size_t events = office_.events().size();
  const facts::Saved saved = office_.update("customer", ada_, {{"name", text(" Ada Li ")}}, 1);
  EXPECT_FALSE(saved.changed);
  EXPECT_EQ(saved.version, 1);
  EXPECT_EQ(office_.changes("customer", ada_).size(), 1U);
  EXPECT_EQ(office_.events().size(), events);
}

TEST_F(UpdateTest, RefusesToEmptyARequiredField) {
  const auto problems = problems_of([&] { office_.update("customer", ada_, {{"name", Value::null()}}); });
  EXPECT_EQ(problem_of_field(problems, "name").number, ProblemNumber::required_missing);
}

TEST_F(UpdateTest, RefusesRecordsThatAreNotThere) {
  EXPECT_EQ(problem_of([&] { office_.update("customer", office_.ids.next(kStart), {}); }),
            ProblemNumber::record_not_found);
  office_.remove("customer", ada_);
  EXPECT_EQ(problem_of([&] { office_.update("customer", ada_, {}); }), ProblemNumber::record_removed);
  EXPECT_EQ(problem_of([&] { office_.remove("customer", ada_); }), ProblemNumber::record_removed);
}

TEST_F(UpdateTest, RefusesToChangeOrRemoveAppendOnlyRecords) {
  const RecordId call = office_.create("interaction", {{"customer", Value::ref(office_.type("customer"), ada_)},
                                                       {"channel", text("phone")},
                                                       {"at", text("2026-01-01T00:00:00Z")}});
  EXPECT_EQ(problem_of([&] {
              office_.update("interaction", call, {{"subject", text("x")}});
            }),
            ProblemNumber::append_only);
  EXPECT_EQ(problem_of([&] { office_.remove("interaction", call); }), ProblemNumber::append_only);
}

TEST_F(UpdateTest, ReadsReferencesByEveryFormOfKey) {
  const RecordId pen = office_.create("office.product", {{"code", text("PEN")}, {"name", text("Pen")}});
  office_.write(
      [&](access::Unit& unit) { unit.journal.add_external_id(office_.type("customer"), "erp", "C:7", ada_); });
  const RecordId order = office_.create("office.order", {{"customer", text("@erp:C:7")},
                                                         {"ordered_on", text("2026-01-01")},
                                                         {"total", text("1")},
                                                         {"product", text("PEN")},
                                                         {"gift", text("false")},
                                                         {"about", text("office.product/PEN")}});
  EXPECT_EQ(office_.get("office.order", order, "customer").id, ada_);
  EXPECT_EQ(office_.get("office.order", order, "product").id, pen);
  EXPECT_EQ(office_.get("office.order", order, "about"), Value::ref(office_.type("office.product"), pen));
}

TEST_F(UpdateTest, IsLostWholeWhenItFailsHalfWay) {
  office_.write([&](access::Unit& unit) {
    derive::Engine engine(unit);
    facts::Transaction transaction(unit, engine);
    // A refused call before any write leaves the transaction in order.
    EXPECT_EQ(problem_of([&] {
                transaction.update("customer", ada_, 0, {{"name", Value::null()}});
              }),
              ProblemNumber::required_missing);
    EXPECT_TRUE(transaction.update("customer", ada_, 0, {{"name", text("Ada Wu")}}).changed);
    transaction.finish();
  });
  EXPECT_EQ(office_.get("customer", ada_, "name"), text("Ada Wu"));
}

}  // namespace
}  // namespace kith::internal::testing
