#include "expr/batch/batch_space.hpp"

#include <algorithm>
#include <bit>

namespace kith::internal::expr {

Mask Mask::first(std::size_t rows) {
  Mask mask;
  std::fill_n(mask.words.begin(), rows / 64, ~std::uint64_t{0});
  if (rows % 64 != 0) mask.words[rows / 64] = (std::uint64_t{1} << (rows % 64)) - 1;
  return mask;
}

bool Mask::none() const {
  return std::all_of(words.begin(), words.end(), [](std::uint64_t word) { return word == 0; });
}

std::size_t Mask::count() const {
  std::size_t count = 0;
  for (const std::uint64_t word : words) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

Mask operator&(const Mask& a, const Mask& b) {
  Mask out;
  for (std::size_t i = 0; i < Mask::kWords; ++i) out.words[i] = a.words[i] & b.words[i];
  return out;
}

Mask operator|(const Mask& a, const Mask& b) {
  Mask out;
  for (std::size_t i = 0; i < Mask::kWords; ++i) out.words[i] = a.words[i] | b.words[i];
  return out;
}

Mask without(const Mask& a, const Mask& b) {
  Mask out;
  for (std::size_t i = 0; i < Mask::kWords; ++i) out.words[i] = a.words[i] & ~b.words[i];
  return out;
}

Value value_at(const Column& column, std::size_t row) {
  if (column.same != nullptr) return *column.same;
  if (column.kind == Kind::null || (column.valid != nullptr && !(*column.valid)[row])) {
    return column.unknown != nullptr && (*column.unknown)[row] ? Value::unknown() : Value::null();
  }
  switch (column.kind) {
    case Kind::real: return Value::real(column.reals[row]);
    case Kind::text: return Value::text(std::string{column.texts[row]});
    case Kind::json: return Value::json(std::string{column.texts[row]});
    case Kind::ref:
      return Value::ref(column.record_types == nullptr ? column.record_type : column.record_types[row],
                        column.ids[row]);
    case Kind::money:
      return Value::money(column.ints[row], column.currencies == nullptr ? column.currency : column.currencies[row]);
    default: return Value::with(column.kind, column.ints[row]);
  }
}

std::int64_t until_at(const Column& column, std::size_t row) {
  if (column.same != nullptr) return column.same_until;
  return column.until == nullptr ? kForever : column.until[row];
}

void BatchSpace::reset() {
  ints_.reset();
  reals_.reset();
  texts_.reset();
  ids_.reset();
  record_types_.reset();
  currencies_.reset();
  used_masks_ = 0;
  kept_texts_.clear();
  kept_values_.clear();
}

Mask* BatchSpace::mask(const Mask& from) {
  if (used_masks_ == masks_.size()) masks_.emplace_back();
  Mask* mask = &masks_[used_masks_++];
  *mask = from;
  return mask;
}

Builder::Builder(BatchSpace& space, Kind kind, std::size_t rows, bool timed)
    : space_(&space), rows_(rows), timed_(timed), valid_(space.mask()) {
  if (kind != Kind::null) open(kind);
}

void Builder::open(Kind kind) {
  column_.kind = kind;
  switch (kind) {
    case Kind::real: column_.reals = reals_ = space_->reals(); break;
    case Kind::text:
    case Kind::json:
      // The views of the batch before may point to what is gone.
      column_.texts = texts_ = space_->texts();
      std::fill_n(texts_, rows_, std::string_view{});
      break;
    case Kind::ref:
      column_.ids = ids_ = space_->ids();
      column_.record_types = record_types_ = space_->record_types();
      break;
    case Kind::money: column_.currencies = currencies_ = space_->currencies(); [[fallthrough]];
    default: column_.ints = ints_ = space_->ints(); break;
  }
}

// Whether there is a value to be stored.
bool Builder::start(std::size_t row, Kind kind) {
  if (kind == Kind::null) return false;
  if (kind == Kind::unknown) {
    if (unknown_ == nullptr) unknown_ = space_->mask();
    unknown_->set(row);
    return false;
  }
  if (column_.kind == Kind::null) open(kind);
  valid_->set(row);
  return true;
}

void Builder::borrow(std::size_t row, const Value& value) {
  if (!start(row, value.kind)) return;
  if (reals_ != nullptr) {
    reals_[row] = value.d;
  } else if (texts_ != nullptr) {
    texts_[row] = value.s;
  } else if (ids_ != nullptr) {
    ids_[row] = value.id;
    record_types_[row] = value.record_type;
  } else {
    ints_[row] = value.i;
    if (currencies_ != nullptr) currencies_[row] = value.currency;
  }
}

void Builder::set(std::size_t row, Value&& value) {
  const bool text = value.kind == Kind::text || value.kind == Kind::json;
  if (!text) {
    borrow(row, value);
  } else if (start(row, value.kind)) {
    texts_[row] = space_->keep(std::move(value.s));
  }
}

void Builder::copy(std::size_t row, const Column& from) {
  if (from.same != nullptr) return borrow(row, *from.same);
  if (from.kind == Kind::null || (from.valid != nullptr && !(*from.valid)[row])) {
    if (from.unknown != nullptr && (*from.unknown)[row]) start(row, Kind::unknown);
    return;
  }
  if (!start(row, from.kind)) return;
  if (reals_ != nullptr) {
    reals_[row] = from.reals[row];
  } else if (texts_ != nullptr) {
    texts_[row] = from.texts[row];
  } else if (ids_ != nullptr) {
    ids_[row] = from.ids[row];
    record_types_[row] = from.record_types == nullptr ? from.record_type : from.record_types[row];
  } else {
    ints_[row] = from.ints[row];
    if (currencies_ != nullptr) currencies_[row] = from.currencies == nullptr ? from.currency : from.currencies[row];
  }
}

void Builder::set_until(std::size_t row, std::int64_t until) {
  if (!timed_) return;
  if (until_ == nullptr) {
    if (until == kForever) return;
    column_.until = until_ = space_->ints();
    std::fill_n(until_, rows_, kForever);
  }
  until_[row] = until;
}

void Builder::lower_until(std::size_t row, std::int64_t until) {
  if (timed_) set_until(row, until_ == nullptr ? until : std::min(until, until_[row]));
}

Column Builder::done() {
  column_.valid = valid_;
  column_.unknown = unknown_;
  return column_;
}

}  // namespace kith::internal::expr
