#include "expr/quick/quick_sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "expr/evaluate/arithmetic.hpp"

namespace kith::internal::expr {
namespace {

constexpr Wide kLeast = std::numeric_limits<std::int64_t>::min();
constexpr Wide kMost = std::numeric_limits<std::int64_t>::max();

/// The whole numbers from the first to the second.
using Range = std::pair<Wide, Wide>;
std::optional<Range> range_of(Op op, Wide edge) {
  switch (op) {
    case Op::equal: return Range{edge, edge};
    case Op::less_equal: return Range{kLeast, edge};
    case Op::greater_equal: return Range{edge, kMost};
    case Op::less: return Range{kLeast, edge - 1};
    case Op::greater: return Range{edge + 1, kMost};
    default: return std::nullopt;
  }
}

Wide size_of(Wide number) { return number < 0 ? -number : number; }

/// Two fields at most, times whole numbers, and a whole number.
struct Linear {
  std::array<Wide, 2> times{};
  std::array<std::int32_t, 2> facts{};
  std::size_t count = 0;
  Wide constant = 0;
  /// For fields that are at most r from zero it is at most steep * r + flat from zero.
  Wide steep = 0, flat = 0;
};

/// Reads a tree as such a sum, and finds how far from zero fields may be with every number on the way in range.
class LinearReader {
 public:
  std::optional<Linear> read(const Node& node) {
    Linear out;
    if (is_own_field(node)) {
      out.times[0] = out.steep = 1;
      out.facts[0] = node.number;
      out.count = 1;
      return out;
    }
    if (node.op == Op::constant && node.constant.kind == Kind::integer) {
      out.constant = node.constant.i;
      out.flat = size_of(out.constant);
      return in_range(out);
    }
    if (node.op != Op::add && node.op != Op::subtract && node.op != Op::multiply) return std::nullopt;
    const auto a = read(*node.parts[0]);
    const auto b = read(*node.parts[1]);
    if (!a || !b) return std::nullopt;
    if (node.op != Op::multiply) return sum(*a, *b, node.op == Op::add ? 1 : -1);
    return b->count == 0 ? product(*a, b->constant) : a->count == 0 ? product(*b, a->constant) : std::nullopt;
  }

  std::optional<Linear> sum(Linear a, const Linear& b, int sign) {
    if (a.count + b.count > a.times.size()) return std::nullopt;
    for (std::size_t i = 0; i < b.count; ++i) {
      a.facts[a.count] = b.facts[i];
      a.times[a.count++] = b.times[i] * sign;
    }
    a.constant += b.constant * sign;
    a.steep += b.steep;
    a.flat += b.flat;
    return in_range(a);
  }

  Wide reach() const { return reach_; }

 private:
  std::optional<Linear> product(Linear a, Wide factor) {
    for (Wide& times : a.times) times *= factor;
    a.constant *= factor;
    a.steep *= size_of(factor);
    a.flat *= size_of(factor);
    return in_range(a);
  }
  // Numbers are below 2^63 here, so that nothing made of two of them leaves a Wide.
  std::optional<Linear> in_range(const Linear& made) {
    if (made.flat > kMost || made.steep > kMost) return std::nullopt;
    if (made.steep > 0) reach_ = std::min(reach_, (kMost - made.flat) / made.steep);
    return made;
  }

  Wide reach_ = kMost;
};

/// Two fields at most, times doubles, and then a double: added up in that order it comes to the same double.
struct RealLinear {
  std::array<double, 2> times{};
  std::array<std::int32_t, 2> facts{};
  std::size_t count = 0;
  double more = 0;
  bool ends = false;  ///< nothing may be added any more
  bool is_field() const { return count == 1 && times[0] == 1 && !ends; }
};

RealLinear negative(RealLinear a) {
  for (double& times : a.times) times = -times;
  a.more = -a.more;
  return a;
}

std::optional<RealLinear> sum_of_reals(const RealLinear& a, const RealLinear& b) {
  if (a.ends || b.ends || a.count + b.count == 0) return std::nullopt;
  if (a.count == 0) return sum_of_reals(b, a);
  RealLinear out = a;
  if (b.count == 0) {
    out.more = b.more;
    out.ends = true;
    return out;
  }
  if (a.count + b.count > out.times.size()) return std::nullopt;
  out.times[1] = b.times[0];
  out.facts[1] = b.facts[0];
  out.count = 2;
  return out;
}

std::optional<RealLinear> read_reals(const Node& node) {
  RealLinear out;
  if (is_own_field(node)) {
    out.times[0] = 1;
    out.facts[0] = node.number;
    out.count = 1;
    return out;
  }
  if (node.op == Op::constant && node.constant.kind == Kind::real) {
    out.more = node.constant.d;
    return out;
  }
  if (node.op != Op::add && node.op != Op::subtract && node.op != Op::multiply) return std::nullopt;
  const auto a = read_reals(*node.parts[0]);
  const auto b = read_reals(*node.parts[1]);
  if (!a || !b) return std::nullopt;
  if (node.op == Op::add) return sum_of_reals(*a, *b);
  if (node.op == Op::subtract) return sum_of_reals(*a, negative(*b));
  // A product of more than a field is rounded twice.
  const bool turned = a->count == 0;
  out = turned ? *b : *a;
  const RealLinear& factor = turned ? *a : *b;
  if (!out.is_field() || factor.count != 0) return std::nullopt;
  out.times[0] = factor.more;
  return out;
}

template <class Read, class R>
void take_fields(const Read& sum, R& out) {
  out.fields = sum.count;
  for (std::size_t i = 0; i < sum.count; ++i) {
    out.times[i] = static_cast<typename R::Factor>(sum.times[i]);
    out.facts[i] = Fact(sum.facts[i]);
  }
}

}  // namespace

std::optional<SumRange> sum_range_of(Op op, const Node& left, const Node& right) {
  // Two nulls are the same, but no sum with one is.
  if (op == Op::equal && is_own_field(left) && is_own_field(right)) return std::nullopt;
  LinearReader reader;
  const auto a = reader.read(left);
  const auto b = reader.read(right);
  if (!a || !b) return std::nullopt;
  // a op b is a - b op 0, and what stands in it besides the fields goes over to the edge.
  const auto sum = reader.sum(*a, *b, -1);
  if (!sum || sum->count == 0) return std::nullopt;
  const auto range = range_of(op, -sum->constant);
  if (!range || range->first > kMost) return std::nullopt;  // the edge is above kLeast, as -constant is
  SumRange out;
  out.lowest = static_cast<std::int64_t>(range->first);
  out.size = static_cast<std::uint64_t>(range->second - range->first);
  take_fields(*sum, out);
  out.reach = static_cast<std::uint64_t>(reader.reach());
  return out;
}

std::optional<RealSumRange> real_sum_range_of(Op op, const Node& left, const Node& right) {
  if (!is_ordering(op) || right.op != Op::constant || right.constant.kind != Kind::real) return std::nullopt;
  const auto sum = read_reals(left);
  if (!sum || sum->count == 0) return std::nullopt;
  constexpr double kFarthest = std::numeric_limits<double>::max();
  const double edge = right.constant.d;
  RealSumRange out;
  out.lowest = op == Op::greater_equal ? edge : op == Op::greater ? std::nextafter(edge, kFarthest) : -kFarthest;
  out.highest = op == Op::less_equal ? edge : op == Op::less ? std::nextafter(edge, -kFarthest) : kFarthest;
  if (std::fabs(edge) == kFarthest) return std::nullopt;  // nothing finite is beyond
  take_fields(*sum, out);
  out.more = sum->more;
  return out;
}

}  // namespace kith::internal::expr
