#include <set>

#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

namespace json = boost::json;

class TimelineTest : public ::testing::Test {
 protected:
  json::object timeline(std::int64_t limit = 100, const std::string& before = {}) {
    return timeline_of("customer", ada_, limit, before);
  }
  json::object timeline_of(const std::string& type, const RecordId& id, std::int64_t limit, const std::string& before) {
    json::value document;
    office_.read([&](access::Unit& unit) {
      derive::Engine engine(unit);
      document = facts::timeline(unit, engine, office_.type(type), id, limit, before);
    });
    return document.as_object();
  }
  void talk(const std::string& subject, const std::string& at) {
    office_.create("interaction", {{"customer", Value::ref(office_.type("customer"), ada_)},
                                   {"channel", text("phone")},
                                   {"subject", text(subject)},
                                   {"at", text(at)}});
  }
  static std::vector<std::string> titles(const json::object& document) {
    std::vector<std::string> found;
    for (const json::value& entry : document.at("entries").as_array())
      found.emplace_back(entry.at("title").as_string());
    return found;
  }
  Office office_;
  RecordId ada_ = office_.create(
      "customer", {{"kind", text("person")}, {"name", text("Ada Li")}, {"email", text("ada@example.com")}});
};

TEST_F(TimelineTest, HasTheRecordWithFreshDerivations) {
  office_.create("office.order", {{"customer", Value::ref(office_.type("customer"), ada_)},
                                  {"ordered_on", text("2026-01-01")},
                                  {"total", text("12.50")},
                                  {"gift", text("false")}});
  const json::object document = timeline();
  const json::object& record = document.at("record").as_object();
  EXPECT_EQ(record.at("type").as_string(), "customer");
  EXPECT_EQ(record.at("name").as_string(), "Ada Li");
  EXPECT_EQ(record.at("version").as_int64(), 1);
  EXPECT_EQ(record.at("office.order_count").as_int64(), 1);
}

TEST_F(TimelineTest, ListsWhatHappenedNewestFirst) {
  talk("First call", "2026-01-05T10:00:00Z");
  talk("Second call", "2026-01-07T10:00:00Z");
  const auto found = titles(timeline());
  ASSERT_GE(found.size(), 4U);
  EXPECT_EQ(found[0], "Second call");
  EXPECT_EQ(found[1], "First call");
}

TEST_F(TimelineTest, PagesWithoutGapAndWithoutOverlap) {
  for (int i = 0; i < 25; ++i) talk("Call " + std::to_string(i), "2026-01-05T10:00:00Z");
  const auto whole = titles(timeline(1000));
  std::vector<std::string> paged;
  std::string next;
  do {
    const json::object page = timeline(4, next);
    for (const std::string& title : titles(page)) paged.push_back(title);
    next = page.at("next").as_string();
  } while (!next.empty());
  EXPECT_EQ(paged, whole);
}

TEST_F(TimelineTest, LeadsToEveryChangeOfARecordThatHasMoreThanAPage) {
  // Of a type without a lifecycle, so that nothing but its changes fills the pages.
  const RecordId pen = office_.create("office.product", {{"code", text("PEN")}, {"name", text("Pen")}});
  for (int i = 0; i < 250; ++i) {
    office_.now += kHour;
    office_.update("office.product", pen, {{"name", text("Pen " + std::to_string(i))}});
  }
  std::vector<std::size_t> sizes;
  std::set<std::string> at;
  std::string next;
  do {
    const json::object page = timeline_of("office.product", pen, 200, next);
    const json::array& entries = page.at("entries").as_array();
    for (const json::value& entry : entries) EXPECT_TRUE(at.emplace(entry.at("at").as_string()).second) << "shown once";
    sizes.push_back(entries.size());
    next = page.at("next").as_string();
  } while (!next.empty());
  EXPECT_EQ(at.size(), 251U) << "it was created, and changed 250 times";
  EXPECT_EQ(sizes, (std::vector<std::size_t>{200, 51}));
}

TEST_F(TimelineTest, SaysHowLongEachStateLasted) {
  const std::string lifecycle =
      office_.catalog->lifecycles[static_cast<std::size_t>(office_.catalog->type("customer").lifecycles.front())].name;
  office_.now += 3 * kDay;
  office_.transition("customer", ada_, lifecycle, "engage");
  office_.now += kDay;
  const json::object document = timeline();
  const json::array& states = document.at("states").as_array();
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(states[0].at("seconds").as_int64(), 3 * 86'400);
  EXPECT_EQ(states[1].at("seconds").as_int64(), 86'400);
  EXPECT_TRUE(states[1].at("current").as_bool());
  EXPECT_EQ(states[1].at("label").as_string(), "Lead");
}

TEST_F(TimelineTest, HasRelationshipsOpenTasksAndExternalIds) {
  const RecordId acme = office_.organization();
  office_.relate("customer", ada_, "works_for", "customer", acme, {{"title", text("CTO")}});
  const Value self = Value::ref(office_.type("customer"), ada_);
  office_.create("task", {{"title", text("Call back")}, {"customer", self}});
  office_.create("task", {{"title", text("Old")}, {"customer", self}, {"status", text("done")}});
  office_.write([&](access::Unit& unit) { unit.journal.add_external_id(office_.type("customer"), "erp", "7", ada_); });
  const json::object document = timeline();
  ASSERT_EQ(document.at("relationships").as_array().size(), 1U);
  EXPECT_EQ(document.at("relationships").at(0).at("title").as_string(), "Acme");
  EXPECT_EQ(document.at("relationships").at(0).at("attributes").at("title").as_string(), "CTO");
  EXPECT_TRUE(document.at("relationships").at(0).at("active").as_bool());
  ASSERT_EQ(document.at("tasks").as_array().size(), 1U);
  EXPECT_EQ(document.at("tasks").at(0).at("title").as_string(), "Call back");
  EXPECT_EQ(document.at("external_ids").at(0).at("key").as_string(), "7");
}

TEST_F(TimelineTest, RefusesACursorThatNoPageGave) {
  EXPECT_EQ(problem_of([&] { timeline(4, "yesterday"); }), ProblemNumber::query_invalid);
}

TEST_F(TimelineTest, OfARemovedRecordSaysSo) {
  office_.remove("customer", ada_);
  EXPECT_EQ(problem_of([&] { timeline(); }), ProblemNumber::record_removed);
}

TEST_F(TimelineTest, ShowsValuesAsDocumentsDo) {
  const auto shown = [&](const Value& value) { return json::serialize(facts::value_json(*office_.catalog, value)); };
  EXPECT_EQ(shown(office_.money(1250)), R"({"amount":"12.50","currency":"CNY"})");
  EXPECT_EQ(shown(Value::date(*parse_date("2026-01-31"))), R"("2026-01-31")");
  EXPECT_EQ(shown(Value::timestamp(kStart)), R"("2026-01-01T00:00:00Z")");
  EXPECT_EQ(shown(Value::ref(office_.type("customer"), ada_)), "\"customer/" + ada_.text() + "\"");
  EXPECT_EQ(shown(Value::json("[1,2]")), "[1,2]");
  EXPECT_EQ(shown(Value::unknown()), "null");
}

}  // namespace
}  // namespace kith::internal::testing
