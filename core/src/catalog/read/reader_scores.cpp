#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>

#include "catalog/builder/compiling.hpp"
#include "catalog/builder/reads.hpp"
#include "catalog/builder/sections.hpp"
#include "catalog/manifest/literal.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;
namespace {

/// One score on its way from JSON to a model.
struct ScoreReader {
  Builder& builder;
  Derivation& derivation;
  std::set<std::string> rule_ids{};

  std::string what(const Item& rule) const { return "rule " + rule.text("id") + " of the score " + derivation.name; }
};

std::int64_t milli(Builder& builder, const Item& item, std::string_view key) {
  const auto number = item.number(key);
  if (!number) return 0;
  const auto value = read_milli(*number);
  if (!value)
    builder.report(ProblemNumber::bad_value, quoted(key) + " has more than three decimals", item.place(key),
                   "points are counted in thousandths");
  return value.value_or(0);
}

// --- the forms of a rule -----------------------------------------------------------------------------------------

struct FormKeys {
  ScoreRule::Form form;
  const char* name;
  std::array<std::string_view, 3> keys;  ///< "" = none
};
constexpr std::array<FormKeys, 6> kForms = {{{ScoreRule::Form::points, "points", {"when", "points", ""}},
                                             {ScoreRule::Form::steps, "steps", {"value", "steps", ""}},
                                             {ScoreRule::Form::per_unit, "per unit", {"value", "each", "cap"}},
                                             {ScoreRule::Form::per_event, "per event", {"count", "each", "cap"}},
                                             {ScoreRule::Form::raise, "floor", {"when", "floor", ""}},
                                             {ScoreRule::Form::replace, "override", {"when", "override", ""}}}};
constexpr std::array<std::string_view, 9> kFormKeys = {"when", "points", "value", "steps",   "each",
                                                       "cap",  "count",  "floor", "override"};
// Forms of later versions have been refused by their keys.
constexpr std::array<std::string_view, 2> kLaterFormKeys = {"since", "decay"};

// The form is the one whose keys are all there and no others.
std::optional<ScoreRule::Form> read_form(const ScoreReader& reader, const Item& rule) {
  for (const FormKeys& form : kForms) {
    const auto belongs = [&](std::string_view key) {
      return std::find(form.keys.begin(), form.keys.end(), key) != form.keys.end();
    };
    const bool exact = std::all_of(kFormKeys.begin(), kFormKeys.end(),
                                   [&](std::string_view key) { return rule.has(key) == belongs(key); });
    if (exact) return form.form;
  }
  for (const std::string_view key : kLaterFormKeys)
    if (rule.has(key)) return std::nullopt;
  reader.builder.report(ProblemNumber::missing_key, reader.what(rule) + " has none of the forms of a rule",
                        rule.place(), {},
                        "exactly one of: when + points; value + steps; value + each + cap; count + each + cap; "
                        "when + floor; when + override");
  return std::nullopt;
}

void check_numeric(const ScoreReader& reader, const Item& rule, const expr::ProgramPtr& value) {
  if (!value) return;
  const Kind kind = value->type.kind;
  if (kind == Kind::integer || kind == Kind::real || kind == Kind::money || kind == Kind::null) return;
  reader.builder.report(ProblemNumber::type_mismatch, "\"value\" of " + reader.what(rule) + " must be a number",
                        rule.place("value"), {}, "int, double or money, not " + expr::type_name(value->type));
}

void read_steps(const ScoreReader& reader, const Item& item, ScoreRule& rule) {
  const json::value* steps = item.find("steps");
  if (!steps || !steps->is_array()) return;
  std::size_t index = 0;
  for (const json::value& step : steps->get_array()) {
    const std::string pointer = pointer_join(item.at("steps"), index++);
    if (!step.is_array() || step.get_array().size() != 2 || !step.get_array()[0].is_number() ||
        !step.get_array()[1].is_number())
      continue;
    const Place place = item.source->place(pointer);
    const double from = step.get_array()[0].to_number<double>();
    const auto points = read_milli(step.get_array()[1].to_number<double>());
    if (!points)
      reader.builder.report(ProblemNumber::bad_value, "the points of a step have more than three decimals", place,
                            "points are counted in thousandths");
    if (!rule.steps.empty() && from <= rule.steps.back().first)
      reader.builder.report(ProblemNumber::bad_value, "the steps of " + reader.what(item) + " don't ascend", place,
                            "order them by their first number");
    rule.steps.emplace_back(from, points.value_or(0));
  }
  if (rule.steps.empty())
    reader.builder.report(ProblemNumber::missing_key, reader.what(item) + " has no steps", item.place("steps"));
}

void read_each(const ScoreReader& reader, const Item& item, ScoreRule& rule) {
  rule.each_milli = milli(reader.builder, item, "each");
  rule.cap_milli = milli(reader.builder, item, "cap");
  const bool same_sign = (rule.each_milli > 0 && rule.cap_milli > 0) || (rule.each_milli < 0 && rule.cap_milli < 0);
  if (!same_sign)
    reader.builder.report(ProblemNumber::bad_value,
                          "\"each\" and \"cap\" of " + reader.what(item) + " must both be above 0 or both below",
                          item.place("cap"));
}

void read_event_count(const ScoreReader& reader, const Item& item, ScoreRule& rule) {
  const auto count = item.child("count");
  if (!count) return;
  const auto over = find_set(reader.builder, *count, reader.derivation.record_type, reader.what(item));
  rule.window_days = count->integer("window_days");
  if (rule.window_days && *rule.window_days < 1)
    reader.builder.report(ProblemNumber::bad_value, "\"window_days\" of " + reader.what(item) + " must be at least 1",
                          count->place("window_days"));
  if (!over) return;
  rule.over = *over;
  const std::int32_t related = reader.builder.catalog.target_of(*over);
  rule.where = compile_condition(reader.builder, {*count, "where", related, "where of " + reader.what(item)},
                                 derivation_rules());
  rule.at =
      compile(reader.builder, {*count, "at", related, "at of " + reader.what(item)}, derivation_rules(), std::nullopt);
  if (rule.at && rule.at->type.kind != Kind::timestamp && rule.at->type.kind != Kind::date)
    reader.builder.report(ProblemNumber::type_mismatch,
                          "\"at\" of " + reader.what(item) + " must be an instant or a date", count->place("at"), {},
                          "timestamp or date, not " + expr::type_name(rule.at->type));
  add_set_reads(reader.builder.catalog, reader.derivation, *over);
  for (const expr::ProgramPtr& program : {rule.where, rule.at})
    if (program) add_reads(reader.derivation, *program, over);
}

// The band that a floor or an override names.
void read_band(const ScoreReader& reader, const Item& item, std::string_view key, ScoreRule& rule) {
  const std::vector<ScoreBand>& bands = reader.derivation.score->bands;
  std::vector<std::string> ids;
  for (const ScoreBand& band : bands) ids.push_back(band.id);
  const auto found = std::find(ids.begin(), ids.end(), item.text(key));
  rule.band = static_cast<std::size_t>(found - ids.begin());
  if (found != ids.end()) return;
  rule.band = 0;
  reader.builder.report(ProblemNumber::unknown_reference,
                        "the score " + reader.derivation.name + " has no band " + quoted(item.text(key)),
                        item.place(key), ids.empty() ? "give the score bands" : suggest(item.text(key), ids));
}

void read_form_values(const ScoreReader& reader, const Item& item, ScoreRule& rule) {
  const std::int32_t type = reader.derivation.record_type;
  switch (rule.form) {
    case ScoreRule::Form::points:
      rule.when = compile_condition(reader.builder, {item, "when", type, "when of " + reader.what(item)},
                                    derivation_rules(expr::SetUse::counts));
      rule.points_milli = milli(reader.builder, item, "points");
      break;
    case ScoreRule::Form::raise:
    case ScoreRule::Form::replace:
      rule.when =
          compile_condition(reader.builder, {item, "when", type, "when of " + reader.what(item)}, derivation_rules());
      read_band(reader, item, rule.form == ScoreRule::Form::raise ? "floor" : "override", rule);
      break;
    case ScoreRule::Form::steps:
    case ScoreRule::Form::per_unit:
      rule.value = compile(reader.builder, {item, "value", type, "value of " + reader.what(item)},
                           derivation_rules(expr::SetUse::counts), std::nullopt);
      check_numeric(reader, item, rule.value);
      rule.form == ScoreRule::Form::steps ? read_steps(reader, item, rule) : read_each(reader, item, rule);
      break;
    case ScoreRule::Form::per_event:
      read_each(reader, item, rule);
      read_event_count(reader, item, rule);
      break;
  }
  for (const expr::ProgramPtr& program : {rule.when, rule.value})
    if (program) add_reads(reader.derivation, *program);
}

// The text of a rule may hold {{n}}, its points, and {{v}}, its value: nothing else.
void check_text(const ScoreReader& reader, const Item& item, const ScoreRule& rule) {
  for (const auto& [language, text] : rule.text.texts)
    for (std::size_t at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 2)) {
      const std::size_t end = text.find("}}", at);
      const std::string name = text.substr(at + 2, end == std::string::npos ? end : end - at - 2);
      if (end != std::string::npos && (name == "n" || name == "v")) continue;
      reader.builder.report(ProblemNumber::unknown_name,
                            "the text of " + reader.what(item) + " asks for {{" + name + "}}",
                            item.source->document->place_in_string(pointer_join(item.at("text"), language), at), {},
                            "{{n}}, the points, or {{v}}, the value");
    }
}

std::optional<ScoreRule> read_rule(ScoreReader& reader, const Item& item) {
  constexpr std::array<std::pair<std::string_view, ScoreRule::OnUnknown>, 3> on_unknown = {
      {{"zero", ScoreRule::OnUnknown::zero},
       {"max", ScoreRule::OnUnknown::max},
       {"withhold", ScoreRule::OnUnknown::withhold}}};
  ScoreRule rule;
  rule.id = item.text("id");
  rule.text = item.label("text", rule.id);
  rule.place = item.place();
  for (const auto& [name, meaning] : on_unknown)
    if (name == item.text("on_unknown")) rule.on_unknown = meaning;
  if (!rule.id.empty() && !reader.rule_ids.insert(rule.id).second)
    reader.builder.report(ProblemNumber::duplicate_name,
                          "the rule " + quoted(rule.id) + " of the score " + reader.derivation.name + " is there twice",
                          item.place("id"), "rename one of them");
  check_text(reader, item, rule);
  const auto form = read_form(reader, item);
  if (!form) return std::nullopt;
  rule.form = *form;
  read_form_values(reader, item, rule);
  return rule;
}

std::vector<ScoreRule> read_rules(ScoreReader& reader, const Item& item) {
  std::vector<ScoreRule> rules;
  for (const Item& entry : item.list("rules"))
    if (auto rule = read_rule(reader, entry)) rules.push_back(std::move(*rule));
  return rules;
}

// --- the model around the rules ----------------------------------------------------------------------------------

std::optional<std::int64_t> optional_milli(Builder& builder, const Item& item, std::string_view key) {
  return item.has(key) ? std::optional(milli(builder, item, key)) : std::nullopt;
}

ScoreDimension read_dimension(ScoreReader& reader, const Item& item) {
  ScoreDimension dimension;
  dimension.id = item.text("id");
  dimension.label = item.label("label", dimension.id);
  std::set<std::string> ids;
  for (const Item& entry : item.list("groups")) {
    ScoreGroup group;
    group.id = entry.text("id");
    group.min_milli = optional_milli(reader.builder, entry, "min");
    group.max_milli = optional_milli(reader.builder, entry, "max");
    if (!ids.insert(group.id).second)
      reader.builder.report(
          ProblemNumber::duplicate_name,
          "the group " + quoted(group.id) + " of the score " + reader.derivation.name + " is there twice",
          entry.place("id"));
    if (group.min_milli && group.max_milli && *group.min_milli > *group.max_milli)
      reader.builder.report(ProblemNumber::bad_value,
                            "the least of the group " + quoted(group.id) + " is above its greatest",
                            entry.place("min"));
    group.rules = read_rules(reader, entry);
    dimension.groups.push_back(std::move(group));
  }
  return dimension;
}

void read_dimensions(ScoreReader& reader, const Item& item, ScoreModel& model) {
  if (item.has("rules") == item.has("dimensions")) {
    reader.builder.report(ProblemNumber::missing_key,
                          "the score " + reader.derivation.name + " must have \"rules\" or \"dimensions\"",
                          item.place(), {}, "exactly one of the two");
    return;
  }
  if (item.has("rules")) {
    // Rules alone are one dimension with one group.
    ScoreDimension only{item.text("name"), item.label("label", item.text("name")), {}};
    only.groups.push_back(ScoreGroup{item.text("name"), std::nullopt, std::nullopt, read_rules(reader, item)});
    model.dimensions.push_back(std::move(only));
    return;
  }
  std::set<std::string> ids;
  for (const Item& entry : item.list("dimensions")) {
    if (!ids.insert(entry.text("id")).second)
      reader.builder.report(
          ProblemNumber::duplicate_name,
          "the dimension " + quoted(entry.text("id")) + " of the score " + reader.derivation.name + " is there twice",
          entry.place("id"));
    model.dimensions.push_back(read_dimension(reader, entry));
  }
}

void read_range(const ScoreReader& reader, const Item& item, ScoreModel& model) {
  const json::value* range = item.find("range");
  if (!range || !range->is_array() || range->get_array().size() != 2) return;
  std::optional<std::int64_t> low, high;
  if (range->get_array()[0].is_number()) low = read_milli(range->get_array()[0].to_number<double>());
  if (range->get_array()[1].is_number()) high = read_milli(range->get_array()[1].to_number<double>());
  if (low && high && *low < *high) {
    model.low_milli = *low;
    model.high_milli = *high;
    return;
  }
  reader.builder.report(ProblemNumber::bad_value,
                        "the range of the score " + reader.derivation.name + " must be [lowest, highest]",
                        item.place("range"), {}, "two numbers, at most three decimals, the first less than the second");
}

std::vector<ScoreBand> read_bands(Builder& builder, const Item& item, const std::string& name) {
  std::vector<ScoreBand> bands;
  std::set<std::string> ids;
  for (const Item& entry : item.list("bands")) {
    ScoreBand band{entry.text("id"), milli(builder, entry, "from"), entry.label("label", entry.text("id"))};
    if (band.id.empty()) continue;
    if (!ids.insert(band.id).second)
      builder.report(ProblemNumber::duplicate_name,
                     "the band " + quoted(band.id) + " of the score " + name + " is there twice", entry.place("id"),
                     "rename one of them");
    if (!bands.empty() && band.from_milli <= bands.back().from_milli)
      builder.report(ProblemNumber::bad_value, "the bands of the score " + name + " don't ascend", entry.place("from"),
                     "order them by \"from\"");
    bands.push_back(std::move(band));
  }
  return bands;
}

Member score_member(const Derivation& derivation, const std::string& name, const Label& label) {
  Member member;
  member.name = name;
  member.owner = derivation.owner;
  member.label = label;
  member.role = Role::derived;
  member.column = physical_name(name);
  member.derivation = derivation.number;
  member.place = derivation.place;
  return member;
}

Member band_member(const Derivation& derivation, const std::string& name, const std::vector<ScoreBand>& bands) {
  Label label;
  for (const auto& [language, text] : derivation.label.texts)
    label.texts.emplace(language, language == "zh" ? text + "分级" : text + ", band");
  Member member = score_member(derivation, name + "_band", label);
  member.type = expr::Type::of(Kind::text);
  member.values = std::make_unique<expr::EnumValues>();
  member.values->ordered = true;
  for (const ScoreBand& band : bands) {
    member.values->ids.push_back(band.id);
    member.value_labels.push_back(EnumValue{band.id, band.label});
  }
  member.type.values = member.values.get();
  return member;
}

void declare_score(Builder& builder, const Item& item) {
  const Source& source = *item.source;
  const std::int32_t type = builder.record_type(item, "on");
  if (type < 0 || item.text("name").empty()) return;
  Derivation derivation;
  derivation.kind = DerivationKind::score;
  derivation.name = source.qualified(item.text("name"));
  derivation.owner = source.id();
  derivation.owner_version = source.head.version;
  derivation.label = item.label("label", item.text("name"));
  derivation.record_type = type;
  derivation.place = item.place();
  derivation.number = static_cast<std::int32_t>(builder.catalog.derivations.size());
  derivation.score = std::make_unique<ScoreModel>();
  if (!builder.claim("derivation", derivation.name, derivation.owner, derivation.place)) return;
  const std::string name = builder.member_name(source, type, item.text("name"));
  Member value = score_member(derivation, name, derivation.label);
  value.type = expr::Type::of(Kind::real);
  derivation.member = builder.add_member(type, std::move(value));
  if (derivation.member < 0) return;
  derivation.score->bands = read_bands(builder, item, derivation.name);
  if (!derivation.score->bands.empty())
    derivation.band_member = builder.add_member(type, band_member(derivation, name, derivation.score->bands));
  builder.derivations.push_back({derivation.number, item});
  builder.catalog.derivations.push_back(std::move(derivation));
}

}  // namespace

void declare_scores(Builder& builder, const Source& source) {
  for (const Item& item : root_item(source).list("scores")) declare_score(builder, item);
}

void resolve_score(Builder& builder, const Item& item, Derivation& derivation) {
  ScoreReader reader{builder, derivation};
  ScoreModel& model = *derivation.score;
  read_range(reader, item, model);
  model.normalise = item.flag("normalise");
  model.applies_when = compile_condition(
      builder, {item, "applies_when", derivation.record_type, "applies_when of the score " + derivation.name},
      derivation_rules(expr::SetUse::counts));
  if (model.applies_when) add_reads(derivation, *model.applies_when);
  read_dimensions(reader, item, model);
}

}  // namespace kith::internal::catalog
