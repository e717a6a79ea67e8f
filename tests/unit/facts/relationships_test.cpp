#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

using facts::Input;
using ::testing::HasSubstr;

class RelationshipsTest : public ::testing::Test {
 protected:
  std::vector<store::Edge> edges(const std::string& name, const RecordId& id, bool from_side = true) {
    std::vector<store::Edge> found;
    office_.read([&](access::Unit& unit) {
      found = unit.journal.edges(name, office_.type("customer"), id, from_side, 0, true);
    });
    return found;
  }
  std::vector<Problem> refused(const RecordId& from, const std::string& name, const RecordId& to,
                               const std::vector<Input>& inputs = {}) {
    return problems_of([&] { office_.relate("customer", from, name, "customer", to, inputs); });
  }
  void unrelate(const RecordId& from, const std::string& name, const RecordId& to) {
    office_.save([&](facts::Transaction& transaction, access::Unit&) {
      transaction.unrelate("customer", from, name, "customer", to);
    });
  }
  std::int64_t today() const { return utc_to_local_days(office_.now, "Asia/Shanghai"); }
  Office office_;
  RecordId ada_ = office_.person("Ada Li"), bo_ = office_.person("Bo Wu"), acme_ = office_.organization("Acme"),
           zed_ = office_.organization("Zed");
};

TEST_F(RelationshipsTest, BeginTodayAndGoOn) {
  office_.relate("customer", ada_, "works_for", "customer", acme_, {{"title", text(" CTO ")}});
  const auto found = edges("works_for", ada_);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().from_on, today());
  EXPECT_FALSE(found.front().to_on.has_value());
  EXPECT_EQ(found.front().attributes_json, R"({"title":"CTO"})");
}

TEST_F(RelationshipsTest, CanBeSaidByTheInverseName) {
  office_.relate("customer", acme_, "employs", "customer", ada_);
  EXPECT_EQ(edges("works_for", ada_).size(), 1U);
  EXPECT_EQ(edges("works_for", acme_, false).size(), 1U);
}

TEST_F(RelationshipsTest, CheckTheKindOfTheirEnds) {
  const auto problems = refused(acme_, "works_for", ada_);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().number, ProblemNumber::relationship_invalid);
  EXPECT_THAT(problems.front().fix, HasSubstr("employs"));
}

TEST_F(RelationshipsTest, SaidTwiceAreOne) {
  office_.relate("customer", ada_, "works_for", "customer", acme_, {{"title", text("CTO")}});
  const std::size_t events = office_.events().size();
  office_.now += kDay;
  office_.relate("customer", ada_, "works_for", "customer", acme_, {{"title", text("CTO")}});
  EXPECT_EQ(edges("works_for", ada_).size(), 1U);
  EXPECT_EQ(office_.events().size(), events);
}

TEST_F(RelationshipsTest, WithNewAttributesKeepTheOldOnesAsHistory) {
  office_.relate("customer", ada_, "works_for", "customer", acme_, {{"title", text("CTO")}});
  office_.now += 10 * kDay;
  office_.relate("customer", ada_, "works_for", "customer", acme_, {{"title", text("CEO")}});
  const auto found = edges("works_for", ada_);
  ASSERT_EQ(found.size(), 2U);
  int open = 0;
  for (const store::Edge& edge : found) {
    if (!edge.to_on) {
      ++open;
      EXPECT_EQ(edge.attributes_json, R"({"title":"CEO"})");
    } else {
      EXPECT_EQ(*edge.to_on, today());
    }
  }
  EXPECT_EQ(open, 1);
}

TEST_F(RelationshipsTest, KeepTheirCardinalityAmongWhatHoldsAtOneTime) {
  office_.relate("customer", acme_, "subsidiary_of", "customer", zed_);
  const RecordId other = office_.organization("Other");
  const auto problems = refused(acme_, "subsidiary_of", other);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems.front().found, HasSubstr(zed_.text()));
  EXPECT_TRUE(
      refused(acme_, "subsidiary_of", other, {{"from_on", text("2020-01-01")}, {"to_on", text("2021-01-01")}}).empty());
}

TEST_F(RelationshipsTest, OneToOneHoldOnBothSides) {
  const std::string name = office_.catalog->relationships.back().name;
  office_.relate("customer", ada_, name, "customer", acme_, {{"amount", text("5")}, {"since", text("2026-01-01")}});
  EXPECT_EQ(edges(name, ada_).front().attributes_json,
            R"({"amount":{"amount":"5.00","currency":"CNY"},"since":"2026-01-01"})");
  EXPECT_FALSE(refused(ada_, name, bo_).empty());
  EXPECT_FALSE(refused(bo_, name, acme_).empty());
  EXPECT_TRUE(refused(acme_, name, bo_).empty());
}

TEST_F(RelationshipsTest, RefuseACircleWhateverTheDates) {
  const RecordId third = office_.organization("Third");
  office_.relate("customer", acme_, "subsidiary_of", "customer", zed_,
                 {{"from_on", text("2010-01-01")}, {"to_on", text("2011-01-01")}});
  office_.relate("customer", zed_, "subsidiary_of", "customer", third);
  const auto problems = refused(third, "subsidiary_of", acme_);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems.front().message, HasSubstr("circle"));
  EXPECT_FALSE(refused(acme_, "subsidiary_of", acme_).empty());
}

TEST_F(RelationshipsTest, CheckAttributesAndDates) {
  const auto problems = refused(ada_, "works_for", acme_, {{"titel", text("CTO")}, {"from_on", text("yesterday")}});
  EXPECT_THAT(problem_of_field(problems, "titel").fix, HasSubstr("title"));
  EXPECT_EQ(problem_of_field(problems, "from_on").number, ProblemNumber::value_invalid);
  EXPECT_EQ(
      refused(ada_, "works_for", acme_, {{"from_on", text("2026-02-01")}, {"to_on", text("2026-01-01")}}).front().field,
      "to_on");
}

TEST_F(RelationshipsTest, EndTodayAndKeepHistory) {
  office_.relate("customer", ada_, "works_for", "customer", acme_);
  office_.now += 5 * kDay;
  unrelate(acme_, "employs", ada_);
  const auto found = edges("works_for", ada_);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().to_on, today());
  EXPECT_EQ(problem_of([&] { unrelate(ada_, "works_for", acme_); }), ProblemNumber::relationship_invalid);
}

TEST_F(RelationshipsTest, OfARemovedRecordEnd) {
  office_.relate("customer", ada_, "works_for", "customer", acme_);
  office_.now += kDay;
  office_.remove("customer", acme_);
  EXPECT_EQ(edges("works_for", ada_).front().to_on, today());
}

TEST_F(RelationshipsTest, SymmetricOnesAreTheSameFromBothSides) {
  office_.relate("customer", ada_, "partner_of", "customer", bo_);
  office_.relate("customer", bo_, "partner_of", "customer", ada_);
  EXPECT_EQ(edges("partner_of", ada_).size() + edges("partner_of", bo_).size(), 1U);
}

TEST_F(RelationshipsTest, LeaveAChangeAndAnEvent) {
  const std::size_t before = office_.events().size();
  office_.relate("customer", ada_, "works_for", "customer", acme_);
  ASSERT_EQ(office_.events().size(), before + 1);
  EXPECT_EQ(office_.events().back().kind, store::EventKind::related);
  EXPECT_EQ(office_.events().back().name, "works_for");
  EXPECT_EQ(office_.changes("customer", ada_).back().kind, store::ChangeKind::relate);
}

TEST_F(RelationshipsTest, NameTheNearestWhenThereIsNone) {
  const auto problems = refused(ada_, "work_for", acme_);
  EXPECT_EQ(problems.front().number, ProblemNumber::unknown_thing);
  EXPECT_THAT(problems.front().fix, HasSubstr("works_for"));
}

}  // namespace
}  // namespace kith::internal::testing
