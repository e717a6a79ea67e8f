// values.hpp - the values of the C++ face: what goes into calls and comes out of rows, records, and how a call fails.
// Part of session.hpp, which has what is done with them. Since 0.1.
#pragma once
#include <kith/session.h>

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace kith {

inline kith_str str(std::string_view s) { return {s.data(), s.size()}; }
inline std::string_view view(kith_str s) { return {s.ptr, static_cast<std::size_t>(s.len)}; }

/// What every failing call throws. `code()` is a KITH_* class; `what()` is for people: what, where, expected, found,
/// fix. `json()` has the same as data. Default visibility: it may cross the program's own libraries.
class [[gnu::visibility("default")]] Error : public std::exception {
 public:
  Error(std::int32_t code, std::string text, std::string json = {})
      : code_(code), text_(std::move(text)), json_(std::move(json)) {}
  std::int32_t code() const noexcept { return code_; }
  const char* what() const noexcept override { return text_.c_str(); }
  const std::string& json() const noexcept { return json_; }

 private:
  std::int32_t code_;
  std::string text_, json_;
};

namespace detail {
[[noreturn]] inline void raise(const kith_api& api, std::int32_t code, kith_error* error) {
  std::string text = error ? std::string(view(api.error_text(error))) : "code " + std::to_string(code);
  std::string json = error ? std::string(view(api.error_json(error))) : std::string();
  api.error_free(error);
  throw Error(code, std::move(text), std::move(json));
}
}  // namespace detail

namespace detail {
/// An entry of the table. One that is missing is an older core's.
template <class F>
F entry(const kith_api& api, F kith_api::*function) {
  const auto* end = reinterpret_cast<const char*>(&(api.*function)) + sizeof(F);
  if (static_cast<std::size_t>(end - reinterpret_cast<const char*>(&api)) > api.struct_size || !(api.*function))
    throw Error(KITH_UNSUPPORTED, "this core is too old for the call: install a newer kith");
  return api.*function;
}
}  // namespace detail

/// The one place where codes become exceptions.
template <class F, class... A>
std::int32_t call(const kith_api& api, F kith_api::*function, A... arguments) {
  kith_error* error = nullptr;
  const std::int32_t code = detail::entry(api, function)(arguments..., &error);
  if (code != KITH_OK && code != KITH_END) detail::raise(api, code, error);
  return code;
}

/// Days since 1970-01-01.
struct Date {
  std::int64_t days = 0;
  friend auto operator<=>(const Date&, const Date&) = default;
};
/// Microseconds since 1970-01-01T00:00:00Z.
struct Timestamp {
  std::int64_t us = 0;
  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};
/// Microseconds.
struct Duration {
  std::int64_t us = 0;
  friend auto operator<=>(const Duration&, const Duration&) = default;
};
/// Integer minor units of an ISO 4217 currency with `scale` decimals.
struct Money {
  std::int64_t minor = 0;
  char currency[4] = {};
  std::uint8_t scale = 2;
};

/// One record. A value of its own: may be kept, copied and compared.
class Ref {
 public:
  Ref() = default;
  Ref(std::string_view type, const kith_id& id) : type_(type), id_(id) {}
  explicit Ref(const kith_ref& r) : type_(view(r.type)), id_(r.id) {}
  const std::string& type() const noexcept { return type_; }
  const kith_id& id() const noexcept { return id_; }
  kith_ref raw() const noexcept { return {str(type_), id_}; }
  bool is_null() const noexcept { return type_.empty(); }
  /// "customer/0190b5f2-7c1e-7abc-8def-0123456789ab"
  std::string text() const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out = type_ + "/";
    for (int i = 0; i < 16; ++i) {
      if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
      out += digits[id_.bytes[i] >> 4];
      out += digits[id_.bytes[i] & 15];
    }
    return out;
  }
  friend bool operator==(const Ref& a, const Ref& b) noexcept {
    return a.type_ == b.type_ && std::memcmp(a.id_.bytes, b.id_.bytes, 16) == 0;
  }

 private:
  std::string type_;
  kith_id id_{};
};

/// A value that goes in. It owns its text, so it may be kept.
class Value {
 public:
  Value() = default;
  Value(std::nullptr_t) {}
  Value(const kith_value& v) : raw_(v) {
    if (is_text()) text_ = view(v.as.s);
  }
  Value(std::string s) : text_(std::move(s)) { raw_.type = KITH_TEXT; }
  Value(std::string_view s) : Value(std::string(s)) {}
  Value(const char* s) {
    if (s) *this = Value(std::string(s));
  }
  Value(bool b) { set(KITH_BOOL, b ? 1 : 0); }
  /// Throws kith::Error KITH_INVALID for a number beyond 2^63 - 1.
  template <std::integral I>
  requires(!std::same_as<I, bool>) Value(I i) {
    if constexpr (std::is_unsigned_v<I> && sizeof(I) >= sizeof(std::int64_t)) {
      if (i > static_cast<I>(std::numeric_limits<std::int64_t>::max()))
        throw Error(KITH_INVALID, "the number " + std::to_string(i) + " is larger than a value can be, " +
                                      std::to_string(std::numeric_limits<std::int64_t>::max()));
    }
    set(KITH_INT, static_cast<std::int64_t>(i));
  }
  Value(double d) { raw_.type = KITH_DOUBLE, raw_.as.d = d; }
  Value(Date d) { set(KITH_DATE, d.days); }
  Value(Timestamp t) { set(KITH_TIMESTAMP, t.us); }
  Value(Duration d) { set(KITH_DURATION, d.us); }
  Value(const Money& m) {
    set(KITH_MONEY, m.minor);
    raw_.scale = m.scale;
    std::memcpy(raw_.currency, m.currency, 3);
  }
  /// A list or a document, as JSON: where("code in $codes", {{"codes", Value::json(R"(["a", "b"])")}}).
  static Value json(std::string_view text) {
    Value v(text);
    v.raw_.type = KITH_JSON;
    return v;
  }
  /// A ref goes in as its text(), or without the detour as Session::value(ref).
  template <class T>
  Value(const std::optional<T>& v) {
    if (v) *this = Value(*v);
  }

  /// For a call: borrows the text, so it is valid as long as this value is.
  kith_value raw() const noexcept {
    kith_value out = raw_;
    if (is_text()) out.as.s = str(text_);
    return out;
  }

 private:
  bool is_text() const noexcept { return raw_.type == KITH_TEXT || raw_.type == KITH_JSON; }
  void set(std::uint32_t type, std::int64_t i) noexcept { raw_.type = type, raw_.as.i = i; }

  kith_value raw_{};
  std::string text_;
};
struct Field {
  Field(std::string_view n, Value v) : name(n), value(std::move(v)) {}
  kith_field raw() const noexcept { return {str(name), value.raw()}; }
  std::string name;
  Value value;
};

/// Fields of a call: `{{"name", "Ada"}, {"kind", "person"}}`, or a std::vector<kith::Field>. They own what they hold.
class Fields {
 public:
  Fields() = default;
  Fields(std::initializer_list<Field> list) : fields_(list) {}
  Fields(std::vector<Field> list) : fields_(std::move(list)) {}
  std::uint64_t size() const noexcept { return fields_.size(); }
  auto begin() const noexcept { return fields_.begin(); }
  auto end() const noexcept { return fields_.end(); }
  operator std::span<const Field>() const noexcept { return fields_; }

 private:
  std::vector<Field> fields_;
};

namespace detail {
/// Fields as a call takes them, for the length of that call.
class RawFields {
 public:
  explicit RawFields(std::span<const Field> fields) {
    fields_.reserve(fields.size());
    for (const Field& field : fields) fields_.push_back(field.raw());
  }
  const kith_field* data() const noexcept { return fields_.data(); }
  std::uint64_t size() const noexcept { return fields_.size(); }

 private:
  std::vector<kith_field> fields_;
};
}  // namespace detail

/// A value that comes out of a row: a view, valid as long as its row.
class Cell {
 public:
  Cell(const kith_value& v, std::string_view ref_type) : v_(v), ref_type_(ref_type) {}
  const kith_value& raw() const noexcept { return v_; }
  bool is_null() const noexcept { return v_.type == KITH_NULL; }
  explicit operator bool() const noexcept { return !is_null(); }
  bool boolean() const { return need(KITH_BOOL), v_.as.i != 0; }
  std::int64_t integer() const { return need(KITH_INT), v_.as.i; }
  double real() const { return need(KITH_DOUBLE), v_.as.d; }
  std::string_view text() const {
    if (v_.type != KITH_JSON) need(KITH_TEXT);
    return view(v_.as.s);
  }
  Date date() const { return need(KITH_DATE), Date{v_.as.i}; }
  Timestamp timestamp() const { return need(KITH_TIMESTAMP), Timestamp{v_.as.i}; }
  Money money() const {
    need(KITH_MONEY);
    Money m{v_.as.i, {}, v_.scale};
    std::memcpy(m.currency, v_.currency, 3);
    return m;
  }
  Ref ref() const { return need(KITH_REF), Ref(ref_type_, v_.as.id); }
  /// For people: ISO dates and instants, decimal money with its currency, "" for null.
  std::string str() const;

 private:
  void need(std::uint32_t type) const {
    if (v_.type != type)
      throw Error(KITH_MISUSE, "the cell holds type " + std::to_string(v_.type) + ", asked for " +
                                   std::to_string(type) +
                                   ": see the KITH_* types in kith/types.h, and test is_null() first");
  }
  kith_value v_;
  std::string_view ref_type_;
};

namespace detail {
inline std::string two(std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }
inline std::string date_text(std::int64_t days) {  // civil from days, proleptic Gregorian
  std::int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
  std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365,
               doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  std::int64_t mp = (5 * doy + 2) / 153, d = doy - (153 * mp + 2) / 5 + 1, m = mp < 10 ? mp + 3 : mp - 9;
  std::int64_t y = yoe + era * 400 + (m <= 2 ? 1 : 0);
  std::string year = std::to_string(y);
  return std::string(year.size() < 4 ? 4 - year.size() : 0, '0') + year + "-" + two(m) + "-" + two(d);
}
inline std::string instant_text(std::int64_t us) {
  constexpr std::int64_t day = 86'400'000'000;
  std::int64_t days = us / day, rest = us % day;
  if (rest < 0) rest += day, --days;
  std::int64_t s = rest / 1'000'000, f = rest % 1'000'000;
  std::string out = date_text(days) + "T" + two(s / 3600) + ":" + two(s / 60 % 60) + ":" + two(s % 60);
  if (f) out += "." + std::string(6 - std::to_string(f).size(), '0') + std::to_string(f);
  return out + "Z";
}
inline std::string money_text(const kith_value& v) {
  const bool negative = v.as.i < 0;
  std::string digits =
      std::to_string(negative ? 0 - static_cast<std::uint64_t>(v.as.i) : static_cast<std::uint64_t>(v.as.i));
  if (v.scale) {
    if (digits.size() <= v.scale) digits.insert(0, v.scale + 1u - digits.size(), '0');
    digits.insert(digits.size() - v.scale, ".");
  }
  return (negative ? "-" : "") + digits + " " + std::string(reinterpret_cast<const char*>(v.currency), 3);
}
inline std::string real_text(double d) {
  char buffer[32];
  for (int precision = 15; precision <= 17; ++precision) {
    std::snprintf(buffer, sizeof buffer, "%.*g", precision, d);
    double back = 0;
    if (std::sscanf(buffer, "%lf", &back) == 1 && back == d) break;
  }
  // The host's locale may write the point in another way; here it is one.
  std::string out;
  bool point = false;
  for (const char* c = buffer; *c != '\0'; ++c) {
    const bool plain = (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || *c == '+' || *c == '-';
    if (plain || !point) out += plain ? *c : '.';
    point = point || !plain;
  }
  return out;
}
}  // namespace detail

inline std::string Cell::str() const {
  switch (v_.type) {
    case KITH_BOOL: return v_.as.i ? "true" : "false";
    case KITH_INT: return std::to_string(v_.as.i);
    case KITH_DOUBLE: return detail::real_text(v_.as.d);
    case KITH_TEXT:
    case KITH_JSON: return std::string(view(v_.as.s));
    case KITH_DATE: return detail::date_text(v_.as.i);
    case KITH_TIMESTAMP: return detail::instant_text(v_.as.i);
    case KITH_DURATION: return std::to_string(v_.as.i) + "us";
    case KITH_MONEY: return detail::money_text(v_);
    case KITH_REF: return Ref(ref_type_, v_.as.id).text();
    default: return {};
  }
}
inline std::ostream& operator<<(std::ostream& out, const Cell& cell) { return out << cell.str(); }

}  // namespace kith
