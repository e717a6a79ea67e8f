// A prepared statement of SQLite: our own binding and reading.
#pragma once
#include <cstdint>

#include "store/connection/connection.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace kith::internal::store {

/// Whom the statements of a connection heed, and whether the one that runs may be ended in its middle.
struct Heeded {
  const Stop* stop = nullptr;
  bool writes = false;
};

class SqliteStatement final : public Statement {
 public:
  /// `heeded` is the connection's and outlives the statement.
  SqliteStatement(sqlite3* handle, std::string_view sql, Heeded& heeded);
  ~SqliteStatement() override;
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  void bind(int position, const Value& value) override;
  void bind_null(int position) override;
  void bind(int position, std::int64_t value) override;
  void bind(int position, double value) override;
  void bind(int position, std::string_view text) override;
  void bind(int position, const RecordId& id) override;
  void bind_blob(int position, std::string_view bytes) override;
  void bind_kept(int position, const Value& value) override;
  void bind_kept(int position, std::string_view text) override;
  void bind_kept(int position, const RecordId& id) override;
  void bind_kept_blob(int position, std::string_view bytes) override;
  bool step() override;
  bool is_null(int column) const override;
  std::int64_t integer(int column) const override;
  double real(int column) const override;
  std::string_view text(int column) const override;
  std::string_view blob(int column) const override;
  RecordId id(int column) const override;
  Value value(int column, const expr::Type& type) const override;
  void reset() override;
  void give_back() noexcept override;

  // For the cache of its connection.
  bool in_use() const noexcept { return in_use_; }
  void take(std::uint64_t when) noexcept {
    in_use_ = true;
    fresh_ = true;
    last_used_ = when;
  }
  std::uint64_t last_used() const noexcept { return last_used_; }

 private:
  void check(int result) const;
  [[noreturn]] void fail() const;

  sqlite3* handle_;
  Heeded* heeded_;
  sqlite3_stmt* statement_ = nullptr;
  std::uint64_t last_used_ = 0;
  bool in_use_ = false;
  bool fresh_ = false;  ///< nothing was bound before this use: what is not bound is NULL
  bool writes_ = false;
};

}  // namespace kith::internal::store
