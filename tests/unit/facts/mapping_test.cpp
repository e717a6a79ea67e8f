// What a mapping file may say, and how its mistakes are told: all at once, each with its place.
#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

using ::testing::HasSubstr;

class MappingTest : public ::testing::Test {
 protected:
  std::vector<Problem> check(const std::string& mapping,
                             const std::string& csv = "CODE,NAME,Date of birth\nP1,Pen,\n") {
    facts::ImportRequest request;
    request.mapping_file = office_.file("mapping.json", mapping);
    request.file = office_.file("data.csv", csv);
    return problems_of([&] { office_.read([&](access::Unit& unit) { facts::Import::begin(unit, request); }); });
  }
  static const Problem* with(const std::vector<Problem>& problems, const std::string& text) {
    for (const Problem& problem : problems) {
      if (problem.message.find(text) != std::string::npos) return &problem;
    }
    return nullptr;
  }
  Office office_;
};

TEST_F(MappingTest, IsTakenWhenItIsRight) {
  EXPECT_TRUE(check(R"json({"id": "m", "source": "erp", "input": {"format": "csv", "null_values": ["", "-"]},
    "records": [{"id": "p", "type": "office.product", "mode": "upsert", "key": {"fields": ["code"]},
                 "set": {"code": "CODE", "name": "NAME + ' ' + CODE", "price": "12"},
                  "when_present": {"*": "fill_empty", "name": "overwrite"}}],
    "options": {"automation": "suppress", "duplicates": "off", "batch": 10, "max_rejects": 5,
     "reject_file": "r.csv"}})json")
                  .empty());
}

TEST_F(MappingTest, TellsAllMistakesAtOnceEachWithItsPlace) {
  const auto problems = check(R"json({
  "id": "m", "source": "erp", "inputs": {},
  "records": [
    {"id": "p", "type": "office.product", "set": {
      "code": "CODEX",
      "nmae": "NAME",
      "price": "CODE == NAME",
      "name": {"from": "NANE"}}},
    {"id": "q", "type": "office.produkt", "set": {}}],
  "relationships": [{"from": {"record": "p"}, "type": "works_fro", "to": {"record": "z"}}]
})json");
  ASSERT_NE(with(problems, "inputs"), nullptr);
  EXPECT_EQ(with(problems, "inputs")->where.line, 2);
  ASSERT_NE(with(problems, "CODEX"), nullptr);
  EXPECT_EQ(with(problems, "CODEX")->where.line, 5);
  EXPECT_EQ(with(problems, "CODEX")->where.column, 16);
  EXPECT_THAT(with(problems, "CODEX")->fix, HasSubstr("CODE"));
  ASSERT_NE(with(problems, "'nmae'"), nullptr);
  EXPECT_THAT(with(problems, "'nmae'")->fix, HasSubstr("name"));
  EXPECT_EQ(with(problems, "'nmae'")->where.line, 6);
  ASSERT_NE(with(problems, "gives bool"), nullptr);
  ASSERT_NE(with(problems, "'NANE'"), nullptr);
  EXPECT_EQ(with(problems, "'NANE'")->number, ProblemNumber::column_missing);
  EXPECT_NE(with(problems, "office.produkt"), nullptr);
  EXPECT_NE(with(problems, "works_fro"), nullptr);
}

TEST_F(MappingTest, ChecksLiteralsAgainstTheField) {
  const auto problems = check(R"json({"id": "m", "source": "erp", "records": [
    {"id": "c", "type": "customer", "set": {"kind": "'persn'", "name": "NAME",
      "language": {"from": "CODE", "map": {"C": "zh"}}}},
    {"id": "o", "type": "office.order", "set": {"customer": {"record": "c"}, "total": "1", "ordered_on": "'2026-01-01'",
      "channel": {"from": "CODE", "map": {"W": "web", "S": "stor"}, "else": "leave_empty"}}}]})json");
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_THAT(problems[0].fix, HasSubstr("person"));
  EXPECT_EQ(problems[1].expected, "web, shop, phone");
}

TEST_F(MappingTest, AsksForTheColumnsThatItNames) {
  const auto problems = check(R"json({"id": "m", "source": "erp", "input": {"fields": ["CODE", "PRICE"]},
    "records": [{"id": "p", "type": "office.product", "set": {"code": "CODE", "name": "NAME"}}]})json");
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().number, ProblemNumber::column_missing);
  EXPECT_THAT(problems.front().message, HasSubstr("PRICE"));
}

TEST_F(MappingTest, ReachesColumnsWhoseNamesAreNoIdentifiers) {
  EXPECT_TRUE(check(R"json({"id": "m", "source": "erp", "records": [{"id": "c", "type": "customer",
    "set": {"kind": "'person'", "name": "NAME", "birth_date": {"from": "Date of birth",
     "date": ["dd.MM.yyyy"]}}}]})json")
                  .empty());
}

TEST_F(MappingTest, SaysWhatIsForALaterVersion) {
  const auto problems = check(R"json({"id": "m", "source": "erp", "records": [{"id": "c", "type": "customer",
    "else_match": {"rule": "person"}, "set": {"kind": "'person'", "name": "NAME"}}],
     "options": {"duplicates": "warn"}})json");
  ASSERT_EQ(problems.size(), 2U);
  for (const Problem& problem : problems) EXPECT_THAT(problem.message, HasSubstr("not supported")) << problem.message;
}

TEST_F(MappingTest, NeedsAKeyToUpdateBy) {
  EXPECT_EQ(
      check(R"json({"id": "m", "source": "erp", "records": [{"id": "p", "type": "office.product", "mode": "upsert",
    "set": {"code": "CODE", "name": "NAME"}}]})json")
          .size(),
      1U);
  EXPECT_EQ(
      check(R"json({"id": "m", "source": "erp", "records": [{"id": "p", "type": "office.product", "mode": "upsert",
    "key": {"fields": ["price"]}, "set": {"code": "CODE", "name": "NAME"}}]})json")
          .size(),
      1U);
}

TEST_F(MappingTest, RefersOnlyToRecordsBeforeAndOfTheRightType) {
  const auto problems = check(R"json({"id": "m", "source": "erp", "records": [
    {"id": "o", "type": "office.order", "set": {"customer": {"record": "c"}, "ordered_on": "'2026-01-01'", "total": "1",
     "product": {"record": "p"}}},
    {"id": "p", "type": "office.product", "set": {"code": "CODE", "name": "NAME"}},
    {"id": "o2", "type": "office.order", "set": {"customer": {"record": "p"}, "ordered_on": "'2026-01-01'",
     "total": "1"}}]})json");
  EXPECT_EQ(problems.size(), 3U);
}

TEST_F(MappingTest, TellsOfAFileThatIsNotThereTogetherWithItsOwnMistakes) {
  facts::ImportRequest request;
  request.mapping_file = office_.file("mapping.json", R"json({"id": "m", "source": "erp", "recods": []})json");
  request.file = office_.folder.path() + "/none.csv";
  const auto problems =
      problems_of([&] { office_.read([&](access::Unit& unit) { facts::Import::begin(unit, request); }); });
  EXPECT_GE(problems.size(), 2U);
  EXPECT_EQ(problems.back().number, ProblemNumber::file_unreadable);
}

TEST_F(MappingTest, CanBeCheckedWithoutAFile) {
  const std::string path =
      office_.file("mapping.json", R"json({"id": "m", "source": "erp", "input": {"fields": ["CODE"]},
    "records": [{"id": "p", "type": "office.product", "set": {"code": "CODE", "name": "NAME"}}]})json");
  EXPECT_EQ(problems_of([&] { facts::check_mapping(*office_.catalog, path); }).size(), 1U);
}

}  // namespace
}  // namespace kith::internal::testing
