// What SQLite does, statement by statement, for the product's connections too: both use one libsqlite3.
#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace kith::bench {

struct StatementCost {
  std::int64_t runs = 0, vm_steps = 0, scanned = 0;  ///< scanned: rows stepped over without an index
  double seconds = 0;
};

/// Connections that are opened while one of these lives are traced; one at a time.
class EngineTrace {
 public:
  EngineTrace();
  EngineTrace(const EngineTrace&) = delete;
  EngineTrace& operator=(const EngineTrace&) = delete;
  ~EngineTrace();

  /// What was done since the last time, by text.
  std::map<std::string, StatementCost> take();
};

}  // namespace kith::bench
