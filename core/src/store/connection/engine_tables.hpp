// The engine's own tables (kith_*) and the marks by which a file is known as ours.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/connection/connection.hpp"

namespace kith::internal::store {

/// PRAGMA application_id: "Kith" in ASCII. The file(1) magic at byte 68 of the file.
inline constexpr std::int64_t kApplicationId = 0x4B697468;
/// PRAGMA user_version: the format of the engine's tables. Format 1 was never released and is not read.
inline constexpr std::int64_t kFormat = 3;

/// Makes the tables in an empty database, in one transaction with the marks.
void create_engine_tables(Connection& connection);

}  // namespace kith::internal::store
