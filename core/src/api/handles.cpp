#include "api/handles.hpp"

#include <boost/json.hpp>
#include <cmath>
#include <cstring>
#include <new>

#include "base/problem/limits.hpp"
#include "base/text/text.hpp"

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
  if (!p.excerpt.empty()) out["excerpt"] = p.excerpt;
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

std::string_view in(kith_str s, std::string_view what) {
  if (s.len == 0) return {};
  need(s.ptr != nullptr, what);
  const std::string_view text(s.ptr, static_cast<std::size_t>(s.len));
  if (!is_utf8(text))
    throw Error(ProblemNumber::value_invalid, std::string(what) + " is not UTF-8, or holds U+0000",
                "convert it to UTF-8 first");
  return text;
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

Value from_c(const kith_value& value, std::string_view name) {
  switch (value.type) {
    case KITH_NULL: return Value::null();
    case KITH_BOOL: return Value::boolean(value.as.i != 0);
    case KITH_INT: return Value::integer(value.as.i);
    case KITH_DOUBLE:
      if (!std::isfinite(value.as.d))
        throw Error(ProblemNumber::value_invalid, std::string(name) + " is not a finite number",
                    "infinities and NaN are not stored");
      return Value::real(value.as.d);
    case KITH_TEXT: return Value::text(std::string(in(value.as.s, name)));
    case KITH_DATE: return Value::date(value.as.i);
    case KITH_TIMESTAMP: return Value::timestamp(value.as.i);
    case KITH_DURATION: return Value::duration(value.as.i);
    case KITH_MONEY: {
      Currency currency;
      std::memcpy(currency.code.data(), value.currency, 3);
      currency.scale = value.scale;
      return Value::money(value.as.i, currency);
    }
    case KITH_REF: {
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
