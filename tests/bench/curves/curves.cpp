#include "curves.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include "figures.hpp"

namespace kith::bench {
namespace {

std::string today() {
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return detail::date_text(days.time_since_epoch().count());
}

/// The processor, not the host.
std::string machine() {
  std::ifstream cpus("/proc/cpuinfo");
  std::string model = "unknown processor";
  for (std::string line; std::getline(cpus, line);)
    if (line.starts_with("model name")) {
      model = line.substr(line.find(':') + 2);
      break;
    }
  return model + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores";
}

std::string grouped(std::int64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ",");
  return out;
}

}  // namespace

int report_curves(const std::vector<std::int64_t>& sizes) {
  std::vector<std::vector<Figure>> columns;
  for (const std::int64_t size : sizes) {
    Base base(size);
    columns.push_back(measure(base));
    std::fprintf(stderr, "%s customers measured\n", grouped(size).c_str());
  }
  std::printf("# Cost curves, %s\n\n%s; SQLite %s. Six bundles; in brackets the ratio to hand-written code.\n\n|",
              today().c_str(), machine().c_str(), sqlite3_libversion());
  for (const std::int64_t size : sizes) std::printf(" | %s customers", grouped(size).c_str());
  std::printf(" |\n|---|");
  for (std::size_t i = 0; i < sizes.size(); ++i) std::printf("---|");
  std::printf("\n");
  for (std::size_t row = 0; row < columns.front().size(); ++row) {
    std::printf("| %s", columns.front()[row].what.c_str());
    for (const std::vector<Figure>& column : columns) std::printf(" | %s", column[row].cost.c_str());
    std::printf(" |\n");
  }
  return 0;
}

int report_opening() {
  std::vector<std::string> bundles = kSixBundles;
  bundles.insert(bundles.end(), kFixtureBundles.begin(), kFixtureBundles.end());
  const TemporaryFolder home;
  const CoreFile what{home.path() / "crm.kith", bundles, ""};
  {
    Core core = open_core(what);
    OwnedSession session = core.session({.tenant = "default", .actor = "bench"});
    session.transact([](Session& tx) {
      for (int i = 0; i < 1'000; ++i)
        tx.create("customer", {{"kind", "person"}, {"name", "Customer " + std::to_string(i)}});
    });
    run_until_idle(core, session);
  }
  std::optional<Core> core;
  std::vector<double> times;
  for (int i = 0; i < 21; ++i) {
    core.reset();
    times.push_back(median_us(1, [&] { core.emplace(open_core(what)); }));
  }
  std::sort(times.begin(), times.end());
  std::printf("opening with %zu bundles on a warm file: %.1f ms (median of %zu, fastest %.1f)\n", bundles.size(),
              times[times.size() / 2] / 1e3, times.size(), times.front() / 1e3);
  return 0;
}

}  // namespace kith::bench
