// How people's files spell what JSON has one form for: numbers with a decimal comma, words for true and false.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::internal::facts {

/// A mapping's "number".
struct NumberForm {
  std::string decimal = ".", group;  ///< one character each; a blank stands for no-break blanks too; "" = no groups
};
/// "1.234,56" as "1234.56". nullopt: it is none in this form; groups have three digits.
std::optional<std::string> plain_number(std::string_view text, const NumberForm& form);

struct AmountText {
  std::string amount;    ///< what is left
  std::string currency;  ///< what stood before or behind it: "EUR", a sign, "" = nothing
};
AmountText without_currency(std::string_view text);
/// Whether "EUR", or a sign, can mean the currency of this code.
bool means_currency(std::string_view said, std::string_view code);

/// Words for true and false, in any case.
struct BoolWords {
  std::vector<std::string> yes, no;
};
/// A mapping's "true" and "false"; where one is empty, the usual words that don't mean the other.
BoolWords with_usual_words(BoolWords said);
std::optional<bool> bool_of(std::string_view text, const BoolWords& words);

}  // namespace kith::internal::facts
