// What every write of the hand-written shop leaves behind: an id, a change row, a transition row, a run row.
#pragma once
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>

#include "../../lib/sqlite.hpp"

namespace kith::bench::hand {

inline constexpr int kTenant = 1;
/// Rows of an import, or records of due work, for one transaction: as many as the product takes.
inline constexpr std::int64_t kBatch = 1'000;

enum class Type { customer = 1, contact_point, order, value_entry, task };
enum class Operation { create = 1, update, transition };

/// What was written, for the change log: number of the field and value, nothing for null.
class FieldBytes {
 public:
  FieldBytes& clear() { return bytes_.clear(), *this; }
  FieldBytes& integer(int field, std::int64_t value);
  FieldBytes& text(int field, std::string_view value);
  std::string_view bytes() const { return bytes_; }

 private:
  void number(std::uint64_t value);
  std::string bytes_;
};

/// Reads what FieldBytes wrote, in its order.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : left_(bytes) {}
  /// The next field's number, or 0 at the end.
  int next();
  std::int64_t integer();
  std::string_view text();

 private:
  std::uint64_t number();
  std::string_view left_;
};

/// Why something is written: who, in consequence of what, how deep in a chain.
struct Cause {
  std::int64_t actor = 0, by = 0;
  int depth = 0;
};

class Book {
 public:
  Book(Database& database, std::int64_t now_us);

  std::int64_t now() const { return now_; }
  /// A UUIDv7 of now, larger than the last one: how a record is known outside.
  Id new_id();
  /// The number of a text that recurs.
  std::int64_t word(std::string_view text);
  /// Returns the change's number.
  std::int64_t change(Operation operation, Type type, std::int64_t record, std::int64_t version,
                      const FieldBytes& fields, const Cause& cause);
  /// A step of a lifecycle; `open` = the record stays in `to`.
  void transition(std::int64_t record, std::int64_t lifecycle, std::int64_t from, std::int64_t to, std::int64_t event,
                  const Cause& cause, bool open);
  void leave_state(std::int64_t record, std::int64_t lifecycle);
  /// Returns the event's number.
  std::int64_t event(std::string_view name, std::int64_t record, std::string_view payload, const Cause& cause);
  void run(std::int64_t trigger, std::int64_t workflow, Type type, std::int64_t record, std::string_view did);

  void begin() { begin_.run(); }
  void commit() { commit_.run(); }

 private:
  std::int64_t now_;
  std::mt19937_64 random_{11};
  std::uint64_t ids_ = 0;
  std::unordered_map<std::string, std::int64_t> words_;
  Database* database_;
  Statement begin_, commit_, add_word_, add_change_, add_transition_, leave_, add_event_, add_run_;
};

}  // namespace kith::bench::hand
