#include "base/problem/limits.hpp"

#include <utility>

namespace kith::internal {

std::string grouped_digits(std::uint64_t number) {
  std::string out = std::to_string(number);
  constexpr std::size_t kGroup = 3;
  for (std::size_t at = out.size(); at > kGroup; at -= kGroup) out.insert(at - kGroup, ",");
  return out;
}

Problem limit_problem(Limit limit, std::string found, std::string_view of) {
  const LimitFacts& facts = facts_of(limit);
  const std::string most = grouped_digits(facts.most) + " " + std::string(facts.unit);
  Problem problem;
  problem.number = facts.problem;
  problem.message = std::string(facts.what) + std::string(of) + " is too large: at most " + most + " (limit \"" +
                    std::string(facts.name) + "\")";
  problem.expected = "at most " + most;
  problem.found = std::move(found);
  problem.fix = facts.fix;
  return problem;
}

void check_limit(Limit limit, std::uint64_t found, std::string_view of) {
  if (found <= most_of(limit)) return;
  throw Error(limit_problem(limit, grouped_digits(found) + " " + std::string(facts_of(limit).unit), of));
}

}  // namespace kith::internal
