// columns.hpp - the columns that a plugin's functions take and fill, as C++ types. Part of plugin.hpp. Since 0.1.
#pragma once
#include <kith/plugin.h>
#include <kith/session.hpp>

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kith {

/// How a C++ type lies in a column. `Raw` is the type of the cells; text has none.
template <class T>
struct ColumnType {
  static constexpr bool known = false;
};
namespace detail {
template <class T, class RawT, std::uint32_t type_of>
struct PlainColumn {
  static constexpr bool known = true;
  static constexpr std::uint32_t type = type_of;
  using Raw = RawT;
};
struct TextColumn {
  static constexpr bool known = true;
  static constexpr std::uint32_t type = KITH_TEXT;
  static constexpr std::string_view name = "text";
};
}  // namespace detail
template <>
struct ColumnType<bool> : detail::PlainColumn<bool, std::uint8_t, KITH_BOOL> {
  static constexpr std::string_view name = "bool";
  static bool read(const kith_column&, Raw cell) { return cell != 0; }
  static Raw cell(bool value) { return value ? 1 : 0; }
};
template <>
struct ColumnType<std::int64_t> : detail::PlainColumn<std::int64_t, std::int64_t, KITH_INT> {
  static constexpr std::string_view name = "int";
  static std::int64_t read(const kith_column&, Raw cell) { return cell; }
  static Raw cell(std::int64_t value) { return value; }
};
template <>
struct ColumnType<double> : detail::PlainColumn<double, double, KITH_DOUBLE> {
  static constexpr std::string_view name = "double";
  static double read(const kith_column&, Raw cell) { return cell; }
  static Raw cell(double value) { return value; }
};
template <>
struct ColumnType<Date> : detail::PlainColumn<Date, std::int64_t, KITH_DATE> {
  static constexpr std::string_view name = "date";
  static Date read(const kith_column&, Raw cell) { return {cell}; }
  static Raw cell(Date value) { return value.days; }
};
template <>
struct ColumnType<Timestamp> : detail::PlainColumn<Timestamp, std::int64_t, KITH_TIMESTAMP> {
  static constexpr std::string_view name = "timestamp";
  static Timestamp read(const kith_column&, Raw cell) { return {cell}; }
  static Raw cell(Timestamp value) { return value.us; }
};
template <>
struct ColumnType<Duration> : detail::PlainColumn<Duration, std::int64_t, KITH_DURATION> {
  static constexpr std::string_view name = "duration";
  static Duration read(const kith_column&, Raw cell) { return {cell}; }
  static Raw cell(Duration value) { return value.us; }
};
template <>
struct ColumnType<Money> : detail::PlainColumn<Money, std::int64_t, KITH_MONEY> {
  static constexpr std::string_view name = "money";
  static Money read(const kith_column& column, Raw cell) {
    Money money{cell, {}, column.scale};
    std::memcpy(money.currency, column.currency, sizeof column.currency);
    return money;
  }
  static Raw cell(const Money& value) { return value.minor; }  // results are in the tenant's currency
};
template <>
struct ColumnType<std::string_view> : detail::TextColumn {};
template <>
struct ColumnType<std::string> : detail::TextColumn {};

/// One argument for all rows of a batch. Valid during the call.
template <class T>
class Column {
 public:
  explicit Column(const kith_column& raw) : raw_(&raw) {}
  std::uint64_t rows() const noexcept { return raw_->rows; }
  bool is_set(std::uint64_t row) const noexcept {
    return !raw_->valid || (raw_->valid[row / 64] >> (row % 64) & 1U) != 0;
  }
  /// Undefined where the row is not set.
  T operator[](std::uint64_t row) const {
    if constexpr (ColumnType<T>::type == KITH_TEXT) {
      const auto* bytes = static_cast<const char*>(raw_->data);
      return T(bytes + raw_->offsets[row], raw_->offsets[row + 1] - raw_->offsets[row]);
    } else {
      return ColumnType<T>::read(*raw_, static_cast<const typename ColumnType<T>::Raw*>(raw_->data)[row]);
    }
  }
  std::optional<T> get(std::uint64_t row) const { return is_set(row) ? std::optional<T>((*this)[row]) : std::nullopt; }
  /// All cells, also undefined ones; not for text.
  auto values() const {
    return std::span(static_cast<const typename ColumnType<T>::Raw*>(raw_->data), static_cast<std::size_t>(raw_->rows));
  }
  const kith_column& raw() const noexcept { return *raw_; }

 private:
  const kith_column* raw_;
};

/// Where a batch puts its results; every row is null until it is set.
template <class T>
class Output {
 public:
  Output(const kith_host& host, kith_call* call, kith_output& raw) : host_(&host), call_(call), raw_(&raw) {}
  std::uint64_t rows() const noexcept { return raw_->rows; }
  void set(std::uint64_t row, const T& value) {
    if constexpr (ColumnType<T>::type == KITH_TEXT) {
      host_->put_text(call_, raw_, row, str(value));
    } else {
      static_cast<typename ColumnType<T>::Raw*>(raw_->data)[row] = ColumnType<T>::cell(value);
      raw_->valid[row / 64] |= std::uint64_t{1} << (row % 64);
    }
  }

 private:
  const kith_host* host_;
  kith_call* call_;
  kith_output* raw_;
};

}  // namespace kith
