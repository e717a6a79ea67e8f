// Texts that people read, kept as files: what a plugin's author is told, and the SQL of each database.
// KITH_UPDATE_GOLDEN=1 writes the files anew; read the difference before it is committed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "base/problem/error.hpp"
#include "unit/expr/worlds/scene.hpp"

namespace kith::internal::expr::testing {
namespace {

std::string path_of(const std::string& name) { return KITH_SOURCE_DIR "/tests/unit/expr/golden/" + name; }

std::string read(const std::string& name) {
  std::ifstream in(path_of(name));
  return {std::istreambuf_iterator<char>(in), {}};
}

void expect_golden(const std::string& name, const std::string& text) {
  if (std::getenv("KITH_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path_of(name)) << text;
    return;
  }
  EXPECT_EQ(read(name), text) << "KITH_UPDATE_GOLDEN=1 writes " << path_of(name) << " anew";
}

Scope plain_scope(const World& world) {
  Scope scope;
  scope.names = &world;
  scope.record_type = kCustomer;
  scope.wanted = Type::of(Kind::boolean);
  return scope;
}

// Conditions on a customer as they are written by hand, mostly by people who come from SQL, JavaScript or spreadsheets.
const std::vector<std::string> kWrong = {
    "tier = 'gold'",
    "tier == gold",
    "tier == 'glod'",
    "retail.teir == 'gold'",
    "tier == ‘gold’",
    "name == 'Anna",
    "ok and n > 3",
    "ok or sure",
    "not ok",
    "note is null",
    "name like 'A%'",
    "n between 1 and 5",
    "n <> 3",
    "1 < n < 5",
    "(ok && n > 1",
    "ok ? n > 1",
    "n == '5'",
    "n == x",
    "balance > x",
    "balance > 100.005",
    "balance / 2 > 50",
    "name",
    "!name",
    "retail.score",
    "days_since(joined) > '30'",
    "now() - joined > 30",
    "joined < now() - 30",
    "born < today() - duration('30d')",
    "joined >= '01/31/2026'",
    "duration('3 days') < now() - joined",
    "date > '2026-01-01'",
    "name.matches('^A.*')",
    "name.toLowerCase() == 'anna'",
    "substr(name, 1, 2) == 'An'",
    "ceil(x) > 3.0",
    "round(name) > 3",
    "pow(n, 2) > 100.0",
    "split(name, '') == null",
    "money(x, 'EURO') > 12",
    "date(2018, 2, 29) == born",
    "born == date('2018-02-29')",
    "next_anniversary(n) == today()",
    "name.length > 3",
    "if(ok, n, 1) > 1",
    "parent == 'c_1'",
    "guest.language == 'zh'",
    "parent.home.rnak > 3",
    "setting('retail.day') < n",
    "setting(retail.days) < n",
    "changed(name)",
    "$since < joined",
    "kind > 'person'",
    "name in tags, note in tags",
    "nmae == 'x' && n == x && tier == 'glod' && days_sinse(joined) > 3",
};

TEST(GoldenTest, TellsAPluginAuthorWhatWhereAndWhatToDo) {
  const World world;
  std::string text;
  for (const std::string& source : kWrong) {
    std::vector<Diagnostic> diagnostics;
    EXPECT_EQ(compile(source, plain_scope(world), diagnostics), nullptr) << source;
    for (const Diagnostic& diagnostic : diagnostics) {
      EXPECT_NE(diagnostic.message, "") << source;
      EXPECT_NE(diagnostic.fix, "") << source;
      text += format_problem(to_problem(diagnostic, source, "", {})) + "\n";
    }
    text += "\n";
  }
  expect_golden("wrong_expressions.txt", text);
}

const std::vector<std::string> kLowered = {
    "name == 'Anna'",
    "note == 'x' && tier in ['gold', 'silver']",
    "!(note == name)",
    "n >= 5 || ok",
    "tier < 'gold'",
    "days_since(joined) > 30",
    "seen < now() - duration('12h')",
    "name.startsWith('An') && name.contains('%')",
    "n + m > 100",
    "(n % 7) * 2 == m",
    "x * y > 1.5",
    "balance + spent >= 12.5",
    "parent.home.rank > 2 && retail.score != null",
    "'vip' in tags",
    "year(born) == 1990 && date(joined) > born",
    "coalesce(note, name).lowerAscii() >= 'm'",
    "(ok ? least(n, m) : size(name)) > 2",
    "int(x) == n",
    "trim(name) == replace(note, ' ', '')",
    "name.substring(0, 2) == 'An'",
    "round(x) == floor(x) && round(balance) > 10",
    "abs(n) > 3",
    "date(year(born), 2, 29) == born",
    "days_between(today(), next_anniversary(born)) <= 7",
};

TEST(GoldenTest, WritesTheSqlOfBothDatabases) {
  Scene scene(0);
  scene.env.now = instant("2026-01-05T10:00:00Z");
  std::string text;
  for (const std::string& source : kLowered) {
    const ProgramPtr program = scene.compile(source);
    ASSERT_TRUE(program) << source;
    text += source + "\n";
    for (const Dialect dialect : {Dialect::sqlite, Dialect::postgresql}) {
      const Lowering how = scene.lowering(dialect);
      const std::string prefix = dialect == Dialect::sqlite ? "  sqlite     " : "  postgresql ";
      for (const bool wanted : {true, false}) {
        const Sql sql = wanted ? lower_true(*program, scene.env, how) : lower_false(*program, scene.env, how);
        text += prefix + (wanted ? "T " : "F ") + (dialect == Dialect::sqlite ? sql.text : numbered(sql.text)) + "\n";
      }
    }
    text += "\n";
  }
  expect_golden("sql.txt", text);
}

}  // namespace
}  // namespace kith::internal::expr::testing
