#include "expr/functions.hpp"

#include <algorithm>
#include <array>

namespace kith::internal::expr {
namespace {

constexpr std::array<FunctionEntry, 20> kFunctions = {{
    {"days_since", Function::days_since, CallForm::global, 1, 1, "days_since(timestamp or date)"},
    {"days_between", Function::days_between, CallForm::global, 2, 2, "days_between(from, to)"},
    {"today", Function::today, CallForm::global, 0, 1, "today() or today('Asia/Shanghai')"},
    {"date", Function::date, CallForm::global, 1, 2, "date(x) or date(timestamp, 'Asia/Shanghai')"},
    {"timestamp", Function::timestamp, CallForm::global, 1, 1, "timestamp(text or date)"},
    {"duration", Function::duration, CallForm::global, 1, 1, "duration('30d')"},
    {"int", Function::to_int, CallForm::global, 1, 1, "int(double or text)"},
    {"double", Function::to_double, CallForm::global, 1, 1, "double(int, money or text)"},
    {"string", Function::to_string, CallForm::global, 1, 1, "string(x)"},
    {"size", Function::size, CallForm::either, 1, 1, "size(text or list)"},
    {"contains", Function::contains, CallForm::method, 2, 2, "text.contains('part')"},
    {"startsWith", Function::starts_with, CallForm::method, 2, 2, "text.startsWith('part')"},
    {"endsWith", Function::ends_with, CallForm::method, 2, 2, "text.endsWith('part')"},
    {"lowerAscii", Function::lower_ascii, CallForm::method, 1, 1, "text.lowerAscii()"},
    {"fold", Function::fold, CallForm::method, 1, 1, "text.fold()"},
    {"year", Function::year, CallForm::global, 1, 1, "year(date)"},
    {"month", Function::month, CallForm::global, 1, 1, "month(date)"},
    {"day", Function::day, CallForm::global, 1, 1, "day(date)"},
    {"least", Function::least, CallForm::global, 2, kMostArguments, "least(a, b, ...)"},
    {"greatest", Function::greatest, CallForm::global, 2, kMostArguments, "greatest(a, b, ...)"},
}};

constexpr std::array<std::string_view, 14> kSetFunctions = {"exists", "all", "exists_one", "map", "filter",
                                                            "count", "sum", "min", "max", "avg",
                                                            "median", "count_distinct", "latest", "any"};

constexpr std::array<std::string_view, 11> kForms = {"now", "coalesce", "has", "state", "state_since", "in_segment",
                                                     "setting", "param", "changed", "became", "rel"};

struct Advice {
  std::string_view name, text;
};
constexpr std::array<Advice, 16> kAdvice = {{
    {"matches", "regular expressions are not part of the language: use contains, startsWith or endsWith"},
    {"lower", "write text.lowerAscii(), or text.fold() for any language"},
    {"upper", "compare folded texts: text.fold()"},
    {"upperAscii", "compare lower-cased texts: text.lowerAscii()"},
    {"len", "write size(x)"},
    {"length", "write size(x)"},
    {"getFullYear", "write year(date)"},
    {"getMonth", "write month(date), which counts from 1"},
    {"getDate", "write day(date)"},
    {"float", "write double(x)"},
    {"str", "write string(x)"},
    {"ifnull", "write coalesce(x, other)"},
    {"isnull", "write x == null"},
    {"min", "write least(a, b); the smallest of a set of records is a rollup"},
    {"max", "write greatest(a, b); the largest of a set of records is a rollup"},
    {"if", "write condition ? value : other value"},
}};

}  // namespace

const FunctionEntry* find_function(std::string_view name) {
  const auto found = std::find_if(kFunctions.begin(), kFunctions.end(), [&](const auto& f) { return f.name == name; });
  return found == kFunctions.end() ? nullptr : &*found;
}

std::vector<std::string> known_function_names() {
  std::vector<std::string> names;
  for (const FunctionEntry& entry : kFunctions) names.emplace_back(entry.name);
  for (const std::string_view form : kForms) names.emplace_back(form);
  return names;
}

std::string advice_for(std::string_view name) {
  const auto found = std::find_if(kAdvice.begin(), kAdvice.end(), [&](const Advice& a) { return a.name == name; });
  return found == kAdvice.end() ? std::string{} : std::string{found->text};
}

bool is_set_function(std::string_view name) {
  return std::find(kSetFunctions.begin(), kSetFunctions.end(), name) != kSetFunctions.end();
}

}  // namespace kith::internal::expr
