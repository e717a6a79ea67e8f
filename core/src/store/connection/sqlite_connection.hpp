// A connection to a SQLite file: a SOCI session, and the statements prepared on it.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/connection/native.hpp"
#include "store/connection/sqlite_statement.hpp"

namespace kith::internal::store {

/// What a connection is for decides its pragmas.
enum class ConnectionUse : std::uint8_t {
  writer,          ///< the one that commits and checkpoints
  reader,          ///< beside the writer in this process
  foreign_reader,  ///< read-only, beside a writing process or none
  frozen_reader    ///< read-only, of a file that nobody changes meanwhile, in a folder that can't be written
};

class SqliteConnection final : public Connection {
 public:
  /// `synchronous` is a value of that pragma: OFF, NORMAL or FULL.
  SqliteConnection(const std::string& path, ConnectionUse use, const std::string& synchronous,
                   std::int64_t cache_kib = 2'000);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  StatementPtr prepare(std::string_view sql) override;
  void execute(std::string_view sql) override;
  std::int64_t changes() const override;
  std::int64_t total_changes() const override;
  std::int64_t last_rowid() const override;
  void begin(bool write) override;
  void commit() override;
  void rollback() noexcept override;
  void savepoint(std::string_view name) override;
  void release(std::string_view name) override;
  void rollback_to(std::string_view name) override;
  bool in_transaction() const override;
  const Stop* heed(const Stop* stop) noexcept override;
  const Stop* heeded() const noexcept override { return heeded_.stop; }

  NativeSession& session() noexcept { return session_; }
  void wait_when_busy(std::int64_t wait_us);  ///< how long a lock of another process is waited for
  /// Bytes in the WAL after this connection's last commit, used and unused parts of the file alike.
  std::int64_t wal_bytes() const noexcept { return wal_pages_ * page_size_; }
  enum class Checkpoint : std::uint8_t { passive, truncate };
  /// True when every page of the WAL is in the file now. False when a reader or writer kept some back. Throws on
  /// errors.
  bool checkpoint(Checkpoint how);
  std::size_t statements_cached() const noexcept { return cached_; }
  std::int64_t statements_prepared() const noexcept { return prepared_; }  ///< since opening, for tests and doctor

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  using Copies = std::vector<std::unique_ptr<SqliteStatement>>;

  void set_pragmas(ConnectionUse use, const std::string& synchronous, std::int64_t cache_kib);
  void run(std::string_view sql);
  void control(std::string_view sql);
  void watch_statements();
  bool wait_on(int tries);
  void forget_old_statements();
  Copies& copies_of(std::string_view sql);

  NativeSession session_;
  std::unordered_map<std::string, Copies, TextHash, std::equal_to<>> statements_;
  /// Where a text that lies where one lay before was found: most are constants; hashing one costs as much as a bind.
  struct Place {
    const char* text = nullptr;
    std::size_t size = 0;
    const std::string* key = nullptr;
    Copies* copies = nullptr;
  };
  static constexpr std::size_t kPlaces = 512;
  std::vector<Place> places_ = std::vector<Place>(kPlaces);
  std::size_t cached_ = 0;
  std::int64_t prepared_ = 0;
  std::uint64_t ticks_ = 0;
  std::int64_t wal_pages_ = 0, page_size_ = 4096;
  Heeded heeded_;
  std::int64_t busy_wait_us_ = 0, busy_since_us_ = 0;
};

}  // namespace kith::internal::store
