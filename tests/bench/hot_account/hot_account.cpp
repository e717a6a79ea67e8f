#include "hot_account.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>

#include "../lib/core_file.hpp"
#include "../lib/process.hpp"

namespace kith::bench {
namespace {

constexpr const char* kNow = "2026-06-30T23:59:59Z";
constexpr std::int64_t kOrderedAt = 1'782'800'000'000'000;  // the same day, before
constexpr std::int64_t kSmallOrders = 10;
constexpr std::int64_t kBlock = 100;  // commits before due work, and before the other side's turn

void write_files(const std::filesystem::path& folder, std::int64_t orders, std::int64_t small) {
  std::ofstream customers(folder / "customers.csv"), lines(folder / "orders.csv");
  customers << "customer_id,name,given_name,family_name,email,phone,preferred_channel,language\n";
  lines << "order_id,customer_id,ordered_at,kind,channel,category,total\n";
  std::int64_t number = 0;
  const auto order = [&](std::int64_t customer) {
    const std::int64_t day = ++number % 28 + 1;
    lines << 'O' << number << ",C" << customer << ",2026-05-" << (day < 10 ? "0" : "") << day
          << "T10:00:00Z,sale,web,books,12.50\n";
  };
  for (std::int64_t customer = 0; customer <= small; ++customer) {
    customers << 'C' << customer << ",Customer " << customer << ",,,c" << customer << "@example.com,,web,en\n";
    for (std::int64_t i = 0; i < (customer == 0 ? orders : kSmallOrders); ++i) order(customer);
  }
}

struct Cost {
  double commits_s = 0, due_s = 0;
  std::int64_t commits = 0;
  double commit_us() const { return commits_s * 1e6 / static_cast<double>(commits); }
  double whole_us() const { return (commits_s + due_s) * 1e6 / static_cast<double>(commits); }
};

/// One block of commits, each of one order, and what follows from them.
template <class Whom>
void commit_block(Core& core, Session& session, std::int64_t from, Whom whom, Cost& cost) {
  Stopwatch watch;
  for (std::int64_t i = from; i < from + kBlock; ++i)
    session.create("retail.order", {{"customer", session.value(whom(i))},
                                    {"ordered_at", Timestamp{kOrderedAt + i}},
                                    {"kind", "sale"},
                                    {"total", Money{1'250 + i % 100, "EUR", 2}}});
  cost.commits_s += watch.lap();
  run_until_idle(core, session);
  cost.due_s += watch.lap();
  cost.commits += kBlock;
}

}  // namespace

int report_hot_account(std::int64_t orders, std::int64_t commits) {
  const TemporaryFolder home(memory_folder());
  const std::int64_t small = std::max<std::int64_t>(commits / kSmallOrders, 1);
  write_files(home.path(), orders, small);
  Core core = open_core({home.path() / "hot.kith", {"sales", "insight", "retail"}, kNow});
  OwnedSession session = core.session({.tenant = "default", .actor = "bench"});
  import_file(session, home.path() / "customers.csv", "customers.map.json");
  import_file(session, home.path() / "orders.csv", "orders.map.json");
  run_until_idle(core, session);
  session.run("job.run", R"({"job":"insight.rfm","args":{"as_of":"2026-06-30"}})");
  run_until_idle(core, session);

  const Ref hot = session.find("customer", "@shop:C0");
  std::vector<Ref> others;
  for (std::int64_t i = 1; i <= small; ++i) others.push_back(session.find("customer", "@shop:C" + std::to_string(i)));
  Cost many, few;
  for (std::int64_t from = 0; from < commits; from += kBlock) {
    commit_block(
        core, session, from, [&](std::int64_t) { return hot; }, many);
    commit_block(
        core, session, from, [&](std::int64_t i) { return others[static_cast<std::size_t>(i) % others.size()]; }, few);
  }
  std::printf("%lld commits of one order, in a folder in memory\n%-28s %12s %12s %9s\n",
              static_cast<long long>(many.commits), "", ("of " + std::to_string(orders)).c_str(), "of ten", "ratio");
  std::printf("%-28s %12.1f %12.1f %8.2fx\n", "a commit, us", many.commit_us(), few.commit_us(),
              many.commit_us() / few.commit_us());
  std::printf("%-28s %12.1f %12.1f %8.2fx\n", "with what follows, us", many.whole_us(), few.whole_us(),
              many.whole_us() / few.whole_us());
  return 0;
}

}  // namespace kith::bench
