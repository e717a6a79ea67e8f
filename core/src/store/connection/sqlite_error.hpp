// Result codes of SQLite as problems of ours.
#pragma once
#include <string>
#include <string_view>

struct sqlite3;

namespace kith::internal::store {

/// Throws the Error that a (possibly extended) result code stands for; std::bad_alloc for lack of memory. The text
/// names the operation ("INSERT INTO "customer"") and what SQLite says of it. Values are bound and so never part of
/// either.
[[noreturn]] void throw_sqlite(int code, std::string_view says, std::string_view sql);
/// The same with the connection's present code and text.
[[noreturn]] void throw_sqlite(sqlite3* handle, std::string_view sql);
bool has_failed(sqlite3* handle);  ///< the last call on the connection did

/// The head of a statement, on one line: "INSERT INTO "customer"".
std::string operation_of(std::string_view sql);

}  // namespace kith::internal::store
