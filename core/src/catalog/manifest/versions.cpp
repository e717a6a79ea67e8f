// Versions and ranges: MAJOR.MINOR[.PATCH]; "^a.b.c" keeps the leftmost number that isn't 0 (as npm and cargo do),
// comparisons separated by blanks must all hold, a bare version must be equal in the parts that it gives.
#include <array>
#include <charconv>
#include <optional>

#include "base/text/text.hpp"
#include "catalog/build.hpp"

namespace kith::internal::catalog {
namespace {

struct Version {
  std::array<std::uint32_t, 3> numbers{};
  std::size_t given = 0;  ///< how many of the three were written
};

std::optional<Version> parse_version(std::string_view text, std::size_t least) {
  Version version;
  for (const std::string& part : split(text, '.')) {
    if (version.given == 3 || part.empty()) return std::nullopt;
    std::uint32_t& number = version.numbers[version.given++];
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc{} || end != part.data() + part.size()) return std::nullopt;
  }
  return version.given >= least ? std::optional(version) : std::nullopt;
}

enum class Comparison : std::uint8_t { exact, caret, less, less_equal, greater, greater_equal };
struct Operator {
  std::string_view sign;
  Comparison comparison;
};
// The longer sign first: "<=" begins with "<".
constexpr Operator kOperators[] = {{"<=", Comparison::less_equal}, {">=", Comparison::greater_equal},
                                   {"<", Comparison::less},        {">", Comparison::greater},
                                   {"^", Comparison::caret},       {"=", Comparison::exact}};

struct Term {
  Comparison comparison = Comparison::exact;
  Version version;
};

std::optional<Term> parse_term(std::string_view text) {
  Term term;
  for (const Operator& candidate : kOperators)
    if (text.starts_with(candidate.sign)) {
      term.comparison = candidate.comparison;
      text.remove_prefix(candidate.sign.size());
      break;
    }
  const auto version = parse_version(text, 1);
  if (!version) return std::nullopt;
  term.version = *version;
  return term;
}

bool caret_holds(const Version& version, const Version& from) {
  if (version.numbers < from.numbers) return false;
  // ^1.2 keeps 1; ^0.1 keeps 0.1; ^0.0.3 keeps 0.0.3; ^0 keeps 0.
  std::size_t kept = 0;
  while (kept + 1 < from.given && from.numbers[kept] == 0) ++kept;
  for (std::size_t i = 0; i <= kept; ++i)
    if (version.numbers[i] != from.numbers[i]) return false;
  return true;
}

bool holds(const Version& version, const Term& term) {
  const auto& mine = version.numbers;
  const auto& other = term.version.numbers;
  switch (term.comparison) {
    case Comparison::less: return mine < other;
    case Comparison::less_equal: return mine <= other;
    case Comparison::greater: return mine > other;
    case Comparison::greater_equal: return mine >= other;
    case Comparison::caret: return caret_holds(version, term.version);
    case Comparison::exact: break;
  }
  for (std::size_t i = 0; i < term.version.given; ++i)
    if (mine[i] != other[i]) return false;
  return true;
}

std::optional<std::vector<Term>> parse_range(std::string_view range) {
  std::vector<Term> terms;
  if (trim(range) == "*") return terms;
  for (const std::string& part : split(range, ' ')) {
    if (part.empty()) continue;
    const auto term = parse_term(part);
    if (!term) return std::nullopt;
    terms.push_back(*term);
  }
  return terms.empty() ? std::nullopt : std::optional(terms);
}

}  // namespace

bool is_version(std::string_view version) { return parse_version(version, 2).has_value(); }

bool is_version_range(std::string_view range) { return parse_range(range).has_value(); }

bool version_in_range(std::string_view version, std::string_view range) {
  const auto parsed = parse_version(version, 1);
  const auto terms = parse_range(range);
  if (!parsed || !terms) return false;
  for (const Term& term : *terms)
    if (!holds(*parsed, term)) return false;
  return true;
}

}  // namespace kith::internal::catalog
