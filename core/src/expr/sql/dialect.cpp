#include "expr/sql/dialect.hpp"

#include "expr/evaluate/calendar.hpp"
#include "expr/evaluate/json_list.hpp"

namespace kith::internal::expr {
namespace {

class Sqlite : public SqlDialect {
 public:
  Sql parameter(Value value) const override { return bound(std::move(value)); }
  Sql null_of(const Type&) const override { return literally("NULL"); }
  Sql collated(const Sql& text) const override { return text; }
  Sql arithmetic(Op op, bool, const Sql& a, const Sql& b) const override {
    return cat("(", a, arithmetic_sign(op), b, ")");
  }
  Sql negative(bool, const Sql& value) const override { return cat("(- ", value, ")"); }
  // SQLite goes on in REAL when an int overflows. The REAL stays one through + - * /, so one check at the top is
  // enough.
  Sql checked_int(const Sql& raw) const override {
    return cat("(CASE WHEN typeof(", raw, ") = 'integer' THEN ", raw, " END)");
  }
  Sql saturated_difference(const Sql& a, const Sql& b) const override {
    const Sql raw = cat("(", a, " - ", b, ")");
    return cat("(CASE WHEN typeof(", raw, ") = 'integer' THEN ", raw, " WHEN ", raw,
               " > 0 THEN 9223372036854775807 WHEN ", raw, " < 0 THEN -9223372036854775807 - 1 END)");
  }
  Sql checked_real(const Sql& raw) const override {
    return cat("(CASE WHEN abs(", raw, ") <= 1.7976931348623157e308 THEN ", raw, " END)");
  }
  Sql int_to_real(const Sql& value) const override { return cat("CAST(", value, " AS REAL)"); }
  Sql real_to_int(const Sql& value) const override {
    return cat("(CASE WHEN ", value, " >= -9223372036854775808.0 AND ", value, " < 9223372036854775808.0 THEN CAST(",
               value, " AS INTEGER) END)");
  }
  Sql int_to_text(const Sql& value) const override { return cat("CAST(", value, " AS TEXT)"); }
  Sql text_length(const Sql& text) const override { return cat("length(", text, ")"); }
  Sql first_of(const Sql& text, const Sql& length) const override { return cat("substr(", text, ", 1, ", length, ")"); }
  Sql from_place(const Sql& text, const Sql& place) const override { return cat("substr(", text, ", ", place, ")"); }
  Sql position(const Sql& text, const Sql& part) const override { return cat("instr(", text, ", ", part, ")"); }
  // SQLite's own lower() knows ASCII only.
  Sql lower_ascii(const Sql& text) const override { return cat("lower(", text, ")"); }
  Sql trimmed(const Sql& text, std::string_view characters) const override {
    return cat("trim(", text, ", ", bound(Value::text(std::string{characters})), ")");
  }
  Sql replaced(const Sql& text, const Sql& what, const Sql& by, std::uint64_t most_bytes) const override {
    const auto bytes = [](std::string_view of) { return "length(CAST(" + std::string{of} + " AS BLOB))"; };
    const std::string size = bytes("v.x") + " + (" + bytes("v.x") + " - " + bytes("replace(v.x, v.f, '')") + ") / " +
                             bytes("v.f") + " * (" + bytes("v.t") + " - " + bytes("v.f") + ")";
    return cat("(SELECT CASE WHEN v.f = '' AND v.t IS NOT NULL THEN v.x WHEN ", size,
               " <= ", std::to_string(most_bytes), " THEN replace(v.x, v.f, v.t) END FROM ",
               named({{text, "x"}, {what, "f"}, {by, "t"}}), " AS v)");
  }
  // Places are cut to what substr() takes; no text is as long.
  Sql substring(const Sql& text, const Sql& start, const std::optional<Sql>& length) const override {
    Sql good = cat(start, " >= 0");
    Sql piece = cat("substr(", text, ", min(", start, ", 1000000000) + 1");
    if (length) {
      good = cat(good, " AND ", *length, " >= 0");
      piece = cat(piece, ", min(", *length, ", 1000000000)");
    }
    return cat("(CASE WHEN ", good, " THEN ", piece, ") END)");
  }
  // Its own floor() and round() are not in every build, and add a half, which is too much for 0.49999999999999994.
  Sql floor_real(const Sql& value) const override {
    return whole(value, [](const Sql& x, const Sql& cut) { return cat(cut, " - (", x, " < ", cut, ")"); });
  }
  Sql round_real(const Sql& value) const override {
    return whole(value, [](const Sql& x, const Sql& cut) {
      return cat(cut, " + (", x, " - ", cut, " >= 0.5) - (", x, " - ", cut, " <= -0.5)");
    });
  }
  Sql extreme(bool least, const std::vector<Sql>& values) const override {
    Sql out = literally(least ? "min(" : "max(");
    for (std::size_t i = 0; i < values.size(); ++i) out = cat(out, i == 0 ? "" : ", ", values[i]);
    return cat(out, ")");
  }
  Sql date_part(Function part, const Sql& day) const override {
    const std::string_view format = part == Function::year ? "%Y" : part == Function::month ? "%m" : "%d";
    return cat("(CASE WHEN ", day, " BETWEEN ", std::to_string(kFirstDay), " AND ", std::to_string(kLastDay),
               " THEN CAST(strftime('", format, "', ", day, " * 86400, 'unixepoch') AS INTEGER) END)");
  }
  Sql civil_date(const Sql& year, const Sql& month, const Sql& day) const override {
    return cat("(SELECT CASE WHEN ", is_civil_date("v"),
               " THEN CAST(strftime('%s', printf('%04d-%02d-%02d', v.y, v.m, v.d)) AS INTEGER) / 86400 END FROM ",
               named({{year, "y"}, {month, "m"}, {day, "d"}}), " AS v)");
  }
  Sql named(const std::vector<std::pair<Sql, std::string_view>>& values) const override {
    return cat("(SELECT ", named_columns(values), ")");
  }
  Sql list_size(const Sql& json) const override { return cat("json_array_length(", array(json), ")"); }
  Sql list_has(const Sql& json, Kind element_kind, const Sql& element, bool wanted) const override {
    const std::string_view type = element_kind == Kind::integer ? "integer" : "text";
    const Sql rows = cat("EXISTS (SELECT 1 FROM json_each(", array(json), ") AS e WHERE e.type = '", type,
                         "' AND e.value = ", element, ")");
    return wanted ? rows : cat("(", array(json), " IS NOT NULL AND ", element, " IS NOT NULL AND NOT ", rows, ")");
  }
  // A list of ids is their bytes, one after the other: JSON has no blobs. Doubles would be read back with another last
  // digit now and then.
  std::optional<Sql> rows_of(const std::vector<Value>& values) const override {
    const Kind kind = values.empty() ? Kind::text : values.front().kind;
    if (kind == Kind::real || kind == Kind::json) return std::nullopt;
    if (kind != Kind::ref) return cat("SELECT value FROM json_each(", bound(Value::text(list_json(values))), ")");
    std::string bytes;
    bytes.reserve(16 * values.size());
    for (const Value& value : values) bytes.append(value.id.bytes.begin(), value.id.bytes.end());
    const Sql last = bound(Value::integer(static_cast<std::int64_t>(bytes.size()) - 15));
    return cat("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 16 FROM n WHERE i < ", last,
               ") SELECT substr(CAST(", bound(Value::text(std::move(bytes))), " AS BLOB), i, 16) AS value FROM n");
  }
  Sql list_has_null(const Sql& json, bool wanted) const override {
    const Sql rows = cat("EXISTS (SELECT 1 FROM json_each(", array(json), ") AS e WHERE e.type = 'null')");
    return wanted ? rows : cat("(", array(json), " IS NOT NULL AND NOT ", rows, ")");
  }

 private:
  // Doubles of 2^52 and more are whole numbers; CAST cuts the others towards zero.
  template <class Step>
  static Sql whole(const Sql& value, Step step) {
    return cat("(CASE WHEN abs(", value, ") < 4503599627370496.0 THEN CAST(",
               step(value, cat("CAST(", value, " AS INTEGER)")), " AS REAL) ELSE ", value, " END)");
  }
  // json_each stops the whole query at text that is not JSON; CASE is the one form whose order SQLite keeps.
  static Sql array(const Sql& json) {
    return cat("(CASE WHEN json_valid(", json, ") THEN CASE WHEN json_type(", json, ") = 'array' THEN ", json,
               " END END)");
  }
};

}  // namespace

Sql named_columns(const std::vector<std::pair<Sql, std::string_view>>& values) {
  Sql out;
  for (const auto& [value, name] : values) out = cat(out, out.text.empty() ? "" : ", ", value, " AS ", name);
  return out;
}

Sql is_civil_date(std::string_view alias) {
  std::string out =
      "@.y BETWEEN 1 AND 9999 AND @.m BETWEEN 1 AND 12 AND @.d BETWEEN 1 AND CASE WHEN @.m = 2 AND @.y % 4 = 0 AND "
      "(@.y % 100 <> 0 OR @.y % 400 = 0) THEN 29 WHEN @.m = 2 THEN 28 WHEN @.m IN (4, 6, 9, 11) THEN 30 ELSE 31 END";
  for (std::size_t at = out.find('@'); at != std::string::npos; at = out.find('@', at)) out.replace(at, 1, alias);
  return literally(out);
}

const SqlDialect& sqlite_dialect() {
  static const Sqlite sqlite;
  return sqlite;
}

const SqlDialect& dialect_of(Dialect dialect) {
  return dialect == Dialect::sqlite ? sqlite_dialect() : postgresql_dialect();
}

std::string_view arithmetic_sign(Op op) {
  switch (op) {
    case Op::add: return " + ";
    case Op::subtract: return " - ";
    case Op::multiply: return " * ";
    case Op::divide: return " / ";
    default: return " % ";
  }
}

Sql any_of(const std::vector<Sql>& predicates) {
  Sql out;
  std::size_t count = 0;
  for (const Sql& predicate : predicates) {
    if (is_word(predicate, "TRUE")) return predicate;
    if (is_word(predicate, "FALSE")) continue;
    out = count++ == 0 ? predicate : cat(out, " OR ", predicate);
  }
  return count == 0 ? sql_false() : count == 1 ? out : cat("(", out, ")");
}

Sql all_of(const std::vector<Sql>& predicates) {
  Sql out;
  std::size_t count = 0;
  for (const Sql& predicate : predicates) {
    if (is_word(predicate, "FALSE")) return predicate;
    if (is_word(predicate, "TRUE")) continue;
    out = count++ == 0 ? predicate : cat(out, " AND ", predicate);
  }
  return count == 0 ? sql_true() : count == 1 ? out : cat("(", out, ")");
}

}  // namespace kith::internal::expr
