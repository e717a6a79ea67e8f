#include "base/problem/error.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text/text.hpp"
#include "base/text/visible.hpp"

namespace kith::internal {
namespace {

// Every line of a problem starts with two blanks and a word; the text begins in this column.
constexpr std::size_t kWordWidth = 6;
constexpr std::string_view kExcerptIndent = "           ";  // source is set in a little further

constexpr std::size_t kLongestText = 8'192;  // a longer one is cut: nobody reads it, and it may be all of a value

// Names, values and reasons come from files, people and plugins: they stay within their line.
std::string line_of(std::string_view text) {
  if (text.size() <= kLongestText) return visible(text);
  return visible(beginning(text, kLongestText)) + "... (" + std::to_string(text.size()) + " bytes)";
}

void append_excerpt(std::string& out, std::string_view excerpt) {
  for (const std::string& line : split(excerpt, '\n'))
    out.append("\n").append(kExcerptIndent).append(visible_in_place(line));
}

void append_word(std::string& out, std::string_view word, std::string_view text) {
  out.append("\n  ").append(word);
  if (word.size() < kWordWidth) out.append(kWordWidth - word.size(), ' ');
  out.append(" ").append(line_of(text));
}

// A note is "word  text"; the word is padded like the built-in ones so that the texts stand below each other.
void append_note(std::string& out, std::string_view note) {
  const std::string_view body = trim(note);
  const std::size_t gap = body.find("  ");
  const bool has_word = gap != std::string_view::npos && gap > 0 && gap <= kWordWidth &&
                        body.substr(0, gap).find(' ') == std::string_view::npos;
  if (has_word) {
    append_word(out, body.substr(0, gap), trim(body.substr(gap)));
    return;
  }
  out.append("\n  ").append(line_of(body));
}

std::string summary(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems) {
    if (!out.empty()) out.append("\n");
    out.append(format_problem(problem));
  }
  return out;
}

// Optimal string alignment distance: insertions, deletions, replacements, swaps of neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::vector<Problem> at_least_one(std::vector<Problem> problems) {
  if (!problems.empty()) return problems;
  Problem problem;
  problem.message = "an error without a problem was thrown";
  problem.fix = "report this as a bug";
  return {std::move(problem)};
}

Problem make_problem(ProblemNumber number, std::string message, std::string fix) {
  Problem problem;
  problem.number = number;
  problem.message = std::move(message);
  problem.fix = std::move(fix);
  return problem;
}

struct Class {
  ProblemNumber number;
  std::int32_t code;
  int exit;
};

constexpr std::array kClasses = {
#define KITH_PROBLEM_CLASS(number, name, code, exit) Class{ProblemNumber::name, code, exit},
    KITH_PROBLEMS(KITH_PROBLEM_CLASS)
#undef KITH_PROBLEM_CLASS
};

Class class_of(ProblemNumber number) {
  const auto* found =
      std::find_if(kClasses.begin(), kClasses.end(), [&](const Class& c) { return c.number == number; });
  return found == kClasses.end() ? Class{number, KITH_BUG, 70} : *found;
}

}  // namespace

std::string Place::text() const {
  std::string out = file;
  if (line <= 0) return out;
  if (!out.empty()) out.append(":");
  out.append(std::to_string(line));
  if (column > 0) out.append(":").append(std::to_string(column));
  return out;
}

Error::Error(Problem problem) : problems_{std::move(problem)}, what_(summary(problems_)) {}

Error::Error(std::vector<Problem> problems) : problems_(at_least_one(std::move(problems))), what_(summary(problems_)) {}

Error::Error(ProblemNumber number, std::string message, std::string fix)
    : Error(make_problem(number, std::move(message), std::move(fix))) {}

void Problems::throw_if_any() {
  if (list_.empty()) return;
  throw Error(std::exchange(list_, {}));
}

std::int32_t code_of(ProblemNumber number) { return class_of(number).code; }

int exit_code_of(ProblemNumber number) { return class_of(number).exit; }

std::string problem_id(ProblemNumber number) { return "KITH-" + std::to_string(static_cast<std::int32_t>(number)); }

std::string format_problem(const Problem& problem, std::string_view severity) {
  std::string out{severity};
  out.append(" ").append(problem_id(problem.number)).append("  ").append(line_of(problem.message));
  const std::string place = problem.where.text();
  if (!place.empty()) append_word(out, "at", place);
  if (!problem.field.empty()) append_word(out, "field", problem.field);
  if (!problem.excerpt.empty()) append_excerpt(out, problem.excerpt);
  if (!problem.expected.empty()) {
    append_word(out, "expect", problem.expected);
    if (!problem.found.empty()) out.append("    found ").append(line_of(problem.found));
  } else if (!problem.found.empty()) {
    append_word(out, "found", problem.found);
  }
  for (const std::string& note : problem.notes) append_note(out, note);
  if (!problem.fix.empty()) append_word(out, "fix", problem.fix);
  return out;
}

std::string nearest(std::string_view wanted, const std::vector<std::string>& names) {
  const std::string asked = lower_ascii(wanted);
  const std::size_t limit = asked.size() / 3;
  const std::string* best = nullptr;
  std::size_t best_distance = limit + 1;
  for (const std::string& name : names) {
    const std::size_t longer = std::max(name.size(), asked.size());
    if (longer - std::min(name.size(), asked.size()) > limit) continue;
    const std::size_t distance = edit_distance(asked, lower_ascii(name));
    if (distance >= best_distance) continue;
    best = &name;
    best_distance = distance;
  }
  return best == nullptr ? std::string{} : *best;
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& names) {
  const std::string name = nearest(wanted, names);
  return name.empty() ? std::string{} : "did you mean \"" + name + "\"?";
}

}  // namespace kith::internal
