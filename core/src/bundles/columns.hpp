// Values in and out of a plugin's functions: columns of the ABI over memory of ours.
#pragma once
#include <kith/plugin.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/value/value.hpp"

namespace kith::internal::bundles {

/// KITH_* of a kind; KITH_NULL where a plugin can't be given or return it (design/plugins.md, Native part).
std::uint32_t abi_type(Kind kind);

/// A value as the boundary shows it; text and json are borrowed from `value`.
kith_value raw_value(const Value& value);

/// One argument for all rows of a batch.
class InputColumn {
 public:
  /// Null for rows whose value is null. An int is taken for a double, as expressions do. `currency`: of a money column
  /// that has no value. Throws type_mismatch for a value of another kind.
  InputColumn(Kind kind, std::span<const Value> values, const Currency& currency);
  kith_column raw() const;

 private:
  void add(const Value& value);
  std::uint32_t type_;
  Kind kind_;
  std::uint64_t rows_;
  Currency currency_;
  std::vector<std::uint8_t> booleans_;
  std::vector<std::int64_t> integers_;
  std::vector<double> reals_;
  std::string bytes_;
  std::vector<std::uint32_t> offsets_;
  std::vector<std::uint64_t> valid_;
  bool all_set_ = true;
};

/// Where a function puts its results.
class OutputColumn {
 public:
  OutputColumn(Kind kind, std::uint64_t rows, const Currency& currency);
  kith_output& raw() { return raw_; }
  std::vector<std::string>& texts() { return texts_; }
  /// Null unless set. A double that is not finite is unknown, as in every other calculation.
  Value take(std::uint64_t row);

 private:
  Kind kind_;
  Currency currency_;
  std::vector<std::uint8_t> booleans_;
  std::vector<std::int64_t> integers_;
  std::vector<double> reals_;
  std::vector<std::string> texts_;
  std::vector<std::uint64_t> valid_;
  kith_output raw_{};
};

}  // namespace kith::internal::bundles
