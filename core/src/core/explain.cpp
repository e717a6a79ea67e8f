#include "core/explain.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>
#include <vector>

#include "base/text/text.hpp"
#include "derive/compute/automatic.hpp"
#include "facts/read/timeline.hpp"

namespace kith::internal {

namespace json = boost::json;

bool is_hidden(const catalog::Derivation& derivation) {
  return derivation.kind == catalog::DerivationKind::trigger || derivation.kind == catalog::DerivationKind::automatic;
}

bool is_hidden(const catalog::Catalog& catalog, const catalog::Member& member) {
  return member.derivation >= 0 && is_hidden(catalog.derivations[static_cast<std::size_t>(member.derivation)]);
}

void throw_not_found(const catalog::RecordType& type, const RecordId& id) {
  Problem p;
  p.number = ProblemNumber::record_not_found;
  p.message = "there is no live " + type.name + " with the id " + id.text();
  p.fix = "list " + type.name + " to see which there are; a removed record is not live";
  throw Error(p);
}

std::string milli_text(std::int64_t milli) {
  const bool negative = milli < 0;
  const std::uint64_t n = negative ? 0 - static_cast<std::uint64_t>(milli) : static_cast<std::uint64_t>(milli);
  std::string out = (negative ? "-" : "") + std::to_string(n / 1000);
  if (const std::uint64_t rest = n % 1000; rest != 0) {
    std::string digits = std::to_string(rest);
    digits.insert(0, 3 - digits.size(), '0');
    while (digits.back() == '0') digits.pop_back();
    out += "." + digits;
  }
  return out;
}

std::string rule_text(const catalog::Label& text, std::string_view language, const derive::RuleResult& result) {
  std::string out = text.in(language);
  const auto replace = [&out](std::string_view what, const std::string& by) {
    for (std::size_t at = 0; (at = out.find(what, at)) != std::string::npos; at += by.size())
      out.replace(at, what.size(), by);
  };
  replace("{{n}}", milli_text(result.points_milli));
  replace("{{v}}", result.unknown ? "?" : to_text(result.seen));
  return out;
}

namespace {

double points(std::int64_t milli) { return static_cast<double>(milli) / 1000.0; }

const catalog::Derivation& derivation_named(const catalog::Catalog& catalog, const catalog::RecordType& type,
                                            std::string_view name) {
  if (const catalog::Derivation* found = catalog.find_derivation(name);
      found && found->record_type == type.number && !is_hidden(*found))
    return *found;
  if (const catalog::Member* member = type.find(name); member && member->derivation >= 0)
    return catalog.derivations[static_cast<std::size_t>(member->derivation)];
  std::vector<std::string> names;
  for (const catalog::Derivation& d : catalog.derivations)
    if (d.record_type == type.number && !is_hidden(d)) names.push_back(d.name);
  for (const std::int32_t l : type.lifecycles) names.push_back(catalog.lifecycles[static_cast<std::size_t>(l)].name);
  Problem p;
  p.number = ProblemNumber::unknown_thing;
  p.message = "nothing named '" + std::string(name) + "' can be explained on " + type.name;
  p.expected = names.empty() ? "a type with derivations or a lifecycle" : "one of " + join(names, ", ");
  p.fix = did_you_mean(name, names);
  throw Error(p);
}

derive::ScoreResult compute(access::Unit& unit, derive::Engine& derivations, const catalog::Derivation& d,
                            const RecordId& id) {
  expr::RecordView* view = derivations.view(d.record_type, id);
  if (!view) throw_not_found(unit.catalog().type(d.record_type), id);
  return derive::compute_score(d, *view, unit.env(), true);
}

const catalog::ScoreBand* band_of(const catalog::Derivation& d, const std::string& id) {
  for (const catalog::ScoreBand& band : d.score->bands)
    if (band.id == id) return &band;
  return nullptr;
}

json::value until_json(std::int64_t until) {
  if (until == kForever) return nullptr;
  return json::value(format_instant(until));
}

}  // namespace

json::value terms_json(const catalog::Catalog& catalog, const expr::Explained& explained) {
  json::object out;
  out["source"] = explained.source;
  out["value"] = explained.value.is_unknown() ? json::value("unknown") : facts::value_json(catalog, explained.value);
  if (explained.value.is_unknown() && !explained.value.s.empty()) out["reason"] = explained.value.s;
  json::array parts;
  for (const expr::Explained& part : explained.parts) parts.push_back(terms_json(catalog, part));
  out["parts"] = std::move(parts);
  return out;
}

std::unique_ptr<ResultRows> explain_rows(access::Unit& unit, derive::Engine& derivations,
                                         const catalog::RecordType& type, const RecordId& id, std::string_view name) {
  const catalog::Derivation& d = derivation_named(unit.catalog(), type, name);
  auto rows = std::make_unique<ResultRows>();
  const auto text = [](const char* n) { return access::Column{n, expr::Type::of(Kind::text)}; };
  rows->columns = {text("rule"), text("dimension"), {"points", expr::Type::of(Kind::real)},
                   text("text"), text("value"),     {"unknown", expr::Type::of(Kind::boolean)}};
  const std::string& language = unit.catalog().language;
  const auto add = [&](std::string rule, std::string dimension, Value amount, std::string what, std::string seen,
                       bool unknown) {
    rows->rows.push_back({Value::text(std::move(rule)), Value::text(std::move(dimension)), std::move(amount),
                          Value::text(std::move(what)), Value::text(std::move(seen)), Value::boolean(unknown)});
  };
  if (d.kind == catalog::DerivationKind::score) {
    const derive::ScoreResult result = compute(unit, derivations, d, id);
    for (const derive::RuleResult& r : result.rules)
      add(r.rule->id, r.dimension, Value::real(points(r.points_milli)), rule_text(r.rule->text, language, r),
          r.unknown ? "" : to_text(r.seen), r.unknown);
    for (const derive::Adjustment& a : result.adjustments)
      add("adjustment", "", Value::real(points(a.points_milli)), a.where, "", false);
    const bool there = result.applies && !result.withheld;
    add("total", "", there ? Value::real(points(result.score_milli)) : Value::null(), result.band, "", !there);
    return rows;
  }
  const expr::Timed value = derivations.value(d.number, id);
  if (d.program) {
    expr::RecordView* view = derivations.view(type.number, id);
    if (!view) throw_not_found(type, id);
    for (const expr::Explained& part : expr::explain(*d.program, *view, unit.env()).parts)
      add(part.source, "", Value::null(), part.source, to_text(part.value), part.value.is_unknown());
  }
  add("total", "", Value::null(), to_text(value.value), to_text(value.value), value.value.is_null());
  return rows;
}

json::object score_document(access::Unit& unit, derive::Engine& derivations, const catalog::Derivation& d,
                            const RecordId& id, bool with_terms) {
  const std::string& language = unit.catalog().language;
  const derive::ScoreResult result = compute(unit, derivations, d, id);
  json::object out;
  out["score"] = d.name;
  out["label"] = d.label.in(language);
  out["plugin"] = d.owner;
  out["version"] = d.owner_version;
  const bool there = result.applies && !result.withheld;
  out["applies"] = result.applies;
  out["withheld"] = result.withheld;
  out["value"] = there ? json::value(points(result.score_milli)) : json::value();
  const catalog::ScoreBand* band = band_of(d, result.band);
  out["band"] = band ? json::value(band->id) : json::value();
  out["band_label"] = band ? json::value(band->label.in(language)) : json::value();
  out["low"] = points(d.score->low_milli);
  out["high"] = points(d.score->high_milli);
  out["as_of"] = format_instant(unit.now);
  out["valid_until"] = until_json(result.until);
  json::array reasons;
  for (const derive::RuleResult& r : result.rules) {
    json::object one;
    one["rule"] = r.rule->id;
    one["plugin"] = d.owner;
    one["version"] = d.owner_version;
    one["dimension"] = r.dimension;
    one["group"] = r.group;
    one["points"] = points(r.points_milli);
    one["text"] = rule_text(r.rule->text, language, r);
    one["seen"] = r.unknown ? json::value("unknown") : facts::value_json(unit.catalog(), r.seen);
    one["unknown"] = r.unknown;
    if (with_terms) {
      json::array terms;
      for (const expr::Explained& part : r.parts) terms.push_back(terms_json(unit.catalog(), part));
      one["terms"] = std::move(terms);
    }
    reasons.push_back(std::move(one));
  }
  out["reasons"] = std::move(reasons);
  json::array adjustments;
  for (const derive::Adjustment& a : result.adjustments)
    adjustments.push_back(json::object{{"where", a.where}, {"points", points(a.points_milli)}});
  out["adjustments"] = std::move(adjustments);
  return out;
}

namespace {

/// When it fires by itself: what it waits for, whether that is so, whether it is the one that fires, until when all
/// that holds.
json::object explain_automatic(access::Unit& unit, derive::Engine& derivations, const catalog::Lifecycle& lifecycle,
                               const catalog::Transition& transition, expr::RecordView& view, const RecordId& id) {
  const expr::Timed due = derive::is_due(lifecycle, transition, view, unit.env());
  const expr::Timed fires = derivations.value(lifecycle.automatic, id);
  json::object out;
  if (transition.automatic->when) {
    out["when"] = transition.automatic->when->source;
    out["terms"] = terms_json(unit.catalog(), expr::explain(*transition.automatic->when, view, unit.env()));
  } else {
    out["after"] = format_duration(*transition.automatic->after_us);
  }
  out["order"] = transition.automatic->order ? json::value(*transition.automatic->order) : json::value();
  out["due"] = due.value.is_true();
  out["due_until"] = until_json(due.until);
  out["fires"] = !fires.value.is_null() && fires.value.s == transition.event;
  out["valid_until"] = until_json(std::min(due.until, fires.until));
  return out;
}

json::object explain_lifecycle(access::Unit& unit, derive::Engine& derivations, const catalog::RecordType& type,
                               const catalog::Lifecycle& lifecycle, const RecordId& id) {
  const catalog::Catalog& catalog = unit.catalog();
  expr::RecordView* view = derivations.view(type.number, id);
  if (!view) throw_not_found(type, id);
  const Value state = view->get(lifecycle.state_member).value;
  json::object out;
  out["kind"] = "lifecycle";
  out["name"] = lifecycle.name;
  out["state"] = facts::value_json(catalog, state);
  out["since"] = facts::value_json(catalog, view->get(lifecycle.since_member).value);
  out["applies"] = derive::applies(catalog, lifecycle, *view, unit.env()).value.is_true();
  json::array history;
  for (const store::TransitionRow& row : unit.journal.transitions(type.number, id)) {
    if (row.lifecycle != lifecycle.name) continue;
    json::object one;
    one["from"] = row.from_state;
    one["to"] = row.to_state;
    one["event"] = row.event;
    one["entered"] = format_instant(row.entered_us);
    one["left"] = row.left_us ? json::value(format_instant(*row.left_us)) : json::value();
    one["seconds"] = ((row.left_us ? *row.left_us : unit.now) - row.entered_us) / kMicrosPerSecond;
    one["actor"] = row.actor;
    one["reason"] = row.reason;
    one["because"] = row.cause.by;
    one["guard"] = row.guard_json.empty() ? json::value() : json::parse(row.guard_json);
    history.push_back(std::move(one));
  }
  out["history"] = std::move(history);
  json::array possible;
  for (const catalog::Transition& t : lifecycle.transitions) {
    if (std::find(t.from.begin(), t.from.end(), state.s) == t.from.end()) continue;
    json::object one;
    one["event"] = t.event;
    one["to"] = t.to;
    one["reason_required"] = t.reason_required;
    bool allowed = true;
    if (t.guard) {
      const expr::Explained seen = expr::explain(*t.guard, *view, unit.env());
      allowed = seen.value.is_true();
      one["terms"] = terms_json(catalog, seen);
      if (!allowed && !t.deny.texts.empty()) one["deny"] = t.deny.in(catalog.language);
    }
    one["allowed"] = allowed;
    if (t.automatic) one["auto"] = explain_automatic(unit, derivations, lifecycle, t, *view, id);
    possible.push_back(std::move(one));
  }
  out["possible"] = std::move(possible);
  return out;
}

constexpr std::size_t kMostRows = 100;  ///< of a rollup that are shown one by one

/// A record of a rollup's set, and whether it counts: it is related, fits "where", and has what is asked of it.
struct RollupRow {
  const expr::Related* of;
  Value at, value;
  bool counted = false, taken = false;
};

RollupRow rollup_row(access::Unit& unit, const catalog::Derivation& d, const expr::Related& related) {
  RollupRow row{&related, {}, {}};
  if (d.at) row.at = expr::evaluate(*d.at, *related.record, unit.env()).value;
  if (d.value) row.value = expr::evaluate(*d.value, *related.record, unit.env()).value;
  const bool has_value = d.at ? !row.at.is_dead() : !d.value || !row.value.is_null();
  row.counted = has_value && related.inside && (!d.where || expr::holds(*d.where, *related.record, unit.env()));
  return row;
}

json::object row_json(const catalog::Catalog& catalog, const catalog::Derivation& d, const RollupRow& row) {
  const Value self = row.of->record->self();
  json::object one;
  one["record"] = catalog.type(self.record_type).name + "/" + self.id.text();
  one["counted"] = row.counted;
  if (d.over.relationship >= 0) one["related"] = row.of->inside;
  if (row.of->until != kForever) one["related_until"] = until_json(row.of->until);
  if (d.at) one["at"] = facts::value_json(catalog, row.at);
  if (d.value) one["value"] = facts::value_json(catalog, row.value);
  if (d.at) one["taken"] = row.taken;
  return one;
}

/// Its records, those that count first; of "latest" the one that is taken is marked. `more`: how many are not shown.
json::array rollup_rows(access::Unit& unit, const catalog::Derivation& d, expr::RecordView& record, std::size_t& more) {
  std::vector<expr::Related> related;
  record.related(d.over, related);
  std::vector<RollupRow> rows;
  rows.reserve(related.size());
  for (const expr::Related& each : related) rows.push_back(rollup_row(unit, d, each));
  RollupRow* latest = nullptr;  // of two at one instant the later id
  for (RollupRow& row : rows)
    if (d.at && row.counted && (latest == nullptr || row.at.i >= latest->at.i)) latest = &row;
  if (latest != nullptr) latest->taken = true;
  std::stable_sort(rows.begin(), rows.end(), [](const RollupRow& a, const RollupRow& b) {
    return std::pair(a.taken, a.counted) > std::pair(b.taken, b.counted);
  });
  more = rows.size() > kMostRows ? rows.size() - kMostRows : 0;
  json::array out;
  for (std::size_t i = 0; i + more < rows.size(); ++i) out.push_back(row_json(unit.catalog(), d, rows[i]));
  return out;
}

}  // namespace

json::object explain_document(access::Unit& unit, derive::Engine& derivations, const catalog::RecordType& type,
                              const RecordId& id, std::string_view name) {
  const catalog::Catalog& catalog = unit.catalog();
  if (const catalog::Lifecycle* lifecycle = catalog.find_lifecycle(type.number, name))
    return explain_lifecycle(unit, derivations, type, *lifecycle, id);
  const catalog::Derivation& d = derivation_named(catalog, type, name);
  if (d.kind == catalog::DerivationKind::score) {
    json::object out = score_document(unit, derivations, d, id, true);
    out["kind"] = "score";
    return out;
  }
  expr::RecordView* view = derivations.view(type.number, id);
  if (!view) throw_not_found(type, id);
  unit.surroundings.exchange_failure();
  const expr::Timed value = derivations.value(d.number, id);
  json::object out;
  out["kind"] = catalog::derivation_kind_name(d.kind);
  out["name"] = d.name;
  out["label"] = d.label.in(catalog.language);
  out["plugin"] = d.owner;
  out["version"] = d.owner_version;
  out["value"] = facts::value_json(catalog, value.value);
  out["as_of"] = format_instant(unit.now);
  out["valid_until"] = until_json(value.until);
  if (d.program) {
    out["source"] = d.program->source;
    out["terms"] = terms_json(catalog, expr::explain(*d.program, *view, unit.env()));
    if (const std::string failure = unit.surroundings.exchange_failure(); !failure.empty()) out["failed"] = failure;
  }
  if (d.kind == catalog::DerivationKind::rollup) {
    out["over"] = catalog.set_text(d.over);
    if (d.where) out["where"] = d.where->source;
    if (d.value) out[d.aggregate == catalog::Aggregate::count_distinct ? "distinct_by" : "of"] = d.value->source;
    if (d.at) out["at"] = d.at->source;
    std::size_t more = 0;
    out["rows"] = rollup_rows(unit, d, *view, more);
    if (more > 0) out["more"] = more;
  }
  return out;
}

}  // namespace kith::internal
