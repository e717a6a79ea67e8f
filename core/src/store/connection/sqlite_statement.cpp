#include "store/connection/sqlite_statement.hpp"

#include <sqlite3.h>

#include <cstring>

#include "base/problem/error.hpp"
#include "store/connection/sqlite_error.hpp"

namespace kith::internal::store {

SqliteStatement::SqliteStatement(sqlite3* handle, std::string_view sql, Heeded& heeded)
    : handle_(handle), heeded_(&heeded) {
  const char* rest = nullptr;
  const int result = sqlite3_prepare_v3(handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement_, &rest);
  if (result != SQLITE_OK) throw_sqlite(handle, sql);
  const std::string_view behind(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  if (statement_ != nullptr && behind.find_first_not_of(" \n\t;") == std::string_view::npos) {
    writes_ = sqlite3_stmt_readonly(statement_) == 0;
    return;
  }
  sqlite3_finalize(statement_);
  throw Error(ProblemNumber::bug, "prepare takes exactly one statement: " + operation_of(sql), "report this as a bug");
}

SqliteStatement::~SqliteStatement() { sqlite3_finalize(statement_); }

void SqliteStatement::fail() const { throw_sqlite(handle_, sqlite3_sql(statement_)); }

void SqliteStatement::check(int result) const {
  if (result != SQLITE_OK) fail();
}

void SqliteStatement::bind(int position, const Value& value) {
  switch (value.kind) {
    case Kind::null:
    case Kind::unknown: bind_null(position); return;
    case Kind::boolean:
    case Kind::integer:
    case Kind::date:
    case Kind::timestamp:
    case Kind::duration:
    case Kind::money: bind(position, value.i); return;
    case Kind::real: bind(position, value.d); return;
    case Kind::text:
    case Kind::json: bind(position, std::string_view(value.s)); return;
    case Kind::ref:
      if (value.id.is_nil()) {
        bind_null(position);
      } else {
        bind(position, value.id);
      }
      return;
  }
}

void SqliteStatement::bind_kept(int position, const Value& value) {
  switch (value.kind) {
    case Kind::text:
    case Kind::json: bind_kept(position, std::string_view(value.s)); return;
    case Kind::ref:
      if (value.id.is_nil())
        bind_null(position);
      else
        bind_kept(position, value.id);
      return;
    default: bind(position, value);
  }
}

void SqliteStatement::bind_null(int position) {
  if (!fresh_) check(sqlite3_bind_null(statement_, position + 1));
}

void SqliteStatement::bind(int position, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, position + 1, value));
}

void SqliteStatement::bind(int position, double value) { check(sqlite3_bind_double(statement_, position + 1, value)); }

void SqliteStatement::bind(int position, std::string_view text) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* from = text.data() == nullptr ? "" : text.data();
  check(sqlite3_bind_text64(statement_, position + 1, from, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void SqliteStatement::bind(int position, const RecordId& id) {
  check(sqlite3_bind_blob64(statement_, position + 1, id.bytes.data(), id.bytes.size(), SQLITE_TRANSIENT));
}

void SqliteStatement::bind_blob(int position, std::string_view bytes) {
  // As with texts: no bytes are not NULL.
  const char* from = bytes.data() == nullptr ? "" : bytes.data();
  check(sqlite3_bind_blob64(statement_, position + 1, from, bytes.size(), SQLITE_TRANSIENT));
}

void SqliteStatement::bind_kept(int position, std::string_view text) {
  const char* from = text.data() == nullptr ? "" : text.data();
  check(sqlite3_bind_text64(statement_, position + 1, from, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void SqliteStatement::bind_kept(int position, const RecordId& id) {
  check(sqlite3_bind_blob64(statement_, position + 1, id.bytes.data(), id.bytes.size(), SQLITE_STATIC));
}

void SqliteStatement::bind_kept_blob(int position, std::string_view bytes) {
  const char* from = bytes.data() == nullptr ? "" : bytes.data();
  check(sqlite3_bind_blob64(statement_, position + 1, from, bytes.size(), SQLITE_STATIC));
}

bool SqliteStatement::step() {
  if (heeded_->stop != nullptr) heeded_->stop->check();
  heeded_->writes = writes_;
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  try {
    // A wait for another program's lock that was told to end looks like one that took too long.
    if ((result & 0xff) == SQLITE_BUSY && heeded_->stop != nullptr) heeded_->stop->check();
    fail();
  } catch (...) {
    sqlite3_reset(statement_);
    throw;
  }
}

bool SqliteStatement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::int64_t SqliteStatement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double SqliteStatement::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string_view SqliteStatement::blob(int column) const {
  const auto* from = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (from == nullptr) return {};
  return {from, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view SqliteStatement::text(int column) const {
  const auto* from = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (from == nullptr) return {};
  return {from, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

RecordId SqliteStatement::id(int column) const {
  RecordId out;
  const void* from = sqlite3_column_blob(statement_, column);
  if (from == nullptr) return out;
  if (sqlite3_column_bytes(statement_, column) != static_cast<int>(out.bytes.size())) {
    throw Error(ProblemNumber::storage_corrupt,
                "a stored id is not 16 bytes long (in: " + operation_of(sqlite3_sql(statement_)) + ")",
                "restore the database from a backup");
  }
  std::memcpy(out.bytes.data(), from, out.bytes.size());
  return out;
}

// Each sqlite3_column_* takes the connection's mutex; a value that was fetched once is read without.
Value SqliteStatement::value(int column, const expr::Type& type) const {
  sqlite3_value* const found = sqlite3_column_value(statement_, column);
  if (sqlite3_value_type(found) == SQLITE_NULL) return Value::null();
  const auto text = [&] {
    const auto* from = reinterpret_cast<const char*>(sqlite3_value_text(found));
    return from == nullptr ? std::string() : std::string(from, static_cast<std::size_t>(sqlite3_value_bytes(found)));
  };
  switch (type.kind) {
    case Kind::boolean:
    case Kind::integer:
    case Kind::date:
    case Kind::timestamp:
    case Kind::duration: return Value::with(type.kind, sqlite3_value_int64(found));
    case Kind::money: return Value::money(sqlite3_value_int64(found), type.currency);
    case Kind::real: return Value::real(sqlite3_value_double(found));
    case Kind::text: return Value::text(text());
    case Kind::json: return Value::json(text());
    case Kind::ref: return Value::ref(type.record_type, id(column));
    case Kind::null:
    case Kind::unknown: break;
  }
  return Value::null();
}

void SqliteStatement::reset() {
  sqlite3_reset(statement_);
  fresh_ = false;
}

void SqliteStatement::give_back() noexcept {
  sqlite3_reset(statement_);
  // Binds are copies that may be long; a statement at rest holds none.
  sqlite3_clear_bindings(statement_);
  in_use_ = false;
}

}  // namespace kith::internal::store
