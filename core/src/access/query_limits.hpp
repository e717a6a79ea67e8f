// Whether a question is of a size that is looked at: before anything of it is parsed, copied or bound.
#pragma once
#include "access/query.hpp"

namespace kith::internal::access {

/// Throws query_invalid or usage, naming the limit (base/problem/limits.hpp).
void check_limits(const QueryRequest& request);

}  // namespace kith::internal::access
