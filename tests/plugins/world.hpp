// A core in a temporary folder with the shipped bundles and a clock that a test moves.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <kith/kith.hpp>

#include <atomic>
#include <boost/json.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kith::test {

// What "bundles" of a configuration says: the plugin and what it needs.
constexpr std::string_view kSales = R"({"sales": {}})";
constexpr std::string_view kInsight = R"({"sales": {}, "insight": {}})";

namespace json = boost::json;

inline constexpr std::int64_t kDay = 86'400'000'000;
inline constexpr std::string_view kEverything = R"({"sales": {}, "insight": {}, "retail": {}})";
inline constexpr std::string_view kFourVerticals =
    R"({"sales": {}, "insight": {}, "retail": {}, "b2b": {}, "finance": {}, "hospitality": {}})";

/// Noon UTC of a day.
Timestamp noon(int year, int month, int day);

class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class World {
  TemporaryFolder folder_;
  std::shared_ptr<std::atomic<std::int64_t>> clock_;

 public:
  /// `plugins` is that section of kith.json. The clock stands at noon of 2026-03-10 until it is moved.
  explicit World(std::string_view plugins = kEverything);
  /// With the clock fixed by kith.json, as for historical data.
  World(std::string_view plugins, std::string_view fixed_clock);
  /// On the database in a folder that outlives it.
  World(std::string_view plugins, const TemporaryFolder& home, Timestamp now);

  Core core;
  OwnedSession me;

  const std::filesystem::path& folder() const { return folder_.path(); }
  Timestamp now() const { return {clock_->load()}; }
  Timestamp ago(std::int64_t days) const { return {clock_->load() - days * kDay}; }
  Date day_ago(std::int64_t days) const { return {clock_->load() / kDay - days}; }
  void pass(std::int64_t days) { *clock_ += days * kDay; }
  /// Runs what is due until nothing is left at this now.
  void settle();

  Ref person(std::string_view name);
  /// An entry of the value ledger, made by hand. kind: revenue, return or cost.
  Ref entry(const Ref& customer, std::int64_t days_ago, std::string_view net, std::string_view kind = "revenue");
  Ref order(const Ref& customer, std::int64_t days_ago, std::string_view total, std::string_view kind = "sale");
  Ref contact(const Ref& customer, std::int64_t days_ago, std::string_view direction = "in");
  /// A customer's purchases: `count` on one day, worth `total` together.
  void purchases(const Ref& customer, std::int64_t days_ago, int count, std::string_view total);
  /// Five customers and the job insight.rfm. Afterwards a customer has
  ///   r_score 5 4 3 2 1 for a last purchase 10 20 30 40 50 days ago,
  ///   f_score 1 2 3 4 5 for 2 6 7 8 10 purchases,
  ///   m_score 1 2 3 4 5 for 100 200 300 400 500.
  void publish_scale();

  /// An expression over one record, as text; "" for null.
  std::string value(const Ref& record, std::string_view expression);
  bool holds(const Ref& record, std::string_view condition) { return value(record, condition) == "true"; }
  std::int64_t count(std::string_view type, std::string_view where = {});
  json::object run(std::string_view verb, const json::object& args = {});
  json::object run_job(std::string_view job, const json::object& args = {});
  /// Imports to the end; the last status.
  json::object import(const std::filesystem::path& file, const std::filesystem::path& mapping);
  /// Workflow runs of one workflow: their states.
  std::vector<std::string> runs_of(std::string_view workflow);
};

/// The points that a rule gave; fails the test when there is no such rule.
double points_of(const Explanation& explanation, std::string_view rule);
/// All reasons, adjustments included, added up.
double sum_of(const Explanation& explanation);

/// What `body` throws; fails the test and is empty when it throws nothing.
template <class Body>
Error failure_of(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {KITH_OK, ""};
}

}  // namespace kith::test
