#include "catalog/manifest/tables.hpp"

#include <algorithm>

#include "catalog/manifest/enum_tables.hpp"

namespace kith::internal::catalog {
namespace {

constexpr auto kOptional = Presence::optional;
constexpr auto kRequired = Presence::required;
constexpr auto kLater = Presence::later;
constexpr auto kUnenforced = Presence::unenforced;

constexpr std::string_view kScalarTypes = "bool int double text enum date timestamp money";

constexpr Key kSettingKeyKeys[] = {
    {"type", Shape::choice, kRequired, nullptr, "bool int text enum date"},
    {"values", Shape::enum_values, kOptional, &kEnumValue},
};
constexpr Table kSettingKey{"setting_key", "the key of a setting", kSettingKeyKeys};

constexpr Key kSettingKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"type", Shape::choice, kRequired, nullptr, kScalarTypes},
    {"default", Shape::literal, kRequired},
    {"label", Shape::label},
    {"min", Shape::number},
    {"max", Shape::number},
    {"pattern", Shape::text},
    {"values", Shape::enum_values, kOptional, &kEnumValue},
    {"needs", Shape::needs},
    {"key", Shape::object, kOptional, &kSettingKey},
};
constexpr Table kSetting{"setting", "a setting", kSettingKeys};

constexpr Key kFieldKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"type", Shape::choice, kRequired, nullptr, "bool int double text enum date timestamp money ref list json"},
    {"label", Shape::label},
    {"required", Shape::boolean},
    {"default", Shape::literal},
    {"unique", Shape::boolean},
    {"index", Shape::boolean},
    {"pii", Shape::choice, kOptional, nullptr, "none personal sensitive"},
    {"fixed", Shape::boolean},
    {"min", Shape::number},
    {"max", Shape::number},
    {"max_length", Shape::integer},
    {"pattern", Shape::text},
    {"format", Shape::choice, kOptional, nullptr, "email phone time_zone currency country language"},
    {"values", Shape::enum_values, kOptional, &kEnumValue},
    {"ordered", Shape::boolean},
    {"extensible", Shape::boolean},
    {"of", Shape::choice, kOptional, nullptr, "enum text int", "ref"},
    {"currency", Shape::text},
    {"to", Shape::name},
    {"inverse", Shape::identifier},
    {"inverse_label", Shape::label},
    {"needs", Shape::needs},
    {"i18n", Shape::boolean, kLater},
    {"retention_days", Shape::integer, kLater},
    {"encrypted", Shape::boolean, kLater},
    {"merge", Shape::literal, kLater},
    {"renamed_from", Shape::text, kLater},
};
constexpr Table kField{"field", "a field", kFieldKeys};

constexpr Key kRecordTypeKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"label", Shape::label},
    {"title", Shape::identifier},
    {"key", Shape::identifier},
    {"fields", Shape::list, kRequired, &kField},
    {"unique", Shape::text_lists},
    {"indexes", Shape::text_lists},
    {"timeline", Shape::name},
    {"append_only", Shape::boolean},
    {"needs", Shape::needs},
    {"currency_from", Shape::name, kLater},
};
constexpr Table kRecordType{"record_type", "a record type", kRecordTypeKeys};

constexpr Key kEndKeys[] = {
    {"type", Shape::name, kRequired},
    {"kind", Shape::identifier},
};
constexpr Table kEnd{"relationship_end", "an end of a relationship", kEndKeys};

constexpr Key kAttributeKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"type", Shape::choice, kRequired, nullptr, kScalarTypes},
    {"label", Shape::label},
    {"values", Shape::enum_values, kOptional, &kEnumValue},
};
constexpr Table kAttribute{"attribute", "an attribute", kAttributeKeys};

constexpr Key kRelationshipKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"inverse", Shape::identifier, kRequired},
    {"label", Shape::label},
    {"inverse_label", Shape::label},
    {"from", Shape::object, kRequired, &kEnd},
    {"to", Shape::object, kRequired, &kEnd},
    {"cardinality", Shape::choice, kOptional, nullptr, "one_to_one one_to_many many_to_one many_to_many"},
    {"acyclic", Shape::boolean},
    {"symmetric", Shape::boolean},
    {"attributes", Shape::list, kOptional, &kAttribute},
    {"needs", Shape::needs},
};
constexpr Table kRelationship{"relationship", "a relationship", kRelationshipKeys};

constexpr Key kFormulaKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"type", Shape::choice, kRequired, nullptr, kScalarTypes},
    {"expr", Shape::expression, kRequired},
    {"label", Shape::label},
    {"currency", Shape::text},
    {"values", Shape::enum_values, kOptional, &kEnumValue},
    {"ordered", Shape::boolean},
    {"needs", Shape::needs},
};
constexpr Table kFormula{"formula", "a formula", kFormulaKeys};

constexpr Key kRollupKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"type", Shape::choice, kRequired, nullptr, "int double money date timestamp text"},
    {"over", Shape::set_name, kRequired},
    {"aggregate", Shape::choice, kRequired, nullptr, "count sum min max avg median latest", "any"},
    {"value", Shape::expression},
    {"where", Shape::expression},
    {"label", Shape::label},
    {"currency", Shape::text},
    {"needs", Shape::needs},
    {"distinct_by", Shape::expression},
    {"at", Shape::expression},
};
constexpr Table kRollup{"rollup", "a rollup", kRollupKeys};

constexpr Key kSegmentKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"on", Shape::name, kRequired},
    {"when", Shape::expression, kRequired},
    {"label", Shape::label},
    {"needs", Shape::needs},
};
constexpr Table kSegment{"segment", "a segment", kSegmentKeys};

constexpr Key kEventCountKeys[] = {
    {"over", Shape::set_name, kRequired}, {"at", Shape::expression, kRequired},       {"where", Shape::expression},
    {"window_days", Shape::integer},      {"distinct_by", Shape::expression, kLater},
};
constexpr Table kEventCount{"event_count", "a count of events", kEventCountKeys};

constexpr Key kRuleKeys[] = {
    {"id", Shape::identifier, kRequired},
    {"text", Shape::label},
    {"on_unknown", Shape::choice, kOptional, nullptr, "zero max withhold"},
    {"needs", Shape::needs},
    {"when", Shape::expression},
    {"points", Shape::number},
    {"value", Shape::expression},
    {"steps", Shape::number_pairs},
    {"each", Shape::number},
    {"cap", Shape::number},
    {"count", Shape::object, kOptional, &kEventCount},
    {"since", Shape::expression, kLater},
    {"decay", Shape::literal, kLater},
    {"floor", Shape::identifier},
    {"override", Shape::identifier},
};
constexpr Table kRule{"score_rule", "a score rule", kRuleKeys};

constexpr Key kGroupKeys[] = {
    {"id", Shape::identifier, kRequired},
    {"min", Shape::number},
    {"max", Shape::number},
    {"rules", Shape::list, kRequired, &kRule},
};
constexpr Table kGroup{"score_group", "a group of score rules", kGroupKeys};

constexpr Key kDimensionKeys[] = {
    {"id", Shape::identifier, kRequired},
    {"label", Shape::label},
    {"groups", Shape::list, kRequired, &kGroup},
    {"weight", Shape::number, kLater},
};
constexpr Table kDimension{"score_dimension", "a dimension of a score", kDimensionKeys};

constexpr Key kBandKeys[] = {
    {"id", Shape::identifier, kRequired},
    {"from", Shape::number, kRequired},
    {"label", Shape::label},
};
constexpr Table kBand{"score_band", "a band of a score", kBandKeys};

constexpr Key kScoreKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"on", Shape::name, kRequired},
    {"label", Shape::label},
    {"applies_when", Shape::expression},
    {"range", Shape::number_pair},
    {"normalise", Shape::boolean},
    {"rules", Shape::list, kOptional, &kRule},
    {"dimensions", Shape::list, kOptional, &kDimension},
    {"bands", Shape::list, kOptional, &kBand},
    {"needs", Shape::needs},
    {"hysteresis", Shape::number, kLater},
};
constexpr Table kScore{"score", "a score", kScoreKeys};

constexpr Key kStateKeys[] = {
    {"id", Shape::identifier, kRequired},
    {"label", Shape::label},
    {"category", Shape::choice, kRequired, nullptr, "open active on_hold won lost closed"},
    {"required", Shape::text_list},
    {"enter_guard", Shape::expression},
    {"deny", Shape::label},
    {"actions", Shape::literal, kLater},
};
constexpr Table kState{"state", "a state", kStateKeys};

constexpr Key kAutoKeys[] = {
    {"when", Shape::expression},
    {"after", Shape::span},
    {"relative_to", Shape::name, kLater},
    {"before_days", Shape::literal, kLater},
    {"after_days", Shape::literal, kLater},
    {"at", Shape::literal, kLater},
    {"time_zone", Shape::literal, kLater},
    {"catch_up", Shape::literal, kLater},
};
constexpr Table kAuto{"auto", "\"auto\" of a transition", kAutoKeys};

constexpr Key kTransitionKeys[] = {
    {"event", Shape::identifier, kRequired},
    {"label", Shape::label},
    {"from", Shape::text_list, kRequired},
    {"to", Shape::identifier, kRequired},
    {"guard", Shape::expression},
    {"deny", Shape::label},
    {"reason", Shape::choice, kOptional, nullptr, "required"},
    {"permission", Shape::name, kUnenforced},
    {"needs", Shape::needs},
    {"order", Shape::integer},
    {"auto", Shape::object, kOptional, &kAuto},
    {"actions", Shape::literal, kLater},
};
constexpr Table kTransition{"transition", "a transition", kTransitionKeys};

constexpr Key kLifecycleKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"on", Shape::name, kRequired},
    {"label", Shape::label},
    {"initial", Shape::text_list, kRequired},
    {"states", Shape::list, kRequired, &kState},
    {"transitions", Shape::list, kRequired, &kTransition},
    {"needs", Shape::needs},
    {"order", Shape::text_list},
    {"slot", Shape::name},
    {"applies_when", Shape::expression},
    {"raises", Shape::raises},
};
constexpr Table kLifecycle{"lifecycle", "a lifecycle", kLifecycleKeys};

constexpr Key kValidationKeys[] = {
    {"id", Shape::identifier, kRequired},
    {"on", Shape::name, kRequired},
    {"field", Shape::name},
    {"reject_when", Shape::expression, kRequired},
    {"on_unknown", Shape::choice, kOptional, nullptr, "pass reject"},
    {"text", Shape::label, kRequired},
    {"needs", Shape::needs},
};
constexpr Table kValidation{"validation", "a validation", kValidationKeys};

constexpr Key kTriggerKeys[] = {
    {"created", Shape::always_true},
    {"updated", Shape::text_list},
    {"entered", Shape::name},
    {"left", Shape::name},
    {"state", Shape::identifier},
    {"transition", Shape::name},
    {"event", Shape::name},
    {"entered_segment", Shape::name},
    {"left_segment", Shape::name},
    {"became", Shape::expression},
    {"band", Shape::name},
    {"from", Shape::identifier},
    {"to", Shape::identifier},
    {"logged", Shape::literal, kLater},
    {"related", Shape::name, kLater},
    {"unrelated", Shape::name, kLater},
    {"schedule", Shape::literal, kLater},
    {"relative_to", Shape::name, kLater},
    {"before_days", Shape::literal, kLater},
    {"after_days", Shape::literal, kLater},
    {"at", Shape::literal, kLater},
    {"time_zone", Shape::literal, kLater},
    {"catch_up", Shape::literal, kLater},
};
constexpr Table kTrigger{"trigger", "a trigger", kTriggerKeys};

constexpr Key kActionStepKeys[] = {
    {"id", Shape::identifier, kRequired},
    {"needs", Shape::needs},
    {"set", Shape::template_map},
    {"transition", Shape::name},
    {"event", Shape::identifier},
    {"reason", Shape::template_value},
    {"create", Shape::name},
    {"log", Shape::template_map},
    {"relate", Shape::name},
    {"to", Shape::template_value},
    {"emit", Shape::name},
    {"call", Shape::name},
    {"with", Shape::template_map},
    {"record", Shape::template_value, kLater},
    {"unrelate", Shape::name, kLater},
    {"wait", Shape::literal, kLater},
    {"branch", Shape::literal, kLater},
};
constexpr Table kActionStep{"workflow_action", "an action of a workflow", kActionStepKeys};

constexpr Key kWorkflowKeys[] = {
    {"id", Shape::identifier, kRequired},
    {"label", Shape::label},
    {"on", Shape::name, kRequired},
    {"trigger", Shape::object, kRequired, &kTrigger},
    {"condition", Shape::expression},
    {"once_per", Shape::choice, kOptional, nullptr, "event record root"},
    {"phase", Shape::integer},
    {"priority", Shape::integer},
    {"enabled", Shape::boolean},
    {"actions", Shape::list, kRequired, &kActionStep},
    {"needs", Shape::needs},
};
constexpr Table kWorkflow{"workflow", "a workflow", kWorkflowKeys};

constexpr std::string_view kArgumentTypes = "bool int double text date timestamp duration money";
constexpr Key kArgumentKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"type", Shape::choice, kRequired, nullptr, kArgumentTypes},
};
constexpr Table kArgument{"argument", "an argument", kArgumentKeys};

constexpr Key kFunctionKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"args", Shape::list, kRequired, &kArgument},
    {"returns", Shape::choice, kRequired, nullptr, kArgumentTypes},
    {"text", Shape::label},
    {"needs", Shape::needs},
};
constexpr Table kFunction{"function", "a function", kFunctionKeys};

constexpr Key kNativeArgumentKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"type", Shape::choice, kRequired, nullptr, "bool int double text date timestamp duration money ref"},
    {"to", Shape::name},
};
constexpr Table kNativeArgument{"native_argument", "an argument", kNativeArgumentKeys};

constexpr Key kActionKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"on", Shape::name, kRequired},
    {"effect", Shape::choice, kRequired, nullptr, "database", "outside"},
    {"args", Shape::list, kOptional, &kNativeArgument},
    {"writes", Shape::text_list},
    {"runs_as", Shape::name, kRequired},
    {"text", Shape::label},
    {"needs", Shape::needs},
};
constexpr Table kAction{"action", "an action", kActionKeys};

constexpr Key kJobKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"args", Shape::list, kOptional, &kNativeArgument},
    {"writes", Shape::text_list},
    {"publishes", Shape::text_list},
    {"runs_as", Shape::name, kRequired},
    {"text", Shape::label},
    {"needs", Shape::needs},
    {"schedule", Shape::literal, kLater},
};
constexpr Table kJob{"job", "a job", kJobKeys};

constexpr Key kParameterKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"type", Shape::choice, kRequired, nullptr, kArgumentTypes},
    {"label", Shape::label},
};
constexpr Table kParameter{"parameter", "a parameter", kParameterKeys};

constexpr Key kParameterSetKeys[] = {
    {"set", Shape::identifier, kRequired},
    {"values", Shape::list, kRequired, &kParameter},
    {"label", Shape::label},
    {"needs", Shape::needs},
};
constexpr Table kParameterSet{"parameter_set", "a parameter set", kParameterSetKeys};

constexpr Key kRoleKeys[] = {
    {"name", Shape::identifier, kRequired},
    {"label", Shape::label},
    {"grants", Shape::grants, kRequired},
    {"permissions", Shape::text_list, kUnenforced},
    {"needs", Shape::needs},
    {"fields", Shape::literal, kLater},
    {"where", Shape::literal, kLater},
};
constexpr Table kRole{"role", "a role", kRoleKeys};

constexpr Key kPurposeKeys[] = {
    {"id", Shape::identifier, kRequired}, {"label", Shape::label}, {"text", Shape::label, kRequired},
    {"version", Shape::text, kRequired},  {"needs", Shape::needs},
};
constexpr Table kPurpose{"purpose", "a purpose of consent", kPurposeKeys};

constexpr Key kRequiresKeys[] = {
    {"kith", Shape::version_range},
    {"abi", Shape::version_range},
    {"plugins", Shape::range_map},
    {"optional", Shape::range_map},
};
constexpr Table kRequires{"requires", "\"requires\"", kRequiresKeys};

constexpr Key kManifestKeys[] = {
    {"$schema", Shape::text},
    {"id", Shape::identifier, kRequired},
    {"version", Shape::version, kRequired},
    {"label", Shape::label},
    {"description", Shape::label},
    {"overlay", Shape::boolean},
    {"library", Shape::identifier},
    {"requires", Shape::object, kOptional, &kRequires},
    {"settings", Shape::list, kOptional, &kSetting},
    {"record_types", Shape::list, kOptional, &kRecordType},
    {"fields", Shape::list_by_name, kOptional, &kField},
    {"enums", Shape::object_map, kOptional, &kEnumAddition},
    {"relationships", Shape::list, kOptional, &kRelationship},
    {"formulas", Shape::list_by_name, kOptional, &kFormula},
    {"rollups", Shape::list_by_name, kOptional, &kRollup},
    {"segments", Shape::list, kOptional, &kSegment},
    {"scores", Shape::list, kOptional, &kScore},
    {"lifecycles", Shape::list, kOptional, &kLifecycle},
    {"validations", Shape::list, kOptional, &kValidation},
    {"workflows", Shape::list, kOptional, &kWorkflow},
    {"functions", Shape::list, kOptional, &kFunction},
    {"actions", Shape::list, kOptional, &kAction},
    {"jobs", Shape::list, kOptional, &kJob},
    {"parameters", Shape::list, kOptional, &kParameterSet},
    {"roles", Shape::list, kOptional, &kRole},
    {"permissions", Shape::literal, kUnenforced},
    {"purposes", Shape::list, kOptional, &kPurpose},
    {"before", Shape::literal, kLater},
    {"match_rules", Shape::literal, kLater},
    {"merge_guards", Shape::literal, kLater},
    {"metrics", Shape::literal, kLater},
    {"seed", Shape::literal, kLater},
    {"change", Shape::literal, kLater},
    {"why", Shape::literal, kLater},
    {"overrides", Shape::literal, kLater},
};
constexpr Table kManifest{"manifest", "a manifest", kManifestKeys};

void collect(const Table& table, std::vector<const Table*>& into) {
  if (std::find(into.begin(), into.end(), &table) != into.end()) return;
  into.push_back(&table);
  for (const Key& key : table.keys)
    if (key.table) collect(*key.table, into);
}

}  // namespace

const Key* Table::find(std::string_view key) const {
  for (const Key& candidate : keys)
    if (candidate.name == key) return &candidate;
  return nullptr;
}

const Table& manifest_table() { return kManifest; }

std::vector<const Table*> all_tables() {
  std::vector<const Table*> out;
  collect(kManifest, out);
  return out;
}

}  // namespace kith::internal::catalog
