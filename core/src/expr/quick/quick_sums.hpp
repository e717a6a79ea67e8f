// Sums of one or two fields that are to be in a range, each as data for one straight computation. Where that can't
// tell, the sum is computed step by step.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/value/value.hpp"
#include "expr/quick/branchless.hpp"
#include "expr/tree/node.hpp"

namespace kith::internal::expr {

/// Where a stored field stands: how many bytes behind the first one, so that no number has to be multiplied on the way.
class Fact {
 public:
  Fact() = default;
  explicit Fact(std::int32_t number) : behind_(static_cast<std::ptrdiff_t>(sizeof(Value)) * number) {}
  const Value& of(const Value* facts) const {
    return *reinterpret_cast<const Value*>(reinterpret_cast<const std::byte*>(facts) + behind_);
  }

 private:
  std::ptrdiff_t behind_ = 0;
};

/// One or two fields times whole numbers, summed, are `lowest` or at most `size` more. Where the fields are within
/// `reach` of zero, no number on the way is out of range.
struct SumRange {
  using Factor = std::int64_t;
  std::int64_t lowest = 0;
  std::uint64_t size = 0;
  std::uint64_t reach = 0;
  std::array<Factor, 2> times{};
  std::array<Fact, 2> facts{};
  std::size_t fields = 0;
};

/// One or two fields times doubles, summed, and then `more`, are from `lowest` to `highest`, both finite.
struct RealSumRange {
  using Factor = double;
  double lowest = 0, highest = 0;
  double more = 0;
  std::array<Factor, 2> times{};
  std::array<Fact, 2> facts{};
  std::size_t fields = 0;
};

// Making them. nullopt: it can't be said so.

/// left op right, of whole numbers.
std::optional<SumRange> sum_range_of(Op op, const Node& left, const Node& right);
/// left op right, of doubles; right is a literal.
std::optional<RealSumRange> real_sum_range_of(Op op, const Node& left, const Node& right);

// Asking them. A null has its number at zero, so it can be computed with; a branch that can't be foreseen would cost
// more.

enum class Found : std::uint8_t { no, yes, unsure };
inline Found found_if(bool yes) { return static_cast<Found>(yes); }

template <std::size_t Fields>
Found find(const SumRange& range, const Value* facts) {
  const Value& a = range.facts[0].of(facts);
  const Value& b = range.facts[Fields - 1].of(facts);
  const auto beyond = [&](std::int64_t number) {
    return static_cast<std::uint64_t>(number) + range.reach > 2 * range.reach;
  };
  if (either(beyond(a.i), beyond(b.i))) return Found::unsure;
  std::int64_t sum = a.i * range.times[0];
  if constexpr (Fields == 2) sum += b.i * range.times[1];
  const bool inside = static_cast<std::uint64_t>(sum) - static_cast<std::uint64_t>(range.lowest) <= range.size;
  return found_if(both(!either(a.is_null(), b.is_null()), inside));
}

/// Never unsure. It adds as the tree does, so nothing may be fused into one step (-ffp-contract=off).
template <std::size_t Fields>
Found find(const RealSumRange& range, const Value* facts) {
  const Value& a = range.facts[0].of(facts);
  const Value& b = range.facts[Fields - 1].of(facts);
  double sum = a.d * range.times[0];
  if constexpr (Fields == 2) sum += b.d * range.times[1];
  sum += range.more;
  return found_if(both(!either(a.is_null(), b.is_null()), both(sum >= range.lowest, sum <= range.highest)));
}

}  // namespace kith::internal::expr
