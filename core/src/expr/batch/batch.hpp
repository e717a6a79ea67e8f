// Evaluation over columns of up to 2,048 rows: the same values and the same valid_until as evaluate() gives row by row.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "expr/evaluate/evaluate.hpp"

namespace kith::internal::expr {

inline constexpr std::size_t kBatchRows = 2048;

/// One bit for each row of a batch.
class Mask {
 public:
  static constexpr std::size_t kWords = kBatchRows / 64;
  static Mask first(std::size_t rows);  ///< the bits of rows 0 .. rows - 1
  bool operator[](std::size_t row) const { return (words[row / 64] >> (row % 64) & 1U) != 0; }
  void set(std::size_t row) { words[row / 64] |= std::uint64_t{1} << (row % 64); }
  bool none() const;
  std::size_t count() const;

  std::array<std::uint64_t, kWords> words{};
};
Mask operator&(const Mask& a, const Mask& b);
Mask operator|(const Mask& a, const Mask& b);
Mask without(const Mask& a, const Mask& b);  ///< a & ~b

/// Values of one kind, borrowed. A row without its bit in `valid` is unknown where it has one in `unknown`, else null.
/// What stands in the arrays of such a row says nothing, but can be read.
struct Column {
  Kind kind = Kind::null;                      ///< of the values; null: there are none
  const std::int64_t* ints = nullptr;          ///< boolean, integer, date, timestamp, duration, money
  const double* reals = nullptr;               ///< real
  const std::string_view* texts = nullptr;     ///< text, json
  const RecordId* ids = nullptr;               ///< ref
  const std::int32_t* record_types = nullptr;  ///< ref; nullptr: all `record_type`
  std::int32_t record_type = -1;
  const Currency* currencies = nullptr;  ///< money; nullptr: all `currency`
  Currency currency{};
  const Mask* valid = nullptr;          ///< nullptr: every row has a value
  const Mask* unknown = nullptr;        ///< nullptr: no row is unknown
  const std::int64_t* until = nullptr;  ///< nullptr: all hold forever
  const Value* same = nullptr;          ///< every row has this value, until `same_until`; the arrays are not there
  std::int64_t same_until = kForever;
};
Value value_at(const Column& column, std::size_t row);
std::int64_t until_at(const Column& column, std::size_t row);

/// What a program is evaluated on.
struct Batch {
  std::size_t rows = 0;  ///< at most kBatchRows
  /// One for each entry of Program::reads, in its order: the member as reached from the row's record, null where the
  /// path breaks off; its `until` covers refs on the path that are computed. Entries behind sets of records stay empty.
  std::vector<Column> columns;
  Column self;  ///< the records, for programs that say `record`
  /// The record of a row, for forms that are evaluated row by row (BatchEvaluator says which).
  std::function<RecordView*(std::size_t row)> record;
};

/// A condition over a batch: true, false, or neither.
struct BatchTruth {
  Mask yes, no;
  const std::int64_t* until = nullptr;  ///< nullptr: all hold forever
};

/// Keeps its working space between batches; for one thread. What it returns holds until the next call.
///
/// Row by row, over the record's view: changed(), became(), old.f and whatever reads sets of records or the actor; a
/// comparison with today() or days_between() of it, and one with now() +- a duration that is read from the record. Row
/// by row, over columns: text that is made (+, string(), fold(), trim(), ...), lists, calendar fields, rounding,
/// pow(), money whose currency is read with it. All else is computed a column at a time, and a plugin's function is
/// called once for the rows for which its value is asked.
class BatchEvaluator {
 public:
  explicit BatchEvaluator(const Program& program);
  ~BatchEvaluator();
  BatchEvaluator(const BatchEvaluator&) = delete;
  BatchEvaluator& operator=(const BatchEvaluator&) = delete;

  Column evaluate(const Batch& batch, const Env& env);
  BatchTruth judge(const Batch& batch, const Env& env);
  /// The rows for which it is true; nobody asks until when.
  Mask holds(const Batch& batch, const Env& env);

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

/// Columns that are read from views, for rows that don't come as columns. Texts are borrowed from the views where they
/// show their facts.
class Gatherer {
 public:
  explicit Gatherer(const Program& program);
  ~Gatherer();
  Gatherer(const Gatherer&) = delete;
  Gatherer& operator=(const Gatherer&) = delete;
  /// Holds until the next call; `records` (none null, at most kBatchRows) must outlive it.
  const Batch& gather(std::span<RecordView* const> records, const Env& env);

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace kith::internal::expr
