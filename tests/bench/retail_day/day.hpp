// A day of a shop: its customers and orders are imported, posted to the ledger, derived from and scored. Once by the
// product through its public C++ API with the shipped bundles, once by a program written by hand on plain SQLite.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kith::bench {

/// The day that both sides take for today, and its last second as their clock.
inline constexpr const char* kToday = "2026-06-30";
inline constexpr std::int64_t kTodayDays = 20'634;
inline constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
inline constexpr std::int64_t kClock = (kTodayDays + 1) * kMicrosPerDay - 1'000'000;

/// How large a shop. Its first customer is an account that has a twelfth of all orders.
struct DaySize {
  std::int64_t customers = 2'000, orders = 12'000;
};

/// customers.csv and orders.csv of this size, without mistakes, in the columns of examples/shop. The same size gives
/// the same bytes.
void write_day_files(const std::filesystem::path& folder, DaySize size);

/// What one side took.
struct DayCost {
  double import_s = 0;        ///< both files
  double due_s = 0;           ///< what follows from them: ledger, derived values, transitions
  double rfm_s = 0;           ///< the RFM bounds, and what follows from those
  double close_s = 0;         ///< until the file is closed and checkpointed
  double cpu_s = 0;           ///< of all that, on processors
  std::int64_t peak_kib = 0;  ///< VmHWM
  std::int64_t file_bytes = 0;
  double total_s() const { return import_s + due_s + rfm_s + close_s; }
};

/// Each makes its database in `folder`, beside the files, and closes it.
DayCost run_product_day(const std::filesystem::path& folder);
DayCost run_hand_day(const std::filesystem::path& folder);

/// Lines of text by table, sorted: what has to be alike on both sides.
using DayTables = std::map<std::string, std::vector<std::string>>;
DayTables product_tables(const std::filesystem::path& folder);
DayTables hand_tables(const std::filesystem::path& folder);

/// Prints both sides and their ratios: medians of `runs` interleaved runs, each in a process of its own.
int report_day(DaySize size, int runs);
/// Prints the statements of one side that took longest: how often each ran, and what it cost SQLite.
int report_day_statements(DaySize size, bool ours);

}  // namespace kith::bench
