// testing.hpp - test a plugin as its users meet it: a core in a temporary file with the plugin loaded, a clock that the
// test moves, and the events that a host would get. Header-only over kith.hpp and GoogleTest; link kith::core. Since
// 0.1.
//
//   class RetailTest : public kith::testing::PluginTest {
//    protected:
//     RetailTest() : PluginTest({.plugins = {{"sales"}, {"retail", R"({"lapse_days": 200})"}}}) {}
//   };
//   TEST_F(RetailTest, CountsOrdersOfAYear) {
//     const kith::Ref ada = me().create("customer", {{"kind", "person"}, {"name", "Ada Li"}});
//     me().create("retail.order", {{"customer", ada.text()}, {"placed_at", now()}, {"total", "12.50"}});
//     EXPECT_EQ(value(ada, "retail.net_orders_12m"), "1");
//     pass(std::chrono::hours(24 * 366));
//     EXPECT_EQ(value(ada, "retail.net_orders_12m"), "0");
//   }
//
// Define KITH_TEST_PLUGIN_FOLDER as the folder that holds the bundles, or name folders in CoreSetup. With
// kith_add_plugin:
//   target_compile_definitions(my_test PRIVATE KITH_TEST_PLUGIN_FOLDER="${CMAKE_BINARY_DIR}/plugins")
#pragma once
#include <gtest/gtest.h>
#include <kith/kith.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::testing {

/// One plugin of the core under test, by id, with its settings as a JSON object.
struct WithPlugin {
  std::string id;
  std::string settings = "{}";
};

/// What the core of a test is opened with.
struct CoreSetup {
  std::vector<WithPlugin> plugins;
  std::vector<std::string> folders{};  ///< of bundles; empty: KITH_TEST_PLUGIN_FOLDER
  std::string currency = "EUR";
  std::string time_zone = "UTC";
  std::string language = "en";
  Timestamp start{1'772'884'800'000'000};  ///< 2026-03-07T12:00:00Z
};

/// What the host was told, in order.
struct SeenEvent {
  std::string name, record, payload_json;
  Timestamp at;
};

namespace detail {

/// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::random_device random;
    do {
      path_ = std::filesystem::temp_directory_path() / ("kith_test_" + std::to_string(random()));
    } while (!std::filesystem::create_directory(path_));
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

inline std::string config_json(const CoreSetup& setup, const std::string& database) {
  std::vector<std::string> folders = setup.folders;
#ifdef KITH_TEST_PLUGIN_FOLDER
  if (folders.empty()) folders.emplace_back(KITH_TEST_PLUGIN_FOLDER);
#endif
  std::string listed, plugins;
  for (const std::string& folder : folders) listed += (listed.empty() ? "" : ", ") + json_text(folder);
  for (const WithPlugin& plugin : setup.plugins)
    plugins += (plugins.empty() ? "" : ", ") + json_text(plugin.id) + ": {\"settings\": " + plugin.settings + "}";
  return "{\"database\": {\"url\": " + json_text("sqlite:" + database) +
         ", \"durability\": \"process\"}, \"locale\": {\"language\": " + json_text(setup.language) +
         ", \"currency\": " + json_text(setup.currency) + ", \"time_zone\": " + json_text(setup.time_zone) +
         "}, \"plugin_folders\": [" + listed + "], \"plugins\": {" + plugins + "}}";
}

}  // namespace detail

/// A fixture with a core of its own. A plugin that is refused fails the test with the refusal as its text.
class PluginTest : public ::testing::Test {
 protected:
  explicit PluginTest(const CoreSetup& setup)
      : clock_(std::make_shared<std::atomic<std::int64_t>>(setup.start.us)),
        core_(open(setup)),
        me_(core_.session({"default", "tester"})) {}

  Core& core() { return core_; }
  OwnedSession& me() { return me_; }
  /// Another actor.
  OwnedSession session(std::string_view actor) { return core_.session({"default", actor}); }

  Timestamp now() const { return {clock_->load()}; }
  /// Time goes on by this much and nobody works: call run_due() for what is due.
  template <class Rep, class Period>
  void pass(std::chrono::duration<Rep, Period> time) {
    *clock_ += std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  }
  /// Workflows, retries and derivations, until nothing is left at this now.
  void run_due() {
    std::optional<Timestamp> next;
    do {
      next = core_.run_due(std::chrono::seconds(10));
    } while (next && next->us <= clock_->load());
  }

  /// A member of a record as a person would read it, derivations fresh; "" for null.
  std::string value(const Ref& record, std::string_view member) {
    Rows rows = me_.get(record, {member});
    const auto row = rows.next();
    return row ? (*row)[0].str() : std::string();
  }
  /// How many records of the type the condition holds for.
  std::size_t count(std::string_view type, std::string_view where = {}) {
    std::size_t found = 0;
    std::string after;
    do {
      Query query = me_.query(type);
      if (!where.empty()) query.where(where);
      if (!after.empty()) query.after(after);
      Rows rows = query.select({"id"}).limit(kPage).run();
      std::size_t page = 0;
      while (rows.next()) ++page;
      found += page;
      after = page == kPage ? rows.cursor() : std::string();
    } while (!after.empty());
    return found;
  }
  /// Runs a job to its end; the answer in JSON.
  std::string run_job(std::string_view name, std::string_view args_json = "{}") {
    return me_.run("job.run", "{\"job\": " + detail::json_text(name) + ", \"args\": " + std::string(args_json) + "}");
  }
  /// Events that workflows and sessions emitted since the last call, oldest first.
  std::vector<SeenEvent> emitted() {
    std::vector<SeenEvent> out;
    for (;;) {
      Rows rows = core_.events_next("kith_testing", kPage);
      std::int64_t last = -1;
      while (const auto row = rows.next()) {
        last = (*row)["position"].integer();
        if ((*row)["kind"].str() == "emitted")
          out.push_back(
              {(*row)["name"].str(), (*row)["record"].str(), (*row)["payload"].str(), (*row)["at"].timestamp()});
      }
      if (last < 0) return out;
      core_.events_ack("kith_testing", last);
    }
  }

 private:
  static constexpr std::uint32_t kPage = 500;

  Core open(const CoreSetup& setup) {
    Options options;
    options.config_json = detail::config_json(setup, folder_.file("test.kith"));
    options.now_us = [clock = clock_] { return clock->load(); };
    return Core::open(std::move(options));
  }

  detail::Folder folder_;
  std::shared_ptr<std::atomic<std::int64_t>> clock_;
  Core core_;
  OwnedSession me_;
};

}  // namespace kith::testing
