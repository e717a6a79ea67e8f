// Runs every pair <case>/kith and <case>/hand, in random turns, and prints the ratio of the medians.
//   kith_bench                                    all, with settings that make medians steady
//   kith_bench --benchmark_filter=batch           some
// Flags of Google Benchmark go before ours. Times are of the CPU, so that a busy machine harms less.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace {

class Summary final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      const auto items = run.counters.find("items_per_second");
      const double each = items == run.counters.end() ? run.cpu_accumulated_time / static_cast<double>(run.iterations) * 1e9
                                                      : 1e9 / items->second.value;
      times_[run.run_name.function_name].push_back(each);
    }
  }
  void Finalize() override {
    std::printf("%-34s %12s %12s %8s\n", "median ns of one item", "kith", "hand", "ratio");
    for (const auto& [name, times] : times_) {
      const std::size_t cut = name.rfind("/kith");
      const std::string what = name.substr(0, cut);
      const auto hand = times_.find(what + "/hand");
      if (cut == std::string::npos) {
        if (times_.find(name.substr(0, name.rfind('/')) + "/kith") == times_.end()) std::printf("%-34s %12.2f\n", name.c_str(), median(times));
      } else if (hand == times_.end()) {
        std::printf("%-34s %12.2f\n", what.c_str(), median(times));
      } else {
        std::printf("%-34s %12.2f %12.2f %7.2fx\n", what.c_str(), median(times), median(hand->second), median(times) / median(hand->second));
      }
    }
  }

 private:
  static double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }
  std::map<std::string, std::vector<double>> times_;
};

}  // namespace

int main(int argc, char** argv) {
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
