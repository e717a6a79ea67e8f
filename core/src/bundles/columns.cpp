#include "bundles/columns.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "base/problem/error.hpp"

namespace kith::internal::bundles {
namespace {

constexpr std::uint64_t kBits = 64;

constexpr std::uint32_t kTypes[] = {KITH_NULL,      KITH_BOOL,     KITH_INT,   KITH_DOUBLE, KITH_TEXT, KITH_DATE,
                                    KITH_TIMESTAMP, KITH_DURATION, KITH_MONEY, KITH_REF,    KITH_JSON, KITH_NULL};

std::uint32_t any_type(Kind kind) { return kTypes[static_cast<std::size_t>(kind)]; }

}  // namespace

std::uint32_t abi_type(Kind kind) {
  return kind == Kind::ref || kind == Kind::json ? std::uint32_t{KITH_NULL} : any_type(kind);
}

kith_value raw_value(const Value& value) {
  kith_value raw{};
  raw.type = any_type(value.kind);
  switch (value.kind) {
    case Kind::real: raw.as.d = value.d; break;
    case Kind::text:
    case Kind::json: raw.as.s = {value.s.data(), value.s.size()}; break;
    case Kind::ref: {
      // The four bytes before the value hold the catalog's number of the type, lowest byte first (kith/types.h).
      const auto number = static_cast<std::uint32_t>(value.record_type);
      for (unsigned i = 0; i < 3; ++i) raw.currency[i] = static_cast<std::uint8_t>((number >> (8U * i)) & 0xFFU);
      raw.scale = static_cast<std::uint8_t>(number >> 24U);
      std::memcpy(raw.as.id.bytes, value.id.bytes.data(), sizeof raw.as.id.bytes);
      break;
    }
    case Kind::money:
      std::memcpy(raw.currency, value.currency.code.data(), sizeof raw.currency);
      raw.scale = value.currency.scale;
      raw.as.i = value.i;
      break;
    case Kind::null:
    case Kind::unknown: break;
    default: raw.as.i = value.i;
  }
  return raw;
}

InputColumn::InputColumn(Kind kind, std::span<const Value> values, const Currency& currency)
    : type_(abi_type(kind)),
      kind_(kind),
      rows_(values.size()),
      currency_(currency),
      valid_((rows_ + kBits - 1) / kBits, 0) {
  if (kind_ == Kind::text) offsets_.push_back(0);
  for (std::uint64_t row = 0; row < rows_; ++row) {
    const Value& value = values[row];
    add(value);
    if (value.is_dead())
      all_set_ = false;
    else
      valid_[row / kBits] |= std::uint64_t{1} << (row % kBits);
  }
}

void InputColumn::add(const Value& value) {
  const bool set = !value.is_dead();
  const bool widened = kind_ == Kind::real && value.kind == Kind::integer;
  if (set && value.kind != kind_ && !widened)
    throw Error(ProblemNumber::type_mismatch,
                std::string("a function takes ") + kind_name(kind_) + " and was given " + kind_name(value.kind));
  switch (kind_) {
    case Kind::boolean: booleans_.push_back(set && value.i != 0 ? 1 : 0); break;
    case Kind::real: reals_.push_back(!set ? 0.0 : widened ? static_cast<double>(value.i) : value.d); break;
    case Kind::text:
      if (set) bytes_ += value.s;
      if (bytes_.size() > std::numeric_limits<std::uint32_t>::max())
        throw Error(ProblemNumber::too_large, "a batch of texts is larger than 4 GiB", "shorten the texts");
      offsets_.push_back(static_cast<std::uint32_t>(bytes_.size()));
      break;
    default:
      if (set && kind_ == Kind::money) currency_ = value.currency;
      integers_.push_back(set ? value.i : 0);
  }
}

kith_column InputColumn::raw() const {
  kith_column column{};
  column.type = type_;
  column.rows = rows_;
  column.valid = all_set_ ? nullptr : valid_.data();
  switch (kind_) {
    case Kind::boolean: column.data = booleans_.data(); break;
    case Kind::real: column.data = reals_.data(); break;
    case Kind::text:
      column.data = bytes_.data();
      column.offsets = offsets_.data();
      break;
    default: column.data = integers_.data();
  }
  if (kind_ == Kind::money) {
    std::memcpy(column.currency, currency_.code.data(), sizeof column.currency);
    column.scale = currency_.scale;
  }
  return column;
}

OutputColumn::OutputColumn(Kind kind, std::uint64_t rows, const Currency& currency)
    : kind_(kind), currency_(currency), valid_((rows + kBits - 1) / kBits, 0) {
  raw_.type = abi_type(kind);
  raw_.rows = rows;
  raw_.valid = valid_.data();
  switch (kind_) {
    case Kind::boolean:
      booleans_.resize(rows);
      raw_.data = booleans_.data();
      break;
    case Kind::real:
      reals_.resize(rows);
      raw_.data = reals_.data();
      break;
    case Kind::text: texts_.resize(rows); break;
    default: integers_.resize(rows); raw_.data = integers_.data();
  }
}

Value OutputColumn::take(std::uint64_t row) {
  if ((valid_[row / kBits] >> (row % kBits) & 1U) == 0) return Value::null();
  switch (kind_) {
    case Kind::boolean: return Value::boolean(booleans_[row] != 0);
    case Kind::real: return std::isfinite(reals_[row]) ? Value::real(reals_[row]) : Value::unknown();
    case Kind::text: return Value::text(std::move(texts_[row]));
    case Kind::money: return Value::money(integers_[row], currency_);
    default: return Value::with(kind_, integers_[row]);
  }
}

}  // namespace kith::internal::bundles
