#include "facts/import/mapping/date_patterns.hpp"

#include <array>
#include <cctype>
#include <map>
#include <utility>

#include "base/time/time.hpp"

namespace kith::internal::facts {

namespace {

constexpr std::string_view kLetters = "yMdHms";
constexpr const char* kOurs = "write it with yyyy, MM, dd, HH, mm, ss, as in dd.MM.yyyy or yyyy-MM-dd HH:mm:ss";

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

std::size_t run_at(std::string_view pattern, std::size_t at) {
  const std::size_t end = pattern.find_first_not_of(pattern[at], at);
  return (end == std::string_view::npos ? pattern.size() : end) - at;
}

/// strptime's directives in our letters; "" = there is one that has no counterpart.
std::string from_strptime(std::string_view pattern) {
  static constexpr std::array<std::pair<char, std::string_view>, 9> kDirectives = {{{'Y', "yyyy"},
                                                                                    {'y', "yy"},
                                                                                    {'m', "MM"},
                                                                                    {'d', "dd"},
                                                                                    {'e', "d"},
                                                                                    {'H', "HH"},
                                                                                    {'M', "mm"},
                                                                                    {'S', "ss"},
                                                                                    {'T', "HH:mm:ss"}}};
  std::string out;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] != '%') {
      out += pattern[at];
      continue;
    }
    if (++at < pattern.size() && (pattern[at] == '-' || pattern[at] == '#')) ++at;
    std::string_view ours;
    for (const auto& [letter, run] : kDirectives)
      if (at < pattern.size() && pattern[at] == letter) ours = run;
    if (ours.empty()) return {};
    out += ours;
  }
  return out;
}

/// Letters of spreadsheets and of Java: upper and lower case another way, quotes around literals.
std::string from_other_letters(std::string_view pattern) {
  std::string out;
  bool seen_hour = false;
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    const std::size_t run = run_at(pattern, at);
    const char lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (lower == 'h') seen_hour = true;
    const bool minute = lower == 'm' && (seen_hour && out.find("mm") == std::string::npos);
    if (lower == 'y' || lower == 'd' || lower == 's')
      out.append(run, lower);
    else if (lower == 'h')
      out.append(run, 'H');
    else if (lower == 'm')
      out.append(run, minute ? 'm' : 'M');
    else if (c != '\'')
      out.append(run, c);
    at += run;
  }
  return out;
}

/// What our own reading of the pattern finds wrong; "" = nothing.
std::string own_mistake(std::string_view pattern) {
  std::map<char, std::size_t> runs;
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    const std::size_t run = run_at(pattern, at);
    at += run;
    if (c == '%' || c == '\'') return std::string("it has ") + (c == '%' ? "%" : "quotes");
    if (kLetters.find(c) == std::string_view::npos) {
      // T and Z stand in ISO's instants, h between hours and minutes; others mean something elsewhere, and nothing
      // here.
      const bool literal = c == 'T' || c == 'Z' || (c == 'h' && run == 1 && runs.count('H') != 0);
      if (is_letter(c) && !literal) return "the letter " + std::string(1, c) + " says nothing in it";
      continue;
    }
    if (!runs.emplace(c, run).second) return std::string(1, c) + " stands in it twice";
    if (run > 2 && !(c == 'y' && run == 4)) return std::string(run, c) + " says nothing in it";
  }
  if (runs.count('y') == 0) return "it has no year (yyyy)";
  if (runs.count('d') != 0 && runs.count('M') == 0) return "it has a day and no month (MM)";
  if (runs.count('m') != 0 && runs.count('H') == 0) return "it has minutes (mm) and no hour (HH)";
  if (runs.count('s') != 0 && runs.count('m') == 0) return "it has seconds and no minutes (mm)";
  return {};
}

/// A date as a pattern writes it.
std::string written_by(std::string_view pattern, const std::array<int, kLetters.size()>& parts) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t run = run_at(pattern, at), part = kLetters.find(pattern[at]);
    if (part == std::string_view::npos) {
      out.append(pattern.substr(at, run));
    } else {
      std::string digits = std::to_string(run == 2 ? parts[part] % 100 : parts[part]);
      if (digits.size() < run) digits.insert(0, run - digits.size(), '0');
      out += digits;
    }
    at += run;
  }
  return out;
}

}  // namespace

std::string pattern_mistake(std::string_view pattern, std::string& fix) {
  std::string mistake = own_mistake(pattern);
  if (mistake.empty()) return mistake;
  const bool directives = pattern.find('%') != std::string_view::npos;
  const std::string ours = directives ? from_strptime(pattern) : from_other_letters(pattern);
  fix = !ours.empty() && own_mistake(ours).empty() ? "write " + ours : kOurs;
  return mistake;
}

std::string read_differently(std::string_view one, std::string_view other) {
  // Days and months up to 12, and a year that is neither, tell all orders apart.
  static constexpr std::array<std::array<int, kLetters.size()>, 3> kSamples = {
      {{2023, 5, 6, 7, 8, 9}, {2009, 10, 11, 12, 13, 14}, {2001, 2, 3, 0, 0, 0}}};
  for (const auto& parts : kSamples) {
    const std::string text = written_by(one, parts);
    const auto first = parse_pattern(text, one), second = parse_pattern(text, other);
    if (first && second && (first->days != second->days || first->micros_of_day != second->micros_of_day)) return text;
  }
  return {};
}

}  // namespace kith::internal::facts
