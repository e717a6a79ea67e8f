// Working space of batches, and columns that are filled row by row.
#pragma once
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "expr/batch/batch.hpp"

namespace kith::internal::expr {

/// Arrays of one type for the rows of a batch, lent until the next batch.
template <class T>
class Pool {
 public:
  T* take() {
    if (used_ == blocks_.size()) blocks_.push_back(std::make_unique<T[]>(kBatchRows));
    return blocks_[used_++].get();
  }
  void reset() { used_ = 0; }

 private:
  std::vector<std::unique_ptr<T[]>> blocks_;
  std::size_t used_ = 0;
};

class BatchSpace {
 public:
  void reset();
  std::int64_t* ints() { return ints_.take(); }
  double* reals() { return reals_.take(); }
  std::string_view* texts() { return texts_.take(); }
  RecordId* ids() { return ids_.take(); }
  std::int32_t* record_types() { return record_types_.take(); }
  Currency* currencies() { return currencies_.take(); }
  Mask* mask(const Mask& from = {});
  std::string_view keep(std::string&& text) { return kept_texts_.emplace_back(std::move(text)); }
  const Value* keep(Value&& value) { return &kept_values_.emplace_back(std::move(value)); }

 private:
  Pool<std::int64_t> ints_;
  Pool<double> reals_;
  Pool<std::string_view> texts_;
  Pool<RecordId> ids_;
  Pool<std::int32_t> record_types_;
  Pool<Currency> currencies_;
  std::deque<Mask> masks_;
  std::size_t used_masks_ = 0;
  std::deque<std::string> kept_texts_;
  std::deque<Value> kept_values_;
};

/// A column of which rows are set one by one. Rows that are not set are null, forever.
class Builder {
 public:
  Builder(BatchSpace& space, Kind kind, std::size_t rows, bool timed);
  void set(std::size_t row, Value&& value);          ///< texts move into the space
  void borrow(std::size_t row, const Value& value);  ///< texts stay where they are
  void copy(std::size_t row, const Column& from);    ///< of the same kind, or without values
  void set_until(std::size_t row, std::int64_t until);
  /// The earlier of what is there and `until`.
  void lower_until(std::size_t row, std::int64_t until);
  Column done();

 private:
  bool start(std::size_t row, Kind kind);
  void open(Kind kind);
  BatchSpace* space_;
  std::size_t rows_;
  bool timed_;
  Column column_;
  std::int64_t* ints_ = nullptr;
  double* reals_ = nullptr;
  std::string_view* texts_ = nullptr;
  RecordId* ids_ = nullptr;
  std::int32_t* record_types_ = nullptr;
  Currency* currencies_ = nullptr;
  std::int64_t* until_ = nullptr;
  Mask* valid_;
  Mask* unknown_ = nullptr;
};

}  // namespace kith::internal::expr
