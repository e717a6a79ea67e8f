// A value in flight inside the core. At rest it is a column (store/), at the boundary a kith_value (api/).
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/value/id.hpp"

namespace kith::internal {

/// `unknown` exists only inside an evaluation (design/expressions.md, Meaning); it is stored and shown as null.
enum class Kind : std::uint8_t {
  null,
  boolean,
  integer,
  real,
  text,
  date,
  timestamp,
  duration,
  money,
  ref,
  json,
  unknown
};
const char* kind_name(Kind kind);  ///< "bool", "int", "double", "text", "date", ...

/// ISO 4217 code with the number of decimals of its minor unit.
struct Currency {
  std::array<char, 3> code{};
  std::uint8_t scale = 2;
  /// In one step: the default would compare the letters by a call.
  friend bool operator==(const Currency& a, const Currency& b) {
    return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
  }
  std::string text() const { return {code.data(), code[0] ? std::size_t{3} : std::size_t{0}}; }
};

struct Value {
  Kind kind = Kind::null;
  Currency currency{};           ///< money
  std::int32_t record_type = 0;  ///< ref: the catalog's number of the type
  union {
    /// boolean 0/1, integer, date in days, timestamp and duration in microseconds, money in minor units
    std::int64_t i;
    double d;  ///< real
  };
  RecordId id{};    ///< ref
  std::string s{};  ///< text (enum fields: the value's id), json

  Value() : i(0) {}
  static Value null() { return {}; }
  static Value unknown() { return with(Kind::unknown, 0); }
  /// With the reason in `s`, for people: what a function could not give.
  static Value unknown(std::string why) {
    Value v = unknown();
    v.s = std::move(why);
    return v;
  }
  static Value boolean(bool b) { return with(Kind::boolean, b ? 1 : 0); }
  static Value integer(std::int64_t n) { return with(Kind::integer, n); }
  static Value real(double d);
  static Value text(std::string s);
  static Value json(std::string s);
  static Value date(std::int64_t days) { return with(Kind::date, days); }
  static Value timestamp(std::int64_t us) { return with(Kind::timestamp, us); }
  static Value duration(std::int64_t us) { return with(Kind::duration, us); }
  static Value money(std::int64_t minor, Currency currency);
  static Value ref(std::int32_t record_type, RecordId id);
  static Value with(Kind kind, std::int64_t i) {
    Value v;
    v.kind = kind;
    v.i = i;
    return v;
  }

  bool is_null() const noexcept { return kind == Kind::null; }
  bool is_unknown() const noexcept { return kind == Kind::unknown; }
  bool is_dead() const noexcept { return is_null() || is_unknown(); }  ///< null or unknown
  bool is_true() const noexcept { return kind == Kind::boolean && i == 1; }
  bool is_false() const noexcept { return kind == Kind::boolean && i == 0; }

  /// Same kind and same content; null equals null. Not the expression language's ==.
  friend bool operator==(const Value& a, const Value& b);
};

/// For people and for change logs: ISO dates and instants, decimals, ids as UUID, null as "".
std::string to_text(const Value& value);

}  // namespace kith::internal
