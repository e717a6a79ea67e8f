// One database: a writer, a pool of readers, the lock that keeps other writing processes out.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/problem/log.hpp"
#include "base/time/clock.hpp"
#include "store/connection/connection.hpp"
#include "store/connection/turn_queue.hpp"

namespace kith::internal::store {

struct StoreOptions {
  std::string url;  ///< "sqlite:PATH" (relative to the process), "sqlite::memory:" (a private temporary file)
  bool survive_power_loss = true;  ///< synchronous FULL; false: NORMAL
  bool read_only = false;          ///< open beside another writing process, or where this one may not write
  std::uint32_t file_mode = 0600;  ///< of files that are made; those that are there keep theirs
  bool create = true;              ///< make the file when it is not there
  std::int64_t lock_wait_us = 0;   ///< wait for the file lock of another process
  int readers = 4;
  std::int64_t cache_mb = 64;  ///< page cache of the writer; a reader has a quarter of it
};

class Database;

/// Exclusive right to the writer connection; fair (first come, first served) among threads. Released on destruction,
/// with a rollback if a transaction is open.
class Writer {
 public:
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;
  ~Writer();
  Connection& connection() const { return *connection_; }
  /// Commits, then checkpoints when the WAL has grown past its limit.
  void commit();

 private:
  friend class Database;
  Writer(Database* database, Connection* connection) : database_(database), connection_(connection) {}
  Database* database_ = nullptr;
  Connection* connection_ = nullptr;
};

/// A reader connection inside a read transaction: one snapshot until destroyed. Hold it briefly.
class Reader {
 public:
  Reader(Reader&&) noexcept;
  ~Reader();
  Connection& connection() const { return *connection_; }

 private:
  friend class Database;
  Reader(Database* database, Connection* connection) : database_(database), connection_(connection) {}
  Database* database_ = nullptr;
  Connection* connection_ = nullptr;
};

struct StoreFacts {  ///< for doctor
  std::string engine, version, journal_mode, synchronous, path, library_file;
  bool has_wal_reset_bug = false;  ///< SQLite before 3.51.3 (not 3.50.7, 3.44.6)
  std::int64_t file_bytes = 0, wal_bytes = 0, cache_mb = 0;
  bool frozen = false;  ///< read in a folder that can't be written: writers wait until it is closed
};

/// The database file and what SQLite and we put beside it; empty for a temporary one.
std::vector<std::string> files_of_database(const std::string& url);

class Database {
 public:
  /// `log` outlives the database. Throws file_locked (with the holder, where known), storage_failed, not_a_kith_file.
  static std::unique_ptr<Database> open(const StoreOptions& options, const Log& log);
  virtual ~Database() = default;
  /// Begins an immediate transaction. Throws writer_busy after the wait, naming who holds it and for how long; misuse
  /// when it belongs to this thread already; `cancelled` when the use's stop is requested.
  virtual Writer write(std::int64_t wait_us, WriterUse use) = 0;
  Writer write(std::int64_t wait_us) { return write(wait_us, WriterUse{}); }
  /// `stop` ends the wait and the statements of the reader.
  virtual Reader read(std::int64_t wait_us, const Stop* stop) = 0;
  Reader read(std::int64_t wait_us) { return read(wait_us, nullptr); }
  virtual bool read_only() const = 0;
  virtual StoreFacts facts() const = 0;
  /// What the file's bytes are for: "records", "changes", "events", "runs", ..., indexes included, and "free". Reads
  /// every page.
  virtual std::vector<std::pair<std::string, std::int64_t>> bytes_by_kind() = 0;
  virtual std::vector<std::string> check_integrity() = 0;  ///< empty = sound
  virtual void analyze() = 0;                              ///< full ANALYZE
  /// The same where enough was written since the last one, and it takes no longer than that. Small ones are taken by
  /// commits themselves, and what is left at the end by closing.
  virtual void keep_statistics(std::int64_t most_us) = 0;

 protected:
  friend class Writer;
  friend class Reader;
  Writer make_writer(Connection* connection) { return {this, connection}; }
  Reader make_reader(Connection* connection) { return {this, connection}; }
  virtual void commit_writer() = 0;
  virtual void give_back_writer() noexcept = 0;
  virtual void give_back_reader(Connection* connection) noexcept = 0;
};

}  // namespace kith::internal::store
