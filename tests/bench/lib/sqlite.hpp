// SQLite as a program written by hand uses it: one connection, statements prepared once, bound by position, reset.
#pragma once
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace kith::bench {

/// A UUID.
using Id = std::array<unsigned char, 16>;
/// Bytes that go in as a blob.
struct Blob {
  std::string_view bytes;
};

class Database {
 public:
  explicit Database(const std::filesystem::path& file, int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) {
    if (sqlite3_open_v2(file.c_str(), &raw_, flags | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
      throw std::runtime_error(file.string() + ": " + sqlite3_errmsg(raw_));
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() { sqlite3_close(raw_); }

  void run(const char* sql) {
    if (sqlite3_exec(raw_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
      throw std::runtime_error(std::string(sql) + ": " + sqlite3_errmsg(raw_));
  }
  std::int64_t last_rid() const { return sqlite3_last_insert_rowid(raw_); }
  bool changed() const { return sqlite3_changes(raw_) > 0; }
  sqlite3* raw() const { return raw_; }

 private:
  sqlite3* raw_ = nullptr;
};

/// Texts and blobs are borrowed: they outlive the step that reads them.
class Statement {
 public:
  Statement(Database& database, const char* sql) : database_(&database) {
    if (sqlite3_prepare_v3(database.raw(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw_, nullptr) != SQLITE_OK)
      throw std::runtime_error(std::string(sql) + ": " + sqlite3_errmsg(database.raw()));
  }
  Statement(Statement&& other) noexcept : database_(other.database_), raw_(std::exchange(other.raw_, nullptr)) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(raw_); }

  template <class... Values>
  Statement& bind(const Values&... values) {
    int position = 0;
    (put(++position, values), ...);
    return *this;
  }
  /// Binds, runs to the end, and is ready for the next time.
  template <class... Values>
  void run(const Values&... values) {
    bind(values...);
    while (step()) {
    }
  }
  /// Whether there is a row; after the last one the statement is reset.
  bool step() {
    const int code = sqlite3_step(raw_);
    if (code == SQLITE_ROW) return true;
    sqlite3_reset(raw_);
    if (code != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(database_->raw()));
    return false;
  }
  void reset() { sqlite3_reset(raw_); }

  bool is_null(int column) const { return sqlite3_column_type(raw_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const { return sqlite3_column_int64(raw_, column); }
  std::optional<std::int64_t> maybe(int column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
  }
  double real(int column) const { return sqlite3_column_double(raw_, column); }
  std::string_view text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(raw_, column));
    return {text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(raw_, column))};
  }
  std::string_view blob(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(raw_, column));
    return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(raw_, column))};
  }
  int width() const { return sqlite3_column_count(raw_); }
  sqlite3_stmt* raw() const { return raw_; }

 private:
  void put(int position, std::int64_t value) { sqlite3_bind_int64(raw_, position, value); }
  void put(int position, int value) { sqlite3_bind_int64(raw_, position, value); }
  void put(int position, bool value) { sqlite3_bind_int64(raw_, position, value ? 1 : 0); }
  void put(int position, double value) { sqlite3_bind_double(raw_, position, value); }
  void put(int position, std::string_view text) {
    sqlite3_bind_text(raw_, position, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  void put(int position, const std::string& text) { put(position, std::string_view(text)); }
  void put(int position, const char* text) { put(position, std::string_view(text)); }
  void put(int position, const Id& id) { sqlite3_bind_blob(raw_, position, id.data(), 16, SQLITE_STATIC); }
  void put(int position, Blob blob) {
    sqlite3_bind_blob(raw_, position, blob.bytes.data(), static_cast<int>(blob.bytes.size()), SQLITE_STATIC);
  }
  void put(int position, std::nullptr_t) { sqlite3_bind_null(raw_, position); }
  template <class T>
  void put(int position, const std::optional<T>& value) {
    if (value)
      put(position, *value);
    else
      put(position, nullptr);
  }

  Database* database_;
  sqlite3_stmt* raw_ = nullptr;
};

}  // namespace kith::bench
