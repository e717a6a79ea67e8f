// Each pair does the same work through kith.hpp and through prepared SQLite statements on the same file and schema.
#include <benchmark/benchmark.h>
#include <sqlite3.h>
#include <kith/kith.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace {

constexpr int kCustomers = 10'000;

/// One core with customers, and a raw connection beside it. Made once; gone with the process.
struct World {
  std::filesystem::path folder;
  std::optional<kith::Core> core;
  std::optional<kith::OwnedSession> session;
  std::vector<kith::Ref> customers;
  sqlite3* raw = nullptr;

  World() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kith-bench-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    kith::Options options;
    options.config_json = R"({"database": {"url": "sqlite:)" + folder.string() + R"(/crm.kith"}})";
    core.emplace(kith::Core::open(std::move(options)));
    session.emplace(core->session({.actor = "bench"}));
    while (customers.size() < kCustomers)
      session->transact([&](kith::Session& tx) {
        for (int i = 0; i < 200; ++i)
          customers.push_back(tx.create("customer", {{"kind", i % 10 ? "person" : "organization"},
                                                     {"name", "Customer " + std::to_string(customers.size())},
                                                     {"language", i % 3 ? "en" : "zh"}}));
      });
    sqlite3_open_v2((folder / "crm.kith").c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
  }
  ~World() {
    sqlite3_close(raw);
    session.reset();
    core.reset();
    std::filesystem::remove_all(folder);
  }
};
World& world() {
  static World w;
  return w;
}

void drain(sqlite3_stmt* statement) {
  while (sqlite3_step(statement) == SQLITE_ROW)
    for (int i = 0; i < sqlite3_column_count(statement); ++i)
      benchmark::DoNotOptimize(sqlite3_column_bytes(statement, i));
  sqlite3_reset(statement);
}

void point_read_kith(benchmark::State& state) {
  World& w = world();
  std::size_t i = 0;
  for (auto _ : state) {
    auto rows =
        w.session->get(w.customers[++i * 7919 % kCustomers], {"name", "kind", "language", "lifecycle", "created_at"});
    benchmark::DoNotOptimize(rows.next());
  }
}
void point_read_raw(benchmark::State& state) {
  World& w = world();
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v3(w.raw, "SELECT * FROM customer WHERE tenant = 1 AND id = ? AND removed_at IS NULL", -1,
                     SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  std::size_t i = 0;
  for (auto _ : state) {
    const kith_id id = w.customers[++i * 7919 % kCustomers].id();
    sqlite3_bind_blob(statement, 1, id.bytes, 16, SQLITE_STATIC);
    drain(statement);
  }
  sqlite3_finalize(statement);
}

void filtered_list_kith(benchmark::State& state) {
  World& w = world();
  for (auto _ : state)
    for (auto row : w.session->query("customer")
                        .where("kind == $k && language == 'zh'", {{"k", "organization"}})
                        .select({"name", "kind", "language"})
                        .order_by("name")
                        .limit(50))
      benchmark::DoNotOptimize(row[0].text());
}
void filtered_list_raw(benchmark::State& state) {
  World& w = world();
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v3(w.raw,
                     "SELECT name, kind, language, id FROM customer WHERE tenant = 1 AND removed_at IS NULL AND kind = "
                     "'organization' AND "
                     "language = 'zh' ORDER BY name, id LIMIT 50",
                     -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  for (auto _ : state) drain(statement);
  sqlite3_finalize(statement);
}

BENCHMARK(point_read_kith)->Name("point_read/kith");
BENCHMARK(point_read_raw)->Name("point_read/hand");
BENCHMARK(filtered_list_kith)->Name("filtered_list/kith");
BENCHMARK(filtered_list_raw)->Name("filtered_list/hand");

}  // namespace
