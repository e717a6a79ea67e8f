// Calls of the functions that make texts, round, and put amounts and dates together.
#include "unit/expr/worlds/generator.hpp"

namespace kith::internal::expr::testing {

std::string Generator::text_function(int depth) {
  static const std::vector<std::string> places = {"0", "1", "2", "size(name)", "-1", "9223372036854775807"};
  static const std::vector<std::string> pieces = {"''", "'a'", "' '", "'ab'", "'\xE4\xB8\xAD'", "'\xC2\xA0'", "','"};
  const auto part = [&] { return chance(50) ? pick(pieces) : text(depth - 1); };
  const auto place = [&] { return chance(60) ? pick(places) : integer(depth - 1); };
  const auto called = [&](const std::string& name, const std::string& rest) {
    const std::string on = text(depth - 1);
    return chance(50) ? name + "(" + on + (rest.empty() ? "" : ", " + rest) + ")"
                      : "(" + on + ")." + name + "(" + rest + ")";
  };
  switch (below(taste_.vm_only ? 5 : 3)) {
    case 0: return called("trim", "");
    case 1: return called("replace", part() + ", " + part());
    case 2: return called("substring", place() + (chance(60) ? ", " + place() : ""));
    case 3: return called("upper", "");
    default: return called("lower", "");
  }
}

std::string Generator::integer_function(int depth) {
  static const std::vector<std::string> digits = {"0", "2", "-1", "-3", "-18"};
  static const std::vector<std::string> far_digits = {"-19", "-20", "n", "9223372036854775807"};
  // No constant: an empty one is refused.
  static const std::vector<std::string> separators = {"','", "'a'", "' '", "name", "note", "home.code"};
  switch (below(taste_.vm_only ? 5 : 3)) {
    case 0: return "abs(" + integer(depth - 1) + ")";
    case 1: return "round(" + integer(depth - 1) + (chance(80) ? ", " + pick(digits) : "") + ")";
    case 2: return "floor(" + integer(depth - 1) + ")";
    case 3: return "round(" + integer(depth - 1) + ", " + pick(far_digits) + ")";
    default: return "size(split(" + text(depth - 1) + ", " + pick(separators) + "))";
  }
}

std::string Generator::real_function(int depth) {
  static const std::vector<std::string> digits = {"1", "2", "-1", "n", "-308", "16"};
  switch (below(taste_.vm_only ? 7 : 3)) {
    case 0: return "abs(" + real(depth - 1) + ")";
    case 1: return "round(" + real(depth - 1) + (chance(20) ? ", 0)" : ")");
    case 2: return "floor(" + real(depth - 1) + ")";
    case 3: return "round(" + real(depth - 1) + ", " + pick(digits) + ")";
    case 4: return "pow(" + real(depth - 1) + ", " + real(depth - 1) + ")";
    case 5: return "ln(" + real(depth - 1) + ")";
    default: return "exp(" + real(depth - 1) + ")";
  }
}

// The world's amounts are in yuan, of as many decimals as its shape says; only where they are two do both meet.
std::string Generator::money_function(int depth) {
  switch (below(3)) {
    case 0: return "abs(" + money(depth - 1) + ")";
    case 1: return "floor(" + money(depth - 1) + ")";
    default: return "round(" + money(depth - 1) + (chance(50) ? ", " + std::to_string(below(6) - 3) : "") + ")";
  }
}

std::string Generator::date_function(int depth) {
  if (chance(50)) return "next_anniversary(" + (chance(80) ? date(depth - 1) : timestamp(depth - 1)) + ")";
  static const std::vector<std::string> years = {"year(born)", "(2024 + n - n)", "m", "year(left_on)"};
  static const std::vector<std::string> months = {"2", "month(born)", "12", "m", "(1 + n % 12)"};
  static const std::vector<std::string> days = {"29", "day(born)", "31", "1", "m", "(1 + n % 31)"};
  const auto part = [&](const std::vector<std::string>& usual) {
    return chance(85) ? pick(usual) : integer(depth - 1);
  };
  return "date(" + pick(years) + ", " + part(months) + ", " + part(days) + ")";
}

// A rounded number beside the whole ones around it; or an amount made of a number beside one made of another: of one
// currency, and sometimes not.
std::string Generator::rounded_comparison(int depth) {
  static const std::vector<std::string> wholes = {"-3.0", "-2.0", "-1.0", "0.0", "1.0", "2.0", "3.0"};
  if (chance(50))
    return "round(" + (chance(60) ? std::string{"x"} : real(depth - 1)) + ")" + pick(kComparisons) + pick(wholes);
  static const std::vector<std::string> currencies = {"'JPY'", "'EUR'", "'KWD'"};
  static const std::vector<std::string> read = {"name", "substring('JPYEURKWD' + name, 0, 3)",
                                                "substring('jpyeurkwd' + name, 3, 3)"};
  const std::string currency = pick(currencies);
  if (!taste_.vm_only)
    return "money(" + integer(depth - 1) + ", " + currency + ")" + pick(kComparisons) + "money(" + integer(depth - 1) +
           ", " + currency + ")";
  const auto number = [&] { return chance(50) ? real(depth - 1) : chance(50) ? integer(depth - 1) : text(depth - 1); };
  return "money(" + number() + ", " + currency + ")" + pick(kComparisons) + "money(" + number() + ", " +
         (chance(40) ? pick(read) : currency) + ")";
}

}  // namespace kith::internal::expr::testing
