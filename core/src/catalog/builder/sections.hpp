// The sections of a manifest, each in a file of its own (reader_*.cpp). All declare_* run over all manifests before any
// resolve_*, in the order of build.cpp.
#pragma once
#include "catalog/builder/builder.hpp"

namespace kith::internal::catalog {

void declare_settings(Builder& builder, const Source& source);
/// Settings that the configuration names and no bundle declares.
void check_configured_settings(Builder& builder);
void declare_purposes(Builder& builder, const Source& source);
void declare_functions(Builder& builder, const Source& source);
void declare_parameters(Builder& builder, const Source& source);
void declare_actions(Builder& builder, const Source& source);
void declare_jobs(Builder& builder, const Source& source);
void resolve_native(Builder& builder);  ///< actions and jobs
void check_sizes(Builder& builder);     ///< of the manifests; throws when one is beyond what is read
void declare_roles(Builder& builder, const Source& source);
void resolve_roles(Builder& builder);

void declare_record_types(Builder& builder, const Source& source);
void declare_own_fields(Builder& builder);                    ///< of every record type declared so far
void declare_fields(Builder& builder, const Source& source);  ///< section "fields"
/// Section "enums": values that a bundle adds to fields of others, once all of these are there.
void declare_enum_values(Builder& builder, const Source& source);
void declare_child_sets(Builder& builder);  ///< targets of refs, and their inverses
void resolve_record_types(Builder& builder);
void declare_relationships(Builder& builder, const Source& source);
void declare_lifecycles(Builder& builder, const Source& source);
void resolve_lifecycles(Builder& builder);

void declare_formulas(Builder& builder, const Source& source);
void declare_rollups(Builder& builder, const Source& source);
void declare_segments(Builder& builder, const Source& source);
void declare_scores(Builder& builder, const Source& source);
void declare_workflows(Builder& builder, const Source& source);  ///< with the hidden derivations of `became`
void resolve_derivations(Builder& builder);
void resolve_score(Builder& builder, const Item& item, Derivation& derivation);
void declare_validations(Builder& builder, const Source& source);
void resolve_validations(Builder& builder);
void resolve_workflows(Builder& builder);

/// Puts the derivations into dependency order and gives them their fingerprints; reports cycles.
void order_derivations(Builder& builder);

}  // namespace kith::internal::catalog
