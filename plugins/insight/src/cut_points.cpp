#include "cut_points.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace insight {
namespace {

__extension__ typedef __int128 Wide;  // five times a 64-bit amount still fits

constexpr std::size_t kClasses = 5;

// With n values, the quantile at k/5 lies at position (n - 1) * k / 5, between two values unless that is whole.
Wide five_times_quantile(const std::vector<std::int64_t>& ascending, std::size_t k) {
  const std::size_t position = (ascending.size() - 1) * k;
  const std::size_t below = position / kClasses;
  const Wide past = static_cast<Wide>(position % kClasses);
  const Wide low = ascending[below];
  if (past == 0) return low * static_cast<Wide>(kClasses);
  return low * (static_cast<Wide>(kClasses) - past) + static_cast<Wide>(ascending[below + 1]) * past;
}

}  // namespace

CutPoints cut_points(std::vector<std::int64_t> values, std::int64_t units) {
  if (values.empty()) throw std::invalid_argument("cut points need at least one value");
  if (units < 1) throw std::invalid_argument("a unit has at least one step");
  std::sort(values.begin(), values.end());
  const Wide unit = static_cast<Wide>(units) * static_cast<Wide>(kClasses);
  CutPoints out{};
  for (std::size_t k = 1; k < kClasses; ++k)
    out[k - 1] = static_cast<double>(five_times_quantile(values, k) + unit) / static_cast<double>(unit);
  return out;
}

}  // namespace insight
