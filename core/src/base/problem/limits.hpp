// The sizes from which on something is refused: one list, each named in the message that refuses. Nothing is cut off in
// silence. Limits of work (steps of an expression, time of a body) stand where the work is done.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/problem/error.hpp"

namespace kith::internal {

// X(name, most, unit, problem, what, fix), by what is refused: what is declared, what is asked, what is stored.
#define KITH_LIMITS(X)                                                                                               \
  X(json_file, 16'777'216, "bytes", too_large, "a file of configuration", "split it into several bundles")           \
  X(problems, 100, "problems", too_large, "the list of what is wrong", "correct these first")                        \
  X(plugins, 200, "plugins", too_large, "the list of plugins", "put what belongs together into one bundle")          \
  X(tenants, 10'000, "tenants", too_large, "the list of tenants", "open a database of its own for the others")       \
  X(section, 10'000, "items", too_large, "a list of a manifest", "split it into several bundles")                    \
  X(record_types, 1'000, "record types", too_large, "the catalog", "leave out plugins that are not used")            \
  X(members, 20'000, "members", too_large, "the catalog", "leave out plugins that are not used")                     \
  X(type_members, 400, "members", too_large, "a record type", "use a record type of your own with a reference")      \
  X(derivations, 5'000, "derivations", too_large, "the catalog", "leave out plugins that are not used")              \
  X(csv_columns, 2'000, "columns", csv_invalid, "the file", "leave out columns that the mapping does not read")      \
  X(csv_cell, 1'048'576, "bytes", csv_invalid, "a cell", "shorten it, or look for a quote that is not closed")       \
  X(csv_row, 8'388'608, "bytes", csv_invalid, "a row", "shorten its cells, or look for a quote that is not closed")  \
  X(verb_arguments, 16'777'216, "bytes", usage, "the arguments of a verb", "ask in several calls")                   \
  X(call_fields, 2'000, "fields", usage, "one call", "write in several calls")                                       \
  X(name, 1'024, "bytes", usage, "a name", "give a name that is declared")                                           \
  X(login, 255, "bytes", usage, "the actor's name", "give the login, not the whole person")                          \
  X(consumer, 255, "bytes", usage, "the name of a consumer", "give it a short name, such as \"erp\"")                \
  X(select, 500, "names", query_invalid, "the selection of a query", "ask in several queries")                       \
  X(joins, 60, "tables", query_invalid, "the way of a query through refs", "ask in several queries")                 \
  X(groups, 100'000, "groups", query_invalid, "an aggregate", "group by less, by longer buckets, or filter more")    \
  X(order, 4'096, "bytes", query_invalid, "the order of a query", "order by the few members that decide")            \
  X(cursor, 1'048'576, "bytes", query_invalid, "the cursor of a page", "give the cursor of an earlier page")         \
  X(parameters, 1'000, "parameters", query_invalid, "a query", "give many values as one list: x in $values")         \
  X(parameter, 16'777'216, "bytes", query_invalid, "a parameter", "ask in several queries")                          \
  X(text_value, 1'048'576, "bytes", value_invalid, "a text", "keep it as a file, and store its place")               \
  X(json_value, 4'194'304, "bytes", value_invalid, "a list or JSON value", "keep it as a file, and store its place") \
  X(external_id, 512, "bytes", value_invalid, "an external id", "use the key of the other system, or its hash")      \
  X(event_payload, 1'048'576, "bytes", value_invalid, "the payload of an event", "send what finds it, not the whole")

enum class Limit {
#define KITH_LIMIT_NAME(name, most, unit, problem, what, fix) name,
  KITH_LIMITS(KITH_LIMIT_NAME)
#undef KITH_LIMIT_NAME
};

struct LimitFacts {
  std::string_view name;  ///< as messages call it
  std::uint64_t most = 0;
  std::string_view unit;
  ProblemNumber problem = ProblemNumber::too_large;
  std::string_view what;  ///< what is too large
  std::string_view fix;
};
inline constexpr std::array kLimits = {
#define KITH_LIMIT_FACTS(name, most, unit, problem, what, fix) \
  LimitFacts{#name, most, unit, ProblemNumber::problem, what, fix},
    KITH_LIMITS(KITH_LIMIT_FACTS)
#undef KITH_LIMIT_FACTS
};

constexpr const LimitFacts& facts_of(Limit limit) { return kLimits[static_cast<std::size_t>(limit)]; }
constexpr std::uint64_t most_of(Limit limit) { return facts_of(limit).most; }

/// `found`: how much there is, or "more" where counting ended. `of`: whose, as ` of "notes"`.
Problem limit_problem(Limit limit, std::string found, std::string_view of = {});
/// Throws when there is more than the limit allows.
void check_limit(Limit limit, std::uint64_t found, std::string_view of = {});
/// "1,048,576"
std::string grouped_digits(std::uint64_t number);

}  // namespace kith::internal
