// Cut points: where a population is divided into five classes of about equal size. Knows nothing of Kith.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

namespace insight {

/// Four ascending bounds: the score of a value is one more than the number of bounds that are not above it.
using CutPoints = std::array<double, 4>;

/// The quantiles at .2, .4, .6 and .8 of `values` (at least one; any order), each plus one whole unit. `units` is how
/// many of the values' steps make one unit: 1 for counts and days, 100 for cents. Quantiles are those of type 7
/// (Hyndman and Fan 1996), which R, NumPy and spreadsheets use. They are computed in whole numbers and rounded once, so
/// that every machine publishes the same doubles; throws std::invalid_argument for no values or `units` below 1.
CutPoints cut_points(std::vector<std::int64_t> values, std::int64_t units);

}  // namespace insight
