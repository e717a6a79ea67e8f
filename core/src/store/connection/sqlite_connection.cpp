#include "store/connection/sqlite_connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/problem/error.hpp"
#include "store/connection/sqlite_error.hpp"
#include "store/connection/sqlite_functions.hpp"
#include "store/layout/physical.hpp"

namespace kith::internal::store {
namespace {

constexpr std::size_t kMostStatements = 384;
constexpr int kPieceBytes = 640, kPieces = 800;
constexpr std::int64_t kReaderBusyUs = 2'000'000;  // a reader waits only for the recovery of a WAL after a crash
constexpr int kStepsBetweenLooks = 2'000;          // of SQLite's machine: some 20 to 100 us of a statement

NativeSession::Access access_for(ConnectionUse use) {
  if (use == ConnectionUse::foreign_reader) return NativeSession::Access::read;
  return use == ConnectionUse::frozen_reader ? NativeSession::Access::frozen : NativeSession::Access::write;
}

}  // namespace

SqliteConnection::SqliteConnection(const std::string& path, ConnectionUse use, const std::string& synchronous,
                                   std::int64_t cache_kib)
    : session_(path, access_for(use)) {
  sqlite3_extended_result_codes(session_.handle(), 1);
  add_functions(session_.handle());
  set_pragmas(use, synchronous, cache_kib);
}

SqliteConnection::~SqliteConnection() { statements_.clear(); }

void SqliteConnection::set_pragmas(ConnectionUse use, const std::string& synchronous, std::int64_t cache_kib) {
  sqlite3* handle = session_.handle();
  // Small pieces of memory of the connection's own, which cost neither a lock nor a search. Refused where it uses some
  // already: then it has the library's.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_LOOKASIDE, nullptr, kPieceBytes, kPieces);
  wait_when_busy(kReaderBusyUs);
  watch_statements();
  // No statement of ours comes from data; these two close the doors that a doctored file could open.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // A double-quoted name that does not exist is an error, not a text.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  session_.run("PRAGMA foreign_keys = ON");
  session_.run("PRAGMA temp_store = MEMORY");
  session_.run("PRAGMA mmap_size = 0");
  session_.run("PRAGMA cache_size = -" + std::to_string(cache_kib));
  session_.run("PRAGMA wal_autocheckpoint = 0");
  session_.run("PRAGMA recursive_triggers = OFF");
  if (use != ConnectionUse::writer) {
    // Checkpoints belong to the writer alone (design/storage.md, the WAL reset defect).
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    session_.run("PRAGMA query_only = ON");
    return;
  }
  session_.run("PRAGMA synchronous = " + synchronous);
  session_.run("PRAGMA secure_delete = FAST");
  session_.run("PRAGMA journal_size_limit = 16777216");
  const std::string mode = session_.text("PRAGMA journal_mode = WAL");
  if (mode != "wal") {
    throw Error(ProblemNumber::storage_unsupported,
                "the file system does not allow a write-ahead log here; the journal mode stayed \"" + mode + "\"",
                "put the database on a local disk");
  }
  page_size_ = session_.integer("PRAGMA page_size");
  // The hook replaces SQLite's automatic checkpoint, which is off, and tells the size of the log for free.
  sqlite3_wal_hook(
      handle,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<SqliteConnection*>(self)->wal_pages_ = pages;
        return SQLITE_OK;
      },
      this);
}

/// The statements of a text; none yet, where it is new.
SqliteConnection::Copies& SqliteConnection::copies_of(std::string_view sql) {
  const auto address = reinterpret_cast<std::uintptr_t>(sql.data());
  Place& place = places_[(address >> 4U ^ address >> 13U ^ sql.size()) % kPlaces];
  if (place.text == sql.data() && place.size == sql.size() && *place.key == sql) return *place.copies;
  auto found = statements_.find(sql);
  if (found == statements_.end()) found = statements_.emplace(std::string(sql), Copies{}).first;
  place = {sql.data(), sql.size(), &found->first, &found->second};
  return found->second;
}

StatementPtr SqliteConnection::prepare(std::string_view sql) {
  ++ticks_;
  for (const auto& copy : copies_of(sql)) {
    if (copy->in_use()) continue;
    copy->take(ticks_);
    return StatementPtr(copy.get());
  }
  auto made = std::make_unique<SqliteStatement>(session_.handle(), sql, heeded_);
  ++prepared_;
  if (cached_ >= kMostStatements) forget_old_statements();
  SqliteStatement* statement = made.get();
  copies_of(sql).push_back(std::move(made));
  ++cached_;
  statement->take(ticks_);
  return StatementPtr(statement);
}

// Drops the older half of what lies idle, so that the cost of finding them is paid rarely.
void SqliteConnection::forget_old_statements() {
  places_.assign(kPlaces, {});
  std::vector<std::uint64_t> ages;
  for (const auto& [sql, copies] : statements_) {
    for (const auto& copy : copies) {
      if (!copy->in_use()) ages.push_back(copy->last_used());
    }
  }
  if (ages.empty()) return;
  const auto middle = ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 2);
  std::nth_element(ages.begin(), middle, ages.end());
  const std::uint64_t newest_to_go = *middle;
  for (auto entry = statements_.begin(); entry != statements_.end();) {
    Copies& copies = entry->second;
    const auto gone = std::remove_if(copies.begin(), copies.end(), [&](const auto& copy) {
      return !copy->in_use() && copy->last_used() <= newest_to_go;
    });
    cached_ -= static_cast<std::size_t>(copies.end() - gone);
    copies.erase(gone, copies.end());
    entry = copies.empty() ? statements_.erase(entry) : std::next(entry);
  }
}

void SqliteConnection::execute(std::string_view sql) {
  const std::string text(sql);
  if (heeded_.stop != nullptr) heeded_.stop->check();
  heeded_.writes = true;
  if (sqlite3_exec(session_.handle(), text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw_sqlite(session_.handle(), sql);
}

void SqliteConnection::run(std::string_view sql) { prepare(sql)->step(); }

// What ends or undoes work is never stopped: a commit that is done must not look like one that was cancelled.
void SqliteConnection::control(std::string_view sql) {
  const Heeding nobody(*this, nullptr);
  run(sql);
}

std::int64_t SqliteConnection::changes() const { return sqlite3_changes64(session_.handle()); }

std::int64_t SqliteConnection::total_changes() const { return sqlite3_total_changes64(session_.handle()); }

std::int64_t SqliteConnection::last_rowid() const { return sqlite3_last_insert_rowid(session_.handle()); }

void SqliteConnection::begin(bool write) {
  if (in_transaction())
    throw Error(ProblemNumber::misuse, "a transaction is open on this connection already",
                "commit it or roll it back first");
  run(write ? "BEGIN IMMEDIATE" : "BEGIN");
  log_numbers().last = 0;
}

void SqliteConnection::commit() {
  if (!in_transaction()) throw Error(ProblemNumber::misuse, "there is no transaction to commit", "begin one first");
  control("COMMIT");
}

void SqliteConnection::rollback() noexcept {
  ++log_numbers().rollbacks;
  if (!in_transaction()) return;
  const Heeding nobody(*this, nullptr);
  // Some failures roll back by themselves; what is left to do then is nothing.
  sqlite3_exec(session_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteConnection::savepoint(std::string_view name) { control("SAVEPOINT " + quoted(name)); }

void SqliteConnection::release(std::string_view name) { control("RELEASE " + quoted(name)); }

void SqliteConnection::rollback_to(std::string_view name) {
  ++log_numbers().rollbacks;
  control("ROLLBACK TO " + quoted(name));
  control("RELEASE " + quoted(name));
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(session_.handle()) == 0; }

const Stop* SqliteConnection::heed(const Stop* stop) noexcept { return std::exchange(heeded_.stop, stop); }

void SqliteConnection::watch_statements() {
  // Asked while a statement runs, and while it waits for the lock of another program.
  sqlite3_progress_handler(
      session_.handle(), kStepsBetweenLooks,
      [](void* of) {
        const auto* heeded = static_cast<const Heeded*>(of);
        return heeded->stop != nullptr && !heeded->writes && heeded->stop->requested() ? 1 : 0;
      },
      &heeded_);
  sqlite3_busy_handler(
      session_.handle(),
      [](void* self, int tries) { return static_cast<SqliteConnection*>(self)->wait_on(tries) ? 1 : 0; }, this);
}

bool SqliteConnection::wait_on(int tries) {
  constexpr std::int64_t kPauseUs = 2'000;
  if (tries == 0) busy_since_us_ = steady_us();
  if (heeded_.stop != nullptr && heeded_.stop->requested()) return false;
  if (steady_us() - busy_since_us_ + kPauseUs > busy_wait_us_) return false;
  std::this_thread::sleep_for(std::chrono::microseconds(kPauseUs));
  return true;
}

void SqliteConnection::wait_when_busy(std::int64_t wait_us) { busy_wait_us_ = std::max<std::int64_t>(wait_us, 0); }

bool SqliteConnection::checkpoint(Checkpoint how) {
  int in_log = 0, done = 0;
  const int mode = how == Checkpoint::passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE;
  const int result = sqlite3_wal_checkpoint_v2(session_.handle(), nullptr, mode, &in_log, &done);
  if ((result & 0xff) == SQLITE_BUSY) return false;
  if (result != SQLITE_OK) throw_sqlite(session_.handle(), "checkpoint");
  if (how == Checkpoint::truncate) wal_pages_ = 0;
  return in_log == done;
}

}  // namespace kith::internal::store
