// One exception type for everything that goes wrong inside; translated to a code and an object at the C boundary.
#pragma once
#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem/problem_numbers.hpp"

namespace kith::internal {

/// Where in a file something stands. Lines and columns count from 1; a column counts code points. 0 = not known.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
  std::string text() const;  ///< "file:line:column", without the parts not known
};

/// One thing that is wrong, laid out as the command line prints it: what, where, expected, found, what to do.
struct Problem {
  ProblemNumber number = ProblemNumber::bug;
  std::string message;
  Place where;
  std::string field;          ///< of the record, where one is concerned
  std::string excerpt;        ///< lines of source with a caret line, '\n' between, no final '\n'
  std::string whole_excerpt;  ///< for programs, where `excerpt` is cut to what a terminal shows; else ""
  std::string expected;
  std::string found;
  std::string fix;                 ///< what the reader can do
  std::vector<std::string> notes;  ///< further "word  text" lines, printed as they are
};

/// Several problems thrown at once: a reader should see all of them in one go.
class Error : public std::exception {
 public:
  explicit Error(Problem problem);
  explicit Error(std::vector<Problem> problems);  ///< at least one
  Error(ProblemNumber number, std::string message, std::string fix = {});

  const std::vector<Problem>& problems() const noexcept { return problems_; }
  const Problem& first() const noexcept { return problems_.front(); }
  ProblemNumber number() const noexcept { return first().number; }
  std::int32_t code() const noexcept { return code_of(number()); }
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  std::vector<Problem> problems_;
  std::string what_;
};

/// Gathers problems and throws them all in the end.
class Problems {
 public:
  void add(Problem problem) { list_.push_back(std::move(problem)); }
  bool empty() const noexcept { return list_.empty(); }
  std::size_t size() const noexcept { return list_.size(); }
  const std::vector<Problem>& list() const noexcept { return list_; }
  void throw_if_any();

 private:
  std::vector<Problem> list_;
};

/// "KITH-1301"
std::string problem_id(ProblemNumber number);
/// The layout of DESIGN/cli.md: "error KITH-1301  message\n  at     ...\n  fix    ..."
std::string format_problem(const Problem& problem, std::string_view severity = "error");
/// The name of `names` nearest to `wanted` (Damerau-Levenshtein, at most a third of its length away), or "".
std::string nearest(std::string_view wanted, const std::vector<std::string>& names);
/// "did you mean \"x\"?" or "".
std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& names);

}  // namespace kith::internal
