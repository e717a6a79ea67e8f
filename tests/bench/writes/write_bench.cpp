// Writes through kith.hpp beside prepared SQLite statements that store the same: the customer with its history, change
// row and event, on a copy of the same schema, with the same durability (WAL, synchronous FULL).
#include <benchmark/benchmark.h>
#include <sqlite3.h>
#include <kith/kith.hpp>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>

namespace {

constexpr int kBatch = 500;

void run(sqlite3* database, const char* sql) {
  if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(std::string(sql) + ": " + sqlite3_errmsg(database));
}

/// One core, and a raw connection to a copy of its empty file. Made once; gone with the process.
struct Files {
  std::filesystem::path folder;
  std::optional<kith::Core> core;
  std::optional<kith::OwnedSession> session;
  sqlite3* raw = nullptr;
  std::array<sqlite3_stmt*, 5> inserts{};
  std::mt19937_64 random{7};
  std::int64_t made = 0;

  Files() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kith-bench-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("no folder for the benchmark");
    folder = pattern;
    kith::Options options;
    options.config_json = R"({"database": {"url": "sqlite:)" + folder.string() + R"(/crm.kith"}})";
    core.emplace(kith::Core::open(std::move(options)));
    session.emplace(core->session({.actor = "bench"}));
    const std::string copy = (folder / "raw.db").string();
    sqlite3_open((folder / "crm.kith").c_str(), &raw);
    run(raw, ("VACUUM INTO '" + copy + "'").c_str());
    sqlite3_close(raw);
    sqlite3_open(copy.c_str(), &raw);
    run(raw, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    const std::array<const char*, 5> texts = {
        "INSERT INTO customer (tenant, id, version, created_at, created_by, updated_at, updated_by, kind, name, "
        "language, lifecycle, "
        "lifecycle_since) VALUES (1, ?1, 1, ?2, 'bench', ?2, 'bench', 'person', ?3, 'en', 'prospect', ?2)",
        "INSERT INTO kith_transition (tenant, record_type, record, lifecycle, from_state, to_state, event, reason, "
        "actor, guard, "
        "bundle_version, entered_us, root, depth, automation, by) VALUES (1, 0, ?1, 'customer.lifecycle', '', "
        "'prospect', '', '', 'bench', "
        "'', '0.1.0', ?2, '', 0, 0, '')",
        "INSERT INTO kith_change (tenant, at_us, actor, operation, record_type, record, version, changes, root, depth, "
        "automation, by) "
        "VALUES (1, ?2, 'bench', 'create', 0, ?1, 1, json_object('kind', 'person', 'name', ?3, 'language', 'en'), '', "
        "0, 0, '')",
        "INSERT INTO kith_event (tenant, at_us, kind, record_type, record, name, payload, root, depth, automation, by) "
        "VALUES (1, ?2, 1, 0, ?1, 'created', json_object('kind', 'person', 'name', ?3, 'language', 'en'), '', 0, 0, "
        "'')",
        "INSERT INTO kith_event (tenant, at_us, kind, record_type, record, name, payload, root, depth, automation, by) "
        "VALUES (1, ?2, 2, 0, ?1, 'customer.lifecycle', json_object('event', '', 'from', '', 'to', 'prospect'), '', 0, "
        "0, '')"};
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (sqlite3_prepare_v3(raw, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &inserts[i], nullptr) != SQLITE_OK)
        throw std::runtime_error(std::string(texts[i]) + ": " + sqlite3_errmsg(raw));
  }
  ~Files() {
    for (sqlite3_stmt* insert : inserts) sqlite3_finalize(insert);
    sqlite3_close(raw);
    session.reset();
    core.reset();
    std::filesystem::remove_all(folder);
  }

  void insert_raw(std::int64_t number) {
    // Ordered by time, as the core's ids are: random ones would scatter over the index.
    const std::array<std::uint64_t, 2> id = {__builtin_bswap64(static_cast<std::uint64_t>(++made)), random()};
    const std::string name = "Customer " + std::to_string(number);
    for (sqlite3_stmt* insert : inserts) {
      sqlite3_bind_blob(insert, 1, id.data(), 16, SQLITE_STATIC);
      sqlite3_bind_int64(insert, 2, number);
      if (sqlite3_bind_parameter_count(insert) == 3)
        sqlite3_bind_text(insert, 3, name.c_str(), static_cast<int>(name.size()), SQLITE_STATIC);
      if (sqlite3_step(insert) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(raw));
      sqlite3_reset(insert);
    }
  }
  static void insert_kith(kith::Session& tx, std::int64_t number) {
    tx.create("customer", {{"kind", "person"}, {"name", "Customer " + std::to_string(number)}, {"language", "en"}});
  }
};
Files& files() {
  static Files f;
  return f;
}

/// How many customers a transaction of the benchmark creates is its argument.
void durable_write_kith(benchmark::State& state) {
  Files& f = files();
  std::int64_t number = 0;
  for (auto _ : state)
    f.session->transact([&](kith::Session& tx) {
      for (std::int64_t i = 0; i < state.range(0); ++i) Files::insert_kith(tx, ++number);
    });
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
void durable_write_raw(benchmark::State& state) {
  Files& f = files();
  std::int64_t number = 0;
  for (auto _ : state) {
    run(f.raw, "BEGIN IMMEDIATE");
    for (std::int64_t i = 0; i < state.range(0); ++i) f.insert_raw(++number);
    run(f.raw, "COMMIT");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(durable_write_kith)->Name("durable_write/kith")->Arg(1)->Arg(kBatch)->UseRealTime();
BENCHMARK(durable_write_raw)->Name("durable_write/hand")->Arg(1)->Arg(kBatch)->UseRealTime();

}  // namespace
