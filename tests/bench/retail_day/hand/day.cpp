#include "../day.hpp"

#include <optional>

#include "../../lib/process.hpp"
#include "accounts.hpp"
#include "schema.hpp"

namespace kith::bench {

DayCost run_hand_day(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "hand.db";
  DayCost cost;
  std::optional<Database> database(std::in_place, file);
  database->run(hand::kSettings);
  for (const char* tables : {hand::kFacts, hand::kLogs, hand::kDerived}) database->run(tables);
  std::optional<hand::Book> book(std::in_place, *database, kClock);
  const double cpu = cpu_seconds();
  Stopwatch watch;
  hand::import_customers(*database, *book, folder / "customers.csv");
  hand::import_orders(*database, *book, folder / "orders.csv");
  cost.import_s = watch.lap();
  hand::post_orders(*database, *book);
  hand::settle_all(*database, *book);
  cost.due_s = watch.lap();
  hand::publish_rfm(*database, *book, kTodayDays);
  cost.rfm_s = watch.lap();
  database->run("PRAGMA wal_checkpoint(TRUNCATE)");
  book.reset();
  database.reset();
  cost.close_s = watch.lap();
  cost.cpu_s = cpu_seconds() - cpu;
  cost.peak_kib = peak_kib();
  cost.file_bytes = database_bytes(file);
  return cost;
}

}  // namespace kith::bench
