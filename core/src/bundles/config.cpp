#include "bundles/config.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <filesystem>

#include "base/problem/limits.hpp"
#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "base/value/money.hpp"
#include "bundles/config_keys.hpp"
#include "catalog/manifest/shape.hpp"

namespace kith::internal::bundles {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.get_string().data(), value.get_string().size()) : std::string();
}

/// Reads values whose shape was checked before; what is missing or wrong reads as the default, so that every other
/// problem is found in the same run.
class ConfigReader {
 public:
  ConfigReader(Config& config, const JsonDocument& document) : config_(config), document_(document) {}

  void read() {
    catalog::check_shape(document_, document_.root(), "", config_table(), problems_);
    if (document_.root().is_object()) {
      read_database();
      read_locale();
      read_folders();
      config_.open_without = text("/on_error") == "open_without";
      read_plugins();
      read_tenants();
      read_clock();
      read_file_mode();
      read_clock_step();
      read_log();
      read_history();
    }
    problems_.throw_if_any();
  }

 private:
  const json::value* find(const std::string& pointer) const {
    boost::system::error_code missing;
    return document_.root().find_pointer(pointer, missing);
  }
  std::string text(const std::string& pointer, std::string otherwise = {}) const {
    const json::value* value = find(pointer);
    return value && value->is_string() ? text_of(*value) : otherwise;
  }
  std::string_view text_view(const std::string& pointer) const {
    const json::value* value = find(pointer);
    return value && value->is_string() ? std::string_view(value->get_string().data(), value->get_string().size())
                                       : std::string_view();
  }
  std::string absolute(const std::string& path) const {
    return (fs::path(config_.folder) / path).lexically_normal().string();
  }
  void bad(const std::string& pointer, std::string message, std::string expected, std::string fix = {},
           ProblemNumber number = ProblemNumber::bad_value) {
    Problem problem;
    problem.number = number;
    problem.message = std::move(message);
    problem.where = document_.place(pointer);
    problem.expected = std::move(expected);
    if (const json::value* value = find(pointer); value && !value->is_object()) problem.found = json::serialize(*value);
    problem.fix = std::move(fix);
    problems_.add(std::move(problem));
  }

  bool within(Limit limit, const std::string& pointer, std::size_t found) {
    if (found <= most_of(limit)) return true;
    Problem problem = limit_problem(limit, grouped_digits(found) + " " + std::string(facts_of(limit).unit));
    problem.where = document_.place(pointer);
    problems_.add(std::move(problem));
    return false;
  }

  void read_database() {
    config_.survive_power_loss = text("/database/durability", "power_loss") == "power_loss";
    config_.migrate_auto = text("/database/migrate", "auto") == "auto";
    read_count("/database/cache_mb", config_.cache_mb);
    const std::string url = text("/database/url");
    if (url.empty()) {
      if (const json::value* value = find("/database/url"); value && value->is_string())
        bad("/database/url", "the database's url is empty", "\"sqlite:\" and the path of a file");
      return;
    }
    constexpr std::string_view scheme = "sqlite:";
    if (url.starts_with("postgres")) {
      bad("/database/url", "PostgreSQL is not supported by kith " + std::string(catalog::kith_version()),
          "\"sqlite:\" and the path of a file", "use sqlite, or a later version of kith",
          ProblemNumber::storage_unsupported);
    } else if (!url.starts_with(scheme) || url.size() == scheme.size()) {
      bad("/database/url", "the database's url is not understood", "\"sqlite:\" and the path of a file",
          "write \"sqlite:data/crm.kith\"; the path is relative to the folder of this file");
    } else if (url == "sqlite::memory:") {
      config_.database_url = url;
    } else {
      config_.database_url = std::string(scheme) + absolute(url.substr(scheme.size()));
    }
  }

  void read_locale() {
    catalog::CatalogConfig& locale = config_.locale;
    locale.language = text("/locale/language", locale.language);
    locale.currency = text("/locale/currency", locale.currency);
    locale.time_zone = text("/locale/time_zone", locale.time_zone);
    locale.phone_region = text("/locale/phone_region", locale.phone_region);
    if (!catalog::is_language_tag(locale.language))
      bad("/locale/language", "the language is not understood", "a language tag such as \"en\" or \"zh\"");
    if (!currency_of(locale.currency))
      bad("/locale/currency", "the currency is not known", "an ISO 4217 code such as \"EUR\" or \"CNY\"");
    if (!is_time_zone(locale.time_zone))
      bad("/locale/time_zone", "the time zone is not known", "an IANA name such as \"Asia/Shanghai\", or \"UTC\"");
    const std::string& region = locale.phone_region;
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (!region.empty() && (region.size() != 2 || !is_upper(region[0]) || !is_upper(region[1])))
      bad("/locale/phone_region", "the phone region is not understood",
          "an ISO 3166-1 code in capitals such as \"CN\"");
  }

  void read_folders() {
    const json::value* folders = find("/plugin_folders");
    if (!folders || !folders->is_array()) return;
    std::size_t index = 0;
    for (const json::value& folder : folders->get_array()) {
      const std::string pointer = pointer_join("/plugin_folders", index++);
      if (!folder.is_string()) continue;
      if (folder.get_string().empty())
        bad(pointer, "a plugin folder is empty", "a path", "write \".\" for the folder of this file");
      else
        config_.plugin_folders.push_back(absolute(text_of(folder)));
    }
  }

  void read_plugins() {
    const json::value* plugins = find("/plugins");
    if (!plugins) return;
    if (!plugins->is_object()) {
      bad("/plugins", "\"plugins\" has the wrong type", "an object by plugin id: {\"retail\": {\"version\": \"^0.1\"}}",
          {}, ProblemNumber::wrong_type);
      return;
    }
    if (!within(Limit::plugins, "/plugins", plugins->get_object().size())) return;
    for (const auto& [key, entry] : plugins->get_object()) read_plugin(std::string(key), entry);
    if (!config_.plugins.empty() && !find("/plugin_folders"))
      bad("/plugins", "plugins are asked for, but there is no \"plugin_folders\"",
          "a list of folders that hold bundles", "add \"plugin_folders\": [\"plugins\"]", ProblemNumber::missing_key);
  }

  void read_plugin(const std::string& id, const json::value& entry) {
    const std::string pointer = pointer_join("/plugins", id);
    if (!is_identifier(id)) {
      Problem problem;
      problem.number = ProblemNumber::bad_name;
      problem.message = "'" + id + "' can't be a plugin's id";
      problem.where = document_.key_place(pointer);
      problem.expected = "a-z, 0-9 and _, beginning with a letter; a plugin is named by its id, never by a path";
      problem.fix = "write the id of a bundle in one of the plugin folders";
      problems_.add(std::move(problem));
      return;
    }
    catalog::check_shape(document_, entry, pointer, plugin_config_table(), problems_);
    PluginConfig plugin;
    plugin.place = document_.key_place(pointer);
    plugin.version = text(pointer + "/version", plugin.version);
    const std::string on_error = text(pointer + "/on_error");
    plugin.open_without = on_error.empty() ? config_.open_without : on_error == "open_without";
    if (const json::value* enabled = find(pointer + "/enabled"))
      plugin.enabled = !enabled->is_bool() || enabled->get_bool();
    if (const json::value* settings = find(pointer + "/settings")) {
      plugin.settings_pointer = pointer + "/settings";
      if (!settings->is_object())
        bad(plugin.settings_pointer, "the settings of " + id + " have the wrong type", "an object: {\"name\": value}",
            {}, ProblemNumber::wrong_type);
      else if (plugin.enabled)
        config_.locale.settings[id] = {&document_, plugin.settings_pointer};
    }
    config_.plugins.emplace(id, std::move(plugin));
  }

  void read_tenants() {
    const json::value* tenants = find("/tenants");
    if (tenants && !tenants->is_object()) {
      bad("/tenants", "\"tenants\" has the wrong type", "an object by tenant id: {\"acme\": {}}", {},
          ProblemNumber::wrong_type);
    } else if (tenants && within(Limit::tenants, "/tenants", tenants->get_object().size())) {
      for (const auto& [key, entry] : tenants->get_object()) {
        const std::string id(key);
        const std::string pointer = pointer_join("/tenants", id);
        if (!is_identifier(id))
          bad(pointer, "'" + id + "' can't be a tenant's id", "a-z, 0-9 and _, beginning with a letter", {},
              ProblemNumber::bad_name);
        catalog::check_shape(document_, entry, pointer, tenant_config_table(), problems_);
        config_.tenants.push_back(id);
      }
    }
    if (config_.tenants.empty()) config_.tenants.emplace_back("default");
  }

  void read_clock() {
    const std::string clock = text("/clock");
    if (clock.empty() || clock == "system") return;
    constexpr std::string_view fixed = "fixed:";
    if (clock.starts_with(fixed)) config_.fixed_clock_us = parse_instant(std::string_view(clock).substr(fixed.size()));
    if (!config_.fixed_clock_us)
      bad("/clock", "the clock is not understood", "\"system\", or \"fixed:\" and an instant",
          "write \"fixed:2006-12-31T00:00:00Z\" for historical data");
  }

  /// Three octal digits, perhaps with a 0 before them; the owner reads and writes, and nothing is a program.
  void read_file_mode() {
    if (!find("/file_mode")) return;
    std::string_view digits = text_view("/file_mode");
    if (digits.size() == 4 && digits.front() == '0') digits.remove_prefix(1);
    std::uint32_t mode = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), mode, 8);
    constexpr std::uint32_t kOwner = 0600, kAll = 0666;
    const bool read = error == std::errc{} && end == digits.data() + digits.size() && digits.size() == 3;
    if (read && (mode & kOwner) == kOwner && (mode & ~kAll) == 0)
      config_.file_mode = mode;
    else
      bad("/file_mode", "the mode of files is not understood", "\"0600\", \"0640\", \"0660\" or wider, without x",
          "write \"0660\" to share the files with the group; without the key they are their owner's alone");
  }

  void read_clock_step() {
    const std::string step = text("/max_clock_step");
    if (step.empty()) return;
    const std::optional<std::int64_t> duration = parse_duration(step);
    if (duration && *duration > 0) config_.max_clock_step_us = *duration;
    if (!duration || *duration <= 0)
      bad("/max_clock_step", "the step is no time", "a duration", "write \"1d\" or \"12h\"");
  }

  void read_log() {
    struct Level {
      std::string_view name;
      LogLevel level;
    };
    constexpr Level levels[] = {{"debug", LogLevel::debug},
                                {"info", LogLevel::info},
                                {"warning", LogLevel::warning},
                                {"error", LogLevel::error}};
    const std::string level = text("/log/level", "info");
    for (const Level& candidate : levels)
      if (candidate.name == level) config_.log.level = candidate.level;
    if (const std::string file = text("/log/file"); !file.empty()) config_.log.file = absolute(file);
    read_count("/log/max_mb", config_.log.max_mb);
    read_count("/log/keep", config_.log.keep);
    config_.log.mode = config_.file_mode;
  }

  void read_history() {
    read_days("/history/changes", config_.history.changes_us);
    read_days("/history/runs", config_.history.runs_us);
    read_days("/history/events", config_.history.events_us);
  }

  void read_days(const std::string& pointer, std::optional<std::int64_t>& into) {
    constexpr std::int64_t most = 36'500;
    const json::value* value = find(pointer);
    if (!value) return;
    if (value->is_string() && text_of(*value) == "forever") {
      into.reset();
    } else if (value->is_int64() && value->get_int64() >= 0 && value->get_int64() <= most) {
      into = value->get_int64() * kMicrosPerDay;
    } else {
      bad(pointer, "the time for which this is kept is not understood",
          "days, 0 to " + std::to_string(most) + ", or \"forever\"", "write 90, or \"forever\"");
    }
  }

  void read_count(const std::string& pointer, std::size_t& into) {
    constexpr std::int64_t most = 10'000;
    const json::value* value = find(pointer);
    if (!value || !value->is_int64()) return;
    const std::int64_t count = value->get_int64();
    if (count < 1 || count > most)
      bad(pointer, "the number is out of range", "1 to " + std::to_string(most));
    else
      into = static_cast<std::size_t>(count);
  }

  Config& config_;
  const JsonDocument& document_;
  Problems problems_;
};

}  // namespace

Config read_config(JsonDocument document, const std::string& folder) {
  Config config;
  config.document = std::make_shared<const JsonDocument>(std::move(document));
  config.folder = fs::absolute(folder.empty() ? fs::path(".") : fs::path(folder)).lexically_normal().string();
  ConfigReader(config, *config.document).read();
  return config;
}

}  // namespace kith::internal::bundles
