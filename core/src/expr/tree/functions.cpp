#include "expr/tree/functions.hpp"

#include <algorithm>
#include <array>

namespace kith::internal::expr {
namespace {

constexpr std::array<FunctionEntry, 34> kFunctions = {{
    {"days_since", Function::days_since, CallForm::global, 1, 1, "days_since(timestamp or date)"},
    {"days_between", Function::days_between, CallForm::global, 2, 2, "days_between(from, to)"},
    {"today", Function::today, CallForm::global, 0, 1, "today() or today('Asia/Shanghai')"},
    {"date", Function::date, CallForm::global, 1, 3,
     "date(x), date(timestamp, 'Asia/Shanghai') or date(year, month, day)"},
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
    {"trim", Function::trim, CallForm::either, 1, 1, "trim(text)"},
    {"upper", Function::upper, CallForm::either, 1, 1, "upper(text)"},
    {"lower", Function::lower, CallForm::either, 1, 1, "lower(text)"},
    {"replace", Function::replace, CallForm::either, 3, 3, "replace(text, 'what', 'by')"},
    {"substring", Function::substring, CallForm::either, 2, 3,
     "substring(text, start) or substring(text, start, length)"},
    {"split", Function::split, CallForm::either, 2, 2, "split(text, ',')"},
    {"round", Function::round, CallForm::global, 1, 2, "round(number or money) or round(x, digits)"},
    {"abs", Function::absolute, CallForm::global, 1, 1, "abs(number, money or duration)"},
    {"floor", Function::floor, CallForm::global, 1, 1, "floor(number or money)"},
    {"pow", Function::power, CallForm::global, 2, 2, "pow(double, double)"},
    {"ln", Function::logarithm, CallForm::global, 1, 1, "ln(double)"},
    {"exp", Function::exponential, CallForm::global, 1, 1, "exp(double)"},
    {"money", Function::money, CallForm::global, 2, 2, "money(int, double or text, 'EUR')"},
    {"next_anniversary", Function::next_anniversary, CallForm::global, 1, 1, "next_anniversary(date)"},
}};

constexpr std::array<MacroEntry, 12> kMacros = {{
    {"exists", Aggregate::exists, 0, true, "orders.exists(o, o.total > 100)"},
    {"all", Aggregate::all, 0, true, "orders.all(o, o.total > 100)"},
    {"exists_one", Aggregate::exists_one, 0, true, "orders.exists_one(o, o.total > 100)"},
    {"count", Aggregate::count, 0, false, "orders.count() or orders.count(o, o.total > 100)"},
    {"size", Aggregate::count, 0, false, "orders.size()"},
    {"sum", Aggregate::sum, 1, false, "orders.sum(o, o.total) or orders.sum(o, condition, o.total)"},
    {"min", Aggregate::min, 1, false, "orders.min(o, o.total) or orders.min(o, condition, o.total)"},
    {"max", Aggregate::max, 1, false, "orders.max(o, o.total) or orders.max(o, condition, o.total)"},
    {"avg", Aggregate::avg, 1, false, "orders.avg(o, o.total) or orders.avg(o, condition, o.total)"},
    {"median", Aggregate::median, 1, false, "orders.median(o, o.total) or orders.median(o, condition, o.total)"},
    {"count_distinct", Aggregate::count_distinct, 1, false,
     "orders.count_distinct(o, o.product) or orders.count_distinct(o, condition, o.product)"},
    {"latest", Aggregate::latest, 2, false,
     "orders.latest(o, o.at, o.total) or orders.latest(o, condition, o.at, o.total)"},
}};

constexpr std::array<std::string_view, 12> kForms = {"now",         "coalesce",   "has",     "state",
                                                     "state_since", "in_segment", "setting", "param",
                                                     "changed",     "became",     "rel",     "consented"};

struct Advice {
  std::string_view name, text;
};
constexpr std::array<Advice, 29> kAdvice = {{
    {"matches", "regular expressions are not part of the language: use contains, startsWith or endsWith"},
    {"toLowerCase", "write lower(text); to compare in any language, text.fold()"},
    {"toUpperCase", "write upper(text); to compare in any language, text.fold()"},
    {"upperAscii", "write upper(text), or compare lower-cased texts: text.lowerAscii()"},
    {"strip", "write trim(text)"},
    {"substr", "write substring(text, start, length), which counts from 0"},
    {"mid", "write substring(text, start, length), which counts from 0"},
    {"ceil", "write -floor(-x)"},
    {"ceiling", "write -floor(-x)"},
    {"sqrt", "write pow(x, 0.5)"},
    {"log", "write ln(x), or ln(x) / ln(10) for the one to ten"},
    {"power", "write pow(x, y)"},
    {"len", "write size(x)"},
    {"length", "write size(x)"},
    {"getFullYear", "write year(date)"},
    {"getMonth", "write month(date), which counts from 1"},
    {"getDate", "write day(date)"},
    {"float", "write double(x)"},
    {"str", "write string(x)"},
    {"ifnull", "write coalesce(x, other)"},
    {"isnull", "write x == null"},
    {"min", "write least(a, b); of a set of records: orders.min(o, o.total)"},
    {"max", "write greatest(a, b); of a set of records: orders.max(o, o.total)"},
    {"any", "write orders.exists(o, condition), or orders.latest(o, o.at, value)"},
    {"filter", "give the condition to what is asked of the set: orders.count(o, condition)"},
    {"map", "give the value to what is asked of the set: orders.sum(o, value)"},
    {"exist", "write orders.exists(o, condition)"},
    {"average", "write orders.avg(o, value)"},
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
  for (const MacroEntry& macro : kMacros) {
    if (find_function(macro.name) == nullptr) names.emplace_back(macro.name);
  }
  return names;
}

std::string advice_for(std::string_view name) {
  const auto found = std::find_if(kAdvice.begin(), kAdvice.end(), [&](const Advice& a) { return a.name == name; });
  return found == kAdvice.end() ? std::string{} : std::string{found->text};
}

const MacroEntry* find_macro(std::string_view name) {
  const auto found = std::find_if(kMacros.begin(), kMacros.end(), [&](const MacroEntry& m) { return m.name == name; });
  return found == kMacros.end() ? nullptr : &*found;
}

}  // namespace kith::internal::expr
