// What a database holds now: its tables, and what the kith_* tables note about the catalogs that it has seen.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "store/connection/connection.hpp"

namespace kith::internal::store {

struct PresentIndex {
  std::string table, sql;
  std::vector<std::string> columns;
};
struct PresentMember {
  std::string owner, role, column, meaning, state;
  std::int64_t number = 0;  ///< within its type
};
struct PresentType {
  std::int64_t number = 0;
  std::string owner, table, state;
};
struct PresentDerivation {
  std::int64_t number = 0, epoch = 0, epoch_us = 0;
  std::string owner, fingerprint, state;
};
struct PresentBundle {
  std::string version, state;
};

using TypeAndName = std::pair<std::string, std::string>;

struct Present {
  std::map<std::string, std::map<std::string, std::string>> tables;  ///< table -> column -> type
  std::map<std::string, PresentIndex> indexes;                       ///< those of record tables
  std::map<std::string, PresentType> types;
  std::map<TypeAndName, PresentMember> members;
  std::map<TypeAndName, PresentDerivation> derivations;
  std::map<std::string, PresentBundle> bundles;
};

/// States of types, members and derivations: in the catalog; dropped by its loaded bundle; its bundle isn't loaded.
inline constexpr const char* kLoaded = "loaded";
inline constexpr const char* kRetired = "retired";
inline constexpr const char* kOrphaned = "orphaned";

void read_tables(Connection& connection, Present& present);
void read_notes(Connection& connection, Present& present);

}  // namespace kith::internal::store
