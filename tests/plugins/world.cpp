#include "plugins/world.hpp"

#include <stdlib.h>

#include <algorithm>
#include <chrono>

namespace kith::test {
namespace {

std::filesystem::path new_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "kith-plugins-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder " + pattern);
  return pattern;
}

std::string config_of(const std::filesystem::path& folder, std::string_view plugins, std::string_view fixed_clock) {
  json::object config;
  config["database"] = {{"url", "sqlite:" + (folder / "crm.kith").string()}, {"durability", "process"}};
  config["locale"] = {{"language", "en"}, {"currency", "USD"}, {"time_zone", "UTC"}};
  config["plugin_folders"] = json::array{KITH_PLUGIN_FOLDER};
  config["plugins"] = json::parse(plugins);
  config["log"] = {{"level", "warning"}};
  if (!fixed_clock.empty()) config["clock"] = "fixed:" + std::string(fixed_clock);
  return json::serialize(config);
}

Options options_of(std::string config, const std::shared_ptr<std::atomic<std::int64_t>>& clock) {
  Options options;
  options.config_json = std::move(config);
  if (clock) options.now_us = [clock] { return clock->load(); };
  return options;
}

}  // namespace

Timestamp noon(int year, int month, int day) {
  const auto date = std::chrono::sys_days(std::chrono::year(year) / month / day);
  return {date.time_since_epoch().count() * kDay + kDay / 2};
}

TemporaryFolder::TemporaryFolder() : path_(new_folder()) {}
TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

World::World(std::string_view plugins)
    : clock_(std::make_shared<std::atomic<std::int64_t>>(noon(2026, 3, 10).us)),
      core(Core::open(options_of(config_of(folder_.path(), plugins, {}), clock_))),
      me(core.session({.tenant = "default", .actor = "tester"})) {}

World::World(std::string_view plugins, std::string_view fixed_clock)
    : core(Core::open(options_of(config_of(folder_.path(), plugins, fixed_clock), nullptr))),
      me(core.session({.tenant = "default", .actor = "tester"})) {
  clock_ = std::make_shared<std::atomic<std::int64_t>>(me.now().us);
}

World::World(std::string_view plugins, const TemporaryFolder& home, Timestamp now)
    : clock_(std::make_shared<std::atomic<std::int64_t>>(now.us)),
      core(Core::open(options_of(config_of(home.path(), plugins, {}), clock_))),
      me(core.session({.tenant = "default", .actor = "tester"})) {}

void World::settle() {
  for (int turn = 0; turn < 600; ++turn) {
    const auto next = core.run_due(std::chrono::milliseconds(500));
    if (!next || *next > me.now()) return;
  }
  ADD_FAILURE() << "there is work without end";
}

Ref World::person(std::string_view name) { return me.create("customer", {{"kind", "person"}, {"name", name}}); }

Ref World::entry(const Ref& customer, std::int64_t days_ago, std::string_view net, std::string_view kind) {
  return me.create("insight.value_entry",
                   {{"customer", customer.text()}, {"occurred_on", day_ago(days_ago)}, {"kind", kind}, {"net", net}});
}

Ref World::order(const Ref& customer, std::int64_t days_ago, std::string_view total, std::string_view kind) {
  return me.create("retail.order",
                   {{"customer", customer.text()}, {"ordered_at", ago(days_ago)}, {"kind", kind}, {"total", total}});
}

Ref World::contact(const Ref& customer, std::int64_t days_ago, std::string_view direction) {
  return me.create(
      "interaction",
      {{"customer", customer.text()}, {"channel", "chat"}, {"direction", direction}, {"at", ago(days_ago)}});
}

void World::purchases(const Ref& customer, std::int64_t days_ago, int count, std::string_view total) {
  constexpr int together = 500;  // a transaction has a deadline
  for (int first = 0; first < count; first += together)
    me.transact([&](Session&) {
      for (int i = first; i < std::min(count, first + together); ++i) entry(customer, days_ago, i == 0 ? total : "0");
    });
}

void World::publish_scale() {
  for (int i = 1; i <= 5; ++i) purchases(person("Scale " + std::to_string(i)), 10 * i, 2 * i, std::to_string(100 * i));
  settle();
  run_job("insight.rfm");
  settle();
}

std::string World::value(const Ref& record, std::string_view expression) {
  Rows rows = me.get(record, {expression});
  const auto row = rows.next();
  return row ? (*row)[0].str() : "no such record";
}

json::object World::run(std::string_view verb, const json::object& args) {
  return json::parse(me.run(verb, json::serialize(args))).as_object();
}

std::int64_t World::count(std::string_view type, std::string_view where) {
  json::object args{{"type", type}};
  if (!where.empty()) args["where"] = where;
  return run("count", args).at("count").as_int64();
}

json::object World::run_job(std::string_view job, const json::object& args) {
  return run("job.run", {{"job", job}, {"args", args}});
}

json::object World::import(const std::filesystem::path& file, const std::filesystem::path& mapping) {
  json::object status =
      run("import.begin",
          {{"file", file.string()}, {"map", mapping.string()}, {"reject_file", (folder() / "rejects.csv").string()}});
  const json::value run_id = status.at("run");
  while (status.at("state").as_string() == "running") status = run("import.step", {{"run", run_id}});
  return status;
}

std::vector<std::string> World::runs_of(std::string_view workflow) {
  std::vector<std::string> states;
  const json::object answer = run("queue", {{"limit", 10'000}});
  for (const json::value& one : answer.at("runs").as_array())
    if (one.at("workflow").as_string() == workflow) states.emplace_back(one.at("state").as_string());
  return states;
}

double points_of(const Explanation& explanation, std::string_view rule) {
  for (const Reason& reason : explanation.reasons)
    if (reason.rule == rule) return reason.points;
  ADD_FAILURE() << "no reason of rule " << rule;
  return 0;
}

double sum_of(const Explanation& explanation) {
  double sum = 0;
  for (const Reason& reason : explanation.reasons) sum += reason.points;
  return sum;
}

}  // namespace kith::test
