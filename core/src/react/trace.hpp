// What a run leaves for people: the terms of its condition, what its actions did. Kept short; what else belongs to it
// (the event, its cause) stands in the log and is put beside it when somebody asks.
#pragma once
#include <boost/json/fwd.hpp>

#include "access/unit.hpp"
#include "expr/evaluate/evaluate.hpp"

namespace kith::internal::react {

inline constexpr std::string_view kHidden = "(hidden)";

/// A term with what it came to. What is personal is left out.
boost::json::object explained_json(const catalog::Catalog& catalog, const expr::Explained& term);
/// The whole trace of a run: workflow, version, trigger, cause, and what it kept. Without trigger and cause where the
/// event is no longer kept.
boost::json::object trace_of(access::Unit& unit, const store::WorkflowRun& run);

/// A run that a person set going again after it was quarantined begins a chain of its own, so that limits count anew.
inline constexpr std::string_view kResumedRoot = "resumed:";
inline constexpr std::string_view kResumedTrace = R"({"resumed":true})";  ///< its trace until it has run
/// A root as causes write it: the number of an event, or "resumed:" and the row of a run; and back. 0: neither.
std::string root_text(std::int64_t root);
std::int64_t root_number(std::string_view text);

}  // namespace kith::internal::react
