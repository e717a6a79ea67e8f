// Formulas, rollups and segments: their members, and what they read. Scores have a file of their own.
#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "catalog/builder/compiling.hpp"
#include "catalog/builder/reads.hpp"
#include "catalog/builder/sections.hpp"
#include "catalog/manifest/shape.hpp"
#include "catalog/read/field_types.hpp"
#include "catalog/read/lifecycle_rules.hpp"

namespace kith::internal::catalog {
namespace {

// "retail.net_orders_12m" for a derivation on customer, else with the record type's name inside, so that one bundle can
// use a name on several types.
std::string derivation_name(const Source& source, const RecordType& type, const std::string& name) {
  if (type.name == "customer") return source.qualified(name);
  const std::string prefix = source.id() + ".";
  const std::string inside = type.name.starts_with(prefix) ? type.name.substr(prefix.size()) : type.name;
  return source.qualified(inside + "." + name);
}

struct NewDerivation {
  DerivationKind kind;
  std::int32_t record_type;
  std::string name;
  DeclaredType type;
};

void add_derivation(Builder& builder, const Item& item, NewDerivation declared) {
  const Source& source = *item.source;
  Derivation derivation;
  derivation.kind = declared.kind;
  derivation.name = declared.name;
  derivation.owner = source.id();
  derivation.owner_version = source.head.version;
  derivation.label = item.label("label", item.text("name"));
  derivation.record_type = declared.record_type;
  derivation.place = item.place();
  derivation.number = static_cast<std::int32_t>(builder.catalog.derivations.size());
  if (!builder.claim("derivation", derivation.name, derivation.owner, derivation.place)) return;
  Member member;
  member.name = builder.member_name(source, declared.record_type, item.text("name"));
  member.owner = source.id();
  member.label = derivation.label;
  member.role = Role::derived;
  member.type = declared.type.type;
  member.values = std::move(declared.type.values);
  member.value_labels = std::move(declared.type.value_labels);
  member.column = physical_name(member.name);
  member.derivation = derivation.number;
  member.place = item.place();
  derivation.member = builder.add_member(declared.record_type, std::move(member));
  if (derivation.member < 0) return;
  builder.derivations.push_back({derivation.number, item});
  builder.catalog.derivations.push_back(std::move(derivation));
}

void declare_typed(Builder& builder, const Source& source, std::string_view section, DerivationKind kind) {
  for (const auto& [type_name, item] : items_by_type(source, section)) {
    const std::int32_t type = builder.record_type(item, type_name, item.place());
    if (type < 0 || item.text("name").empty()) continue;
    const std::string name = derivation_name(source, builder.catalog.type(type), item.text("name"));
    auto declared = read_type(builder, item, "the " + derivation_kind_name(kind) + " " + quoted(name));
    if (declared) add_derivation(builder, item, {kind, type, name, std::move(*declared)});
  }
}

// --- rollups -----------------------------------------------------------------------------------------------------

bool is_mean(Aggregate aggregate) { return aggregate == Aggregate::avg || aggregate == Aggregate::median; }

// A rollup reads facts of the records in its set, facts of their refs, and their own formulas, rollups and segments.
// (Of other sets it could ask for consents alone: the macros are refused before.)
void check_related_reads(Builder& builder, const expr::Program& program, const Derivation& derivation,
                         const Place& place) {
  for (const expr::Read& read : program.reads) {
    if (read.member < 0) continue;
    const Member& member = builder.catalog.type(read.record_type).members[static_cast<std::size_t>(read.member)];
    if (member.derivation < 0) continue;
    const DerivationKind kind = builder.catalog.derivations[static_cast<std::size_t>(member.derivation)].kind;
    if (read.path.empty() && kind != DerivationKind::score) continue;
    builder.report(ProblemNumber::not_allowed_here,
                   "the rollup " + quoted(derivation.name) + " reads " + quoted(member.name) + ", a " +
                       derivation_kind_name(kind) + (read.path.empty() ? "" : " of another record"),
                   place,
                   "a rollup reads facts of the records in its set and of their references, and their own formulas, "
                   "rollups and segments");
  }
}

void check_aggregate(Builder& builder, const Item& item, const Derivation& derivation, const expr::Type& type) {
  const bool number = type.kind == Kind::integer || type.kind == Kind::real || type.kind == Kind::money;
  const auto refuse = [&](std::string message, Place place, std::string fix) {
    builder.report(ProblemNumber::not_allowed_here, "the rollup " + quoted(derivation.name) + " " + std::move(message),
                   std::move(place), std::move(fix));
  };
  const bool latest = derivation.aggregate == Aggregate::latest;
  if (item.has("at") && !latest)
    refuse("has no use for \"at\"", item.key_place("at"), "leave it out; \"latest\" is found by it");
  if (derivation.aggregate == Aggregate::count || derivation.aggregate == Aggregate::count_distinct) {
    if (type.kind != Kind::integer) refuse("counts, so its type is int", item.place("type"), "write \"type\": \"int\"");
    if (item.has("value"))
      refuse("counts rows and has no use for \"value\"", item.key_place("value"),
             "leave \"value\" out; say in \"where\" which rows count, and in \"distinct_by\" which are counted once");
    return;
  }
  if (item.has("distinct_by"))
    refuse("counts nothing and has no use for \"distinct_by\"", item.key_place("distinct_by"), "leave it out");
  const Place aggregate = item.place("aggregate");
  if (latest && !item.has("at"))
    refuse("has no \"at\"", aggregate, "add \"at\": the date or time by which the latest is found");
  if (!item.has("value"))
    refuse("has no \"value\"", aggregate, "add \"value\": an expression on each record of the set");
  if (derivation.aggregate == Aggregate::sum && !number)
    refuse("sums, so its type is int, double or money", item.place("type"), "write the type of its \"value\"");
  if (is_mean(derivation.aggregate) && type.kind != Kind::real && type.kind != Kind::money)
    refuse("is a mean, so its type is double, or money where it is one of amounts", item.place("type"),
           "write \"type\": \"double\"");
}

/// What is taken of each record, or tells it from others.
expr::ProgramPtr compile_value(Builder& builder, const Item& item, const Derivation& derivation, std::int32_t related,
                               const expr::Type& type) {
  const std::string key = derivation.aggregate == Aggregate::count_distinct ? "distinct_by" : "value";
  // Of whole numbers too the mean is a double.
  const bool any_number = is_mean(derivation.aggregate) && type.kind == Kind::real;
  const bool free = any_number || derivation.aggregate == Aggregate::count_distinct;
  expr::ProgramPtr value = compile(builder, {item, key, related, key + " of the rollup " + derivation.name},
                                   derivation_rules(), free ? std::nullopt : std::optional(type));
  if (!value || !free) return value;
  const Kind kind = value->type.kind;
  const bool good = any_number ? kind == Kind::integer || kind == Kind::real : kind != Kind::json && kind != Kind::null;
  if (good) return value;
  builder.report(ProblemNumber::type_mismatch,
                 quoted(key) + " of the rollup " + quoted(derivation.name) + " is " + expr::type_name(value->type),
                 item.place(key), any_number && kind == Kind::money ? "write \"type\": \"money\"" : "",
                 any_number ? "an int or a double" : "a single value");
  return nullptr;
}

void resolve_rollup(Builder& builder, const Item& item, Derivation& derivation) {
  const auto aggregate = aggregate_named(item.text("aggregate"));
  if (!aggregate) return;  // the shape check has said so
  derivation.aggregate = *aggregate;
  if (derivation.aggregate == Aggregate::count && item.has("distinct_by"))
    derivation.aggregate = Aggregate::count_distinct;
  const RecordType& type = builder.catalog.type(derivation.record_type);
  const expr::Type value_type = type.members[static_cast<std::size_t>(derivation.member)].type;
  check_aggregate(builder, item, derivation, value_type);
  const auto over = find_set(builder, item, derivation.record_type, "the rollup " + quoted(derivation.name));
  if (!over) return;
  derivation.over = *over;
  const std::int32_t related = builder.catalog.target_of(*over);
  derivation.where = compile_condition(builder, {item, "where", related, "where of the rollup " + derivation.name},
                                       derivation_rules());
  if (derivation.aggregate != Aggregate::count)
    derivation.value = compile_value(builder, item, derivation, related, value_type);
  const bool by_size = derivation.aggregate == Aggregate::min || derivation.aggregate == Aggregate::max;
  if (by_size && derivation.value && derivation.value->type.values != nullptr)
    builder.report(ProblemNumber::not_allowed_here,
                   "the rollup " + quoted(derivation.name) + " would take the " +
                       std::string(aggregate_name(*aggregate)) + " of an enum by its letters",
                   item.place("value"),
                   "make a formula that gives a number for each of its values, or take the \"latest\"");
  if (derivation.aggregate == Aggregate::latest && item.has("at"))
    derivation.at = compile(builder, {item, "at", related, "at of the rollup " + derivation.name}, derivation_rules(),
                            std::nullopt);
  if (derivation.at && derivation.at->type.kind != Kind::timestamp && derivation.at->type.kind != Kind::date)
    builder.report(ProblemNumber::type_mismatch,
                   "\"at\" of the rollup " + quoted(derivation.name) + " must be an instant or a date",
                   item.place("at"), {}, "timestamp or date, not " + expr::type_name(derivation.at->type));
  add_set_reads(builder.catalog, derivation, *over);
  const char* const value_key = derivation.aggregate == Aggregate::count_distinct ? "distinct_by" : "value";
  for (const auto& [program, key] :
       {std::pair{derivation.where, "where"}, std::pair{derivation.value, value_key}, std::pair{derivation.at, "at"}}) {
    if (!program) continue;
    check_related_reads(builder, *program, derivation, item.place(key));
    add_reads(derivation, *program, over);
  }
}

// Where "over" names no set of child records.
std::string over_advice(const Builder& builder, std::int32_t record_type, const std::string& name,
                        const std::vector<std::string>& sets) {
  if (builder.catalog.names().relationship(record_type, name)) return "write rel('" + name + "')";
  return suggest(name, sets);
}

// --- formulas, segments, triggers --------------------------------------------------------------------------------

void resolve_plain(Builder& builder, const Item& item, Derivation& derivation) {
  const char* key = derivation.kind == DerivationKind::formula   ? "expr"
                    : derivation.kind == DerivationKind::segment ? "when"
                                                                 : "became";
  const Member& member =
      builder.catalog.type(derivation.record_type).members[static_cast<std::size_t>(derivation.member)];
  const std::string what = "the " + derivation_kind_name(derivation.kind) + " " + derivation.name;
  const expr::SetUse sets = derivation.kind == DerivationKind::formula   ? expr::SetUse::none
                            : derivation.kind == DerivationKind::segment ? expr::SetUse::counts
                                                                         : expr::SetUse::all;
  derivation.program = compile(builder, {item, key, derivation.record_type, what}, derivation_rules(sets), member.type);
  if (!derivation.program) return;
  add_reads(derivation, *derivation.program);
}

}  // namespace

std::optional<expr::Hop> find_set(Builder& builder, const Item& item, std::int32_t record_type,
                                  const std::string& what) {
  const std::string name = item.text("over");
  if (name.empty()) return std::nullopt;  // the shape check has said so
  const RecordType& type = builder.catalog.type(record_type);
  const auto check_owner = [&](const std::string& owner) {
    if (!item.may_use(owner))
      builder.report(
          ProblemNumber::unknown_reference,
          what + " goes over " + quoted(name) + ", but " + item.source->id() + " does not require " + quoted(owner),
          item.place("over"), "add " + quoted(owner) + " to \"requires\": {\"plugins\": ...}");
  };
  if (name.find('(') != std::string::npos) {  // rel('...'): read as in an expression
    expr::Scope scope;
    scope.names = &builder.catalog.names();
    scope.record_type = record_type;
    scope.rules = derivation_rules();
    std::vector<expr::Diagnostic> diagnostics;
    const auto set = expr::compile_set(name, scope, diagnostics);
    report_diagnostics(builder, item, item.at("over"), name, "over of " + what, diagnostics);
    if (set && set->relationship >= 0)
      check_owner(builder.catalog.relationships[static_cast<std::size_t>(set->relationship)].owner);
    if (set && set->relationship < 0) check_owner(type.members[static_cast<std::size_t>(set->member)].owner);
    return set;
  }
  std::vector<std::string> sets;
  for (const Member& member : type.members)
    if (member.role == Role::child_set) sets.push_back(member.name);
  const Member* set = type.find(name);
  if (set && set->role == Role::child_set) {
    check_owner(set->owner);
    return expr::Hop{true, record_type, type.by_name.find(name)->second};
  }
  builder.report(ProblemNumber::unknown_reference,
                 what + " goes over " + quoted(name) + ", which is no set of child records of " + type.name,
                 item.place("over"), over_advice(builder, record_type, name, sets),
                 sets.empty() ? "the \"inverse\" of a ref to " + type.name : "");
  return std::nullopt;
}

void declare_formulas(Builder& builder, const Source& source) {
  declare_typed(builder, source, "formulas", DerivationKind::formula);
}

void declare_rollups(Builder& builder, const Source& source) {
  declare_typed(builder, source, "rollups", DerivationKind::rollup);
}

void declare_segments(Builder& builder, const Source& source) {
  for (const Item& item : root_item(source).list("segments")) {
    const std::int32_t type = builder.record_type(item, "on");
    if (type < 0 || item.text("name").empty()) continue;
    DeclaredType boolean;
    boolean.type = expr::Type::of(Kind::boolean);
    add_derivation(builder, item,
                   {DerivationKind::segment, type, source.qualified(item.text("name")), std::move(boolean)});
  }
}

void resolve_derivations(Builder& builder) {
  for (const Pending& pending : builder.derivations) {
    Derivation& derivation = builder.catalog.derivations[static_cast<std::size_t>(pending.number)];
    switch (derivation.kind) {
      case DerivationKind::rollup: resolve_rollup(builder, pending.item, derivation); break;
      case DerivationKind::score: resolve_score(builder, pending.item, derivation); break;
      case DerivationKind::automatic: resolve_automatic(builder, pending.item, derivation); break;
      default: resolve_plain(builder, pending.item, derivation); break;
    }
  }
}

}  // namespace kith::internal::catalog
