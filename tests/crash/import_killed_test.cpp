// kill -9 in the middle of an import, at random moments.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <random>
#include <set>

#include "lib/workspace.hpp"

namespace kith::test {
namespace {

using std::chrono::microseconds;

constexpr const char* kClock = "fixed:2026-06-30T23:59:59Z";
constexpr const char* kBatch = "100";

struct File {
  std::string name, mapping;
};
const std::vector<File> kFiles = {{"customers.csv", std::string(KITH_SOURCE_DIR) + "/examples/shop/customers.map.json"},
                                  {"orders.csv", std::string(KITH_SOURCE_DIR) + "/examples/shop/orders.map.json"}};

long from_environment(const char* name, long otherwise) {
  const char* text = std::getenv(name);
  return text && *text ? std::atol(text) : otherwise;
}

std::vector<std::string> import_words(const File& file) {
  return {"import", file.name, "--map", file.mapping, "--batch", kBatch};
}

// The N of the last whole "committed N" line.
long acknowledged(const std::string& err) {
  long last = 0;
  std::size_t at = 0;
  for (std::size_t end = err.find('\n'); end != std::string::npos; at = end + 1, end = err.find('\n', at))
    if (err.compare(at, 10, "committed ") == 0) last = std::atol(err.c_str() + at + 10);
  return last;
}

// The lines of the rejected rows, as the reject file names them.
std::set<long> rejected_lines(const std::string& rejects) {
  const std::vector<std::string> lines = lines_of(rejects);
  std::set<long> out;
  if (lines.empty()) return out;
  const auto column = static_cast<std::size_t>(
      std::count(lines[0].begin(), lines[0].begin() + static_cast<std::ptrdiff_t>(lines[0].find("_line")), ','));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::size_t at = 0;
    for (std::size_t c = 0; c < column && at != std::string::npos; ++c) at = lines[i].find(',', at) + 1;
    out.insert(std::atol(lines[i].c_str() + at));
  }
  return out;
}

class KilledImportTest : public ::testing::Test {
 protected:
  // An import that nobody disturbs: what the others have to end with, and how long it takes.
  static void SetUpTestSuite() {
    reference_ = new Workspace;
    make_data(*reference_);
    for (const File& file : kFiles) {
      const auto began = std::chrono::steady_clock::now();
      const Outcome outcome = reference_->kith(import_words(file));
      ASSERT_EQ(outcome.exit, 1) << outcome.err;  // some rows are wrong on purpose
      durations_.push_back(std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - began));
      rejected_.push_back(rejected_lines(reference_->read(file.name + ".rejects.csv")));
    }
    settle(*reference_);
    state_ = state(*reference_);
    ASSERT_GT(state_.size(), 1'000U);
  }
  static void TearDownTestSuite() { delete reference_; }

  static void make_data(const Workspace& here) {
    here.init({"retail"}, kClock);
    const Outcome made = run_program(
        {KITH_DEMO_DATA, "--out", here.path(), "--customers", "1000", "--orders", "2800", "--end", "2026-06-30"});
    if (made.exit != 0) throw std::runtime_error(made.err);
  }
  static void settle(const Workspace& here) {
    const Outcome due = here.kith({"run-due", "--until-idle"});
    EXPECT_EQ(due.exit, 0) << due.err;
  }
  // Everything that two histories must agree on.
  static std::vector<std::string> state(const Workspace& here) {
    const std::vector<std::vector<std::string>> exports = {
        {"customer",
         "external_ids,name,given_name,family_name,email,phone,language,lifecycle,retail.preferred_channel,"
         "retail.net_orders_12m,retail.net_spend_12m,retail.returns_12m,retail.last_order_at,insight.net_value,insight."
         "value_count"},
        {"retail.order", "external_ids,customer.email,ordered_at,kind,channel,category,total"},
        {"insight.value_entry", "customer.email,occurred_on,kind,category,net,units"},
        {"contact_point", "customer.email,kind,value,primary"}};
    std::vector<std::string> all;
    for (const auto& one : exports) {
      const Outcome outcome = here.kith({"export", one[0], "--select", one[1]});
      EXPECT_EQ(outcome.exit, 0) << outcome.err;
      std::vector<std::string> lines = lines_of(outcome.out);
      if (!lines.empty()) lines.erase(lines.begin());
      std::sort(lines.begin(), lines.end());
      for (std::string& line : lines) all.push_back(one[0] + ": " + line);
    }
    return all;
  }
  static long count(const Workspace& here, const std::string& type, const std::string& where) {
    const Outcome outcome = here.kith({"count", type, "--where", where});
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    return std::atol(outcome.out.c_str());
  }
  // Rows among the first `rows` that are right: line 1 is the header.
  static long right_rows(std::size_t file, long rows) {
    return rows -
           std::count_if(rejected_[file].begin(), rejected_[file].end(), [&](long line) { return line <= rows + 1; });
  }

  void kill_and_resume(std::size_t victim, microseconds moment) {
    const Workspace here;
    make_data(here);
    for (std::size_t i = 0; i < victim; ++i) ASSERT_EQ(here.kith(import_words(kFiles[i])).exit, 1);
    ProgramOptions kill;
    kill.meanwhile = [&](const std::string&, microseconds passed) { return passed >= moment ? SIGKILL : 0; };
    const Outcome killed = here.kith(import_words(kFiles[victim]), kill);
    const long rows = acknowledged(killed.err);

    const Outcome doctor = here.kith({"doctor", "--integrity"});
    EXPECT_EQ(doctor.exit, 0) << doctor.out << doctor.err;
    const std::string type = victim == 0 ? "customer" : "retail.order";
    EXPECT_GE(count(here, type, "true"), right_rows(victim, rows)) << "acknowledged: " << rows;
    EXPECT_EQ(count(here, "retail.order", "customer.name == null"), 0);

    for (std::size_t i = victim; i < kFiles.size(); ++i) {
      std::vector<std::string> words = import_words(kFiles[i]);
      if (i == victim) words.insert(words.end(), {"--resume", "auto"});
      const Outcome rest = here.kith(words);
      ASSERT_EQ(rest.exit, 1) << rest.err;
      EXPECT_EQ(rejected_lines(here.read(kFiles[i].name + ".rejects.csv")), rejected_[i]);
    }
    settle(here);
    const std::vector<std::string> now = state(here);
    EXPECT_EQ(now.size(), state_.size());
    EXPECT_TRUE(now == state_) << first_difference(now);
  }

  static std::string first_difference(const std::vector<std::string>& now) {
    const auto [a, b] = std::mismatch(now.begin(), now.end(), state_.begin(), state_.end());
    return "found    " + (a == now.end() ? std::string("the end") : *a) + "\nexpected " +
           (b == state_.end() ? std::string("the end") : *b);
  }

  static inline Workspace* reference_ = nullptr;
  static inline std::vector<microseconds> durations_;
  static inline std::vector<std::set<long>> rejected_;
  static inline std::vector<std::string> state_;
};

TEST_F(KilledImportTest, KeepsWhatItAcknowledgedAndResumesToTheSameEnd) {
  const long runs = from_environment("KITH_CRASH_RUNS", 3);
  const long seed = from_environment("KITH_CRASH_SEED", static_cast<long>(std::random_device{}() & 0x7fffffff));
  std::printf("KITH_CRASH_SEED=%ld, %ld runs\n", seed, runs);
  std::mt19937_64 random(static_cast<std::uint64_t>(seed));
  for (long run = 0; run < runs && !HasFailure(); ++run) {
    const std::size_t victim = random() % 4 == 0 ? 0 : 1;  // the longer import is hit more often
    const microseconds moment(static_cast<long>(random() % static_cast<std::uint64_t>(durations_[victim].count())));
    SCOPED_TRACE("run " + std::to_string(run) + ": " + kFiles[victim].name + " killed after " +
                 std::to_string(moment.count()) + " us");
    kill_and_resume(victim, moment);
  }
}

}  // namespace
}  // namespace kith::test
