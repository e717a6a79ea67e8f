#include <kith/kith.hpp>

#include <fstream>
#include <limits>

#include "../lib/core_file.hpp"
#include "../lib/process.hpp"
#include "day.hpp"

namespace kith::bench {
namespace {

CoreFile shop_of(const std::filesystem::path& folder) {
  return {folder / "shop.kith", {"sales", "insight", "retail"}, std::string(kToday) + "T23:59:59Z"};
}

/// All rows of a query as sorted lines; what the select names, by a bar between.
std::vector<std::string> lines_of(Session& session, std::string_view type,
                                  std::initializer_list<std::string_view> columns) {
  std::vector<std::string> out;
  for (const auto row : session.query(type).select(columns).limit(std::numeric_limits<std::uint32_t>::max())) {
    std::string line;
    for (std::uint64_t i = 0; i < columns.size(); ++i) line += (i ? "|" : "") + row[i].str();
    out.push_back(std::move(line));
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// Which record each key of the file stands for, told by what it says.
std::vector<std::string> keys_of(Session& session, const std::filesystem::path& file, std::string_view type,
                                 std::initializer_list<std::string_view> columns) {
  std::vector<std::string> out;
  std::ifstream rows(file);
  std::string row;
  std::getline(rows, row);
  while (std::getline(rows, row)) {
    const std::string key = row.substr(0, row.find(','));
    auto found = session.get(session.find(type, "@shop:" + key), columns);
    const auto cells = found.next();
    std::string line = key;
    for (std::uint64_t i = 0; i < columns.size(); ++i) line += "|" + (*cells)[i].str();
    out.push_back(std::move(line));
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// "insight.rfm"'s values as "name|number" with the number as SQLite would print it.
std::vector<std::string> bounds_of(Session& session) {
  const std::string document = session.run("parameters", R"({"set":"insight.rfm"})");
  std::vector<std::string> out;
  for (const char* name : {"customers", "r1", "r2", "r3", "r4", "f1", "f2", "f3", "f4", "m1", "m2", "m3", "m4"}) {
    const std::string start = std::string("\"") + name + "\":";
    const std::size_t at = document.find(start);
    const double value = at == std::string::npos ? -1 : std::stod(document.substr(at + start.size(), 40));
    out.push_back(std::string(name) + "|" + detail::real_text(value));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

DayCost run_product_day(const std::filesystem::path& folder) {
  DayCost cost;
  std::optional<Core> core(open_core(shop_of(folder)));
  std::optional<OwnedSession> session(core->session({.tenant = "default", .actor = "bench"}));
  const double cpu = cpu_seconds();
  Stopwatch watch;
  import_file(*session, folder / "customers.csv", "customers.map.json");
  import_file(*session, folder / "orders.csv", "orders.map.json");
  cost.import_s = watch.lap();
  run_until_idle(*core, *session);
  cost.due_s = watch.lap();
  session->run("job.run", R"({"job":"insight.rfm","args":{"as_of":")" + std::string(kToday) + "\"}}");
  run_until_idle(*core, *session);
  cost.rfm_s = watch.lap();
  session.reset();
  core.reset();
  cost.close_s = watch.lap();
  cost.cpu_s = cpu_seconds() - cpu;
  cost.peak_kib = peak_kib();
  cost.file_bytes = database_bytes(folder / "shop.kith");
  return cost;
}

DayTables product_tables(const std::filesystem::path& folder) {
  Core core = open_core(shop_of(folder));
  OwnedSession session = core.session({.tenant = "default", .actor = "bench"});
  DayTables out;
  out["customers"] = lines_of(session, "customer",
                              {"email", "kind", "name", "given_name", "family_name", "phone", "language",
                               "retail.preferred_channel", "lifecycle", "retail.shopper_state", "version"});
  out["contact points"] =
      lines_of(session, "contact_point", {"customer.email", "kind", "value", "verified", "primary"});
  out["orders"] = lines_of(session, "retail.order",
                           {"customer.email", "ordered_at", "kind", "channel", "category", "total", "version"});
  out["ledger"] = lines_of(session, "insight.value_entry",
                           {"customer.email", "occurred_on", "kind", "category", "units", "net", "version"});
  out["tasks"] = lines_of(session, "task", {"customer.email", "title", "due_on", "status", "priority"});
  out["order derivations"] =
      lines_of(session, "customer",
               {"email", "retail.orders_ever", "retail.net_orders_12m", "retail.net_spend_12m", "retail.returns_12m",
                "retail.first_order_at", "retail.last_order_at", "retail.average_gap_days", "retail.expected_by",
                "retail.lapses_at", "retail.active_shoppers"});
  out["ledger derivations"] =
      lines_of(session, "customer", {"email", "insight.last_value_on", "insight.value_count", "insight.net_value"});
  out["deal derivations"] = lines_of(session, "customer",
                                     {"email", "sales.open_deals", "sales.open_amount", "sales.won_deals",
                                      "sales.won_amount", "sales.lost_deals", "sales.win_rate"});
  out["scores"] = lines_of(session, "customer",
                           {"email", "insight.recency_days", "insight.r_score", "insight.f_score", "insight.m_score",
                            "insight.rfm_segment", "retail.value", "retail.value_band"});
  out["bounds"] = bounds_of(session);
  out["customer keys"] = keys_of(session, folder / "customers.csv", "customer", {"email"});
  out["order keys"] =
      keys_of(session, folder / "orders.csv", "retail.order", {"customer.email", "ordered_at", "total"});
  return out;
}

}  // namespace kith::bench
