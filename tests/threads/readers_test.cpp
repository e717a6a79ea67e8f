// A row is read in one snapshot: whatever is written meanwhile, a derived value is that of the facts beside it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <kith/kith.hpp>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <random>
#include <thread>

#include "unit/core/world.hpp"

namespace kith_test {
namespace {

using namespace std::chrono_literals;

#ifdef __SANITIZE_THREAD__
constexpr std::int64_t kShort = 20'000;
#else
constexpr std::int64_t kShort = 100'000;
#endif
constexpr std::int64_t kFull = 1'000'000;
constexpr int kCustomers = 300;
constexpr std::int64_t kLetters = 40;  ///< most of a name

std::int64_t rows_to_look_at() {
  const char* full = std::getenv("KITH_FULL");
  return full && *full == '1' ? kFull : kShort;
}

std::string letters(std::int64_t count) { return std::string(static_cast<std::size_t>(count), 'x'); }

/// A core with customers, and threads that use it until enough rows were looked at.
class Threads {
 public:
  Threads() {
    kith::OwnedSession session = core_.session({.actor = "maker"});
    session.transact([&](kith::Session& tx) {
      customers_.clear();
      for (int i = 0; i < kCustomers; ++i) {
        customers_.push_back(person(tx, letters(i % kLetters + 1)));
        tasks_.push_back(tx.create("task", {{"title", "t"}, {"customer", tx.value(customers_.back())}}));
      }
    });
  }

  kith::Core& core() { return core_; }
  const std::vector<kith::Ref>& customers() const { return customers_; }
  const std::vector<kith::Ref>& tasks() const { return tasks_; }

  /// Calls body(session, random) again and again on a thread of its own. What it throws ends the test.
  template <class Body>
  void repeat(Body body) {
    const auto seed = static_cast<unsigned>(threads_.size());
    threads_.emplace_back([this, body, seed] {
      try {
        kith::OwnedSession session = core_.session({.actor = "thread " + std::to_string(seed)});
        for (std::mt19937_64 random{seed}; !enough();) body(session, random);
      } catch (const std::exception& error) {
        complain(error.what());
      }
    });
  }
  void looked_at(std::int64_t rows) { looked_ += rows; }
  void complain(std::string what) {
    const std::lock_guard lock(guard_);
    ++wrong_;
    if (complaints_.size() < 5) complaints_.push_back(std::move(what));
  }
  /// Waits for all of them; what was wrong, the first few.
  std::vector<std::string> complaints() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    if (wrong_ > 5) complaints_.push_back(std::to_string(wrong_) + " of " + std::to_string(looked_) + " rows");
    return complaints_;
  }
  std::int64_t looked() const { return looked_; }

 private:
  bool enough() {
    const std::lock_guard lock(guard_);
    return looked_ >= rows_to_look_at() || wrong_ > 100;
  }
  World world_;
  kith::Core core_ = world_.open(R"(, "plugin_folders": [")" KITH_TEST_PLUGINS
                                 R"("], "plugins": {"lengths": {}}, "log": {"level": "error"})");
  std::vector<kith::Ref> customers_, tasks_;
  std::vector<std::thread> threads_;
  std::atomic<std::int64_t> looked_{0};
  std::mutex guard_;
  std::int64_t wrong_ = 0;
  std::vector<std::string> complaints_;
};

/// Row after row of a result: the columns are a name, its letters, and whether it is long.
void look_at(Threads& threads, kith::Rows rows, const char* where) {
  std::int64_t seen = 0;
  while (const auto row = rows.next()) {
    ++seen;
    const auto size = static_cast<std::int64_t>((*row)[0].text().size());
    if ((*row)[1].is_null() || (*row)[1].integer() != size || (*row)[2].boolean() != (size > 20))
      threads.complain(std::string(where) + ": a name of " + std::to_string(size) + " letters beside " +
                       (*row)[1].str() + ", long " + (*row)[2].str());
  }
  threads.looked_at(seen);
}

void write_names(Threads& threads) {
  threads.repeat([&threads](kith::Session& session, std::mt19937_64& random) {
    const auto at = random() % threads.customers().size();
    session.update(threads.customers()[at], {{"name", letters(static_cast<std::int64_t>(random() % kLetters) + 1)}});
  });
}
void write_in_transactions(Threads& threads) {
  threads.repeat([&threads](kith::Session& session, std::mt19937_64& random) {
    session.transact([&](kith::Session& tx) {
      for (int i = 0; i < 5; ++i) {
        const auto at = random() % threads.customers().size();
        tx.update(threads.customers()[at], {{"name", letters(static_cast<std::int64_t>(random() % kLetters) + 1)}});
        tx.update(threads.tasks()[at], {{"title", letters(static_cast<std::int64_t>(random() % kLetters) + 1)}});
      }
    });
  });
}
void do_due_work(Threads& threads) {
  threads.repeat([&threads](kith::Session&, std::mt19937_64&) { threads.core().run_due(20ms); });
}

kith::Query names(kith::Session& session) {
  return session.query("customer").select({"name", "lengths.name_size", "lengths.long_named"}).limit(100'000);
}

TEST(ReadersTest, ListsShowDerivedValuesOfTheSameRow) {
  Threads threads;
  write_names(threads);
  write_in_transactions(threads);
  do_due_work(threads);
  for (int reader = 0; reader < 2; ++reader)
    threads.repeat([&](kith::Session& session, std::mt19937_64&) { look_at(threads, names(session).run(), "list"); });
  EXPECT_THAT(threads.complaints(), testing::IsEmpty());
  EXPECT_GE(threads.looked(), rows_to_look_at());
}

TEST(ReadersTest, FiltersAndOrdersGoByDerivedValuesOfTheSameRow) {
  Threads threads;
  write_names(threads);
  write_in_transactions(threads);
  do_due_work(threads);
  threads.repeat([&](kith::Session& session, std::mt19937_64& random) {
    const auto least = static_cast<std::int64_t>(random() % kLetters);
    kith::Rows rows = names(session).where("lengths.name_size > $least", {{"least", least}}).run();
    std::int64_t seen = 0;
    for (; const auto row = rows.next(); ++seen) {
      const auto size = static_cast<std::int64_t>((*row)[0].text().size());
      if (size <= least || (*row)[1].integer() != size)
        threads.complain("filter: " + std::to_string(size) + " letters beside " + (*row)[1].str() +
                         " where more than " + std::to_string(least) + " were asked for");
    }
    threads.looked_at(seen);
  });
  threads.repeat([&](kith::Session& session, std::mt19937_64&) {
    kith::Rows rows = names(session).order_by("lengths.name_size desc").limit(50).run();
    std::int64_t seen = 0, before = kLetters;
    for (; const auto row = rows.next(); ++seen) {
      const auto size = static_cast<std::int64_t>((*row)[0].text().size());
      if (size > before || (*row)[1].integer() != size)
        threads.complain("order: " + std::to_string(size) + " letters beside " + (*row)[1].str() + " behind " +
                         std::to_string(before));
      before = size;
    }
    threads.looked_at(seen);
  });
  EXPECT_THAT(threads.complaints(), testing::IsEmpty());
}

TEST(ReadersTest, SingleRecordsShowDerivedValuesOfTheSameInstant) {
  Threads threads;
  write_names(threads);
  write_in_transactions(threads);
  do_due_work(threads);
  threads.repeat([&](kith::Session& session, std::mt19937_64& random) {
    // One at a time: as many as a list would show in one go are enough.
    const auto at = random() % threads.customers().size();
    look_at(threads, session.get(threads.customers()[at], {"name", "lengths.name_size", "lengths.long_named"}), "get");
    threads.looked_at(9);
  });
  EXPECT_THAT(threads.complaints(), testing::IsEmpty());
}

// What the readers above would miss if every value came late: in the end all is as the facts say.
TEST(ReadersTest, WhenTheWritersRestEverythingIsSettled) {
  Threads threads;
  write_in_transactions(threads);
  do_due_work(threads);
  threads.repeat([&](kith::Session& session, std::mt19937_64&) { look_at(threads, names(session).run(), "list"); });
  EXPECT_THAT(threads.complaints(), testing::IsEmpty());
  kith::OwnedSession session = threads.core().session({.actor = "auditor"});
  while (const auto next = threads.core().run_due(500ms))
    if (*next > session.now()) break;
  std::int64_t wrong = 0;
  for (const auto row : session.query("task").select({"title", "customer.lengths.task_letters"}).limit(100'000))
    wrong += static_cast<std::int64_t>(row[0].text().size()) == row[1].integer() ? 0 : 1;
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace kith_test
