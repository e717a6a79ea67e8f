// What an operation costs as the data grows.
#pragma once
#include <cstdint>
#include <vector>

namespace kith::bench {

/// Prints a table in Markdown, one column for each number of customers, with date and machine.
int report_curves(const std::vector<std::int64_t>& sizes);
/// Opens a core with the six bundles and three of the tests on a warm file, again and again; prints the median.
int report_opening();

}  // namespace kith::bench
