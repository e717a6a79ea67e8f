// Lists through kith.hpp beside prepared statements on the same file, which take the values out as any program would:
// texts into strings, ids into arrays. The search in folded names is set beside its own count.
#include <benchmark/benchmark.h>
#include <sqlite3.h>
#include <kith/kith.hpp>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace {

constexpr int kMany = 80'000;
constexpr int kPage = 50;

/// Many customers, in one core; a raw connection beside it. Made once; gone with the process.
struct Crowd {
  std::filesystem::path folder;
  std::optional<kith::Core> core;
  std::optional<kith::OwnedSession> session;
  std::vector<kith::Ref> customers;
  sqlite3* raw = nullptr;

  static std::string name_of(int i) { return "Customer " + std::to_string(i * 7919LL % 1'000'003) + " Söderström"; }
  Crowd() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kith-query-bench-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    kith::Options options;
    options.config_json =
        R"({"database": {"url": "sqlite:)" + folder.string() + R"(/crm.kith", "durability": "process"}})";
    core.emplace(kith::Core::open(std::move(options)));
    session.emplace(core->session({.actor = "bench"}));
    while (customers.size() < kMany)
      session->transact([&](kith::Session& tx) {
        for (int i = 0; i < 1'000; ++i) {
          const int number = static_cast<int>(customers.size());
          customers.push_back(tx.create(
              "customer", {{"kind", "person"}, {"name", name_of(number)}, {"language", number % 3 ? "en" : "sv"}}));
        }
      });
    core->run_due(std::chrono::minutes(1));
    sqlite3_open_v2((folder / "crm.kith").c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_exec(raw, "PRAGMA cache_size = -16384", nullptr, nullptr, nullptr);
  }
  ~Crowd() {
    sqlite3_close(raw);
    session.reset();
    core.reset();
    std::filesystem::remove_all(folder);
  }
};
Crowd& crowd() {
  static Crowd c;
  return c;
}

struct Taken {
  std::string name, language;
  std::array<unsigned char, 16> id{};
};

class ByHand {
 public:
  explicit ByHand(const std::string& sql) {
    sqlite3_prepare_v3(crowd().raw, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  }
  ~ByHand() { sqlite3_finalize(statement_); }
  sqlite3_stmt* get() const { return statement_; }
  void take() {
    while (sqlite3_step(statement_) == SQLITE_ROW) {
      Taken row;
      row.name = reinterpret_cast<const char*>(sqlite3_column_text(statement_, 0));
      row.language = reinterpret_cast<const char*>(sqlite3_column_text(statement_, 1));
      std::memcpy(row.id.data(), sqlite3_column_blob(statement_, 2), 16);
      benchmark::DoNotOptimize(row);
    }
    sqlite3_reset(statement_);
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

void take(kith::Query query) {
  for (auto row : query) {
    Taken one;
    one.name = row[0].text();
    one.language = row[1].text();
    one.id[0] = static_cast<unsigned char>(row[2].raw().as.id.bytes[0]);
    benchmark::DoNotOptimize(one);
  }
}

kith::Query listed() { return crowd().session->query("customer").select({"name", "language", "id"}).limit(kPage); }

void list_by_index_kith(benchmark::State& state) {
  for (auto _ : state) take(listed().order_by("name"));
}
void list_by_index_hand(benchmark::State& state) {
  ByHand hand(
      "SELECT name, language, id FROM customer WHERE tenant = 1 AND removed_at IS NULL ORDER BY name, id LIMIT 50");
  for (auto _ : state) hand.take();
}

/// Where the page before the hundredth ended.
const std::string& cursor_of_page_99() {
  static const std::string cursor = [] {
    std::string at;
    for (int page = 0; page < 99; ++page) {
      kith::Query query = listed().order_by("name");
      if (!at.empty()) query.after(at);
      kith::Rows rows = query.run();
      while (rows.next()) {
      }
      at = rows.cursor();
    }
    return at;
  }();
  return cursor;
}
void hundredth_page_kith(benchmark::State& state) {
  const std::string& cursor = cursor_of_page_99();
  for (auto _ : state) take(listed().order_by("name").after(cursor));
}
void hundredth_page_hand(benchmark::State& state) {
  ByHand skip(
      "SELECT name, language, id FROM customer WHERE tenant = 1 AND removed_at IS NULL ORDER BY name, id LIMIT 1 "
      "OFFSET 4949");
  sqlite3_step(skip.get());
  const std::string name = reinterpret_cast<const char*>(sqlite3_column_text(skip.get(), 0));
  ByHand hand(
      "SELECT name, language, id FROM customer WHERE tenant = 1 AND removed_at IS NULL AND (name, id) > (?, ?) ORDER "
      "BY "
      "name, id LIMIT 50");
  sqlite3_bind_text(hand.get(), 1, name.data(), static_cast<int>(name.size()), SQLITE_TRANSIENT);
  sqlite3_bind_blob(hand.get(), 2, sqlite3_column_blob(skip.get(), 2), 16, SQLITE_TRANSIENT);
  for (auto _ : state) hand.take();
}

std::string names_of(std::int64_t count) {
  std::string list = "[";
  for (std::int64_t i = 0; i < count; ++i)
    list += (i ? ",\"" : "\"") + Crowd::name_of(static_cast<int>(i * (kMany / count))) + "\"";
  return list + "]";
}
void in_list_kith(benchmark::State& state) {
  const std::string list = names_of(state.range(0));
  kith_value names{};
  names.type = KITH_JSON;
  names.as.s = {list.data(), list.size()};
  for (auto _ : state) take(listed().where("name in $names", {{"names", names}}));
}
void in_list_hand(benchmark::State& state) {
  const std::string list = names_of(state.range(0));
  ByHand hand(
      "SELECT c.name, c.language, c.id FROM json_each(?) AS l CROSS JOIN customer AS c WHERE c.tenant = 1 AND "
      "c.removed_at IS NULL AND c.name = l.value ORDER BY c.id LIMIT 50");
  sqlite3_bind_text(hand.get(), 1, list.data(), static_cast<int>(list.size()), SQLITE_STATIC);
  for (auto _ : state) hand.take();
}

constexpr const char* kFolded = "name.fold().contains('customer 79190 söder')";
void fold_search_beside_count_kith(benchmark::State& state) {
  for (auto _ : state) take(listed().where(kFolded).order_by("name").limit(20));
}
void fold_search_beside_count_hand(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(
        crowd().session->run("count", std::string(R"({"type": "customer", "where": ")") + kFolded + "\"}"));
}

BENCHMARK(list_by_index_kith)->Name("list_by_index/kith");
BENCHMARK(list_by_index_hand)->Name("list_by_index/hand");
BENCHMARK(hundredth_page_kith)->Name("hundredth_page/kith");
BENCHMARK(hundredth_page_hand)->Name("hundredth_page/hand");
BENCHMARK(in_list_kith)->Name("in_list/kith")->Arg(2)->Arg(200)->Arg(10'000);
BENCHMARK(in_list_hand)->Name("in_list/hand")->Arg(2)->Arg(200)->Arg(10'000);
BENCHMARK(fold_search_beside_count_kith)->Name("fold_search_beside_count/kith");
BENCHMARK(fold_search_beside_count_hand)->Name("fold_search_beside_count/hand");

}  // namespace
