#include "catalog/builder/compiling.hpp"

#include <boost/json.hpp>
#include <set>

#include "base/problem/limits.hpp"

namespace kith::internal::catalog {
namespace {

void note_owner(std::set<std::string>& owners, const Catalog& catalog, std::int32_t record_type, std::int32_t member) {
  if (record_type < 0 || member < 0) return;
  owners.insert(catalog.type(record_type).members[static_cast<std::size_t>(member)].owner);
}

void note_relationship(std::set<std::string>& owners, const Catalog& catalog, std::int32_t relationship) {
  if (relationship >= 0) owners.insert(catalog.relationships[static_cast<std::size_t>(relationship)].owner);
}

}  // namespace

expr::Rules derivation_rules(expr::SetUse sets) {
  expr::Rules rules;
  rules.sets = sets;
  rules.stored = true;
  rules.allow_parameters = false;
  return rules;
}

expr::Rules judgement_rules() {
  expr::Rules rules;
  rules.allow_old = true;
  rules.allow_parameters = false;
  return rules;
}

void report_diagnostics(Builder& builder, const Item& item, const std::string& pointer, std::string_view source,
                        const std::string& what, const std::vector<expr::Diagnostic>& diagnostics) {
  const JsonDocument& document = *item.source->document;
  if (builder.problems.size() >= most_of(Limit::problems)) return;  // each place is looked for from the file's start
  for (const expr::Diagnostic& diagnostic : diagnostics)
    builder.problems.add(expr::to_problem(
        diagnostic, source, what, [&](std::size_t offset) { return document.place_in_string(pointer, offset); }));
}

void check_owners(Builder& builder, const expr::Program& program, const Item& item, const Place& place,
                  const std::string& what) {
  std::set<std::string> owners;
  for (const expr::Read& read : program.reads) {
    note_owner(owners, builder.catalog, read.record_type, read.member);
    note_relationship(owners, builder.catalog, read.relationship);
    for (const expr::Hop& hop : read.path) {
      note_owner(owners, builder.catalog, hop.record_type, hop.member);
      note_relationship(owners, builder.catalog, hop.relationship);
    }
  }
  for (const auto* names : {&program.settings, &program.parameters, &program.functions, &program.values})
    for (const std::string& name : *names) owners.insert(std::string(owner_part(name)));
  for (const std::string& owner : owners)
    if (!owner.empty() && !item.may_use(owner))
      builder.report(ProblemNumber::unknown_reference,
                     what + " uses names of " + quoted(owner) + ", which " + item.source->id() + " does not require",
                     place,
                     "add " + quoted(owner) +
                         " to \"requires\": {\"plugins\": ...}; or to \"optional\" with \"needs\" on this item");
}

expr::ProgramPtr compile(Builder& builder, const ExpressionSpot& spot, const expr::Rules& rules,
                         std::optional<expr::Type> wanted) {
  const boost::json::value* text = spot.item.find(spot.key);
  if (!text || !text->is_string() || spot.record_type < 0) return nullptr;
  const std::string source = spot.item.text(spot.key);
  expr::Scope scope;
  scope.names = &builder.catalog.names();
  scope.record_type = spot.record_type;
  scope.wanted = std::move(wanted);
  scope.rules = rules;
  std::vector<expr::Diagnostic> diagnostics;
  expr::ProgramPtr program = expr::compile(source, scope, diagnostics);
  report_diagnostics(builder, spot.item, spot.item.at(spot.key), source, spot.what, diagnostics);
  if (program) check_owners(builder, *program, spot.item, spot.item.place(spot.key), spot.what);
  return program;
}

expr::ProgramPtr compile_condition(Builder& builder, const ExpressionSpot& spot, const expr::Rules& rules) {
  return compile(builder, spot, rules, expr::Type::of(Kind::boolean));
}

}  // namespace kith::internal::catalog
