#include "unit/expr/worlds/generator.hpp"

#include <cstdlib>
#include <limits>

#include "base/time/time.hpp"

namespace kith::internal::expr::testing {
namespace {

const std::vector<std::string> kTexts = {"",
                                         "a",
                                         "A",
                                         "ab",
                                         "abc",
                                         "b",
                                         "%",
                                         "_",
                                         "\\",
                                         "a%b",
                                         "gold",
                                         "\xC3\xA9",
                                         "e\xCC\x81",
                                         "\xE4\xB8\xAD\xE6\x96\x87",
                                         "\xE4\xB8\xAD",
                                         "\xF0\x9F\x98\x80",
                                         "\x7F",
                                         "\xF4\x8F\xBF\xBF",
                                         "it's",
                                         "\"q\"",
                                         "A\xC3\x84"
                                         "b",
                                         "12",
                                         "-7",
                                         "2026-01-05",
                                         " a b ",
                                         "\xC2\xA0\xE3\x80\x80x\xC2\xA0",
                                         "a,,b,",
                                         "-2.675",
                                         "\xC7\xB0\xC3\x9F"};
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

std::string quote(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\\' || c == '\'') out.push_back('\\');
    out.push_back(c);
  }
  return out + "'";
}

const std::vector<std::string> kAddresses = {"Ada@example.com",
                                             "ada@example.com",
                                             "ADA@EXAMPLE.COM",
                                             "bob@m\xC3\xBCnchen.example",
                                             "Bob@XN--MNCHEN-3YA.example",
                                             "\xC3\x84nne@b.example",
                                             "\xC3\xA4nne@b.example",
                                             "no address",
                                             "No address"};

std::string environment(const char* name) {
  const char* found = std::getenv(name);
  return found == nullptr ? "" : found;
}

}  // namespace

std::int64_t case_count(std::int64_t few, std::int64_t full) {
  if (const std::string given = environment("KITH_CASES"); !given.empty()) return std::stoll(given);
  return environment("KITH_FULL").empty() ? few : full;
}

std::uint64_t first_seed() {
  const std::string given = environment("KITH_SEED");
  return given.empty() ? 20261122 : std::stoull(given);
}

Kind Generator::any_kind() {
  static const std::vector<Kind> kinds = {Kind::integer, Kind::real,      Kind::text,    Kind::money,
                                          Kind::date,    Kind::timestamp, Kind::duration};
  return pick(kinds);
}

std::string Generator::of(Kind kind, int depth) {
  switch (kind) {
    case Kind::boolean: return boolean(depth);
    case Kind::integer: return integer(depth);
    case Kind::real: return real(depth);
    case Kind::money: return money(depth);
    case Kind::date: return date(depth);
    case Kind::timestamp: return timestamp(depth);
    case Kind::duration: return duration(depth);
    default: return text(depth);
  }
}

std::string Generator::choice(Kind kind, int depth) {
  if (chance(50)) return "coalesce(" + of(kind, depth - 1) + ", " + of(kind, depth - 1) + ")";
  return "(" + boolean(depth - 1) + " ? " + of(kind, depth - 1) + " : " + (chance(20) ? "null" : of(kind, depth - 1)) +
         ")";
}

std::string Generator::boolean(int depth) {
  static const std::vector<std::string> fields = {
      "ok",   "sure",  "retail.vip",    "parent.ok", "in_segment('retail.vips')", "parent.in_segment('retail.vips')",
      "true", "false", "retail.best.ok"};
  if (depth <= 0) return chance(50) ? pick(fields) : comparison(0);
  if (taste_.sets && nested_ < 2 && chance(12)) return set_test(depth);
  switch (below(12)) {
    case 0: return "!" + std::string{"("} + boolean(depth - 1) + ")";
    case 1:
    case 2:
      return "(" + boolean(depth - 1) + " && " + boolean(depth - 1) + (chance(30) ? " && " + boolean(depth - 1) : "") +
             ")";
    case 3:
    case 4:
      return "(" + boolean(depth - 1) + " || " + boolean(depth - 1) + (chance(30) ? " || " + boolean(depth - 1) : "") +
             ")";
    case 5: return choice(Kind::boolean, depth);
    case 6: return "(" + boolean(depth - 1) + (chance(50) ? " == " : " != ") + boolean(depth - 1) + ")";
    case 7: return membership(depth);
    case 8: return text_test(depth);
    case 9: return "has(" + of(chance(30) ? Kind::boolean : any_kind(), depth - 1) + ")";
    default: return comparison(depth);
  }
}

std::string Generator::comparison(int depth) { return "(" + bare_comparison(depth) + ")"; }

std::string Generator::bare_comparison(int depth) {
  static const std::vector<std::string> nullable = {
      "n",    "x",     "note", "ok",    "tier",        "born",      "joined",       "balance",    "parent",
      "home", "about", "tags", "extra", "parent.note", "home.rank", "retail.score", "retail.vip", "home.size_class"};
  static const std::vector<std::string> tiers = {"tier",   "old_tier", "parent.tier", "retail.tier",
                                                 "'none'", "'silver'", "'gold'"};
  static const std::vector<std::string> refs = {"parent",     "record",      "parent.parent",
                                                "home.chief", "retail.best", "about"};
  if (chance(9)) return zoned_comparison(depth);
  if (chance(5)) return address_test();
  if (depth > 0 && chance(4)) return rounded_comparison(depth);
  switch (taste_.much_time && chance(60) ? 4 + below(2) : below(10)) {
    case 0: return pick(nullable) + (chance(50) ? " == null" : " != null");
    case 1: return (chance(70) ? pick(tiers) : "tier") + pick(kComparisons) + "retail.tier";
    case 2: return "tier" + pick(kComparisons) + pick(tiers);
    case 3: return pick(refs) + (chance(50) ? " == " : " != ") + pick(refs);
    case 4:
      return "days_since(" + (chance(70) ? timestamp(depth - 1) : date(depth - 1)) + ")" + pick(kComparisons) +
             (chance(70) ? std::to_string(below(9) - 4) : integer(depth - 1));
    case 5:
      if (taste_.now_forms) {
        std::string clock = "now()";
        if (chance(60)) clock += (chance(50) ? " + " : " - ") + duration(0);
        return chance(30) ? clock + pick(kComparisons) + timestamp(depth - 1)
                          : timestamp(depth - 1) + pick(kComparisons) + clock;
      }
      [[fallthrough]];
    case 6: return "(" + of(any_kind(), depth - 1) + (chance(50) ? " == null" : " != null") + ")";
    default: {
      const Kind kind = any_kind();
      return "(" + of(kind, depth - 1) + pick(kComparisons) + of(kind, depth - 1) + ")";
    }
  }
}

// Dates of instants and instants of dates, in the tenant's zone and in others.
std::string Generator::zoned_comparison(int depth) {
  static const std::vector<std::string> zones = {"'America/St_Johns'", "'Pacific/Apia'", "'Asia/Shanghai'", "'UTC'"};
  static const std::vector<std::string> dates = {"'2026-01-05'", "'2026-03-29'", "'2010-11-06'", "'2010-11-07'",
                                                 "'2011-12-29'", "'2011-12-30'", "'2011-12-31'", "'1969-07-20'"};
  const std::string day = chance(50)   ? "today()"
                          : chance(30) ? "today(" + pick(zones) + ")"
                                       : "date(" + pick(dates) + ")";
  const std::string op = pick(kComparisons);
  switch (below(8)) {
    case 7: return "days_between(today(), next_anniversary(" + date(depth - 1) + "))" + op + std::to_string(below(9));
    case 0: return timestamp(depth - 1) + op + date(depth - 1);
    case 1: return "date(" + timestamp(depth - 1) + ")" + op + day;
    case 2: return day + op + "date(" + timestamp(depth - 1) + ", " + pick(zones) + ")";
    case 3: return "days_between(" + timestamp(depth - 1) + ", " + day + ")" + op + std::to_string(below(9) - 4);
    case 4: return "days_between(" + day + ", " + timestamp(depth - 1) + ")" + op + std::to_string(below(9) - 4);
    case 5: return "timestamp(" + date(depth - 1) + ")" + op + "timestamp(" + pick(dates) + ")";
    default: return timestamp(depth - 1) + op + pick(dates);
  }
}

std::string Generator::address_test() {
  static const std::vector<std::string> fields = {"mail", "parent.mail", "coalesce(mail, note)", "name"};
  const std::string own = chance(80) ? "mail" : "parent.mail";
  switch (below(4)) {
    case 0: return own + " in [" + quote(pick(kAddresses)) + ", " + quote(pick(kAddresses)) + "]";
    case 1: return own + pick(kComparisons) + pick(fields);
    case 2: return "(ok ? " + own + " : " + quote(pick(kAddresses)) + ") == " + quote(pick(kAddresses));
    default: return own + pick(kComparisons) + quote(pick(kAddresses));
  }
}

std::string Generator::membership(int depth) {
  if (chance(30)) return "(" + text(depth - 1) + " in tags)";
  if (taste_.vm_only && chance(15)) return "(" + text(depth - 1) + " in split(" + text(depth - 1) + ", ','))";
  const Kind kind = chance(50) ? Kind::text : any_kind();
  std::string out = "(" + of(kind, depth - 1) + " in [";
  const std::int64_t count = below(4);
  for (std::int64_t i = 0; i < count; ++i)
    out += (i == 0 ? "" : ", ") + (chance(12) ? "null" : of(kind, chance(70) ? 0 : depth - 2));
  return out + "])";
}

std::string Generator::text_test(int depth) {
  static const std::vector<std::string> tests = {"contains", "startsWith", "endsWith"};
  return "(" + text(depth - 1) + ")." + pick(tests) + "(" + (chance(60) ? literal_text() : text(depth - 1)) + ")";
}

std::string Generator::literal_text() { return quote(pick(kTexts)); }

std::string Generator::text(int depth) {
  static const std::vector<std::string> fields = {
      "name", "note", "parent.note", "home.code", "parent.home.code", "setting('retail.label')"};
  if (depth <= 0 || chance(35)) return chance(30) ? literal_text() : pick(fields);
  if (chance(25)) return text_function(depth);
  switch (below(taste_.vm_only ? 7 : 5)) {
    case 0: return "(" + text(depth - 1) + " + " + text(depth - 1) + ")";
    case 1: return "(" + text(depth - 1) + ").lowerAscii()";
    case 2: return "string(" + integer(depth - 1) + ")";
    case 3: return chance(30) ? "string(" + boolean(depth - 1) + ")" : choice(Kind::text, depth);
    case 4: return choice(Kind::text, depth);
    case 5: return "(" + text(depth - 1) + ").fold()";
    default: return "string(" + of(any_kind(), depth - 1) + ")";
  }
}

std::string Generator::integer(int depth) {
  if (taste_.sets && nested_ < 2 && depth > 0 && chance(6)) return set_value(Kind::integer);
  static const std::vector<std::string> fields = {"n",
                                                  "m",
                                                  "home.rank",
                                                  "retail.score",
                                                  "parent.n",
                                                  "parent.retail.score",
                                                  "home.size_class",
                                                  "setting('retail.days')",
                                                  "param('insight.rfm', 'r1')",
                                                  "param('insight.rfm', 'r2')"};
  static const std::vector<std::string> literals = {
      "0", "1", "2", "-1", "7", "9223372036854775807", "-9223372036854775808", "9007199254740993"};
  static const std::vector<std::string> marks = {" + ", " - ", " * ", " / ", " % "};
  if (depth <= 0 || chance(25)) return chance(30) ? pick(literals) : pick(fields);
  if (chance(12)) return integer_function(depth);
  switch (below(12)) {
    case 0: return choice(Kind::integer, depth);
    case 1: return "size(" + (chance(25) ? std::string{"tags"} : text(depth - 1)) + ")";
    case 2: return "days_since(" + (chance(70) ? timestamp(depth - 1) : date(depth - 1)) + ")";
    case 3:
      return "days_between(" + date(depth - 1) + ", " + (chance(40) ? timestamp(depth - 1) : date(depth - 1)) + ")";
    case 4: return (chance(50) ? "year(" : chance(50) ? "month(" : "day(") + date(depth - 1) + ")";
    case 5: return "int(" + real(depth - 1) + ")";
    case 6: return (chance(50) ? "least(" : "greatest(") + integer(depth - 1) + ", " + integer(depth - 1) + ")";
    case 7: return "(-" + std::string{"("} + integer(depth - 1) + "))";
    default: return "(" + integer(depth - 1) + pick(marks) + integer(depth - 1) + ")";
  }
}

std::string Generator::real(int depth) {
  if (taste_.sets && nested_ < 2 && depth > 0 && chance(5)) return set_value(Kind::real);
  static const std::vector<std::string> fields = {"x", "y", "x", "parent.x"};
  static const std::vector<std::string> literals = {
      "0.0", "1.5", "-2.5", "1e308", "5e-324", "0.1", "9007199254740992.0", "3"};
  static const std::vector<std::string> marks = {" + ", " - ", " * ", " / "};
  if (depth <= 0 || chance(25)) return chance(30) ? "(x - x + " + pick(literals) + ")" : pick(fields);
  if (chance(20)) return real_function(depth);
  switch (below(7)) {
    case 0: return choice(Kind::real, depth);
    case 1: return "double(" + integer(depth - 1) + ")";
    case 2: return "double(" + money(depth - 1) + ")";
    case 3: return (chance(50) ? "least(" : "greatest(") + real(depth - 1) + ", " + real(depth - 1) + ")";
    default: return "(" + real(depth - 1) + pick(marks) + real(depth - 1) + ")";
  }
}

std::string Generator::money(int depth) {
  if (taste_.sets && nested_ < 2 && depth > 0 && chance(8)) return set_value(Kind::money);
  static const std::vector<std::string> fields = {"balance", "spent", "parent.balance"};
  if (depth <= 0 || chance(35)) return pick(fields);
  if (chance(20)) return money_function(depth);
  switch (below(5)) {
    case 0: return choice(Kind::money, depth);
    case 1: return "(" + money(depth - 1) + " * " + integer(depth - 1) + ")";
    case 2: return "(" + money(depth - 1) + (chance(50) ? " + 12.5)" : " - 0.01)");
    default: return "(" + money(depth - 1) + (chance(50) ? " + " : " - ") + money(depth - 1) + ")";
  }
}

std::string Generator::date(int depth) {
  static const std::vector<std::string> fields = {"born", "left_on", "parent.born"};
  if (depth <= 0 || chance(30)) return chance(15) ? "date('2026-01-05')" : pick(fields);
  if (chance(25)) return date_function(depth);
  switch (below(taste_.vm_only ? 5 : 4)) {
    case 0: return choice(Kind::date, depth);
    case 1: return "date(" + timestamp(depth - 1) + ")";
    case 2: return chance(50) ? "today()" : chance(50) ? "today('Asia/Shanghai')" : "today('Europe/Berlin')";
    case 3: return pick(fields);
    default: return "date(" + timestamp(depth - 1) + ", 'America/St_Johns')";
  }
}

std::string Generator::timestamp(int depth) {
  if (taste_.sets && nested_ < 2 && depth > 0 && chance(8)) return set_value(Kind::timestamp);
  static const std::vector<std::string> fields = {"joined",      "seen",           "parent.seen",
                                                  "home.opened", "retail.last_at", "state_since('customer.lifecycle')"};
  if (taste_.bare_now && chance(10)) return "now()";
  if (depth <= 0 || chance(35)) return chance(15) ? "timestamp('2026-01-05T10:00:00Z')" : pick(fields);
  switch (below(4)) {
    case 0: return choice(Kind::timestamp, depth);
    case 1: return "timestamp(" + date(depth - 1) + ")";
    default: return "(" + timestamp(depth - 1) + (chance(50) ? " + " : " - ") + duration(depth - 1) + ")";
  }
}

std::string Generator::duration(int depth) {
  static const std::vector<std::string> literals = {"1d", "2d", "12h", "15m", "20s", "500ms", "1d12h", "100000d"};
  if (depth <= 0 || chance(50)) return "duration('" + pick(literals) + "')";
  switch (below(3)) {
    case 0: return choice(Kind::duration, depth);
    case 1: return "(" + timestamp(depth - 1) + " - " + timestamp(depth - 1) + ")";
    default: return "(" + duration(depth - 1) + (chance(50) ? " + " : " - ") + duration(depth - 1) + ")";
  }
}

std::int64_t Generator::moment(std::int64_t now) {
  static const std::vector<std::int64_t> edges = {0, -1, 1, -kMicrosPerDay, kMost, kLeast, kMost - 1, -86'400'000'001,
                                                  1};
  if (chance(12)) return pick(edges);
  return now + (below(9) - 4) * kMicrosPerDay + (chance(40) ? below(3) - 1 : below(kMicrosPerDay));
}

Value Generator::value_for(const Member& member, std::int64_t now) {
  static const std::vector<std::int64_t> ints = {
      0, 1, 2, -1, 7, 30, -7, kMost, kLeast, kMost - 1, (1LL << 53) + 1, (1LL << 53) - 1, 1LL << 62};
  static const std::vector<double> reals = {0.0,    -0.0,    1.5, -2.5, 0.1, 1e308, -1e308, 5e-324, 9007199254740993.0,
                                            9.3e18, -9.3e18, 3};
  static const std::vector<std::string> lists = {"[]",    "[\"a\"]", "[\"a\",\"gold\",null]", "[\"\\u4e2d\"]",
                                                 "[1,2]", "{}",      "[\"it's\",\"12\"]"};
  static const std::vector<std::string> odd_tiers = {"none", "silver", "gold", "gold", "other.tier"};
  if (member.nullable && chance(20)) return Value::null();
  switch (member.type.kind) {
    case Kind::boolean: return Value::boolean(chance(50));
    case Kind::integer: return Value::integer(pick(ints));
    case Kind::real: return Value::real(pick(reals));
    case Kind::date:
      if (chance(8)) return Value::date(*days_from_civil(2024, 2, 29));
      return Value::date(chance(8) ? (chance(50) ? kMost : kLeast) : floor_div(now, kMicrosPerDay) + below(9) - 4);
    case Kind::timestamp: return Value::timestamp(moment(now));
    case Kind::money: return Value::money(chance(70) ? below(5000) - 2500 : pick(ints), member.type.currency);
    case Kind::json: return Value::json(pick(lists));
    case Kind::text: {
      if (has_key(member.type.form)) return Value::text(pick(kAddresses));
      if (member.type.values == nullptr) return Value::text(pick(kTexts));
      return Value::text(member.type.values->ordered ? pick(odd_tiers) : pick(member.type.values->ids));
    }
    default: return Value::null();
  }
}

}  // namespace kith::internal::expr::testing
