// The hand-written shop's tables as the lines that the product's give: dates and money as people read them.
#include <kith/session.hpp>

#include "../../lib/sqlite.hpp"
#include "../day.hpp"

namespace kith::bench {
namespace {

/// How a column is printed: t as it is, b bool, d date, i instant, m money.
std::vector<std::string> lines_of(Database& database, const std::string& sql, std::string_view kinds) {
  Statement rows(database, sql.c_str());
  std::vector<std::string> out;
  while (rows.step()) {
    std::string line;
    for (int i = 0; i < rows.width(); ++i) {
      if (i) line += '|';
      if (rows.is_null(i)) continue;
      kith_value value{};
      value.as.i = rows.integer(i), value.scale = 2, value.currency[0] = 'E', value.currency[1] = 'U',
      value.currency[2] = 'R';
      switch (kinds[static_cast<std::size_t>(i)]) {
        case 'b': line += value.as.i ? "true" : "false"; break;
        case 'd': line += detail::date_text(value.as.i); break;
        case 'i': line += detail::instant_text(value.as.i); break;
        case 'm': line += detail::money_text(value); break;
        case 'r': line += detail::real_text(rows.real(i)); break;
        default: line += rows.text(i);
      }
    }
    out.push_back(std::move(line));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

DayTables hand_tables(const std::filesystem::path& folder) {
  Database database(folder / "hand.db");
  const std::string customer = " JOIN customer c ON c.tenant = 1 AND c.rid = x.customer";
  const std::string derived = " FROM customer_derived x JOIN customer c USING (rid)";
  DayTables out;
  out["customers"] = lines_of(database,
                              "SELECT email, kind, name, given_name, family_name, phone, language, preferred_channel, "
                              "lifecycle, shopper_state, version FROM customer",
                              "ttttttttttt");
  out["contact points"] =
      lines_of(database, "SELECT email, x.kind, value, verified, \"primary\" FROM contact_point x" + customer, "tttbb");
  out["orders"] = lines_of(
      database, "SELECT email, ordered_at, x.kind, channel, category, total, x.version FROM retail_order x" + customer,
      "titttmt");
  out["ledger"] = lines_of(
      database, "SELECT email, occurred_on, x.kind, category, units, net, x.version FROM value_entry x" + customer,
      "tdtttmt");
  out["tasks"] = lines_of(database, "SELECT email, title, due_on, status, priority FROM task x" + customer, "ttdtt");
  out["order derivations"] =
      lines_of(database,
               "SELECT email, orders_ever, net_orders_12m, net_spend_12m, returns_12m, first_order_at, last_order_at, "
               "average_gap_days, expected_by, lapses_at, active_shopper" +
                   derived,
               "tttmtiitiib");
  out["ledger derivations"] =
      lines_of(database, "SELECT email, last_value_on, value_count, net_value" + derived, "tdtm");
  out["deal derivations"] =
      lines_of(database, "SELECT email, open_deals, open_amount, won_deals, won_amount, lost_deals, win_rate" + derived,
               "ttmtmtr");
  out["scores"] = lines_of(
      database, "SELECT email, recency_days, r_score, f_score, m_score, rfm_segment, value, value_band" + derived,
      "ttttttrt");
  for (const char* name : {"customers", "r1", "r2", "r3", "r4", "f1", "f2", "f3", "f4", "m1", "m2", "m3", "m4"})
    for (const std::string& value : lines_of(database, std::string("SELECT ") + name + " FROM rfm_bounds", "r"))
      out["bounds"].push_back(std::string(name) + "|" + value);
  std::sort(out["bounds"].begin(), out["bounds"].end());
  out["customer keys"] = lines_of(
      database,
      "SELECT key, email FROM external_id k JOIN customer c ON c.tenant = 1 AND c.rid = k.record WHERE record_type = 1",
      "tt");
  out["order keys"] = lines_of(
      database,
      "SELECT key, email, ordered_at, total FROM external_id k JOIN retail_order x ON x.tenant = 1 AND x.rid = "
      "k.record" +
          customer + " WHERE record_type = 3",
      "ttim");
  return out;
}

}  // namespace kith::bench
