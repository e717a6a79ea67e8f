// The one table of the language's own functions: how they are written and what they take.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/tree/node.hpp"

namespace kith::internal::expr {

enum class CallForm : std::uint8_t { global, method, either };

inline constexpr std::size_t kMostArguments = 16;  ///< of a function of ours

struct FunctionEntry {
  std::string_view name;
  Function function;
  CallForm form;
  std::size_t least, most;  ///< arguments, the target of a method included
  std::string_view usage;   ///< shown when a call is wrong
};

const FunctionEntry* find_function(std::string_view name);
/// Every name that may stand before a '(' with the language's own meaning, for suggestions.
std::vector<std::string> known_function_names();
/// Why a function that CEL or its users know is not there, and what to do; "" = nothing to say.
std::string advice_for(std::string_view name);

/// A macro over a set of records: set.name(v, condition, ...).
struct MacroEntry {
  std::string_view name;
  Aggregate aggregate;
  std::size_t values;  ///< expressions that it takes after the condition
  bool condition;      ///< the condition must be there
  std::string_view usage;
};
const MacroEntry* find_macro(std::string_view name);

}  // namespace kith::internal::expr
