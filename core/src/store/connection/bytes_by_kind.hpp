// What the bytes of a file are for.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "store/connection/connection.hpp"

namespace kith::internal::store {

/// By kind, the largest first, then "free": pages that are empty and will be used again. Reads every page.
std::vector<std::pair<std::string, std::int64_t>> bytes_by_kind(Connection& connection);

}  // namespace kith::internal::store
