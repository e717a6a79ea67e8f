// session.hpp - the C++ face shared by embedder and plugin: header-only C++20 over a kith_api table, no undefined
// symbols. Every failure is a kith::Error thrown here, in the caller's own code. Since 0.1.
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
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
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

/// The one place where codes become exceptions. A missing entry is an older core.
template <class F, class... A>
std::int32_t call(const kith_api& api, F kith_api::*function, A... arguments) {
  const auto* end = reinterpret_cast<const char*>(&(api.*function)) + sizeof(F);
  if (static_cast<std::size_t>(end - reinterpret_cast<const char*>(&api)) > api.struct_size || !(api.*function))
    throw Error(KITH_UNSUPPORTED, "this core is too old for the call: install a newer kith");
  kith_error* error = nullptr;
  const std::int32_t code = (api.*function)(arguments..., &error);
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

/// A value that goes in: a view, text is borrowed for the call.
struct Value : kith_value {
  Value() : kith_value{} {}
  Value(std::nullptr_t) : kith_value{} {}
  Value(const kith_value& v) : kith_value(v) {}
  Value(std::string_view s) : kith_value{} { type = KITH_TEXT, as.s = str(s); }
  Value(const char* s) : Value(std::string_view(s)) {}
  Value(const std::string& s) : Value(std::string_view(s)) {}
  Value(bool b) : kith_value{} { type = KITH_BOOL, as.i = b ? 1 : 0; }
  template <std::integral I>
  requires(!std::same_as<I, bool>) Value(I i) : kith_value{} { type = KITH_INT, as.i = static_cast<std::int64_t>(i); }
  Value(double d) : kith_value{} { type = KITH_DOUBLE, as.d = d; }
  Value(Date d) : kith_value{} { type = KITH_DATE, as.i = d.days; }
  Value(Timestamp t) : kith_value{} { type = KITH_TIMESTAMP, as.i = t.us; }
  Value(Duration d) : kith_value{} { type = KITH_DURATION, as.i = d.us; }
  Value(const Money& m) : kith_value{} {
    type = KITH_MONEY, as.i = m.minor, scale = m.scale;
    std::memcpy(currency, m.currency, 3);
  }
  /// A list or a document, as JSON: where("code in $codes", {{"codes", Value::json(R"(["a", "b"])")}}).
  static Value json(std::string_view text) {
    Value v(text);
    v.type = KITH_JSON;
    return v;
  }
  /// A ref goes in as its text(), or without the detour as Session::value(ref).
  template <class T>
  Value(const std::optional<T>& v) : kith_value{} {
    if (v) *this = Value(*v);
  }
};
struct Field : kith_field {
  Field(std::string_view n, Value v) : kith_field{str(n), v} {}
};
static_assert(sizeof(Value) == sizeof(kith_value) && sizeof(Field) == sizeof(kith_field));

/// Fields of a call: `{{"name", "Ada"}, {"kind", "person"}}`, or a std::vector<kith::Field>.
class Fields {
 public:
  Fields() = default;
  Fields(std::initializer_list<Field> list) : fields_(list.begin(), list.size()) {}
  Fields(const std::vector<Field>& list) : fields_(list) {}
  const kith_field* data() const noexcept { return fields_.data(); }
  std::uint64_t size() const noexcept { return fields_.size(); }

 private:
  std::span<const Field> fields_;
};

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
  return buffer;
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

class Session;

/// A result. One pass: `for (auto row : session.query("customer"))`. Holds no lock between rows.
class Rows {
 public:
  Rows(const kith_api& api, kith_session* session, kith_rows* rows)
      : api_(&api), session_(session), rows_(rows, api.rows_free) {}

  /// A row, valid until the next one is asked for.
  class Row {
   public:
    Row(const Rows& rows, const kith_value* values) : rows_(&rows), values_(values) {}
    Cell operator[](std::uint64_t column) const {
      const kith_value& v = values_[column];
      return {v, v.type == KITH_REF ? rows_->type_name(v) : std::string_view()};
    }
    Cell operator[](std::string_view column) const { return (*this)[rows_->index(column)]; }

   private:
    const Rows* rows_;
    const kith_value* values_;
  };
  /// The next row, or nothing.
  std::optional<Row> next() {
    const kith_value* values = nullptr;
    if (call(*api_, &kith_api::rows_next, rows_.get(), &values) == KITH_END) return std::nullopt;
    return Row(*this, values);
  }
  std::uint64_t width() const { return api_->rows_width(rows_.get()); }
  std::string_view column(std::uint64_t i) const { return view(api_->rows_column(rows_.get(), i)); }
  std::uint64_t index(std::string_view name) const {
    for (std::uint64_t i = 0; i < width(); ++i)
      if (column(i) == name) return i;
    throw Error(KITH_MISUSE, "the result has no column '" + std::string(name) + "': name it in select()");
  }
  std::string cursor() const { return std::string(view(api_->rows_cursor(rows_.get()))); }

  struct End {};
  class Iterator {
   public:
    explicit Iterator(Rows* rows) : rows_(rows), row_(rows->next()) {}
    Row operator*() const { return *row_; }
    Iterator& operator++() { return row_ = rows_->next(), *this; }
    bool operator==(End) const { return !row_; }

   private:
    Rows* rows_;
    std::optional<Row> row_;
  };
  Iterator begin() { return Iterator(this); }
  End end() const { return {}; }

 private:
  std::string_view type_name(const kith_value& v) const {
    std::uint32_t number = static_cast<std::uint32_t>(v.currency[0]) | static_cast<std::uint32_t>(v.currency[1]) << 8 |
                           static_cast<std::uint32_t>(v.currency[2]) << 16 | static_cast<std::uint32_t>(v.scale) << 24;
    return session_ ? view(api_->session_type_name(session_, number)) : std::string_view();
  }
  const kith_api* api_;
  kith_session* session_;
  std::unique_ptr<kith_rows, void (*)(kith_rows*)> rows_;
};

/// What to list; runs when it is iterated. Host values enter only by name: where("total > $least", {{"least", 10}}).
/// Each setter has two forms: a temporary is moved along, so that `for (auto row : session.query(...).where(...))`
/// iterates a query that is still there.
class Query {
 public:
  Query(const kith_api& api, kith_session* session, std::string_view type)
      : api_(&api), session_(session), type_(type) {}
  Query& where(std::string_view expression, Fields parameters = {}) & {
    where_ = expression;
    texts_.clear();
    parameters_.clear();
    texts_.reserve(2 * parameters.size());
    for (std::uint64_t i = 0; i < parameters.size(); ++i) {  // the query may outlive the call: keep the texts
      kith_field f = parameters.data()[i];
      f.name = str(texts_.emplace_back(view(f.name)));
      if (f.value.type == KITH_TEXT || f.value.type == KITH_JSON)
        f.value.as.s = str(texts_.emplace_back(view(f.value.as.s)));
      parameters_.push_back(f);
    }
    return *this;
  }
  Query& select(std::initializer_list<std::string_view> columns) & {
    return select_.assign(columns.begin(), columns.end()), *this;
  }
  Query& order_by(std::string_view order) & { return order_ = order, *this; }
  Query& limit(std::uint32_t rows) & { return limit_ = rows, *this; }
  Query& after(std::string_view cursor) & { return after_ = cursor, *this; }
  Query& as_stored() & { return as_stored_ = 1, *this; }
  Query where(std::string_view expression, Fields parameters = {}) && {
    return std::move(where(expression, parameters));
  }
  Query select(std::initializer_list<std::string_view> columns) && { return std::move(select(columns)); }
  Query order_by(std::string_view order) && { return std::move(order_by(order)); }
  Query limit(std::uint32_t rows) && { return std::move(limit(rows)); }
  Query after(std::string_view cursor) && { return std::move(after(cursor)); }
  Query as_stored() && { return std::move(as_stored()); }
  Rows run() const {
    std::vector<kith_str> columns;
    for (const std::string& c : select_) columns.push_back(str(c));
    kith_query q{};
    q.struct_size = sizeof q, q.limit = limit_, q.record_type = str(type_), q.where = str(where_),
    q.order_by = str(order_);
    q.params = parameters_.data(), q.param_count = parameters_.size();
    q.select = columns.data(), q.select_count = columns.size(), q.after = str(after_), q.as_stored = as_stored_;
    kith_rows* rows = nullptr;
    call(*api_, &kith_api::session_query, session_, static_cast<const kith_query*>(&q), &rows);
    return {*api_, session_, rows};
  }
  Rows::Iterator begin() { return rows_ = std::make_unique<Rows>(run()), rows_->begin(); }
  Rows::End end() const { return {}; }

 private:
  const kith_api* api_;
  kith_session* session_;
  std::string type_, where_, order_, after_;
  std::vector<std::string> texts_, select_;
  std::vector<kith_field> parameters_;
  std::uint32_t limit_ = 0, as_stored_ = 0;
  std::unique_ptr<Rows> rows_;
};

/// One line of an explanation.
struct Reason {
  std::string rule, dimension, text, value;
  double points = 0;
  bool unknown = false;
};
/// Why a derivation has its value. The reasons' points add up to `points`.
struct Explanation {
  double points = 0;
  std::string band;
  std::vector<Reason> reasons;
};

/// A borrowed session: copy it freely, use it on one thread at a time. kith::OwnedSession (kith.hpp) closes it.
class Session {
 public:
  Session(const kith_api& api, kith_session* session) : api_(&api), session_(session) {}

  Ref create(std::string_view type, const Fields& fields) {
    kith_ref out{};
    call(*api_, &kith_api::record_create, session_, str(type), fields.data(), fields.size(), &out);
    return Ref(out);
  }
  Ref create(std::string_view type, std::initializer_list<Field> fields) { return create(type, Fields(fields)); }
  void update(const Ref& record, const Fields& fields, std::uint64_t version = 0) {
    const kith_ref r = record.raw();
    call(*api_, &kith_api::record_update, session_, &r, version, fields.data(), fields.size());
  }
  void update(const Ref& record, std::initializer_list<Field> fields, std::uint64_t version = 0) {
    update(record, Fields(fields), version);
  }
  void remove(const Ref& record, std::uint64_t version = 0) {
    const kith_ref r = record.raw();
    call(*api_, &kith_api::record_remove, session_, &r, version);
  }
  void transition(const Ref& record, std::string_view lifecycle, std::string_view event,
                  std::initializer_list<Field> fields = {}) {
    const kith_ref r = record.raw();
    const Fields f(fields);
    call(*api_, &kith_api::record_transition, session_, &r, str(lifecycle), str(event), f.data(), f.size());
  }
  void relate(const Ref& from, std::string_view relationship, const Ref& to, std::initializer_list<Field> fields = {}) {
    const kith_ref a = from.raw(), b = to.raw();
    const Fields f(fields);
    call(*api_, &kith_api::record_relate, session_, &a, str(relationship), &b, f.data(), f.size());
  }
  void unrelate(const Ref& from, std::string_view relationship, const Ref& to) {
    const kith_ref a = from.raw(), b = to.raw();
    call(*api_, &kith_api::record_unrelate, session_, &a, str(relationship), &b);
  }
  /// One row; `auto rows = s.get(ada); auto row = rows.next();`
  Rows get(const Ref& record, std::initializer_list<std::string_view> select = {}) {
    std::vector<kith_str> columns;
    for (std::string_view c : select) columns.push_back(str(c));
    const kith_ref r = record.raw();
    kith_rows* rows = nullptr;
    call(*api_, &kith_api::record_get, session_, &r, static_cast<const kith_str*>(columns.data()),
         std::uint64_t{columns.size()}, &rows);
    return {*api_, session_, rows};
  }
  /// By UUID, "@source:external id" or the type's key.
  Ref find(std::string_view type, std::string_view key) {
    kith_ref out{};
    call(*api_, &kith_api::record_find, session_, str(type), str(key), &out);
    return Ref(out);
  }
  /// A ref as a value, for parameters of expressions: where("customer == $who", {{"who", session.value(ada)}}).
  Value value(const Ref& record) {
    kith_value v{};
    if (record.is_null()) return v;
    const std::uint32_t number = api_->session_type_number(session_, str(record.type()));
    v.type = KITH_REF, v.as.id = record.id(), v.scale = static_cast<std::uint8_t>(number >> 24);
    for (int i = 0; i < 3; ++i) v.currency[i] = static_cast<std::uint8_t>(number >> (8 * i) & 255u);
    return v;
  }
  Query query(std::string_view type) { return {*api_, session_, type}; }
  Explanation explain(const Ref& record, std::string_view name) {
    const kith_ref r = record.raw();
    kith_rows* raw = nullptr;
    call(*api_, &kith_api::record_explain, session_, &r, str(name), &raw);
    Rows rows(*api_, session_, raw);
    Explanation out;
    while (auto row = rows.next()) {
      Reason reason{
          (*row)[0].str(),    (*row)[1].str(), (*row)[3].str(), (*row)[4].str(), (*row)[2] ? (*row)[2].real() : 0.0,
          (*row)[5].boolean()};
      if (reason.rule == "total")
        out.points = reason.points, out.band = reason.text;
      else
        out.reasons.push_back(std::move(reason));
    }
    return out;
  }
  void emit(std::string_view name, const Ref& about, std::string_view payload_json = "{}") {
    const kith_ref r = about.raw();
    call(*api_, &kith_api::session_emit, session_, str(name), &r, str(payload_json));
  }
  /// A document in JSON: see the verbs in core/src/core/README.md.
  std::string run(std::string_view verb, std::string_view args_json = "{}") {
    kith_text* text = nullptr;
    call(*api_, &kith_api::session_run, session_, str(verb), str(args_json), &text);
    std::unique_ptr<kith_text, void (*)(kith_text*)> owned(text, api_->text_free);
    return std::string(view(api_->text_str(text)));
  }
  Timestamp now() { return {api_->session_now(session_)}; }
  /// Runs body(session) in a transaction; again from the start when the core asks for it. Nothing stays if it throws.
  template <class Body>
  void transact(Body&& body) {
    for (;;) {
      call(*api_, &kith_api::session_begin, session_);
      try {
        body(*this);
        call(*api_, &kith_api::session_commit, session_);
        return;
      } catch (const Error& error) {
        api_->session_rollback(session_);
        if (error.code() != KITH_RETRY) throw;
      } catch (...) {
        api_->session_rollback(session_);
        throw;
      }
    }
  }
  const kith_api& api() const noexcept { return *api_; }
  kith_session* raw() const noexcept { return session_; }

 protected:
  const kith_api* api_;
  kith_session* session_;
};

}  // namespace kith
