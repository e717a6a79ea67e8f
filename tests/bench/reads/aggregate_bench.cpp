// Aggregates through kith.hpp beside the statement that a program would write for them, on the same file: by month and
// region, with a member that is derived, and with an expression. The zone is UTC, whose months SQL can tell.
#include <benchmark/benchmark.h>
#include <sqlite3.h>
#include <kith/kith.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace {

constexpr int kOrders = 200'000;

const char* const kTrade = R"json({
  "id": "trade", "version": "0.1.0", "label": {"en": "Trade"}, "requires": {"kith": "*"},
  "record_types": [{"name": "order", "label": {"en": "Order"}, "fields": [
    {"name": "region", "type": "text", "label": {"en": "Region"}},
    {"name": "placed_at", "type": "timestamp", "label": {"en": "Placed at"}},
    {"name": "items", "type": "int", "label": {"en": "Items"}},
    {"name": "total", "type": "money", "label": {"en": "Total"}}]}],
  "formulas": {"trade.order": [{"name": "weight", "type": "int", "expr": "items * 3 + 1",
    "label": {"en": "Weight"}}]}})json";

/// Orders of four years, in one core; a raw connection beside it. Made once; gone with the process.
struct Trade {
  std::filesystem::path folder;
  std::optional<kith::Core> core;
  std::optional<kith::OwnedSession> session;
  sqlite3* raw = nullptr;

  Trade() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kith-aggregate-bench-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    std::filesystem::create_directories(folder / "plugins/trade");
    std::ofstream(folder / "plugins/trade/plugin.json") << kTrade;
    kith::Options options;
    options.config_json = R"({"database": {"url": "sqlite:)" + folder.string() +
                          R"(/crm.kith", "durability": "process"}, "plugin_folders": [")" +
                          (folder / "plugins").string() + R"("], "plugins": {"trade": {}}})";
    core.emplace(kith::Core::open(std::move(options)));
    session.emplace(core->session({.actor = "bench"}));
    for (int done = 0; done < kOrders;)
      session->transact([&](kith::Session& tx) {
        for (int i = 0; i < 1'000; ++i, ++done) add(tx, done);
      });
    core->run_due(std::chrono::minutes(1));
    sqlite3_open_v2((folder / "crm.kith").c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_exec(raw, "PRAGMA cache_size = -16384", nullptr, nullptr, nullptr);
  }
  ~Trade() {
    sqlite3_close(raw);
    session.reset();
    core.reset();
    std::filesystem::remove_all(folder);
  }
  static void add(kith::Session& tx, int number) {
    const std::int64_t at = 1'640'995'200 + number * 7'919LL % 126'230'400;
    tx.create("trade.order", {{"region", "region " + std::to_string(number * 31 % 12)},
                              {"placed_at", kith::Timestamp{at * 1'000'000}},
                              {"items", number % 9},
                              {"total", kith::Money{number % 50'000, {'E', 'U', 'R'}, 2}}});
  }
};
Trade& trade() {
  static Trade t;
  return t;
}

void take(const kith::Aggregate& aggregate) {
  kith::Rows rows = aggregate.run();
  while (auto row = rows.next()) benchmark::DoNotOptimize((*row)[rows.width() - 1].raw().as.i);
}

void by_hand(benchmark::State& state, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(trade().raw, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
    return state.SkipWithError(sqlite3_errmsg(trade().raw));
  for (auto _ : state) {
    while (sqlite3_step(statement) == SQLITE_ROW)
      benchmark::DoNotOptimize(sqlite3_column_int64(statement, sqlite3_column_count(statement) - 1));
    sqlite3_reset(statement);
  }
  sqlite3_finalize(statement);
}

void by_month_and_region_kith(benchmark::State& state) {
  for (auto _ : state)
    take(trade().session->aggregate("trade.order").by("placed_at", "month").by("region").count().sum("total"));
}
void by_month_and_region_hand(benchmark::State& state) {
  by_hand(state,
          "SELECT strftime('%Y-%m', placed_at / 1000000, 'unixepoch') AS month, region, count(*), sum(total) FROM "
          "trade__order WHERE tenant = 1 AND removed_at IS NULL GROUP BY month, region ORDER BY month, region");
}

void of_a_derived_member_kith(benchmark::State& state) {
  for (auto _ : state) take(trade().session->aggregate("trade.order").by("region").avg("total").sum("weight"));
}
void of_a_derived_member_hand(benchmark::State& state) {
  by_hand(state,
          "SELECT t.region, avg(t.total), sum(d.weight) FROM trade__order AS t JOIN trade__order__d AS d ON d.rid = "
          "t.rid WHERE t.tenant = 1 AND t.removed_at IS NULL GROUP BY t.region ORDER BY t.region");
}

void of_an_expression_kith(benchmark::State& state) {
  for (auto _ : state)
    take(trade().session->aggregate("trade.order").by("region").figure("sum", "items * items + 1", "n", "items > 2"));
}
void of_an_expression_hand(benchmark::State& state) {
  by_hand(state,
          "SELECT region, sum(items * items + 1) FILTER (WHERE items > 2) FROM trade__order WHERE tenant = 1 AND "
          "removed_at IS NULL GROUP BY region ORDER BY region");
}

BENCHMARK(by_month_and_region_kith)->Name("aggregate_by_month_and_region/kith")->Unit(benchmark::kMillisecond);
BENCHMARK(by_month_and_region_hand)->Name("aggregate_by_month_and_region/hand")->Unit(benchmark::kMillisecond);
BENCHMARK(of_a_derived_member_kith)->Name("aggregate_of_a_derived_member/kith")->Unit(benchmark::kMillisecond);
BENCHMARK(of_a_derived_member_hand)->Name("aggregate_of_a_derived_member/hand")->Unit(benchmark::kMillisecond);
BENCHMARK(of_an_expression_kith)->Name("aggregate_of_an_expression/kith")->Unit(benchmark::kMillisecond);
BENCHMARK(of_an_expression_hand)->Name("aggregate_of_an_expression/hand")->Unit(benchmark::kMillisecond);

}  // namespace
