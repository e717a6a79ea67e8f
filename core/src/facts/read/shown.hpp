// How a problem speaks of a member and of the value that was found, without giving personal data away.
#pragma once
#include <string>

#include "base/problem/error.hpp"
#include "catalog/model/model.hpp"
#include "expr/evaluate/evaluate.hpp"

namespace kith::internal::facts {

/// The value in quotes, cut to a readable length; for a member with personal data only that it is hidden.
std::string shown(const catalog::Member& member, const Value& value);
/// "customer/0190b5f2-...": how a record is named in messages and documents.
std::string record_text(const catalog::Catalog& catalog, std::int32_t record_type, const RecordId& id);
/// Whether a term's value is to be hidden, by the members that the term reads: the value of a personal member, and what
/// is made of one, but not whether a comparison with it holds.
bool is_personal(const catalog::Catalog& catalog, const expr::Explained& term);
/// Whether an expression reads a personal member.
bool reads_personal(const catalog::Catalog& catalog, const expr::Program& program);
/// A problem of one member: number, field and message are set, the rest by the caller.
Problem member_problem(ProblemNumber number, const catalog::Member& member, std::string message);

}  // namespace kith::internal::facts
