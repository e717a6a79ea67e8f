// PostgreSQL stops the whole query where a term has no value (overflow, underflow, division by zero, text that is not
// JSON), and promises no order of evaluation but that of CASE. So every piece made here has a value for every row.
#include "expr/evaluate/calendar.hpp"
#include "expr/evaluate/json_list.hpp"
#include "expr/sql/dialect.hpp"

namespace kith::internal::expr {
namespace {

constexpr std::string_view kLeastInt = "-9223372036854775808";
constexpr std::string_view kMostInt = "9223372036854775807";
constexpr std::string_view kBelowInt = "-9223372036854775809";
constexpr std::string_view kAboveInt = "9223372036854775808";

// Powers of two, as the shortest decimals that are read back as themselves.
constexpr std::string_view kTwoToMinus1000 = "9.332636185032189e-302::float8";
constexpr std::string_view kTwoToMinus538 = "1.1113793747425387e-162::float8";
constexpr std::string_view kTwoToMinus537 = "2.2227587494850775e-162::float8";
constexpr std::string_view kTwoToMinus500 = "3.054936363499605e-151::float8";
constexpr std::string_view kTwoToMinus50 = "8.881784197001252e-16::float8";
constexpr std::string_view kTwoTo487 = "3.99583814440447e+146::float8";
constexpr std::string_view kTwoTo537 = "4.4989137945431964e+161::float8";
constexpr std::string_view kTwoTo538 = "8.997827589086393e+161::float8";
constexpr std::string_view kTwoTo1023 = "8.98846567431158e+307::float8";
constexpr std::string_view kSplitter = "134217729::float8";  // 2^27 + 1

const char* type_of(Kind kind) {
  switch (kind) {
    case Kind::boolean: return "boolean";
    case Kind::real: return "float8";
    case Kind::text: return "text";
    case Kind::json: return "jsonb";
    case Kind::ref: return "uuid";
    default: return "bigint";
  }
}

// OFFSET 0 keeps the planner from writing `from` out again wherever one of its columns is used.
Sql select(const Sql& what, const Sql& from, std::string_view alias) {
  return cat("(SELECT ", what, " FROM ", from, " AS ", alias, ")");
}

Sql named_operands(const Sql& a, const Sql& b) { return cat("(SELECT ", a, " AS a, ", b, " AS b OFFSET 0)"); }

// a, b, and least and greatest of their sizes.
Sql measured_operands(const Sql& a, const Sql& b) {
  return cat("(SELECT u.a, u.b, LEAST(abs(u.a), abs(u.b)) AS l, GREATEST(abs(u.a), abs(u.b)) AS g FROM ",
             named_operands(a, b), " AS u OFFSET 0)");
}

// A sum is too large iff half of it is; halving is only exact, and only matters, where both are not small.
Sql real_sum(std::string_view sign, const Sql& a, const Sql& b) {
  const Sql sum = cat("v.a", sign, "v.b");
  return select(cat("CASE WHEN v.l < 1 THEN ", sum, " WHEN abs(v.a * 0.5", sign, "v.b * 0.5) < ", kTwoTo1023, " THEN ",
                    sum, " END"),
                measured_operands(a, b), "v");
}

// Whether a product is too large is asked of the same product made smaller by a power of two, which rounds alike. It is
// zero iff it is at most 2^-1075; where the larger product rounds to just that, its rounding error decides (Dekker
// 1971).
Sql real_product(const Sql& a, const Sql& b) {
  const Sql scaled = cat("(SELECT v.l * ", kTwoTo537, " AS p, v.g * ", kTwoTo538, " AS q OFFSET 0)");
  const Sql split = cat("(SELECT r.p, r.q, ", kSplitter, " * r.p - (", kSplitter, " * r.p - r.p) AS x, ", kSplitter,
                        " * r.q - (", kSplitter, " * r.q - r.q) AS y FROM ", scaled, " AS r OFFSET 0)");
  const Sql error = cat("(s.p - s.x) * (s.q - s.y) - (((1 - s.x * s.y) - (s.p - s.x) * s.y) - s.x * (s.q - s.y))");
  const Sql tiny = select(cat("CASE WHEN s.p * s.q < 1 THEN 0 WHEN s.p * s.q > 1 THEN v.a * v.b WHEN ", error,
                              " > 0 THEN v.a * v.b ELSE 0 END"),
                          split, "s");
  return select(cat("CASE WHEN v.a IS NULL OR v.b IS NULL THEN NULL WHEN v.l > 1 THEN CASE WHEN v.g * ", kTwoToMinus537,
                    " * (v.l * ", kTwoToMinus537, ") < ", kTwoToMinus50,
                    " THEN v.a * v.b END WHEN v.l = 0 OR v.g >= 1 OR v.l >= ", kTwoToMinus500, " THEN v.a * v.b ELSE ",
                    tiny, " END"),
                measured_operands(a, b), "v");
}

// The same for a quotient: m and n are the sizes of a and b.
Sql real_quotient(const Sql& a, const Sql& b) {
  const Sql sizes =
      cat("(SELECT u.a, u.b, abs(u.a) AS m, abs(u.b) AS n FROM ", named_operands(a, b), " AS u OFFSET 0)");
  const Sql large =
      cat("CASE WHEN (v.m * ", kTwoToMinus537, ") / (v.n * ", kTwoTo537, ") < ", kTwoToMinus50, " THEN v.a / v.b END");
  const Sql by_tiny = cat("CASE WHEN v.m / (v.n * ", kTwoTo537, ") < ", kTwoTo487, " THEN v.a / v.b END");
  const Sql small = cat("CASE WHEN v.m * ", kTwoTo537, " <= v.n * ", kTwoToMinus538, " THEN 0 ELSE v.a / v.b END");
  return select(cat("CASE WHEN v.a IS NULL OR v.b IS NULL OR v.b = 0 THEN NULL WHEN v.n < 1 AND v.m > 1 THEN ", large,
                    " WHEN v.n < ", kTwoToMinus1000, " THEN ", by_tiny, " WHEN v.n > 1 AND v.m < ", kTwoToMinus50,
                    " THEN ", small, " ELSE v.a / v.b END"),
                sizes, "v");
}

Sql numeric(const Sql& value) { return cat("(", value, ")::numeric"); }

// LEAST and GREATEST pass over NULL, so that the ends stand for NULL, too. The operand is written once.
Sql in_range(const Sql& value) {
  return cat("NULLIF(NULLIF(LEAST(GREATEST(", value, ", ", kBelowInt, "), ", kAboveInt, "), ", kAboveInt, "), ",
             kBelowInt, ")");
}

class Postgresql : public SqlDialect {
 public:
  Sql parameter(Value value) const override {
    const char* type = type_of(value.kind);
    return cat(bound(std::move(value)), "::", type);
  }
  Sql null_of(const Type& type) const override {
    return type.kind == Kind::null ? literally("NULL") : cat("NULL::", type_of(type.kind));
  }
  Sql collated(const Sql& text) const override { return cat(text, " COLLATE \"C\""); }

  Sql arithmetic(Op op, bool real, const Sql& a, const Sql& b) const override {
    if (real) {
      if (op == Op::multiply) return real_product(a, b);
      return op == Op::divide ? real_quotient(a, b) : real_sum(arithmetic_sign(op), a, b);
    }
    if (op == Op::divide) return in_range(cat("div(", numeric(a), ", NULLIF(", numeric(b), ", 0))"));
    if (op == Op::modulo) return cat("mod(", numeric(a), ", NULLIF(", numeric(b), ", 0))");
    return in_range(cat(numeric(a), arithmetic_sign(op), numeric(b)));
  }
  Sql negative(bool real, const Sql& value) const override {
    return real ? cat("(- ", value, ")") : in_range(cat("- ", numeric(value)));
  }
  Sql checked_int(const Sql& raw) const override { return cat("(", raw, ")::bigint"); }
  Sql checked_real(const Sql& raw) const override { return raw; }
  Sql saturated_difference(const Sql& a, const Sql& b) const override {
    return cat("(CASE WHEN ", a, " IS NOT NULL AND ", b, " IS NOT NULL THEN LEAST(GREATEST(", numeric(a), " - ",
               numeric(b), ", ", kLeastInt, "), ", kMostInt, ")::bigint END)");
  }

  Sql int_to_real(const Sql& value) const override { return cat("(", value, ")::float8"); }
  Sql real_to_int(const Sql& value) const override {
    return cat("(CASE WHEN ", value, " >= ", kLeastInt, "::float8 AND ", value, " < ", kAboveInt,
               "::float8 THEN trunc(", value, ")::bigint END)");
  }
  Sql int_to_text(const Sql& value) const override { return cat("(", value, ")::text"); }
  Sql text_length(const Sql& text) const override { return cat("length(", text, ")::bigint"); }
  Sql first_of(const Sql& text, const Sql& length) const override {
    return cat("substr(", text, ", 1, (", length, ")::int)");
  }
  Sql from_place(const Sql& text, const Sql& place) const override {
    return cat("substr(", text, ", (", place, ")::int)");
  }
  Sql position(const Sql& text, const Sql& part) const override {
    return cat("strpos(", collated(text), ", ", part, ")");
  }
  Sql lower_ascii(const Sql& text) const override { return cat("lower(", collated(text), ")"); }
  Sql trimmed(const Sql& text, std::string_view characters) const override {
    return cat("btrim(", text, ", ", parameter(Value::text(std::string{characters})), ")");
  }
  Sql replaced(const Sql& text, const Sql& what, const Sql& by, std::uint64_t most_bytes) const override {
    return cat(
        "(SELECT CASE WHEN octet_length(v.f) = 0 AND v.t IS NOT NULL THEN v.x WHEN octet_length(v.x) + "
        "((octet_length(v.x) - octet_length(replace(v.x, v.f, ''))) / NULLIF(octet_length(v.f), 0))::bigint * "
        "(octet_length(v.t) - octet_length(v.f)) <= ",
        std::to_string(most_bytes), " THEN replace(v.x, v.f, v.t) END FROM ",
        named({{collated(text), "x"}, {collated(what), "f"}, {collated(by), "t"}}), " AS v)");
  }
  Sql substring(const Sql& text, const Sql& start, const std::optional<Sql>& length) const override {
    const auto place = [](const Sql& of) { return cat("LEAST(", of, ", 1000000000)::int"); };
    Sql good = cat(start, " >= 0");
    Sql piece = cat("substr(", text, ", ", place(start), " + 1");
    if (length) {
      good = cat(good, " AND ", *length, " >= 0");
      piece = cat(piece, ", ", place(*length));
    }
    return cat("(CASE WHEN ", good, " THEN ", piece, ") END)");
  }
  Sql floor_real(const Sql& value) const override { return cat("floor(", value, ")"); }
  // Its own round() takes halves to the even number. Doubles of 2^52 and more are whole numbers.
  Sql round_real(const Sql& value) const override {
    return cat("(CASE WHEN abs(", value, ") < 4503599627370496 THEN trunc(", value, ") + CASE WHEN ", value,
               " - trunc(", value, ") >= 0.5 THEN 1 WHEN ", value, " - trunc(", value,
               ") <= -0.5 THEN -1 ELSE 0 END ELSE ", value, " END)");
  }
  Sql extreme(bool least, const std::vector<Sql>& values) const override {
    Sql known = literally("(CASE WHEN ");
    Sql list;
    for (std::size_t i = 0; i < values.size(); ++i) {
      known = cat(known, i == 0 ? "" : " AND ", values[i], " IS NOT NULL");
      list = cat(list, i == 0 ? "" : ", ", values[i]);
    }
    return cat(known, " THEN ", least ? "LEAST(" : "GREATEST(", list, ") END)");
  }
  Sql date_part(Function part, const Sql& day) const override {
    const std::string_view field = part == Function::year ? "YEAR" : part == Function::month ? "MONTH" : "DAY";
    return cat("(CASE WHEN ", day, " BETWEEN ", std::to_string(kFirstDay), " AND ", std::to_string(kLastDay),
               " THEN EXTRACT(", field, " FROM DATE '1970-01-01' + (", day, ")::int)::bigint END)");
  }
  Sql civil_date(const Sql& year, const Sql& month, const Sql& day) const override {
    return cat("(SELECT CASE WHEN ", is_civil_date("v"),
               " THEN (make_date(v.y::int, v.m::int, v.d::int) - DATE '1970-01-01')::bigint END FROM ",
               named({{year, "y"}, {month, "m"}, {day, "d"}}), " AS v)");
  }
  // OFFSET 0 keeps the planner from writing a value out again wherever its column is used.
  Sql named(const std::vector<std::pair<Sql, std::string_view>>& values) const override {
    return cat("(SELECT ", named_columns(values), " OFFSET 0)");
  }

  Sql list_size(const Sql& json) const override { return cat("jsonb_array_length(", array(json), ")::bigint"); }
  // Ints are compared as they are written: 1.0 is no int.
  Sql list_has(const Sql& json, Kind element_kind, const Sql& element, bool wanted) const override {
    const bool number = element_kind == Kind::integer;
    const Sql sought = number ? int_to_text(element) : element;
    const Sql rows =
        cat("EXISTS (SELECT 1 FROM jsonb_array_elements(", array(json), ") AS e(v) WHERE jsonb_typeof(e.v) = '",
            number ? "number" : "string", "' AND (e.v #>> '{}') COLLATE \"C\" = ", sought, ")");
    return wanted ? rows : cat("(", array(json), " IS NOT NULL AND ", element, " IS NOT NULL AND NOT ", rows, ")");
  }
  std::optional<Sql> rows_of(const std::vector<Value>& values) const override {
    const Kind kind = values.empty() ? Kind::text : values.front().kind;
    if (kind == Kind::text)
      return cat("SELECT e.value FROM jsonb_array_elements_text(", parameter(Value::json(list_json(values))),
                 ") AS e(value)");
    if (kind == Kind::integer || kind == Kind::date || kind == Kind::timestamp || kind == Kind::duration ||
        kind == Kind::money)
      return cat("SELECT e.value::bigint AS value FROM jsonb_array_elements_text(",
                 parameter(Value::json(list_json(values))), ") AS e(value)");
    return std::nullopt;
  }
  Sql list_has_null(const Sql& json, bool wanted) const override {
    const Sql rows =
        cat("EXISTS (SELECT 1 FROM jsonb_array_elements(", array(json), ") AS e(v) WHERE jsonb_typeof(e.v) = 'null')");
    return wanted ? rows : cat("(", array(json), " IS NOT NULL AND NOT ", rows, ")");
  }

 private:
  static Sql array(const Sql& json) {
    return cat("(CASE WHEN jsonb_typeof(", json, ") = 'array' THEN ", json, " END)");
  }
};

}  // namespace

const SqlDialect& postgresql_dialect() {
  static const Postgresql postgresql;
  return postgresql;
}

// A `?` inside of quotes is part of a name or a text.
std::string numbered(std::string_view text) {
  std::string out;
  int number = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '?') {
      out += "$" + std::to_string(++number);
      continue;
    }
    out.push_back(c);
  }
  return out;
}

}  // namespace kith::internal::expr
