// Verbs about plugins: which there are, what one brings, and what those that are gone have left.
#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "access/policy.hpp"
#include "base/text/text.hpp"
#include "catalog/describe.hpp"
#include "core/plugin_documents.hpp"
#include "core/verbs.hpp"
#include "core/work.hpp"
#include "facts/read/timeline.hpp"
#include "store/layout/orphans.hpp"

namespace kith::internal {

namespace json = boost::json;

namespace {

std::string_view state_name(bundles::BundleState state) {
  switch (state) {
    case bundles::BundleState::loaded: return "loaded";
    case bundles::BundleState::declarative: return "declarative";
    case bundles::BundleState::disabled: return "disabled";
    case bundles::BundleState::refused: return "refused";
  }
  return "";
}

std::vector<store::OrphanedBundle> orphaned_of(Core& core) {
  store::Reader reader = core.database().read(kReaderWaitUs);
  return store::orphaned_bundles(reader.connection(), core.catalog());
}

/// "1 field", "2 fields"
std::string counted(std::int64_t many, const std::string& what) {
  return std::to_string(many) + " " + what + (many == 1 ? "" : "s");
}

json::object orphan_document(const store::OrphanedBundle& orphan) {
  json::object one{{"id", orphan.id}, {"version", orphan.version}, {"state", "orphaned"}, {"path", ""}, {"library", ""},
                   {"hash", ""}};
  one["needs"] = json::array();
  one["needed_by"] = json::array();
  one["problem"] = counted(orphan.fields(), "field") + ", " +
                   counted(static_cast<std::int64_t>(orphan.types.size()), "type") + ", " +
                   counted(orphan.values(), "value") + " kept";
  one["fields"] = orphan.fields();
  one["types"] = orphan.types.size();
  one["values"] = orphan.values();
  one["sleeping"] = json::array();
  return one;
}

json::object orphan_details(const store::OrphanedBundle& orphan) {
  json::array fields, types, enums;
  for (const store::OrphanedMember& member : orphan.members)
    fields.push_back(json::object{{"type", member.type},
                                  {"name", member.name},
                                  {"role", member.role},
                                  {"kind", member.meaning},
                                  {"values", member.values}});
  for (const store::OrphanedType& type : orphan.types)
    types.push_back(json::object{{"name", type.name}, {"records", type.records}});
  for (const store::OrphanedValues& values : orphan.added)
    enums.push_back(json::object{{"type", values.type}, {"name", values.member}, {"records", values.records}});
  return {{"fields", std::move(fields)}, {"types", std::move(types)}, {"enums", std::move(enums)}};
}

// --- one plugin -----------------------------------------------------------------------------------------------------

/// The objects of a list of the description that belong to `owner`.
json::array owned(const json::object& description, std::string_view list, std::string_view owner) {
  json::array out;
  for (const json::value& item : description.at(list).as_array())
    if (item.at("owner").as_string() == owner) out.push_back(item);
  return out;
}

/// The values that `owner` adds to a field of another bundle.
void add_enum_values(const json::value& type, const json::value& member, std::string_view owner, json::array& into) {
  const json::value* values = member.as_object().if_contains("values");
  if (!values || member.at("owner").as_string() == owner) return;
  const std::string field = std::string(type.at("name").as_string()) + "." + std::string(member.at("name").as_string());
  for (const json::value& value : values->as_array())
    if (value.at("owner").as_string() == owner)
      into.push_back(json::object{{"on", field}, {"name", value.at("id")}, {"label", value.at("label")}});
}

json::object additions(const json::object& description, std::string_view id) {
  json::object out;
  json::array types, fields, enums;
  for (const json::value& type : description.at("types").as_array()) {
    const bool own = type.at("owner").as_string() == id;
    if (own) types.push_back(json::object{{"name", type.at("name")}, {"label", type.at("label")}});
    for (const json::value& member : type.at("members").as_array()) {
      add_enum_values(type, member, id, enums);
      if (member.at("owner").as_string() != id || member.at("role").as_string() != "field") continue;
      fields.push_back(json::object{{"on", type.at("name")},
                                    {"name", member.at("name")},
                                    {"type", member.at("type")},
                                    {"label", member.at("label")}});
    }
  }
  out["types"] = std::move(types);
  out["fields"] = std::move(fields);
  out["enums"] = std::move(enums);
  constexpr std::array lists = {"relationships", "lifecycles",  "formulas",  "rollups",   "segments",
                                "scores",        "validations", "workflows", "functions", "actions",
                                "jobs",          "parameters",  "roles"};
  for (const char* list : lists) out[list] = owned(description, list, id);
  return out;
}

/// The default stands in the manifest; the catalog has only what holds.
json::value default_of(const JsonDocument& manifest, std::string_view name) {
  const json::value* settings = manifest.root().as_object().if_contains("settings");
  if (settings && settings->is_array())
    for (const json::value& setting : settings->get_array())
      if (setting.is_object() && setting.get_object().contains("name") && setting.at("name") == json::value(name))
        return setting.get_object().contains("default") ? setting.at("default") : json::value();
  return nullptr;
}

json::array settings_of(const catalog::Catalog& catalog, const JsonDocument& manifest, std::string_view id) {
  json::array out;
  for (const catalog::Setting& setting : catalog.settings) {
    if (setting.owner != id) continue;
    const std::string name = id == catalog::kCoreBundle ? setting.name : setting.name.substr(id.size() + 1);
    json::array layers;
    layers.push_back(json::object{{"layer", "plugin"}, {"value", default_of(manifest, name)}});
    if (setting.from_config)
      layers.push_back(json::object{{"layer", "kith.json"}, {"value", facts::value_json(catalog, setting.value)}});
    out.push_back(json::object{{"name", setting.name},
                               {"label", setting.label.in(catalog.language)},
                               {"type", expr::type_name(setting.type)},
                               {"value", facts::value_json(catalog, setting.value)},
                               {"from", setting.from_config ? "kith.json" : "plugin"},
                               {"layers", std::move(layers)}});
  }
  return out;
}

const JsonDocument& manifest_of(const Core& core, std::string_view id) {
  for (std::size_t i = 0; i < core.bundles().heads.size(); ++i)
    if (core.bundles().heads[i].id == id) return *core.bundles().documents[i];
  return catalog::core_manifest();
}

json::object loaded_details(const Core& core, json::object out, const std::string& id, const std::string& language) {
  const catalog::Catalog& catalog = core.catalog();
  for (const catalog::Bundle& bundle : catalog.bundles)
    if (bundle.id == id) {
      out["label"] = bundle.label.in(language);
      out["version"] = bundle.version;
      out["needs_optional"] = json::value_from(bundle.needs_optional);
      out["overlay"] = bundle.overlay;
    }
  out["adds"] = additions(catalog::describe(catalog, language).as_object(), id);
  out["settings"] = settings_of(catalog, manifest_of(core, id), id);
  out["sleeping"] = sleeping_documents(core.sleeping(), id);
  return out;
}

[[noreturn]] void throw_unknown_plugin(const Core& core, const std::string& id,
                                       const std::vector<store::OrphanedBundle>& orphans) {
  std::vector<std::string> names{std::string(catalog::kCoreBundle)};
  for (const bundles::BundleInfo& info : core.bundle_infos()) names.push_back(info.id);
  for (const store::OrphanedBundle& orphan : orphans) names.push_back(orphan.id);
  Problem p;
  p.number = ProblemNumber::unknown_thing;
  p.message = "there is no plugin '" + id + "'";
  p.expected = "one of " + join(names, ", ");
  p.fix = did_you_mean(id, names);
  if (p.fix.empty()) p.fix = "see: kith plugins";
  throw Error(p);
}

}  // namespace

json::object bundle_document(const catalog::Catalog& catalog, const bundles::BundleInfo& info) {
  json::object one;
  one["id"] = info.id;
  one["version"] = info.version;
  one["state"] = state_name(info.state);
  one["path"] = info.path;
  one["library"] = info.library;
  one["hash"] = info.hash;
  one["needs"] = json::value_from(info.needs);
  one["needed_by"] = json::value_from(info.needed_by);
  one["problem"] = info.problem;
  std::int64_t fields = 0, types = 0;
  for (const catalog::RecordType& type : catalog.record_types) {
    if (type.owner == info.id) ++types;
    for (const catalog::Member& m : type.members)
      if (m.owner == info.id && m.role == catalog::Role::field) ++fields;
  }
  one["fields"] = fields;
  one["types"] = types;
  return one;
}

std::string sleeping_text(const catalog::SleepingItem& item) {
  return item.section + " " + item.name + " of " + item.bundle + " sleeps without " + join(item.missing, ", ");
}

json::array sleeping_documents(const std::vector<catalog::SleepingItem>& items, std::string_view bundle) {
  json::array out;
  for (const catalog::SleepingItem& item : items)
    if (bundle.empty() || item.bundle == bundle)
      out.push_back(json::object{{"bundle", item.bundle},
                                 {"section", item.section},
                                 {"name", item.name},
                                 {"missing", json::value_from(item.missing)},
                                 {"at", item.place.text()}});
  return out;
}

json::object verb_plugins(Core& core) {
  const std::vector<catalog::SleepingItem> sleeping = core.sleeping();
  const std::vector<store::OrphanedBundle> orphans = orphaned_of(core);
  json::array plugins;
  for (const bundles::BundleInfo& info : core.bundle_infos()) {
    json::object one = bundle_document(core.catalog(), info);
    std::string asleep;
    for (const catalog::SleepingItem& item : sleeping)
      if (item.bundle == info.id)
        asleep += (asleep.empty() ? "asleep: " : ", ") + item.name + " (without " + join(item.missing, ", ") + ")";
    if (info.problem.empty()) one["problem"] = asleep;
    one["sleeping"] = sleeping_documents(sleeping, info.id);
    one["values"] = nullptr;
    for (const store::OrphanedBundle& orphan : orphans)  // disabled or refused, its data is still there
      if (orphan.id == info.id) {
        one["fields"] = orphan.fields();
        one["types"] = orphan.types.size();
        one["values"] = orphan.values();
        if (info.problem.empty()) one["problem"] = orphan_document(orphan).at("problem");
      }
    plugins.push_back(std::move(one));
  }
  for (const store::OrphanedBundle& orphan : orphans) {
    const bool configured = std::any_of(core.bundle_infos().begin(), core.bundle_infos().end(),
                                        [&](const bundles::BundleInfo& info) { return info.id == orphan.id; });
    if (!configured) plugins.push_back(orphan_document(orphan));
  }
  return {{"plugins", std::move(plugins)}};
}

json::object verb_plugin(Core& core, const json::object& args) {
  const std::string id = text_argument(args, "id");
  const std::string language = text_argument(args, "lang", core.catalog().language);
  const std::vector<store::OrphanedBundle> orphans = orphaned_of(core);
  json::object out;
  for (const bundles::BundleInfo& info : core.bundle_infos())
    if (info.id == id) out = bundle_document(core.catalog(), info);
  if (id == catalog::kCoreBundle) {
    bundles::BundleInfo info;
    info.id = id;
    out = bundle_document(core.catalog(), info);
  }
  for (const store::OrphanedBundle& orphan : orphans)
    if (orphan.id == id) {
      if (out.empty()) out = orphan_document(orphan);
      out["orphaned"] = orphan_details(orphan);
    }
  if (out.empty()) throw_unknown_plugin(core, id, orphans);
  return loaded_details(core, std::move(out), id, language);
}

// --- what is kept of plugins that are gone --------------------------------------------------------------------------

namespace {

std::vector<store::OrphanedMember> members_of(store::Connection& connection, const catalog::Catalog& catalog,
                                              const std::string& type) {
  std::vector<store::OrphanedMember> members = store::orphaned_members(connection, type);
  if (!members.empty() || catalog.find_type(type)) return members;
  const std::vector<std::string> names = store::orphaned_types(connection);
  Problem p;
  p.number = ProblemNumber::unknown_record_type;
  p.message = "there is no record type '" + type + "', nor is one kept";
  p.expected = names.empty() ? "a record type; no orphaned one is kept"
                             : "a record type, or one of the kept " + join(names, ", ");
  p.fix = did_you_mean(type, names);
  throw Error(p);
}

json::object row_document(const catalog::Catalog& catalog, const std::string& type,
                          const std::vector<store::OrphanedMember>& members, const store::OrphanedRow& row) {
  json::object values;
  for (std::size_t i = 0; i < members.size(); ++i) values[members[i].name] = facts::value_json(catalog, row.values[i]);
  return {{"id", type + "/" + row.id.text()},
          {"external_ids", json::value_from(row.external_ids)},
          {"values", std::move(values)}};
}

}  // namespace

json::object verb_orphaned(Session& session, const json::object& args) {
  const std::string type = text_argument(args, "type");
  const std::string after = text_argument(args, "after", "");
  const std::int64_t limit = integer_argument(args, "limit", 1'000);
  json::object out;
  session.reading([&](access::Unit& unit, derive::Engine&) {
    const catalog::Catalog& catalog = unit.catalog();
    if (const catalog::RecordType* known = catalog.find_type(type))
      access::require(unit, access::Operation::read, known->number);
    const std::vector<store::OrphanedMember> members = members_of(unit.connection, catalog, type);
    json::array columns, records;
    for (const store::OrphanedMember& member : members)
      columns.push_back(json::object{{"name", member.name}, {"owner", member.owner}, {"kind", member.meaning}});
    out["members"] = std::move(columns);
    out["next"] = nullptr;
    if (!members.empty()) {
      store::OrphanedRows rows(unit.connection, members, unit.principal.tenant_number);
      const json::value* asked = args.if_contains("records");
      if (asked && asked->is_array()) {
        for (const json::value& record : asked->get_array()) {
          const std::string text = record.is_string() ? std::string(record.get_string()) : std::string();
          const std::optional<RecordId> id = RecordId::parse(text.substr(text.rfind('/') + 1));
          if (!id) throw Error(ProblemNumber::usage, "'" + text + "' names no record", "as type/id");
          records.push_back(row_document(catalog, type, members, rows.of(*id)));
        }
      } else {
        const std::optional<RecordId> from = after.empty() ? RecordId{} : RecordId::parse(after);
        if (!from)
          throw Error(ProblemNumber::usage, "'" + after + "' is no id", "give the \"next\" of the page before");
        const std::vector<store::OrphanedRow> page = rows.after(*from, limit);
        for (const store::OrphanedRow& row : page) records.push_back(row_document(catalog, type, members, row));
        if (static_cast<std::int64_t>(page.size()) == limit && limit > 0) out["next"] = page.back().id.text();
      }
    }
    out["records"] = std::move(records);
  });
  return out;
}

}  // namespace kith::internal
