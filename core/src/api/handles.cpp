#include "api/handles.hpp"

#include <boost/json.hpp>
#include <cmath>
#include <cstring>
#include <new>

#include "base/problem/limits.hpp"
#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "base/value/money.hpp"

namespace kith::internal::api {

namespace json = boost::json;

namespace {

json::object problem_json(const Problem& p) {
  json::object out;
  out["code"] = problem_id(p.number);
  out["exit"] = exit_code_of(p.number);
  out["severity"] = "error";
  out["message"] = p.message;
  if (!p.where.file.empty() || p.where.line > 0)
    out["where"] = json::object{{"file", p.where.file}, {"line", p.where.line}, {"column", p.where.column}};
  if (!p.field.empty()) out["field"] = p.field;
  if (!p.excerpt.empty()) out["excerpt"] = p.whole_excerpt.empty() ? p.excerpt : p.whole_excerpt;
  if (!p.expected.empty()) out["expected"] = p.expected;
  if (!p.found.empty()) out["found"] = p.found;
  if (!p.fix.empty()) out["fix"] = p.fix;
  if (!p.notes.empty()) out["notes"] = json::value_from(p.notes);
  return out;
}

void fill(kith_error& error, const std::vector<Problem>& problems) {
  error.code = code_of(problems.front().number);
  json::array list;
  for (const Problem& p : problems) {
    if (!error.text.empty()) error.text += "\n";
    error.text += format_problem(p);
    list.push_back(problem_json(p));
  }
  error.json = json::serialize(json::object{{"problems", std::move(list)}});
}

std::vector<Problem> bug(const char* what) {
  Problem p;
  p.number = ProblemNumber::bug;
  p.message = std::string("a bug in kith: ") + what;
  p.fix = "please report it with what was done before; the transaction was rolled back";
  return {p};
}

}  // namespace

std::int32_t fail(kith_error** error) noexcept {
  try {
    auto made = std::make_unique<kith_error>();
    try {
      throw;
    } catch (const Error& e) {
      fill(*made, e.problems());
    } catch (const std::bad_alloc&) {
      made->code = KITH_NO_MEMORY;
      made->text = "out of memory";
      made->json = R"({"problems":[{"code":"KITH-9001","exit":70,"severity":"error","message":"out of memory"}]})";
    } catch (const std::exception& e) {
      fill(*made, bug(e.what()));
    } catch (...) {
      fill(*made, bug("an exception of an unknown type"));
    }
    const std::int32_t code = made->code;
    if (error) *error = made.release();
    return code;
  } catch (...) {
    return KITH_NO_MEMORY;  // no memory even for the message
  }
}

void need(bool there, std::string_view what) {
  if (!there)
    throw Error(ProblemNumber::misuse, std::string(what) + " is NULL", "give a handle or pointer that is there");
}

void need_size(std::uint32_t struct_size, std::size_t least, std::string_view type) {
  if (struct_size >= least) return;
  const std::string name(type);
  throw Error(ProblemNumber::misuse,
              name + ".struct_size is " + std::to_string(struct_size) + ", which is less than a " + name + " ever had",
              "set it to sizeof(" + name + ") before the call");
}

std::string_view in(kith_str s, std::string_view what) {
  if (s.len == 0) return {};
  need(s.ptr != nullptr, what);
  const std::string_view text(s.ptr, static_cast<std::size_t>(s.len));
  if (!is_utf8(text))
    throw Error(ProblemNumber::value_invalid, std::string(what) + " is not UTF-8, or holds U+0000",
                "convert it to UTF-8 first");
  return text;
}

std::uint32_t to_c_type(Kind kind) {
  switch (kind) {
    case Kind::boolean: return KITH_BOOL;
    case Kind::integer: return KITH_INT;
    case Kind::real: return KITH_DOUBLE;
    case Kind::text: return KITH_TEXT;
    case Kind::date: return KITH_DATE;
    case Kind::timestamp: return KITH_TIMESTAMP;
    case Kind::duration: return KITH_DURATION;
    case Kind::money: return KITH_MONEY;
    case Kind::ref: return KITH_REF;
    case Kind::json: return KITH_JSON;
    default: return KITH_NULL;
  }
}

kith_value to_c(const Value& value) {
  kith_value out{};
  const auto text = [&](const std::string& s) {
    out.type = KITH_TEXT;
    out.as.s = {s.data(), s.size()};
  };
  switch (value.kind) {
    case Kind::null:
    case Kind::unknown: out.type = KITH_NULL; break;
    case Kind::boolean: out.type = KITH_BOOL, out.as.i = value.i; break;
    case Kind::integer: out.type = KITH_INT, out.as.i = value.i; break;
    case Kind::real: out.type = KITH_DOUBLE, out.as.d = value.d; break;
    case Kind::text: text(value.s); break;
    case Kind::date: out.type = KITH_DATE, out.as.i = value.i; break;
    case Kind::timestamp: out.type = KITH_TIMESTAMP, out.as.i = value.i; break;
    case Kind::duration: out.type = KITH_DURATION, out.as.i = value.i; break;
    case Kind::money:
      out.type = KITH_MONEY, out.as.i = value.i, out.scale = value.currency.scale;
      std::memcpy(out.currency, value.currency.code.data(), 3);
      break;
    case Kind::ref: {
      out.type = KITH_REF;
      const auto number = static_cast<std::uint32_t>(value.record_type);
      for (int i = 0; i < 3; ++i) out.currency[i] = static_cast<std::uint8_t>(number >> (8 * i) & 255u);
      out.scale = static_cast<std::uint8_t>(number >> 24);
      std::memcpy(out.as.id.bytes, value.id.bytes.data(), 16);
      break;
    }
    case Kind::json:
      text(value.s);
      out.type = KITH_JSON;
      break;
  }
  return out;
}

namespace {

Error out_of_range(std::string_view name, std::string what, std::string expected, std::string found, std::string fix) {
  Problem p;
  p.number = ProblemNumber::value_invalid;
  p.message = "'" + std::string(name) + "' is " + std::move(what);
  p.field = std::string(name);
  p.expected = std::move(expected);
  p.found = std::move(found);
  p.fix = std::move(fix);
  return Error(std::move(p));
}

Value bool_of(const kith_value& value, std::string_view name) {
  if (value.as.i != 0 && value.as.i != 1)
    throw out_of_range(name, "no bool", "0 or 1", std::to_string(value.as.i), "set as.i to 0 or 1");
  return Value::boolean(value.as.i != 0);
}

Value real_of(const kith_value& value, std::string_view name) {
  if (!std::isfinite(value.as.d))
    throw out_of_range(name, "not a finite number", "a finite number", std::isnan(value.as.d) ? "NaN" : "an infinity",
                       "infinities and NaN are not stored: give null where nothing is known");
  return Value::real(value.as.d);
}

Value date_of(const kith_value& value, std::string_view name) {
  if (value.as.i < kFirstDay || value.as.i > kLastDay)
    throw out_of_range(name, "no date",
                       "days since 1970-01-01, of 0001-01-01 to 9999-12-31: " + std::to_string(kFirstDay) + " to " +
                           std::to_string(kLastDay),
                       std::to_string(value.as.i), "count days, not seconds");
  return Value::date(value.as.i);
}

Value instant_of(const kith_value& value, std::string_view name) {
  if (value.as.i < kFirstInstantUs || value.as.i > kLastInstantUs)
    throw out_of_range(name, "no instant",
                       "microseconds since 1970-01-01T00:00:00Z, of the years 1 to 9999: " +
                           std::to_string(kFirstInstantUs) + " to " + std::to_string(kLastInstantUs),
                       std::to_string(value.as.i), "count microseconds, not nanoseconds");
  return Value::timestamp(value.as.i);
}

Value duration_of(const kith_value& value, std::string_view name) {
  constexpr std::int64_t most = kLastInstantUs - kFirstInstantUs;  // any two instants lie so far apart at most
  if (value.as.i < -most || value.as.i > most)
    throw out_of_range(name, "no duration", "microseconds, at most " + std::to_string(most) + " either way",
                       std::to_string(value.as.i), "count microseconds, not nanoseconds");
  return Value::duration(value.as.i);
}

Value money_of(const kith_value& value, std::string_view name) {
  const std::string code(reinterpret_cast<const char*>(value.currency), 3);
  const bool printable = is_utf8(code) && code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
  const std::optional<Currency> known = printable ? currency_of(code) : std::nullopt;
  if (!known)
    throw out_of_range(name, "money of no known currency", "an ISO 4217 code such as EUR",
                       printable ? code : "three bytes that are no code", "set currency and scale");
  if (value.scale != known->scale)
    throw out_of_range(name, "money with the wrong number of decimals",
                       code + " with scale " + std::to_string(known->scale), "scale " + std::to_string(value.scale),
                       "give minor units of the currency's own scale");
  return Value::money(value.as.i, *known);
}

Value ref_of(const kith_value& value, std::string_view name) {
  RecordId id;
  std::memcpy(id.bytes.data(), value.as.id.bytes, 16);
  const std::uint32_t number =
      static_cast<std::uint32_t>(value.currency[0]) | static_cast<std::uint32_t>(value.currency[1]) << 8 |
      static_cast<std::uint32_t>(value.currency[2]) << 16 | static_cast<std::uint32_t>(value.scale) << 24;
  if (number > static_cast<std::uint32_t>(INT32_MAX))
    throw Error(ProblemNumber::misuse, std::string(name) + " is a ref of no record type",
                "see kith_session_type_number");
  return Value::ref(static_cast<std::int32_t>(number), id);
}

}  // namespace

Value from_c(const kith_value& value, std::string_view name) {
  switch (value.type) {
    case KITH_NULL: return Value::null();
    case KITH_BOOL: return bool_of(value, name);
    case KITH_INT: return Value::integer(value.as.i);
    case KITH_DOUBLE: return real_of(value, name);
    case KITH_TEXT: return Value::text(std::string(in(value.as.s, name)));
    case KITH_DATE: return date_of(value, name);
    case KITH_TIMESTAMP: return instant_of(value, name);
    case KITH_DURATION: return duration_of(value, name);
    case KITH_MONEY: return money_of(value, name);
    case KITH_REF: return ref_of(value, name);
    case KITH_JSON: return Value::json(std::string(in(value.as.s, name)));
    default:
      throw Error(ProblemNumber::misuse,
                  std::string(name) + " has the unknown value type " + std::to_string(value.type),
                  "set kith_value.type to one of KITH_NULL ... KITH_JSON");
  }
}

std::vector<facts::Input> inputs_of(const kith_field* fields, std::uint64_t count) {
  std::vector<facts::Input> out;
  if (count == 0) return out;
  need(fields != nullptr, "the array of fields");
  check_limit(Limit::call_fields, count);
  out.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string_view name = in(fields[i].name, "a field's name");
    check_limit(Limit::name, name.size(), " of a field");
    out.push_back({std::string(name), from_c(fields[i].value, name)});
  }
  return out;
}

}  // namespace kith::internal::api
