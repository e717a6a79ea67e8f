// Both sides in turns, each run in a process of its own, so that neither has the other's memory or warm caches.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>
#include <stdexcept>

#include "../lib/engine_trace.hpp"
#include "../lib/process.hpp"
#include "day.hpp"

namespace kith::bench {
namespace {

/// What `body` gives in a child process.
DayCost in_a_process(const std::function<DayCost()>& body) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe for a run of the day");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process for a run of the day");
  if (child == 0) {
    close(ends[0]);
    int code = 1;
    try {
      const DayCost cost = body();
      code = write(ends[1], &cost, sizeof cost) == sizeof cost ? 0 : 1;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "a run of the day failed: %s\n", error.what());
    }
    _exit(code);
  }
  close(ends[1]);
  DayCost cost;
  const bool whole = read(ends[0], &cost, sizeof cost) == sizeof cost;
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!whole || status != 0) throw std::runtime_error("a run of the day came to no end");
  return cost;
}

void empty_databases(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() != ".csv") std::filesystem::remove(entry.path());
}

using Costs = std::vector<DayCost>;

template <class Figure>
double median(const Costs& costs, Figure figure) {
  std::vector<double> values;
  for (const DayCost& cost : costs) values.push_back(static_cast<double>(figure(cost)));
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

template <class Figure>
void print(const char* what, const Costs& kith, const Costs& hand, Figure figure) {
  const double ours = median(kith, figure), theirs = median(hand, figure);
  std::printf("%-28s %12.3f %12.3f %8.2fx\n", what, ours, theirs, ours / theirs);
}

void print_all(DaySize size, const Costs& kith, const Costs& hand) {
  std::printf("retail day, %lld customers, %lld orders, medians of %zu\n", static_cast<long long>(size.customers),
              static_cast<long long>(size.orders), kith.size());
  std::printf("%-28s %12s %12s %9s\n", "", "kith", "hand", "ratio");
  print("total, s", kith, hand, [](const DayCost& cost) { return cost.total_s(); });
  print("  import, s", kith, hand, [](const DayCost& cost) { return cost.import_s; });
  print("  due work, s", kith, hand, [](const DayCost& cost) { return cost.due_s; });
  print("  RFM, s", kith, hand, [](const DayCost& cost) { return cost.rfm_s; });
  print("  close, s", kith, hand, [](const DayCost& cost) { return cost.close_s; });
  print("processors, s", kith, hand, [](const DayCost& cost) { return cost.cpu_s; });
  print("peak memory, MiB", kith, hand, [](const DayCost& cost) { return static_cast<double>(cost.peak_kib) / 1024; });
  print("file, MB", kith, hand, [](const DayCost& cost) { return static_cast<double>(cost.file_bytes) / 1e6; });
  std::fflush(stdout);
}

/// The statements that took longest, as the trace has them.
void print_statements(EngineTrace& trace) {
  std::vector<std::pair<std::string, StatementCost>> all;
  StatementCost sum;
  for (auto& [sql, cost] : trace.take()) {
    sum.runs += cost.runs, sum.vm_steps += cost.vm_steps, sum.seconds += cost.seconds;
    all.emplace_back(sql, cost);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.second.seconds > b.second.seconds; });
  std::printf("%12s %14s %10s %10s  statement\n", "runs", "VM steps", "scanned", "s");
  std::printf("%12lld %14lld %10s %10.3f  all\n", static_cast<long long>(sum.runs),
              static_cast<long long>(sum.vm_steps), "", sum.seconds);
  constexpr std::size_t kShown = 30;
  for (std::size_t i = 0; i < std::min(all.size(), kShown); ++i) {
    const auto& [sql, cost] = all[i];
    std::printf("%12lld %14lld %10lld %10.3f  %.160s\n", static_cast<long long>(cost.runs),
                static_cast<long long>(cost.vm_steps), static_cast<long long>(cost.scanned), cost.seconds, sql.c_str());
  }
}

}  // namespace

int report_day_statements(DaySize size, bool ours) {
  const TemporaryFolder home;
  write_day_files(home.path(), size);
  EngineTrace trace;
  const DayCost cost = (ours ? run_product_day : run_hand_day)(home.path());
  std::printf("%s, traced: import %.2f s, due work %.2f s, RFM %.2f s\n", ours ? "kith" : "hand", cost.import_s,
              cost.due_s, cost.rfm_s);
  print_statements(trace);
  return 0;
}

int report_day(DaySize size, int runs) {
  const TemporaryFolder home;
  in_a_process([&] { return write_day_files(home.path(), size), DayCost{}; });
  Costs kith, hand;
  for (int run = 0; run < runs; ++run) {
    // Who begins takes turns, as a machine may slow down while it is measured.
    for (const bool ours : {run % 2 == 0, run % 2 != 0}) {
      empty_databases(home.path());
      (ours ? kith : hand).push_back(in_a_process([&] {
        return (ours ? run_product_day : run_hand_day)(home.path());
      }));
    }
  }
  print_all(size, kith, hand);
  return 0;
}

}  // namespace kith::bench
