#include "engine_trace.hpp"

#include <sqlite3.h>

#include <mutex>
#include <stdexcept>
#include <utility>

namespace kith::bench {
namespace {

// SQLite calls back without a place for our own pointer when a connection opens.
std::mutex guard;
std::map<std::string, StatementCost> done;
bool tracing = false;

int on_profile(unsigned, void*, void* statement, void* nanoseconds) {
  auto* const raw = static_cast<sqlite3_stmt*>(statement);
  const char* const sql = sqlite3_sql(raw);
  const std::lock_guard lock(guard);
  if (!tracing) return 0;
  StatementCost& cost = done[sql ? sql : ""];
  ++cost.runs;
  cost.vm_steps += sqlite3_stmt_status(raw, SQLITE_STMTSTATUS_VM_STEP, 1);
  cost.scanned += sqlite3_stmt_status(raw, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
  cost.seconds += static_cast<double>(*static_cast<sqlite3_int64*>(nanoseconds)) / 1e9;
  return 0;
}

int on_open(sqlite3* database, char**, const struct sqlite3_api_routines*) {
  return sqlite3_trace_v2(database, SQLITE_TRACE_PROFILE, on_profile, nullptr);
}

void (*entry())() { return reinterpret_cast<void (*)()>(on_open); }

}  // namespace

EngineTrace::EngineTrace() {
  const std::lock_guard lock(guard);
  if (std::exchange(tracing, true)) throw std::logic_error("SQLite is traced already");
  done.clear();
  sqlite3_auto_extension(entry());
}

EngineTrace::~EngineTrace() {
  sqlite3_cancel_auto_extension(entry());
  const std::lock_guard lock(guard);
  tracing = false;
}

std::map<std::string, StatementCost> EngineTrace::take() {
  const std::lock_guard lock(guard);
  return std::exchange(done, {});
}

}  // namespace kith::bench
