#include "base.hpp"

#include <algorithm>

#include "../retail_day/day.hpp"
#include "../retail_day/hand/book.hpp"
#include "../retail_day/hand/schema.hpp"
#include "../retail_day/hand/shop.hpp"

namespace kith::bench {

Base::Base(std::int64_t customers) : customers_(customers) {
  write_day_files(folder_.path(), {.customers = customers, .orders = 0});
  const std::filesystem::path csv = folder_.path() / "customers.csv";
  {
    Database hand(hand_file());
    hand.run(hand::kSettings);
    for (const char* tables : {hand::kFacts, hand::kLogs, hand::kDerived}) hand.run(tables);
    hand::Book book(hand, kClock);
    const Stopwatch watch;
    hand::import_customers(hand, book, csv);
    import_hand_s = watch.seconds();
  }
  open();
  Stopwatch watch;
  import_file(*session_, csv, "customers.map.json");
  import_kith_s = watch.lap();
  run_until_idle(*core_, *session_);
  settle_s = watch.lap();
  constexpr std::int64_t kSome = 10'000;  // as many as the longest list has
  Statement find(raw(), "SELECT id, email FROM customer WHERE rid = ?");
  for (std::int64_t i = 0; i < kSome; ++i) {
    find.bind(i * 7'919 % customers + 1);
    if (!find.step()) continue;
    kith_id id{};
    std::copy_n(find.blob(0).data(), sizeof id.bytes, id.bytes);
    some_.emplace_back("customer", id);
    emails_.emplace_back(find.text(1));
    find.reset();
  }
}

void Base::open() {
  core_.emplace(open_core({file(), kSixBundles, std::string(kToday) + "T23:59:59Z"}));
  session_.emplace(core_->session({.tenant = "default", .actor = "bench"}));
  raw_.emplace(file(), SQLITE_OPEN_READONLY);
}

void Base::reopen() {
  raw_.reset();
  session_.reset();
  core_.reset();
  open();
}

double median_us(int runs, const std::function<void()>& body) {
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) {
    const Stopwatch watch;
    body();
    times.push_back(watch.seconds() * 1e6);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

}  // namespace kith::bench
