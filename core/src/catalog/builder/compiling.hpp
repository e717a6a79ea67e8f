// Expressions of manifests: compiled against the catalog, their complaints put at their places in the file.
#pragma once
#include "catalog/builder/builder.hpp"

namespace kith::internal::catalog {

/// An expression where it stands.
struct ExpressionSpot {
  const Item& item;
  std::string_view key;
  std::int32_t record_type = -1;
  std::string what;  ///< "guard of customer.lifecycle/qualify", for messages
};

/// What a stored derivation may use; `sets`: what it may ask of related records ("Who may read what" of the manifest).
expr::Rules derivation_rules(expr::SetUse sets = expr::SetUse::none);
/// What a guard, validation, condition or action may use.
expr::Rules judgement_rules();

/// nullptr: the key is absent, or problems were reported.
expr::ProgramPtr compile(Builder& builder, const ExpressionSpot& spot, const expr::Rules& rules,
                         std::optional<expr::Type> wanted);
expr::ProgramPtr compile_condition(Builder& builder, const ExpressionSpot& spot,
                                   const expr::Rules& rules);  ///< wants a bool
/// Problems for names of bundles that the manifest doesn't require.
void check_owners(Builder& builder, const expr::Program& program, const Item& item, const Place& place,
                  const std::string& what);
/// Puts diagnostics of the text at `pointer` into the list of problems.
void report_diagnostics(Builder& builder, const Item& item, const std::string& pointer, std::string_view source,
                        const std::string& what, const std::vector<expr::Diagnostic>& diagnostics);

}  // namespace kith::internal::catalog
