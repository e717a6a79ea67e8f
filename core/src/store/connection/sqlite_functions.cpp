#include "store/connection/sqlite_functions.hpp"

#include <sqlite3.h>

#include <exception>
#include <new>
#include <string>

#include "base/text/text.hpp"
#include "store/connection/sqlite_error.hpp"

namespace kith::internal::store {
namespace {

std::string_view text_of(sqlite3_value* value) {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return bytes == nullptr ? std::string_view{}
                          : std::string_view{bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

// SQLite is C: nothing may be thrown through it.
void email_key_of(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return sqlite3_result_null(context);
  try {
    const std::string key = email_key(text_of(arguments[0]));
    sqlite3_result_text(context, key.data(), static_cast<int>(key.size()), SQLITE_TRANSIENT);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  } catch (const std::exception& error) {
    sqlite3_result_error(context, error.what(), -1);
  }
}

struct LookedAt {
  sqlite3_int64 record = 0;
  sqlite3_int64 count = 0;
};

void looked_at(sqlite3_context* context, int, sqlite3_value** arguments) {
  // Kept with the literal, for one run of the statement.
  auto* seen = static_cast<LookedAt*>(sqlite3_get_auxdata(context, 1));
  if (seen == nullptr) {
    seen = new (std::nothrow) LookedAt;
    if (seen == nullptr) return sqlite3_result_error_nomem(context);
    sqlite3_set_auxdata(context, 1, seen, [](void* old) { delete static_cast<LookedAt*>(old); });
    seen = static_cast<LookedAt*>(sqlite3_get_auxdata(context, 1));
    if (seen == nullptr) return sqlite3_result_error_nomem(context);
  }
  const sqlite3_int64 record = sqlite3_value_int64(arguments[0]);
  if (record != seen->record) *seen = {record, 0};
  const sqlite3_int64 most = sqlite3_value_int64(arguments[1]);
  if (++seen->count <= most) return sqlite3_result_int(context, 1);
  try {
    const std::string text = std::string(kLookedAtTooMany) + std::to_string(most);
    sqlite3_result_error(context, text.c_str(), -1);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

}  // namespace

void add_functions(sqlite3* handle) {
  const int pure = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  int code =
      sqlite3_create_function_v2(handle, "kith_email_key", 1, pure, nullptr, email_key_of, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK)
    code = sqlite3_create_function_v2(handle, "kith_looked_at", 2, SQLITE_UTF8, nullptr, looked_at, nullptr, nullptr,
                                      nullptr);
  if (code != SQLITE_OK) throw_sqlite(handle, "add functions");
}

}  // namespace kith::internal::store
