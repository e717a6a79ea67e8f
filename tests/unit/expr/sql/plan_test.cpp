// Conditions that an index can answer are written so that both databases use it.
#include <gtest/gtest.h>

#include "base/time/time.hpp"
#include "unit/expr/engines/engines.hpp"
#include "unit/expr/engines/postgresql.hpp"

namespace kith::internal::expr::testing {
namespace {

struct Indexed {
  const char* source;
  const char* index;
  const char* sqlite;  ///< the part of SQLite's plan that says how it is used
};

const std::vector<Indexed> kIndexed = {
    {"name == 'n77'", "by_name", "(tenant=? AND c_name=?)"},
    {"name in ['n77', 'n78']", "by_name", "(tenant=? AND c_name=?)"},
    {"name.startsWith('n77')", "by_name", "(tenant=? AND c_name>? AND c_name<?)"},
    {"name > 'n9998'", "by_name", "(tenant=? AND c_name>?)"},
    {"n == 4711", "by_n", "(tenant=? AND c_n=?)"},
    {"n != null && n > 19990", "by_n", "(tenant=? AND c_n>?)"},
    {"tier == 'gold'", "by_tier", "(tenant=? AND c_tier=?)"},
    {"tier >= 'gold'", "by_tier", "(tenant=? AND c_tier=?)"},
    {"joined >= '2026-01-05'", "by_joined", "(tenant=? AND c_joined>?)"},
    {"days_since(joined) > 19900", "by_joined", "(tenant=? AND c_joined<?)"},
    {"days_since(joined) == 77", "by_joined", "(tenant=? AND c_joined>? AND c_joined<?)"},
    {"joined > now() - duration('20d')", "by_joined", "(tenant=? AND c_joined>?)"},
    {"parent == null && n == 4711", "by_n", "(tenant=? AND c_n=?)"},
};

class PlanTest : public ::testing::Test {
 protected:
  PlanTest() : scene_(0) { scene_.env.now = instant("2026-01-05T10:00:00Z"); }
  Sql where(const std::string& source, Dialect dialect) {
    const ProgramPtr program = scene_.compile(source);
    EXPECT_TRUE(program) << source;
    return lower_true(*program, scene_.env, scene_.lowering(dialect));
  }
  Scene scene_;
};

const std::vector<std::string> kIndexes = {"CREATE INDEX by_name ON customer (tenant, \"c_name\")",
                                           "CREATE INDEX by_n ON customer (tenant, \"c_n\")",
                                           "CREATE INDEX by_tier ON customer (tenant, \"c_tier\")",
                                           "CREATE INDEX by_joined ON customer (tenant, \"c_joined\")"};

TEST_F(PlanTest, SqliteUsesTheIndex) {
  Database database(scene_.world);
  for (const std::string& index : kIndexes) database.run(index);
  for (const Indexed& one : kIndexed) {
    const std::string plan = database.plan_of(where(one.source, Dialect::sqlite));
    EXPECT_NE(plan.find(std::string{one.index} + " " + one.sqlite), std::string::npos) << one.source << "\n" << plan;
  }
}

TEST_F(PlanTest, PostgresqlUsesTheIndexOfItsOwnAccord) {
  if (const std::string why = Postgresql::missing(); !why.empty()) GTEST_SKIP() << why;
  Postgresql database;
  create_tables(database, scene_.world, true);
  // 20,000 customers of this tenant, one a day of the last 20,000; a hundred are gold.
  database.run(
      "INSERT INTO customer (tenant, id, \"c_name\", \"c_n\", \"c_tier\", \"c_joined\") SELECT 7, gen_random_uuid(), "
      "'n' || i, i, "
      "CASE WHEN i % 200 = 0 THEN 'gold' ELSE 'none' END, " +
      std::to_string(scene_.env.now) +
      " - i * 86400000000 - 1 "
      "FROM generate_series(0, 19999) AS i");
  for (const std::string& index : kIndexes) database.run(index);
  database.run("ANALYZE customer");
  for (const Indexed& one : kIndexed) {
    const Sql sql = where(one.source, Dialect::postgresql);
    const std::string plan = database.plan_of(sql);
    EXPECT_NE(plan.find(std::string{"using "} + one.index), std::string::npos) << one.source << "\n"
                                                                               << sql.text << "\n"
                                                                               << plan;
    EXPECT_EQ(plan.find("Seq Scan"), std::string::npos) << one.source << "\n" << plan;
    // Used as a bound of the index, not only read through.
    const std::size_t bound = plan.find("Index Cond: ((tenant = 7) AND ");
    EXPECT_NE(bound, std::string::npos) << one.source << "\n" << plan;
  }
}

}  // namespace
}  // namespace kith::internal::expr::testing
