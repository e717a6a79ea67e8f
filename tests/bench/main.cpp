// Runs every pair <case>/kith and <case>/hand, in random turns, and prints the ratio of the medians.
//   kith_bench                                    all, with settings that make medians steady
//   kith_bench --benchmark_filter=batch           some
//   kith_bench --retail-day [CUSTOMERS ORDERS [RUNS]]         a day of a shop; 2000 12000 5 if left out
//   kith_bench --statements kith|hand [CUSTOMERS ORDERS]      what the day costs SQLite, statement by statement
//   kith_bench --hot-account [ORDERS [COMMITS]]               the next order of an account that has 100000
//   kith_bench --opening                                      a core with nine bundles on a warm file
//   kith_bench --curves [CUSTOMERS...]                        what operations cost at 10000 100000 1000000
// Flags of Google Benchmark go before ours. Times are of the CPU, so that a busy machine harms less, but for writes.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "curves/curves.hpp"
#include "hot_account/hot_account.hpp"
#include "retail_day/day.hpp"

namespace {

class Summary final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      const auto items = run.counters.find("items_per_second");
      const double seconds = run.run_name.time_type.empty() ? run.cpu_accumulated_time : run.real_accumulated_time;
      const double each =
          items == run.counters.end() ? seconds / static_cast<double>(run.iterations) * 1e9 : 1e9 / items->second.value;
      // durable_write/kith with an argument of 200 is the pair "durable_write/200".
      const std::string& name = run.run_name.function_name;
      const std::size_t side = name.rfind('/');
      const std::string what = name.substr(0, side) + (run.run_name.args.empty() ? "" : "/" + run.run_name.args);
      times_[what][side == std::string::npos ? "" : name.substr(side + 1)].push_back(each);
    }
  }
  void Finalize() override {
    std::printf("%-34s %12s %12s %8s\n", "median ns of one item", "kith", "hand", "ratio");
    for (const auto& [what, sides] : times_) {
      const auto kith = sides.find("kith");
      const auto hand = sides.find("hand");
      if (kith != sides.end() && hand != sides.end()) {
        const double ours = median(kith->second);
        const double theirs = median(hand->second);
        std::printf("%-34s %12.2f %12.2f %7.2fx\n", what.c_str(), ours, theirs, ours / theirs);
        continue;
      }
      for (const auto& [side, times] : sides)
        std::printf("%-34s %12.2f\n", (what + (side.empty() ? "" : " " + side)).c_str(), median(times));
    }
  }

 private:
  static double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }
  std::map<std::string, std::map<std::string, std::vector<double>>> times_;  ///< by case and side
};

int run_pairs(int argc, char** argv) {
  std::vector<std::string> words = {argv[0], "--benchmark_repetitions=9", "--benchmark_enable_random_interleaving=true",
                                    "--benchmark_min_time=0.05"};
  words.insert(words.end(), argv + 1, argv + argc);
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  int count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
  if (benchmark::ReportUnrecognizedArguments(count, pointers.data())) return 2;
  Summary summary;
  benchmark::RunSpecifiedBenchmarks(&summary);
  benchmark::Shutdown();
  return 0;
}

/// The number at a place of the command line, or what holds without it.
std::int64_t number(int argc, char** argv, int place, std::int64_t otherwise) {
  return place < argc ? std::stoll(argv[place]) : otherwise;
}

int run_curves(int argc, char** argv) {
  std::vector<std::int64_t> sizes;
  for (int i = 2; i < argc; ++i) sizes.push_back(number(argc, argv, i, 0));
  if (sizes.empty()) sizes = {10'000, 100'000, 1'000'000};
  return kith::bench::report_curves(sizes);
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string_view what = argc > 1 ? argv[1] : "";
  const auto day = [&](int place) {
    return kith::bench::DaySize{number(argc, argv, place, 2'000), number(argc, argv, place + 1, 12'000)};
  };
  if (what == "--retail-day") return kith::bench::report_day(day(2), static_cast<int>(number(argc, argv, 4, 5)));
  if (what == "--statements")
    return kith::bench::report_day_statements(day(3), argc < 3 || std::string_view(argv[2]) == "kith");
  if (what == "--hot-account")
    return kith::bench::report_hot_account(number(argc, argv, 2, 100'000), number(argc, argv, 3, 10'000));
  if (what == "--opening") return kith::bench::report_opening();
  if (what == "--curves") return run_curves(argc, argv);
  return run_pairs(argc, argv);
} catch (const std::exception& error) {
  std::fprintf(stderr, "kith_bench: %s\n", error.what());
  return 1;
}
