#include "catalog/describe.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/time/time.hpp"
#include "catalog/model/catalog_names.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;
namespace {

constexpr std::array kRoleNames = {"field", "system", "derived", "set"};
constexpr std::array kPiiNames = {"none", "personal", "sensitive"};
constexpr std::array kCardinalityNames = {"one_to_one", "one_to_many", "many_to_one", "many_to_many"};
constexpr std::array kFormNames = {"points", "steps", "per_unit", "per_event", "floor", "override"};
constexpr std::array kOnUnknownNames = {"zero", "max", "withhold"};
constexpr std::array kTriggerNames = {"created",         "updated",      "entered", "left", "transition",
                                      "entered_segment", "left_segment", "became",  "band"};
constexpr std::array kActionNames = {"set", "transition", "create", "log", "relate", "emit", "call"};
constexpr std::array kOnceNames = {"event", "record", "root"};

template <class Names, class Enum>
const char* name_of(const Names& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

class Describer {
 public:
  Describer(const Catalog& catalog, std::string_view language) : catalog_(catalog), language_(language) {}

  json::object whole() const {
    json::object out;
    out["language"] = language_;
    out["currency"] = catalog_.currency.text();
    out["bundles"] = list(catalog_.bundles, [&](const Bundle& b) { return bundle(b); });
    out["types"] = list(catalog_.record_types, [&](const RecordType& t) { return type(t); });
    out["relationships"] = list(catalog_.relationships, [&](const Relationship& r) { return relationship(r); });
    out["lifecycles"] = list(catalog_.lifecycles, [&](const Lifecycle& l) { return lifecycle(l); });
    json::array formulas, rollups, segments, scores;
    for (const Derivation& derivation : catalog_.derivations) {
      if (derivation.kind == DerivationKind::formula) formulas.push_back(this->derivation(derivation));
      if (derivation.kind == DerivationKind::rollup) rollups.push_back(this->derivation(derivation));
      if (derivation.kind == DerivationKind::segment) segments.push_back(this->derivation(derivation));
      if (derivation.kind == DerivationKind::score) scores.push_back(score(derivation));
    }
    out["formulas"] = std::move(formulas);
    out["rollups"] = std::move(rollups);
    out["segments"] = std::move(segments);
    out["scores"] = std::move(scores);
    out["validations"] = list(catalog_.validations, [&](const Validation& v) { return validation(v); });
    out["workflows"] = list(catalog_.workflows, [&](const Workflow& w) { return workflow(w); });
    out["functions"] = list(catalog_.functions, [&](const Function& f) {
      return json::object{{"name", f.name}, {"owner", f.owner}, {"signature", f.abi_signature}};
    });
    out["actions"] = list(catalog_.actions, [&](const Action& a) { return action(a); });
    out["jobs"] = list(catalog_.jobs, [&](const Job& j) { return job(j); });
    out["parameters"] = list(catalog_.parameter_sets, [&](const ParameterSet& s) {
      return json::object{{"name", s.name}, {"owner", s.owner}, {"values", arguments(s.values)}};
    });
    out["settings"] = list(catalog_.settings, [&](const Setting& s) { return setting(s); });
    out["purposes"] = list(catalog_.purposes, [&](const Purpose& p) { return purpose(p); });
    out["roles"] = list(catalog_.roles, [&](const RoleDeclaration& r) { return role(r); });
    return out;
  }

 private:
  template <class Things, class Make>
  static json::array list(const Things& things, Make make) {
    json::array out;
    for (const auto& thing : things) out.push_back(make(thing));
    return out;
  }

  const std::string& label(const Label& l) const { return l.in(language_); }

  static json::array texts(const std::vector<std::string>& list) { return json::array(list.begin(), list.end()); }

  static json::value source(const expr::ProgramPtr& program) {
    return program ? json::value(program->source) : json::value(nullptr);
  }

  static double points(std::int64_t milli) { return static_cast<double>(milli) / 1000.0; }

  std::string type_text(const expr::Type& type) const {
    if (type.kind == Kind::ref) return type.record_type < 0 ? "ref any" : "ref " + catalog_.type(type.record_type).name;
    return expr::type_name(type);
  }

  json::array arguments(const std::vector<Argument>& list) const {
    json::array out;
    for (const Argument& argument : list)
      out.push_back(json::object{{"name", argument.name}, {"type", type_text(argument.type)}});
    return out;
  }

  json::object bundle(const Bundle& b) const {
    return {{"id", b.id},
            {"version", b.version},
            {"label", label(b.label)},
            {"needs", texts(b.needs)},
            {"needs_optional", texts(b.needs_optional)},
            {"overlay", b.overlay},
            {"library", b.library}};
  }

  json::object member(const Member& m) const {
    json::object out{
        {"name", m.name},
        {"type", m.role == Role::child_set ? "set of " + catalog_.type(m.type.record_type).name : type_text(m.type)},
        {"owner", m.owner},
        {"label", label(m.label)},
        {"role", name_of(kRoleNames, m.role)}};
    if (m.role == Role::derived && m.derivation >= 0) {
      const Derivation& derivation = catalog_.derivations[static_cast<std::size_t>(m.derivation)];
      out["derivation"] = derivation.name;
      out["kind"] = derivation_kind_name(derivation.kind);
    }
    if (m.required) out["required"] = true;
    if (m.unique) out["unique"] = true;
    if (m.index) out["index"] = true;
    if (m.default_value) out["default"] = to_text(*m.default_value);
    if (m.min) out["min"] = *m.min;
    if (m.max) out["max"] = *m.max;
    if (m.max_length) out["max_length"] = *m.max_length;
    if (!m.pattern.empty()) out["pattern"] = m.pattern;
    if (!m.format.empty()) out["format"] = m.format;
    if (m.pii != Pii::none) out["pii"] = name_of(kPiiNames, m.pii);
    if (!m.inverse.empty()) out["inverse"] = m.inverse;
    if (m.type.kind == Kind::money) out["currency"] = m.type.currency.text();
    if (m.values && m.values->ordered) out["ordered"] = true;
    if (m.values && m.values->extensible) out["extensible"] = true;
    if (!m.value_labels.empty())
      out["values"] = list(m.value_labels, [&](const EnumValue& v) {
        return json::object{{"id", v.id}, {"label", label(v.label)}, {"owner", v.owner.empty() ? m.owner : v.owner}};
      });
    return out;
  }

  json::object type(const RecordType& t) const {
    json::object out{{"name", t.name}, {"label", label(t.label)}, {"owner", t.owner}, {"append_only", t.append_only}};
    out["title"] = t.title_member < 0 ? json::value(nullptr)
                                      : json::value(t.members[static_cast<std::size_t>(t.title_member)].name);
    out["key"] =
        t.key_member < 0 ? json::value(nullptr) : json::value(t.members[static_cast<std::size_t>(t.key_member)].name);
    json::array members;
    for (const Member& m : t.members)
      if (!is_hidden(m)) members.push_back(member(m));
    out["members"] = std::move(members);
    return out;
  }

  json::object end(const RelationshipEnd& e) const {
    return {{"type", e.record_type < 0 ? std::string() : catalog_.type(e.record_type).name}, {"kind", e.kind}};
  }

  json::object relationship(const Relationship& r) const {
    return {{"name", r.name},
            {"inverse", r.inverse},
            {"owner", r.owner},
            {"label", label(r.label)},
            {"inverse_label", label(r.inverse_label)},
            {"from", end(r.from)},
            {"to", end(r.to)},
            {"cardinality", name_of(kCardinalityNames, r.cardinality)},
            {"acyclic", r.acyclic},
            {"symmetric", r.symmetric},
            {"attributes", list(r.attributes, [&](const Relationship::Attribute& a) {
               return json::object{{"name", a.name}, {"type", type_text(a.type)}, {"label", label(a.label)}};
             })}};
  }

  json::object transition(const Transition& t) const {
    json::object out{{"event", t.event},
                     {"label", label(t.label)},
                     {"from", texts(t.from)},
                     {"to", t.to},
                     {"guard", source(t.guard)},
                     {"deny", label(t.deny)},
                     {"reason_required", t.reason_required},
                     {"auto", nullptr}};
    if (!t.automatic) return out;
    json::object automatic;
    if (t.automatic->when) automatic["when"] = t.automatic->when->source;
    if (t.automatic->after_us) automatic["after"] = format_duration(*t.automatic->after_us);
    if (t.automatic->order) automatic["order"] = *t.automatic->order;
    out["auto"] = std::move(automatic);
    return out;
  }

  json::object lifecycle(const Lifecycle& l) const {
    const RecordType& on = catalog_.type(l.record_type);
    json::array states, transitions;
    for (const State& s : l.states) {
      json::array required;
      for (const std::int32_t m : s.required)
        required.push_back(json::value(on.members[static_cast<std::size_t>(m)].name));
      states.push_back(json::object{{"id", s.id},
                                    {"label", label(s.label)},
                                    {"category", category_name(s.category)},
                                    {"required", std::move(required)},
                                    {"enter_guard", source(s.enter_guard)}});
    }
    for (const Transition& t : l.transitions) transitions.push_back(transition(t));
    json::array raises;
    for (const Raise& r : l.raises)
      raises.push_back(json::object{{"state", r.state},
                                    {"lifecycle", catalog_.lifecycles[static_cast<std::size_t>(r.lifecycle)].name},
                                    {"to", r.target}});
    return {{"order", texts(l.order)},
            {"raises", std::move(raises)},
            {"slot", l.slot},
            {"applies_when", source(l.applies_when)},
            {"name", l.name},
            {"on", on.name},
            {"owner", l.owner},
            {"label", label(l.label)},
            {"initial", texts(l.initial)},
            {"states", std::move(states)},
            {"transitions", std::move(transitions)}};
  }

  json::object derivation(const Derivation& d) const {
    const RecordType& on = catalog_.type(d.record_type);
    const Member& value = on.members[static_cast<std::size_t>(d.member)];
    json::object out{{"name", d.name},
                     {"on", on.name},
                     {"member", value.name},
                     {"owner", d.owner},
                     {"version", d.owner_version},
                     {"label", label(d.label)},
                     {"type", type_text(value.type)}};
    if (d.program) out[d.kind == DerivationKind::segment ? "when" : "expr"] = d.program->source;
    if (d.kind != DerivationKind::rollup) return out;
    out["aggregate"] = aggregate_name(d.aggregate);
    out["over"] = catalog_.set_text(d.over);
    out["where"] = source(d.where);
    const bool distinct = d.aggregate == Aggregate::count_distinct;
    out["value"] = distinct ? json::value() : source(d.value);
    if (distinct) out["distinct_by"] = source(d.value);
    if (d.at) out["at"] = source(d.at);
    return out;
  }

  json::object rule(const ScoreRule& r, const std::vector<ScoreBand>& bands) const {
    json::object out{{"id", r.id},
                     {"text", label(r.text)},
                     {"form", name_of(kFormNames, r.form)},
                     {"on_unknown", name_of(kOnUnknownNames, r.on_unknown)}};
    if (r.when) out["when"] = r.when->source;
    if (r.value) out["value"] = r.value->source;
    if (r.form == ScoreRule::Form::points) out["points"] = points(r.points_milli);
    if (r.gives_band()) out["band"] = bands[r.band].id;
    if (r.form == ScoreRule::Form::steps)
      out["steps"] = list(r.steps, [](const auto& step) { return json::array{step.first, points(step.second)}; });
    if (r.form == ScoreRule::Form::per_unit || r.form == ScoreRule::Form::per_event) {
      out["each"] = points(r.each_milli);
      out["cap"] = points(r.cap_milli);
    }
    if (r.form == ScoreRule::Form::per_event) out["over"] = catalog_.set_text(r.over);
    if (r.where) out["where"] = r.where->source;
    if (r.at) out["at"] = r.at->source;
    if (r.window_days) out["window_days"] = *r.window_days;
    return out;
  }

  json::object score(const Derivation& d) const {
    const ScoreModel& model = *d.score;
    json::object out = derivation(d);
    out["applies_when"] = source(model.applies_when);
    out["range"] = json::array{points(model.low_milli), points(model.high_milli)};
    out["normalise"] = model.normalise;
    out["dimensions"] = list(model.dimensions, [&](const ScoreDimension& dimension) {
      return json::object{
          {"id", dimension.id},
          {"label", label(dimension.label)},
          {"groups", list(dimension.groups, [&](const ScoreGroup& group) {
             json::object one{{"id", group.id},
                              {"rules", list(group.rules, [&](const ScoreRule& r) { return rule(r, model.bands); })}};
             if (group.min_milli) one["min"] = points(*group.min_milli);
             if (group.max_milli) one["max"] = points(*group.max_milli);
             return one;
           })}};
    });
    out["bands"] = list(model.bands, [&](const ScoreBand& b) {
      return json::object{{"id", b.id}, {"from", points(b.from_milli)}, {"label", label(b.label)}};
    });
    return out;
  }

  json::object validation(const Validation& v) const {
    const RecordType& on = catalog_.type(v.record_type);
    return {{"id", v.id},
            {"owner", v.owner},
            {"on", on.name},
            {"field", v.field_member < 0 ? std::string() : on.members[static_cast<std::size_t>(v.field_member)].name},
            {"reject_when", source(v.reject_when)},
            {"text", label(v.text)}};
  }

  json::object workflow(const Workflow& w) const {
    json::object trigger{{"on", name_of(kTriggerNames, w.trigger.kind)}};
    if (!w.trigger.lifecycle.empty()) trigger["lifecycle"] = w.trigger.lifecycle;
    if (!w.trigger.state.empty()) trigger["state"] = w.trigger.state;
    if (!w.trigger.event.empty()) trigger["event"] = w.trigger.event;
    if (w.trigger.derivation >= 0) {
      const Derivation& d = catalog_.derivations[static_cast<std::size_t>(w.trigger.derivation)];
      trigger[w.trigger.kind == Trigger::Kind::became ? "expr" : "derivation"] =
          w.trigger.kind == Trigger::Kind::became ? source(d.program) : json::value(d.name);
    }
    json::array watched;
    for (const std::int32_t m : w.trigger.watched)
      watched.push_back(json::value(catalog_.type(w.record_type).members[static_cast<std::size_t>(m)].name));
    if (w.trigger.kind == Trigger::Kind::updated) trigger["fields"] = std::move(watched);
    return {{"id", w.id},
            {"on", catalog_.type(w.record_type).name},
            {"owner", w.owner},
            {"label", label(w.label)},
            {"trigger", std::move(trigger)},
            {"condition", source(w.condition)},
            {"once_per", name_of(kOnceNames, w.once_per)},
            {"phase", w.phase},
            {"priority", w.priority},
            {"enabled", w.enabled},
            {"actions", list(w.actions, [](const WorkflowAction& a) {
               return json::object{{"id", a.id}, {"does", name_of(kActionNames, a.kind)}, {"target", a.target}};
             })}};
  }

  json::array type_names(const std::vector<std::int32_t>& types) const {
    json::array out;
    for (const std::int32_t type : types) out.push_back(json::value(catalog_.type(type).name));
    return out;
  }

  json::object action(const Action& a) const {
    return {{"name", a.name},
            {"owner", a.owner},
            {"on", catalog_.type(a.record_type).name},
            {"effect", a.database_effect ? "database" : "outside"},
            {"args", arguments(a.arguments)},
            {"writes", type_names(a.writes)},
            {"runs_as", a.runs_as}};
  }

  json::object job(const Job& j) const {
    return {{"name", j.name},
            {"owner", j.owner},
            {"text", label(j.text)},
            {"args", arguments(j.arguments)},
            {"writes", type_names(j.writes)},
            {"publishes", texts(j.publishes)},
            {"runs_as", j.runs_as}};
  }

  json::object setting(const Setting& s) const {
    json::object out{{"name", s.name},
                     {"owner", s.owner},
                     {"label", label(s.label)},
                     {"type", type_text(s.type)},
                     {"value", to_text(s.value)},
                     {"from", s.from_config ? "config" : "default"}};
    if (!s.key) return out;
    json::object entries;
    for (const auto& [key, value] : s.entries) entries[to_text(key)] = to_text(value);
    out["key"] = type_text(*s.key);
    out["value"] = std::move(entries);
    return out;
  }

  json::object purpose(const Purpose& p) const {
    return {{"name", p.name},
            {"owner", p.owner},
            {"label", label(p.label)},
            {"text", label(p.text)},
            {"version", p.version}};
  }

  json::object role(const RoleDeclaration& r) const {
    return {{"name", r.name},
            {"owner", r.owner},
            {"label", label(r.label)},
            {"grants", list(r.grants, [](const RoleGrant& g) {
               return json::object{{"type", g.type}, {"operation", g.operation}, {"scope", g.scope}};
             })}};
  }

  const Catalog& catalog_;
  std::string_view language_;
};

}  // namespace

json::value describe(const Catalog& catalog, std::string_view language) { return Describer(catalog, language).whole(); }

}  // namespace kith::internal::catalog
