#include "bundles/config_keys.hpp"

namespace kith::internal::bundles {
namespace {

using catalog::Key;
using catalog::Shape;
using catalog::Table;
constexpr auto kOptional = catalog::Presence::optional;
constexpr auto kRequired = catalog::Presence::required;
constexpr auto kLater = catalog::Presence::later;

constexpr Key kDatabaseKeys[] = {
    {"url", Shape::text, kRequired},
    {"durability", Shape::choice, kOptional, nullptr, "power_loss process"},
    {"migrate", Shape::choice, kOptional, nullptr, "auto ask"},
    {"cache_mb", Shape::integer},
    {"lock_file", Shape::text, kLater},
};
constexpr Table kDatabase{"database", "\"database\"", kDatabaseKeys};

constexpr Key kLocaleKeys[] = {
    {"language", Shape::text},
    {"currency", Shape::text},
    {"time_zone", Shape::text},
    {"phone_region", Shape::text},
};
constexpr Table kLocale{"locale", "\"locale\"", kLocaleKeys};

constexpr Key kLogKeys[] = {
    {"level", Shape::choice, kOptional, nullptr, "debug info warning error"},
    {"file", Shape::text},
    {"max_mb", Shape::integer},
    {"keep", Shape::integer},
};
constexpr Table kLog{"log", "\"log\"", kLogKeys};

constexpr Key kHistoryKeys[] = {
    {"changes", Shape::literal},  // days, or "forever"
    {"runs", Shape::literal},
    {"events", Shape::literal},
};
constexpr Table kHistory{"history", "\"history\"", kHistoryKeys};

constexpr Key kPluginKeys[] = {
    {"version", Shape::version_range},
    {"enabled", Shape::boolean},
    {"settings", Shape::literal},  // checked against the plugin's own declarations
    {"on_error", Shape::choice, kOptional, nullptr, "refuse_open open_without"},
};
constexpr Table kPlugin{"plugin", "an entry of \"plugins\"", kPluginKeys};

constexpr Key kTenantKeys[] = {
    {"locale", Shape::literal, kLater},
    {"settings", Shape::literal, kLater},
    {"enabled", Shape::literal, kLater},
};
constexpr Table kTenant{"tenant", "an entry of \"tenants\"", kTenantKeys};

constexpr Key kTopKeys[] = {
    {"$schema", Shape::text},
    {"database", Shape::object, kRequired, &kDatabase},
    {"locale", Shape::object, kOptional, &kLocale},
    {"plugin_folders", Shape::text_list},
    {"plugins", Shape::literal},  // an object by plugin id: see kPlugin
    {"tenants", Shape::literal},  // an object by tenant id: see kTenant
    {"on_error", Shape::choice, kOptional, nullptr, "refuse_open open_without"},
    {"clock", Shape::text},
    {"file_mode", Shape::text},
    {"max_clock_step", Shape::text},
    {"log", Shape::object, kOptional, &kLog},
    {"history", Shape::object, kOptional, &kHistory},
    {"control", Shape::text, kLater},
    {"calendars", Shape::literal, kLater},
    {"overlays", Shape::literal, kLater},
    {"lock", Shape::literal, kLater},
    {"roles", Shape::literal, kLater},
    {"grants", Shape::literal, kLater},
    {"members", Shape::literal, kLater},
    {"secrets", Shape::literal, kLater},
    {"backup", Shape::literal, kLater},
};
constexpr Table kTop{"config", "kith.json", kTopKeys};

}  // namespace

const catalog::Table& config_table() { return kTop; }
const catalog::Table& plugin_config_table() { return kPlugin; }
const catalog::Table& tenant_config_table() { return kTenant; }

}  // namespace kith::internal::bundles
