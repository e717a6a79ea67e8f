// Derivations in dependency order, cycles by name, fingerprints.
#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "base/text/text.hpp"
#include "catalog/builder/sections.hpp"

namespace kith::internal::catalog {
namespace {

// Part of every fingerprint: raised when the same declaration comes to mean something else in a later core.
constexpr std::string_view kMeaning = "2";

enum class Mark : std::uint8_t { fresh, open, done };

class Sorter {
 public:
  Sorter(const Catalog& catalog, Problems& problems)
      : catalog_(catalog), problems_(problems), marks_(catalog.derivations.size(), Mark::fresh) {}

  std::vector<std::int32_t> sorted() {
    for (const Derivation& derivation : catalog_.derivations) visit(derivation.number);
    return order_;
  }

 private:
  // Depth is bounded by the number of derivations on one path, each of which a person wrote.
  void visit(std::int32_t number) {
    Mark& mark = marks_[static_cast<std::size_t>(number)];
    if (mark == Mark::done) return;
    if (mark == Mark::open) return report_cycle(number);
    mark = Mark::open;
    path_.push_back(number);
    for (const expr::Read& read : catalog_.derivations[static_cast<std::size_t>(number)].reads) {
      if (read.member < 0) continue;
      const std::int32_t read_derivation =
          catalog_.type(read.record_type).members[static_cast<std::size_t>(read.member)].derivation;
      if (read_derivation >= 0) visit(read_derivation);
    }
    path_.pop_back();
    marks_[static_cast<std::size_t>(number)] = Mark::done;
    order_.push_back(number);
  }

  void report_cycle(std::int32_t number) {
    const auto first = std::find(path_.begin(), path_.end(), number);
    if (first == path_.end()) return;
    Problem problem;
    problem.number = ProblemNumber::derivation_cycle;
    std::string along;
    for (auto it = first; it != path_.end(); ++it) {
      const Derivation& derivation = catalog_.derivations[static_cast<std::size_t>(*it)];
      along += derivation.name + " -> ";
      problem.notes.push_back("reads  " + derivation.name + " (" + derivation_kind_name(derivation.kind) + " of " +
                              owner_text(derivation.owner) + ", " + derivation.place.text() + ")");
    }
    const Derivation& start = catalog_.derivations[static_cast<std::size_t>(number)];
    problem.message = "derivations read each other in a circle: " + along + start.name;
    problem.where = start.place;
    problem.fix = "take one of them out of the circle";
    problems_.add(std::move(problem));
  }

  const Catalog& catalog_;
  Problems& problems_;
  std::vector<Mark> marks_;
  std::vector<std::int32_t> path_, order_;
};

void add_programs(const Catalog& catalog, const Lifecycle& lifecycle, std::vector<expr::ProgramPtr>& out) {
  out.push_back(lifecycle.applies_when);
  out.push_back(lifecycle.begin_guard);
  for (const std::int32_t earlier : lifecycle.earlier_in_slot)
    out.push_back(catalog.lifecycles[static_cast<std::size_t>(earlier)].applies_when);
  for (const Transition& transition : lifecycle.transitions)
    if (transition.automatic)
      for (const auto& program :
           {transition.automatic->when, transition.automatic->guard, transition.automatic->enter_guard})
        out.push_back(program);
}

std::vector<expr::ProgramPtr> programs_of(const Catalog& catalog, const Derivation& derivation) {
  std::vector<expr::ProgramPtr> out = {derivation.program, derivation.where, derivation.value, derivation.at};
  if (derivation.score) {
    out.push_back(derivation.score->applies_when);
    for (const ScoreDimension& dimension : derivation.score->dimensions)
      for (const ScoreGroup& group : dimension.groups)
        for (const ScoreRule& rule : group.rules)
          for (const expr::ProgramPtr& program : {rule.when, rule.value, rule.where, rule.at}) out.push_back(program);
  }
  if (derivation.lifecycle >= 0)
    add_programs(catalog, catalog.lifecycles[static_cast<std::size_t>(derivation.lifecycle)], out);
  out.erase(std::remove(out.begin(), out.end(), nullptr), out.end());
  return out;
}

// Seen from the other end, or from both, its edges lead elsewhere, whatever is written in the derivation.
std::string meaning_of(const Catalog& catalog, const Relationship& relationship) {
  const auto end = [&](const RelationshipEnd& at) {
    return at.record_type < 0 ? "any" : catalog.type(at.record_type).name;
  };
  return relationship.name + (relationship.symmetric ? " = " : " / ") + relationship.inverse + ": " +
         end(relationship.from) + " -> " + end(relationship.to);
}

// What is below what stands in the enum's declaration, to which other bundles may add.
std::set<std::string> enum_orders(const Catalog& catalog, const Derivation& derivation) {
  std::set<std::string> out;
  for (const expr::Read& read : derivation.reads) {
    if (read.member < 0) continue;
    const RecordType& type = catalog.type(read.record_type);
    const Member& member = type.members[static_cast<std::size_t>(read.member)];
    if (member.values && member.values->ordered)
      out.insert(type.name + "." + member.name + "=" + join(member.values->ids, "<"));
  }
  return out;
}

/// What the sets of child records that it goes through stand for: moved to another ref, a set keeps its name.
std::set<std::string> child_sets(const Catalog& catalog, const Derivation& derivation) {
  std::set<std::string> out;
  for (const expr::Read& read : derivation.reads)
    for (const expr::Hop& hop : read.path) {
      if (!hop.through_set || hop.relationship >= 0) continue;
      const Member& set = catalog.type(hop.record_type).members[static_cast<std::size_t>(hop.member)];
      const RecordType& child = catalog.type(set.type.record_type);
      out.insert(set.name + "=" + child.name + "." + child.members[static_cast<std::size_t>(set.set_ref_member)].name);
    }
  return out;
}

// The declaration's own text decides: labels are part of it, which makes a few values anew that needn't be.
std::string fingerprint(const Catalog& catalog, const Derivation& derivation, const Item& item) {
  std::set<std::string> settings, functions;
  // Edges begin and end with days of the tenant's zone.
  bool zones = std::any_of(derivation.reads.begin(), derivation.reads.end(),
                           [](const expr::Read& read) { return read.relationship >= 0; });
  bool unicode = false;
  for (const expr::ProgramPtr& program : programs_of(catalog, derivation)) {
    zones = zones || program->uses_zones;
    unicode = unicode || program->uses_unicode;
    settings.insert(program->settings.begin(), program->settings.end());
    functions.insert(program->functions.begin(), program->functions.end());
  }
  std::string text = std::string(kMeaning) + '\n' + derivation.name + '\n' + boost::json::serialize(*item.object) +
                     '\n' + catalog.currency.text() + '\n' + catalog.time_zone;
  if (zones) text += "\nzones " + zone_data_version();
  if (unicode) text += "\nunicode " + unicode_version();
  if (derivation.lifecycle >= 0) {
    const Lifecycle& lifecycle = catalog.lifecycles[static_cast<std::size_t>(derivation.lifecycle)];
    for (const Transition& transition : lifecycle.transitions)
      if (transition.automatic && transition.automatic->after_us)
        text += "\nafter " + transition.event + "=" + std::to_string(*transition.automatic->after_us);
    for (const std::int32_t earlier : lifecycle.earlier_in_slot)
      if (const auto& applies = catalog.lifecycles[static_cast<std::size_t>(earlier)].applies_when)
        text += "\nnot " + applies->source;
  }
  for (const expr::Read& read : derivation.reads)
    if (read.relationship >= 0)
      text +=
          "\nrelationship " + meaning_of(catalog, catalog.relationships[static_cast<std::size_t>(read.relationship)]);
  for (const std::string& set : child_sets(catalog, derivation)) text += "\nset " + set;
  for (const std::string& order : enum_orders(catalog, derivation)) text += "\nenum " + order;
  for (const std::string& name : settings)
    if (const Setting* setting = catalog.find_setting(name)) {
      text += "\nsetting " + name + "=" + to_text(setting->value);
      for (const auto& [key, value] : setting->entries) text += "," + to_text(key) + ":" + to_text(value);
    }
  for (const std::string& name : functions) {
    const auto function = std::find_if(catalog.functions.begin(), catalog.functions.end(),
                                       [&](const Function& f) { return f.name == name; });
    if (function != catalog.functions.end())
      text += "\nfunction " + name + "@" + function->owner_version + function->abi_signature;
  }
  constexpr std::size_t shown = 32;
  return sha256_hex(text).substr(0, shown);
}

// Everything that names a derivation by its number is told the new one.
void renumber(Catalog& catalog, const std::vector<std::int32_t>& order) {
  std::vector<std::int32_t> now(order.size());
  std::vector<Derivation> sorted;
  sorted.reserve(order.size());
  for (const std::int32_t old : order) {
    now[static_cast<std::size_t>(old)] = static_cast<std::int32_t>(sorted.size());
    sorted.push_back(std::move(catalog.derivations[static_cast<std::size_t>(old)]));
    sorted.back().number = now[static_cast<std::size_t>(old)];
  }
  catalog.derivations = std::move(sorted);
  const auto update = [&](std::int32_t& number) {
    if (number >= 0) number = now[static_cast<std::size_t>(number)];
  };
  for (RecordType& type : catalog.record_types)
    for (Member& member : type.members) update(member.derivation);
  for (Workflow& workflow : catalog.workflows) update(workflow.trigger.derivation);
  for (Lifecycle& lifecycle : catalog.lifecycles) update(lifecycle.automatic);
}

/// The strictest of what its value is made of (design/derivations.md, Whose eyes). A count, a yes or no and a score of
/// personal data tell no such datum; what a rollup's "where" reads does not become part of its value.
Pii pii_of(const Catalog& catalog, const Derivation& derivation) {
  const expr::ProgramPtr& program = derivation.kind == DerivationKind::rollup ? derivation.value : derivation.program;
  const bool counts = derivation.aggregate == Aggregate::count_distinct;
  Pii strictest = Pii::none;
  if (!program || counts) return strictest;
  for (const expr::Read& read : program->reads) {
    if (read.member < 0) continue;
    strictest = std::max(strictest, catalog.type(read.record_type).members[static_cast<std::size_t>(read.member)].pii);
  }
  return strictest;
}

void inherit_pii(Catalog& catalog) {
  for (const Derivation& derivation : catalog.derivations) {
    if (derivation.kind != DerivationKind::formula && derivation.kind != DerivationKind::rollup) continue;
    RecordType& type = catalog.record_types[static_cast<std::size_t>(derivation.record_type)];
    Member& member = type.members[static_cast<std::size_t>(derivation.member)];
    if (member.type.kind != Kind::boolean) member.pii = pii_of(catalog, derivation);
  }
}

}  // namespace

void order_derivations(Builder& builder) {
  Catalog& catalog = builder.catalog;
  for (const Pending& pending : builder.derivations) {
    Derivation& derivation = catalog.derivations[static_cast<std::size_t>(pending.number)];
    derivation.fingerprint = fingerprint(catalog, derivation, pending.item);
  }
  const std::vector<std::int32_t> order = Sorter(catalog, builder.problems).sorted();
  renumber(catalog, order);
  inherit_pii(catalog);
}

}  // namespace kith::internal::catalog
