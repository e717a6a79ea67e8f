// The functions of ours that statements may call. None stands in the schema: a file opens without them.
#pragma once
#include <string_view>

struct sqlite3;

namespace kith::internal::store {

/// What an error of kith_looked_at begins with.
inline constexpr std::string_view kLookedAtTooMany = "kith: more than ";

/// kith_email_key(text): email_key() of it, which stands beside a stored address; NULL of NULL.
/// kith_looked_at(record, most): 1; an error that begins with kLookedAtTooMany when a run of the statement calls it
/// more than `most` times (a literal) for one record in a row.
void add_functions(sqlite3* handle);

}  // namespace kith::internal::store
