// The loops in which a comparison of a whole column with one value spends its time, four rows at a time where the
// processor can.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "expr/batch/batch.hpp"
#include "expr/tree/node.hpp"

namespace kith::internal::expr {

/// How many rows at a time; four only where widest_lanes() says so.
enum class Lanes : std::uint8_t { one, four };
/// Asked of the processor once.
Lanes widest_lanes();

/// The rows where value op with, an operator that compares. What stands in the rows of nulls is compared as well.
Mask compare_rows(Op op, const std::int64_t* values, std::int64_t with, std::size_t rows, Lanes lanes = widest_lanes());
Mask compare_rows(Op op, const double* values, double with, std::size_t rows, Lanes lanes = widest_lanes());
/// The rows whose text has so many bytes.
Mask rows_of_size(const std::string_view* texts, std::size_t size, std::size_t rows, Lanes lanes = widest_lanes());

}  // namespace kith::internal::expr
