#include "facts/import/mapping/spellings.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text/text.hpp"

namespace kith::internal::facts {

namespace {

/// No-break, narrow no-break, thin, figure: what systems put between thousands where a blank is meant.
constexpr std::array<std::string_view, 5> kBlanks = {" ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x87"};
constexpr std::array<std::string_view, 2> kApostrophes = {"'", "\xE2\x80\x99"};
constexpr std::string_view kMinus = "\xE2\x88\x92";  ///< U+2212

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The length of the group mark at `at`; 0 = there is none.
std::size_t mark_at(std::string_view text, std::size_t at, std::string_view mark) {
  const std::string_view rest = text.substr(at);
  const auto any_of = [&](const auto& marks) -> std::size_t {
    if (std::find(marks.begin(), marks.end(), mark) == marks.end()) return 0;
    for (const std::string_view each : marks)
      if (rest.substr(0, each.size()) == each) return each.size();
    return 0;
  };
  if (mark.empty()) return 0;
  if (const std::size_t found = std::max(any_of(kBlanks), any_of(kApostrophes)); found > 0) return found;
  return rest.substr(0, mark.size()) == mark ? mark.size() : 0;
}

bool is_amount_byte(std::string_view text, std::size_t at) {
  return is_digit(text[at]) || text[at] == '-' || text[at] == '+' || text.substr(at, kMinus.size()) == kMinus;
}

struct Sign {
  std::string_view sign, codes;
};
/// A sign that several currencies have says only which it can't be.
constexpr std::array<Sign, 13> kSigns = {{{"\xE2\x82\xAC", "EUR"},
                                          {"\xC2\xA3", "GBP GIP FKP SHP"},
                                          {"$", "USD CAD AUD NZD HKD SGD TWD MXN BRL ARS CLP COP"},
                                          {"US$", "USD"},
                                          {"\xC2\xA5", "CNY JPY"},
                                          {"\xEF\xBF\xA5", "CNY JPY"},
                                          {"\xE5\x85\x83", "CNY TWD HKD"},
                                          {"\xE5\x86\x86", "JPY"},
                                          {"kr", "SEK NOK DKK ISK"},
                                          {"z\xC5\x82", "PLN"},
                                          {"K\xC4\x8D", "CZK"},
                                          {"\xE2\x82\xB9", "INR"},
                                          {"Fr.", "CHF"}}};

const std::array<std::string, 6> kYes = {"true", "yes", "y", "1", "ja", "\xE6\x98\xAF"};
const std::array<std::string, 6> kNo = {"false", "no", "n", "0", "nein", "\xE5\x90\xA6"};

bool is_among(const std::vector<std::string>& words, const std::string& folded) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return fold(word) == folded; });
}

}  // namespace

std::optional<std::string> plain_number(std::string_view text, const NumberForm& form) {
  std::string out;
  std::size_t at = 0;
  if (text.substr(0, kMinus.size()) == kMinus || text.substr(0, 1) == "-") {
    out = "-";
    at = text.front() == '-' ? 1 : kMinus.size();
  } else if (text.substr(0, 1) == "+") {
    at = 1;
  }
  std::size_t digits = 0;  // since the last mark
  bool grouped = false;
  for (; at < text.size();) {
    if (is_digit(text[at])) {
      out += text[at++];
      ++digits;
      continue;
    }
    const std::size_t mark = mark_at(text, at, form.group);
    if (mark == 0) break;
    if (digits == 0 || digits > 3 || (grouped && digits != 3)) return std::nullopt;
    grouped = true;
    digits = 0;
    at += mark;
  }
  if (digits == 0 || (grouped && digits != 3)) return std::nullopt;
  if (at == text.size()) return out;
  if (text.substr(at, form.decimal.size()) != form.decimal) return std::nullopt;
  const std::string_view behind = text.substr(at + form.decimal.size());
  if (behind.empty() || !std::all_of(behind.begin(), behind.end(), is_digit)) return std::nullopt;
  return out + "." + std::string(behind);
}

AmountText without_currency(std::string_view text) {
  std::size_t begin = 0, end = text.size();
  while (begin < end && !is_amount_byte(text, begin)) ++begin;
  while (end > begin && !is_digit(text[end - 1])) --end;
  const std::string before(trim(text.substr(0, begin))), behind(trim(text.substr(end)));
  // On both sides, or a sign before the amount's own sign: nothing that could be taken off.
  if (begin == end || (!before.empty() && !behind.empty())) return {std::string(text), {}};
  std::string amount(trim(text.substr(begin, end - begin)));
  return {std::move(amount), before.empty() ? behind : before};
}

bool means_currency(std::string_view said, std::string_view code) {
  if (said == code) return true;
  for (const Sign& sign : kSigns)
    if (sign.sign == said && sign.codes.find(code) != std::string_view::npos) return true;
  return false;
}

BoolWords with_usual_words(BoolWords said) {
  const auto fill = [](std::vector<std::string>& words, const auto& usual, const std::vector<std::string>& other) {
    if (!words.empty()) return;
    for (const std::string& word : usual)
      if (!is_among(other, fold(word))) words.push_back(word);
  };
  fill(said.yes, kYes, said.no);
  fill(said.no, kNo, said.yes);
  return said;
}

std::optional<bool> bool_of(std::string_view text, const BoolWords& words) {
  const std::string folded = fold(trim(text));
  if (is_among(words.yes, folded)) return true;
  if (is_among(words.no, folded)) return false;
  return std::nullopt;
}

}  // namespace kith::internal::facts
