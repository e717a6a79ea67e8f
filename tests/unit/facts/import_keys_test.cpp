// How an import meets what is there: keys of each kind, modes, parts of a row.
#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ImportKeysTest : public ::testing::Test {
 protected:
  json::object run(const std::string& records, const std::string& csv, const std::string& resume = {}) {
    facts::ImportRequest request;
    request.mapping_file =
        office_.file("m.json", R"json({"id": "m", "source": "erp", "records": [)json" + records + "]}");
    request.file = office_.file("data.csv", csv);
    request.resume = resume;
    return office_.import(request);
  }
  static std::int64_t number(const json::object& status, const char* key) { return status.at(key).as_int64(); }
  static std::string reason(const json::object& status, std::size_t index = 0) {
    return std::string(status.at("reasons").at(index).at("text").as_string());
  }
  Office office_;
  const std::string product_ =
      R"json({"id": "p", "type": "office.product", "mode": "create", "key": {"external_id": "ID"},
        "set": {"code": "CODE", "name": "NAME"}})json";
};

TEST_F(ImportKeysTest, TheSameKeyTwiceInAFileIsRejectedWithBothLines) {
  const json::object status = run(product_, "ID,CODE,NAME\n1,A,Pen\n2,B,Ink\n1,C,Cap\n1,A,Pen\n");
  EXPECT_EQ(number(status, "created"), 2);
  EXPECT_EQ(number(status, "rejected"), 2);
  const json::object& told = status.at("reasons").at(0).as_object();
  EXPECT_EQ(told.at("count").as_int64(), 2);
  EXPECT_EQ(told.at("samples").at(0).at("text").as_string(), "line 4 has the same key of p as line 2");
  EXPECT_EQ(told.at("samples").at(1).at("text").as_string(), "line 5 has the same key of p as line 2");
  EXPECT_EQ(status.at("reasons").at(0).at("field").as_string(), "ID");
}

TEST_F(ImportKeysTest, AKeyOfARejectedRowIsFreeForTheNext) {
  const json::object status = run(product_, "ID,CODE,NAME\n1,a,Pen\n1,A,Pen\n");
  EXPECT_EQ(number(status, "created"), 1);
  EXPECT_EQ(number(status, "rejected"), 1);
}

TEST_F(ImportKeysTest, OtherContentUnderAKnownKeyIsRejectedInModeCreate) {
  run(product_, "ID,CODE,NAME\n1,A,Pen\n");
  const json::object status = run(product_, "ID,CODE,NAME\n1,A,Pencil\n");
  EXPECT_EQ(number(status, "rejected"), 1);
  EXPECT_THAT(reason(status), HasSubstr("is there already, with other content"));
}

TEST_F(ImportKeysTest, AnEmptyKeyIsRejected) {
  const json::object status = run(product_, "ID,CODE,NAME\n,A,Pen\n");
  EXPECT_EQ(reason(status), "the key of p is empty");
}

TEST_F(ImportKeysTest, ARecordThatWasRemovedIsNotBroughtBack) {
  run(product_, "ID,CODE,NAME\n1,A,Pen\n");
  RecordId id;
  office_.read([&](access::Unit& unit) { id = facts::find_by_key(unit, office_.type("office.product"), "A"); });
  office_.remove("office.product", id);
  const json::object status = run(product_, "ID,CODE,NAME\n1,A,Pen\n");
  EXPECT_EQ(status.at("reasons").at(0).at("code").as_string(), "KITH-3013");
}

TEST_F(ImportKeysTest, FieldsServeAsAKeyAndFillOnlyWhatIsEmpty) {
  const std::string records =
      R"json({"id": "p", "type": "office.product", "mode": "upsert", "key": {"fields": ["code"]},
    "set": {"code": "CODE", "name": "NAME", "price": "PRICE"}, "when_present": {"price": "fill_empty",
     "*": "overwrite"}})json";
  run(records, "CODE,NAME,PRICE\nA,Pen,\nB,Ink,3\n");
  const json::object status = run(records, "CODE,NAME,PRICE\nA,Pencil,2\nB,Ink,9\n");
  EXPECT_EQ(number(status, "updated"), 1);
  EXPECT_EQ(number(status, "unchanged"), 1);
  EXPECT_THAT(office_.contents("office.product", {"code", "name", "price"}),
              ElementsAre("A|Pencil|2.00 CNY|", "B|Ink|3.00 CNY|"));
}

TEST_F(ImportKeysTest, AKeyOfAContactPointIsMetInItsNormalForm) {
  const std::string records = R"json(
    {"id": "who", "type": "customer", "mode": "upsert", "key": {"external_id": "ID"}, "set": {"kind": "'person'",
     "name": "NAME"}},
    {"id": "mobile", "type": "contact_point", "when": "MOBILE != null", "mode": "upsert", "key": {"fields": ["customer",
     "kind", "value"]},
     "set": {"customer": {"record": "who"}, "kind": "'phone'", "value": {"from": "MOBILE", "on_error": "reject_part"},
      "primary": "true"}})json";
  run(records, "ID,NAME,MOBILE\n1,Ada,138 0013 8000\n");
  const json::object again = run(records, "ID,NAME,MOBILE\n1,Ada,+8613800138000\n2,Bo,12\n");
  EXPECT_EQ(number(again, "unchanged"), 1);
  EXPECT_EQ(number(again, "partial"), 1);
  EXPECT_THAT(reason(again), HasSubstr("the rest of the row was imported"));
  EXPECT_THAT(office_.contents("customer", {"name", "phone"}), ElementsAre("Ada|+8613800138000|", "Bo||"));
  EXPECT_THAT(office_.read_file("data.csv.rejects.csv"), HasSubstr("2,Bo,12,3,MOBILE,KITH-3001"));
}

TEST_F(ImportKeysTest, AppendsOnlyWhatIsNews) {
  const std::string records = R"json(
    {"id": "who", "type": "customer", "mode": "upsert", "key": {"external_id": "ID"}, "set": {"kind": "'person'",
     "name": "ID"}},
    {"id": "optin", "type": "consent", "mode": "append_if_changed",
     "set": {"customer": {"record": "who"}, "purpose": "'marketing'", "channel": "'sms'", "status": "STATUS",
      "at": {"from": "AT", "date": ["yyyy-MM-dd"]}}})json";
  run(records, "ID,STATUS,AT\n1,granted,2026-01-01\n");
  run(records, "ID,STATUS,AT\n1,granted,2026-01-01\n1,withdrawn,2026-02-01\n");
  EXPECT_THAT(office_.contents("consent", {"status", "at"}),
              ElementsAre("granted|2025-12-31T16:00:00Z|", "withdrawn|2026-01-31T16:00:00Z|"));
}

TEST_F(ImportKeysTest, NamesTheColumnOfAProblemThatThePipelineFound) {
  const json::object status = run(product_, "ID,CODE,NAME\n1,toolong code,Pen\n");
  EXPECT_EQ(status.at("reasons").at(0).at("field").as_string(), "CODE");
}

TEST_F(ImportKeysTest, RefersToRecordsThatAreThereByTheirKeys) {
  office_.create("office.product", {{"code", text("PEN")}, {"name", text("Pen")}});
  const std::string records = R"json(
    {"id": "who", "type": "customer", "mode": "upsert", "key": {"external_id": "ID"}, "set": {"kind": "'person'",
     "name": "ID"}},
    {"id": "o", "type": "office.order", "key": {"external_id": "_line"},
     "set": {"customer": {"record": "who"}, "ordered_on": "'2026-01-01'", "total": "1", "gift": "false",
      "product": "PRODUCT"}})json";
  const json::object status = run(records, "ID,PRODUCT\n1,PEN\n2,PIN\n");
  EXPECT_EQ(number(status, "created"), 1);
  EXPECT_EQ(status.at("reasons").at(0).at("field").as_string(), "PRODUCT");
}

TEST_F(ImportKeysTest, MayNameTheStateInWhichANewRecordBegins) {
  const auto& lifecycle =
      office_.catalog->lifecycles[static_cast<std::size_t>(office_.catalog->type("customer").lifecycles.front())];
  const std::string field =
      office_.catalog->type("customer").members[static_cast<std::size_t>(lifecycle.state_member)].name;
  const std::string records = R"json({"id": "who", "type": "customer", "mode": "upsert", "key": {"external_id": "ID"},
    "set": {"kind": "'person'", "name": "ID", ")json" +
                              field + R"json(": "STATE"}, "states": "initial_only"})json";
  run(records, "ID,STATE\n1,customer\n2,\n");
  EXPECT_THAT(office_.contents("customer", {"name", field}), ElementsAre("1|customer|", "2|prospect|"));
  const json::object again = run(records, "ID,STATE\n1,former\n2,\n");
  EXPECT_EQ(number(again, "unchanged"), 2);
  EXPECT_EQ(number(again, "states_differ"), 1);
}

}  // namespace
}  // namespace kith::internal::testing
