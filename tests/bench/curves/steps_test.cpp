// Work that does not grow with the data, counted in steps of SQLite's machine: the same on a slow day.
#include <gtest/gtest.h>

#include "../lib/core_file.hpp"
#include "../lib/engine_trace.hpp"
#include "../lib/process.hpp"

namespace kith::bench {
namespace {

constexpr const char* kNow = "2026-06-30T23:59:59Z";

std::int64_t steps_of(EngineTrace& trace) {
  std::int64_t steps = 0;
  for (const auto& [sql, cost] : trace.take()) steps += cost.vm_steps;
  return steps;
}

/// The steps of a call of run_due with nothing due, in a core that was opened anew on so many customers.
std::int64_t idle_steps(int customers) {
  const TemporaryFolder home;
  const CoreFile what{home.path() / "crm.kith", {"sales", "insight", "retail"}, kNow};
  {
    Core core = open_core(what);
    OwnedSession session = core.session({.tenant = "default", .actor = "bench"});
    session.transact([&](Session& tx) {
      for (int i = 0; i < customers; ++i)
        tx.create("customer", {{"kind", "person"}, {"name", "Customer " + std::to_string(i)}});
    });
    run_until_idle(core, session);
  }
  EngineTrace trace;
  Core core = open_core(what);
  OwnedSession session = core.session({.tenant = "default", .actor = "bench"});
  run_until_idle(core, session);
  trace.take();
  core.run_due(std::chrono::milliseconds(500));
  return steps_of(trace);
}

TEST(StepsTest, RunDueWithNothingDueReadsNoCustomer) {
  const std::int64_t few = idle_steps(20), many = idle_steps(400);
  EXPECT_GT(few, 0);
  EXPECT_LE(many, few + 50);  // a step or two of a deeper tree, not one for each customer
}

TEST(StepsTest, ATraceSeesTheStatementsOfTheProduct) {
  const TemporaryFolder home;
  EngineTrace trace;
  Core core = open_core({home.path() / "crm.kith", {}, ""});
  OwnedSession session = core.session({.tenant = "default", .actor = "bench"});
  trace.take();
  session.create("customer", {{"kind", "person"}, {"name", "Ada"}});
  std::int64_t inserts = 0;
  for (const auto& [sql, cost] : trace.take())
    inserts += sql.find("INTO \"customer\"") != std::string::npos ? cost.runs : 0;
  EXPECT_EQ(inserts, 1);
}

}  // namespace
}  // namespace kith::bench
