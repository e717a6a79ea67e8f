#include "store/connection/bytes_by_kind.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace kith::internal::store {
namespace {

struct TableKind {
  std::string_view table, kind;
};
// What is not named here and begins with kith_ is "other"; all else belongs to record types.
constexpr std::array kEngineTables = {TableKind{"kith_change", "changes"},
                                      TableKind{"kith_cause", "causes"},
                                      TableKind{"kith_event", "events"},
                                      TableKind{"kith_run", "runs"},
                                      TableKind{"kith_workflow", "runs"},
                                      TableKind{"kith_once", "runs"},
                                      TableKind{"kith_transition", "states"},
                                      TableKind{"kith_edge", "relationships"},
                                      TableKind{"kith_external_id", "external ids"},
                                      TableKind{"kith_source_state", "external ids"},
                                      TableKind{"kith_failed_value", "derived values"},
                                      TableKind{"kith_dirty", "due work"},
                                      TableKind{"kith_scope_mark", "due work"},
                                      TableKind{"kith_backfill", "due work"}};

std::string_view kind_of(std::string_view table) {
  const auto* found = std::find_if(kEngineTables.begin(), kEngineTables.end(),
                                   [&](const TableKind& each) { return each.table == table; });
  if (found != kEngineTables.end()) return found->kind;
  if (table.starts_with("kith_") || table.starts_with("sqlite_")) return "other";
  return table.ends_with("__d") ? "derived values" : "records";
}

}  // namespace

std::vector<std::pair<std::string, std::int64_t>> bytes_by_kind(Connection& connection) {
  std::map<std::string, std::int64_t, std::less<>> sums;
  {
    const StatementPtr trees = connection.prepare(
        "SELECT coalesce((SELECT m.tbl_name FROM sqlite_schema AS m WHERE m.name = s.name), s.name), s.pgsize FROM "
        "dbstat AS s WHERE s.aggregate = TRUE");
    while (trees->step()) sums[std::string(kind_of(trees->text(0)))] += trees->integer(1);
  }
  std::vector<std::pair<std::string, std::int64_t>> out(sums.begin(), sums.end());
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  const StatementPtr free = connection.prepare(
      "SELECT f.freelist_count * p.page_size FROM pragma_freelist_count AS f CROSS JOIN pragma_page_size AS p");
  free->step();
  out.emplace_back("free", free->integer(0));
  return out;
}

}  // namespace kith::internal::store
