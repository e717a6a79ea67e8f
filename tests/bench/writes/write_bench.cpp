// Writes through kith.hpp beside prepared SQLite statements that store the same with the same durability (WAL,
// synchronous FULL): a customer that is created with its history and change row, and a name that is changed.
#include <benchmark/benchmark.h>

#include <optional>

#include "../lib/core_file.hpp"
#include "../lib/process.hpp"
#include "hand_customers.hpp"

namespace kith::bench {
namespace {

constexpr std::int64_t kBatch = 500;

/// A core without bundles, and the hand-written file beside it. Made once; gone with the process.
struct Files {
  TemporaryFolder folder;
  Core core = open_core({folder.path() / "crm.kith", {}, ""});
  OwnedSession session = core.session({.tenant = "default", .actor = "bench"});
  HandCustomers hand{folder.path() / "hand.db"};
};
Files& files() {
  static Files f;
  return f;
}

void create_customer(Session& tx, std::int64_t number) {
  tx.create("customer", {{"kind", "person"}, {"name", "Customer " + std::to_string(number)}, {"language", "en"}});
}

/// How many customers a transaction of the benchmark creates is its argument.
void create_kith(benchmark::State& state) {
  std::int64_t number = 0;
  for (auto _ : state)
    files().session.transact([&](Session& tx) {
      for (std::int64_t i = 0; i < state.range(0); ++i) create_customer(tx, ++number);
    });
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
void create_hand(benchmark::State& state) {
  HandCustomers& hand = files().hand;
  std::int64_t number = 0;
  for (auto _ : state) {
    hand.begin();
    for (std::int64_t i = 0; i < state.range(0); ++i) hand.create(++number);
    hand.commit();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// Some thousand customers in a core with the six bundles, settled, and by hand.
struct Named {
  static constexpr std::int64_t kCustomers = 5'000;
  TemporaryFolder folder;
  Core core;
  OwnedSession session;
  std::vector<Ref> customers;
  HandCustomers hand;
  std::int64_t turn = 0;

  explicit Named(const std::filesystem::path& where)
      : folder(where),
        core(open_core({folder.path() / "crm.kith", kSixBundles, ""})),
        session(core.session({.tenant = "default", .actor = "bench"})),
        hand(folder.path() / "hand.db") {
    hand.begin();
    for (std::int64_t i = 1; i <= kCustomers; ++i) hand.create(i);
    hand.commit();
    session.transact([&](Session& tx) {
      for (std::int64_t i = 1; i <= kCustomers; ++i)
        customers.push_back(tx.create("customer", {{"kind", "person"}, {"name", "Customer " + std::to_string(i)}}));
    });
    run_until_idle(core, session);
  }
  /// The next customer, scattered over all, and a name that it never had.
  std::int64_t next() { return ++turn * 1'237 % kCustomers; }
  void rename_kith() {
    const std::int64_t at = next();
    session.update(customers[static_cast<std::size_t>(at)],
                   {{"name", "Customer " + std::to_string(turn + kCustomers)}});
  }
  void rename_hand() {
    const std::int64_t at = next();
    hand.begin();
    hand.rename(at + 1, turn + kCustomers);
    hand.commit();
  }
};
Named& on_disk() {
  static Named named{std::filesystem::path()};
  return named;
}
/// Where a sync costs nothing, as with synchronous=OFF: what is left is the work.
Named& in_memory() {
  static Named named{memory_folder()};
  return named;
}

template <Named& (*Where)()>
void update_kith(benchmark::State& state) {
  for (auto _ : state) Where().rename_kith();
}
template <Named& (*Where)()>
void update_hand(benchmark::State& state) {
  for (auto _ : state) Where().rename_hand();
}

BENCHMARK(create_kith)->Name("durable_write/kith")->Arg(1)->Arg(kBatch)->UseRealTime();
BENCHMARK(create_hand)->Name("durable_write/hand")->Arg(1)->Arg(kBatch)->UseRealTime();
BENCHMARK(update_kith<on_disk>)->Name("durable_update/kith")->UseRealTime();
BENCHMARK(update_hand<on_disk>)->Name("durable_update/hand")->UseRealTime();
BENCHMARK(update_kith<in_memory>)->Name("update_without_sync/kith");
BENCHMARK(update_hand<in_memory>)->Name("update_without_sync/hand");

}  // namespace
}  // namespace kith::bench
