// One address in two spellings is one: for keys, for uniqueness, for what is looked for. It is stored as it was typed.
#include <chrono>

#include "access/query.hpp"
#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class AddressesTest : public ::testing::Test {
 protected:
  boost::json::object import(const std::string& mode, const std::string& csv) {
    facts::ImportRequest request;
    request.mapping_file = office_.file(
        "m.json", R"json({"id": "m", "source": "erp", "records": [{"id": "c", "type": "customer", "mode": ")json" +
                      mode +
                      R"json(", "key": {"fields": ["email"]}, "set": {"kind": "'person'",
                "name": "NAME", "email": "EMAIL"}}]})json");
    request.file = office_.file("data.csv", "NAME,EMAIL\n" + csv);
    return office_.import(request);
  }
  std::vector<std::string> found(const std::string& type, const std::string& where, const std::string& shown,
                                 std::vector<std::pair<std::string, Value>> parameters = {}) {
    access::QueryRequest request;
    request.record_type = type;
    request.where = where;
    request.select = {shown};
    request.parameters = std::move(parameters);
    std::vector<std::string> out;
    office_.read([&](access::Unit& unit) {
      for (const auto& row : access::Query(unit, request).run(unit, {}).rows) out.push_back(to_text(row.at(0)));
    });
    return out;
  }
  Office office_;
};

TEST_F(AddressesTest, AKeyInTwoSpellingsIsOneRecordWithTheLastSpelling) {
  import("upsert", "Ann,hello@mail.example\nAnn,HELLO@MAIL.EXAMPLE\n");
  EXPECT_THAT(office_.contents("customer", {"name", "email"}), ElementsAre("Ann|HELLO@mail.example|"));
  EXPECT_THAT(office_.contents("contact_point", {"value"}), ElementsAre("HELLO@mail.example|"));
  import("upsert", "Anna,Hello@Mail.example\nBo,bo@b\xC3\xBC.example\nBo,BO@XN--B-EHA.example\n");
  EXPECT_EQ(office_.contents("customer", {"name"}).size(), 2U);
}

TEST_F(AddressesTest, TheSameKeySpelledAnewInOneFileIsNamedWithBothLines) {
  const auto status = import("create", "Ann,hello@mail.example\nAnn,HELLO@mail.example\n");
  EXPECT_EQ(status.at("rejected").as_int64(), 1);
  EXPECT_EQ(status.at("reasons").at(0).at("text").as_string(), "line 3 has the same key of c as line 2");
}

TEST_F(AddressesTest, AUniqueAddressIsUniqueInAnySpelling) {
  const RecordId desk = office_.create("office.desk", {{"mail", text("Front@Hotel.example")}});
  EXPECT_EQ(office_.get("office.desk", desk, "mail"), text("Front@hotel.example"));
  const auto problems = problems_of([&] { office_.create("office.desk", {{"mail", text("FRONT@hotel.example")}}); });
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].number, ProblemNumber::not_unique);
  // Its own spelling may change.
  office_.update("office.desk", desk, {{"mail", text("front@hotel.example")}});
  EXPECT_EQ(office_.get("office.desk", desk, "mail"), text("front@hotel.example"));
  office_.save([&](facts::Transaction&, access::Unit& unit) {
    EXPECT_EQ(facts::find_by_key(unit, office_.type("office.desk"), "FRONT@HOTEL.example"), desk);
  });
}

TEST_F(AddressesTest, ACustomerHasAnAddressOnceWhateverItsSpelling) {
  const RecordId ada = office_.person();
  office_.update("customer", ada, {{"email", text("Ada@example.com")}});
  const auto again = [&] {
    office_.create("contact_point", {{"customer", Value::ref(office_.type("customer"), ada)},
                                     {"kind", text("email")},
                                     {"value", text("ADA@Example.com")}});
  };
  EXPECT_EQ(problems_of(again).at(0).number, ProblemNumber::not_unique);
  // The column spelled anew takes its contact point along.
  office_.update("customer", ada, {{"email", text("ADA@example.com")}});
  EXPECT_THAT(office_.contents("contact_point", {"value", "primary"}), ElementsAre("ADA@example.com|true|"));
}

TEST_F(AddressesTest, AreFoundInAnySpellingByAnIndex) {
  const RecordId ada = office_.person();
  office_.update("customer", ada, {{"email", text("Ada@example.com")}});
  EXPECT_THAT(found("customer", "email == 'ADA@Example.COM'", "name"), ElementsAre("Ada Li"));
  EXPECT_THAT(found("customer", "email in ['x@y.example', $e]", "name", {{"e", text(" ada@EXAMPLE.com ")}}),
              ElementsAre("Ada Li"));
  EXPECT_THAT(found("customer", "contact_points.exists(p, p.value == 'aDa@example.com')", "name"),
              ElementsAre("Ada Li"));
  EXPECT_THAT(found("customer", "email != 'ADA@example.com'", "name"), ElementsAre());
  office_.read([&](access::Unit& unit) {
    access::QueryRequest request;
    request.record_type = "customer";
    request.where = "email == 'ADA@Example.COM'";
    request.select = {"name"};
    const std::string sql = access::Query(unit, request).sql(unit);
    EXPECT_THAT(sql, HasSubstr("\"email__key\" = ?"));
    const store::StatementPtr plan = unit.connection.prepare("EXPLAIN QUERY PLAN " + sql);
    std::string text;
    while (plan->step()) text += std::string(plan->text(3)) + "\n";
    EXPECT_THAT(text, HasSubstr("email__key"));
  });
}

TEST_F(AddressesTest, TextsOfAListAreStoredInOneForm) {
  const RecordId desk = office_.create(
      "office.desk", {{"mail", text("a@b.example")}, {"labels", Value::json("[\" cafe\xCC\x81\", \"bar\"]")}});
  EXPECT_EQ(office_.get("office.desk", desk, "labels").s, "[\"caf\xC3\xA9\",\"bar\"]");
  EXPECT_EQ(found("office.desk", "'cafe\xCC\x81 ' in labels", "mail").size(), 1U);
}

TEST_F(AddressesTest, APatternTakesNoLongerThanItsTextIsLong) {
  const auto begun = std::chrono::steady_clock::now();
  for (const std::size_t size : {30U, 3'000U, 100'000U}) {
    const auto problems = problems_of([&] {
      office_.create("office.desk", {{"mail", text("a@b.example")}, {"badge", text(std::string(size, 'a'))}});
    });
    EXPECT_EQ(problems.at(0).field, "badge");
  }
  office_.create("office.desk", {{"mail", text("a@b.example")},
                                 {"badge", text(std::string(100'000, 'a') + "b")},
                                 {"word", text(std::string(3'000, 'x'))}});
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
}

}  // namespace
}  // namespace kith::internal::testing
