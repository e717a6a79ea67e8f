// One database connection as the floors above see it: prepared statements with `?`, values bound and read by our own
// thin layer on the native handle (design/storage.md says why SOCI's own is not used for rows).
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/problem/stop.hpp"
#include "base/value/value.hpp"
#include "expr/names.hpp"

namespace kith::internal::store {

/// A prepared statement, borrowed from its connection's cache. It is reset (so that it pins no snapshot) when the
/// StatementPtr goes. Positions of binds and columns count from 0.
class Statement {
 public:
  virtual ~Statement() = default;
  virtual void bind(int position,
                    const Value& value) = 0;  ///< by kind: dates, instants, money as integers, ids as 16 bytes
  virtual void bind_null(int position) = 0;
  virtual void bind(int position, std::int64_t value) = 0;
  virtual void bind(int position, double value) = 0;
  virtual void bind(int position, std::string_view text) = 0;  ///< copied
  virtual void bind(int position, const RecordId& id) = 0;
  virtual void bind_blob(int position, std::string_view bytes) = 0;  ///< copied
  // As those above, but borrowed: the value has to stay as it is until the statement is given back.
  virtual void bind_kept(int position, const Value& value) = 0;
  virtual void bind_kept(int position, std::string_view text) = 0;
  virtual void bind_kept(int position, const RecordId& id) = 0;
  virtual void bind_kept_blob(int position, std::string_view bytes) = 0;
  virtual bool step() = 0;  ///< true: a row is there
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;                ///< until the next step
  virtual std::string_view blob(int column) const = 0;                ///< until the next step; empty for NULL
  virtual RecordId id(int column) const = 0;                          ///< nil for NULL
  virtual Value value(int column, const expr::Type& type) const = 0;  ///< refs to "any" are two columns: see Records
  virtual void reset() = 0;                                           ///< to be bound and stepped again
  virtual void give_back() noexcept = 0;  ///< resets, forgets the binds, and is free for the next prepare
};
struct StatementReset {
  void operator()(Statement* statement) const noexcept { statement->give_back(); }
};
using StatementPtr = std::unique_ptr<Statement, StatementReset>;  ///< gives back, does not delete

class Connection {
 public:
  virtual ~Connection() = default;
  virtual StatementPtr prepare(
      std::string_view sql) = 0;                   ///< cached by its text; a statement in use twice is prepared twice
  virtual void execute(std::string_view sql) = 0;  ///< one or more statements without binds, e.g. DDL
  virtual std::int64_t changes() const = 0;        ///< rows changed by the last statement
  virtual std::int64_t total_changes() const = 0;  ///< rows changed since it was opened, rolled back ones too
  virtual std::int64_t last_rowid() const = 0;
  virtual void begin(bool write) = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;
  virtual void savepoint(std::string_view name) = 0;
  virtual void release(std::string_view name) = 0;
  virtual void rollback_to(std::string_view name) = 0;  ///< and releases it
  virtual bool in_transaction() const = 0;
  /// How far the log is numbered in this transaction (0: nobody asked yet), and how often something was rolled back.
  struct LogNumbers {
    std::int64_t last = 0, rollbacks = 0;
  };
  LogNumbers& log_numbers() noexcept { return log_numbers_; }
  /// From now on statements throw `cancelled` once `stop` is requested: those that read also while they run, those that
  /// write before they begin, so that none is torn. Control of transactions is never stopped. nullptr: nobody asks.
  /// Returns who asked before.
  virtual const Stop* heed(const Stop* stop) noexcept = 0;
  virtual const Stop* heeded() const noexcept = 0;  ///< who is asked now

 private:
  LogNumbers log_numbers_;
};

/// Lets a connection heed `stop` for the length of a scope, and whoever it was before afterwards.
class Heeding {
 public:
  Heeding(Connection& connection, const Stop* stop) : connection_(&connection), before_(connection.heed(stop)) {}
  Heeding(const Heeding&) = delete;
  Heeding& operator=(const Heeding&) = delete;
  ~Heeding() { connection_->heed(before_); }

 private:
  Connection* connection_;
  const Stop* before_;
};

}  // namespace kith::internal::store
