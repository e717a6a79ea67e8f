// Why a derivation or a state is what it is, as rows for programs and as documents for people.
#pragma once
#include <boost/json/fwd.hpp>
#include <memory>
#include <string_view>

#include "core/session.hpp"
#include "derive/compute/score.hpp"

namespace kith::internal {

/// Rows of record_explain: rule, dimension, points, text, value, unknown.
std::unique_ptr<ResultRows> explain_rows(access::Unit& unit, derive::Engine& derivations,
                                         const catalog::RecordType& type, const RecordId& id, std::string_view name);
/// The documents of the verbs "score" and "explain".
boost::json::object score_document(access::Unit& unit, derive::Engine& derivations, const catalog::Derivation& score,
                                   const RecordId& id, bool with_terms);
boost::json::object explain_document(access::Unit& unit, derive::Engine& derivations, const catalog::RecordType& type,
                                     const RecordId& id, std::string_view name);
boost::json::value terms_json(const catalog::Catalog& catalog, const expr::Explained& explained);

/// A member that only the engine knows of: the value behind a `became` trigger.
bool is_hidden(const catalog::Derivation& derivation);
bool is_hidden(const catalog::Catalog& catalog, const catalog::Member& member);
[[noreturn]] void throw_not_found(const catalog::RecordType& type, const RecordId& id);
/// A rule's text with {{n}} (points) and {{v}} (what was seen).
std::string rule_text(const catalog::Label& text, std::string_view language, const derive::RuleResult& result);
std::string milli_text(std::int64_t milli);  ///< "12.5"

}  // namespace kith::internal
