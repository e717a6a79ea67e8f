// Documents in JSON: one function for each verb of README.md.
#pragma once
#include <boost/json/fwd.hpp>
#include <string_view>

#include "core/session.hpp"

namespace kith::internal {

boost::json::object run_verb(Session& session, std::string_view verb, const boost::json::object& args);
/// Verbs about the core, without a tenant.
boost::json::object run_core_verb(Core& core, std::string_view verb, const boost::json::object& args);
/// What kith_check answers.
boost::json::object describe_check(const Checked& checked);

// One for each group, in the file of that name.
boost::json::object verb_get(Session& session, const boost::json::object& args);
boost::json::object verb_aggregate(Session& session, const boost::json::object& args);
boost::json::object verb_count(Session& session, const boost::json::object& args);
boost::json::object verb_timeline(Session& session, const boost::json::object& args);
boost::json::object verb_score(Session& session, const boost::json::object& args);
boost::json::object verb_explain(Session& session, const boost::json::object& args);
boost::json::object verb_eval(Session& session, const boost::json::object& args);
boost::json::object verb_external_ids(Session& session, const boost::json::object& args);
boost::json::object verb_refresh(Session& session, const boost::json::object& args);
boost::json::object verb_import_begin(Session& session, const boost::json::object& args);
boost::json::object verb_import_step(Session& session, const boost::json::object& args);
boost::json::object verb_import_end(Session& session, const boost::json::object& args);
boost::json::object verb_job_list(Session& session, const boost::json::object& args);
boost::json::object verb_job_run(Session& session, const boost::json::object& args);
boost::json::object verb_parameters(Session& session, const boost::json::object& args);
boost::json::object verb_parameters_publish(Session& session, const boost::json::object& args);
boost::json::object verb_pending(Session& session, const boost::json::object& args);
boost::json::object verb_queue(Session& session, const boost::json::object& args);
boost::json::object verb_queue_retry(Session& session, const boost::json::object& args);
boost::json::object verb_catalog(Session& session, const boost::json::object& args);
boost::json::object verb_orphaned(Session& session, const boost::json::object& args);

/// What waits in one tenant: the answer of "pending".
boost::json::object pending_document(access::Unit& unit, derive::Engine& derivations);

/// Throws a usage problem for the first key of `args` that is not among `known` (words with blanks between), with the
/// nearest that is.
void require_known_arguments(std::string_view verb, const boost::json::object& args, std::string_view known);
/// The same of a part of them; `whose` says of which: "the verb 'count'", "figures[0]".
void require_known_keys(std::string_view whose, const boost::json::object& object, std::string_view known);
// Arguments of a verb; a wrong one is a usage problem that names it.
std::string text_argument(const boost::json::object& args, std::string_view name);
std::string text_argument(const boost::json::object& args, std::string_view name, std::string_view otherwise);
std::int64_t integer_argument(const boost::json::object& args, std::string_view name, std::int64_t otherwise);
/// An object; {} when it is absent.
boost::json::object object_argument(const boost::json::object& args, std::string_view name);
bool bool_argument(const boost::json::object& args, std::string_view name, bool otherwise);
/// "params": {"name": value}: text, numbers and bools as they are; an ISO date or instant stays text, which comparisons
/// accept.
std::vector<std::pair<std::string, Value>> parameters_argument(const boost::json::object& args);
Value value_of_json(const boost::json::value& value);

}  // namespace kith::internal
