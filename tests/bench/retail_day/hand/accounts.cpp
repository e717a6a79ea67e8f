#include "accounts.hpp"

#include "../day.hpp"

namespace kith::bench::hand {
namespace {

constexpr std::int64_t kYear = 365 * kMicrosPerDay;

/// The one of the customer in a row's first column.
template <class T>
T& of(std::vector<T>& all, const Statement& row) {
  const auto rid = static_cast<std::size_t>(row.integer(0));
  if (rid >= all.size()) all.resize(std::max(rid + 1, all.size() * 2));
  return all[rid];
}

void add_orders(Database& database, std::int64_t now_us, std::vector<Account>& out) {
  Statement rows(database,
                 "SELECT customer, ordered_at, kind = 'return', total FROM retail_order WHERE +tenant = ? AND "
                 "removed_at IS NULL");
  rows.bind(kTenant);
  while (rows.step()) {
    Account& account = of(out, rows);
    const std::int64_t at = rows.integer(1), total = rows.integer(3);
    const bool is_return = rows.integer(2) != 0, recent = at > now_us - kYear;
    if (recent) account.net_spend_12m += is_return ? -total : total;
    if (is_return) {
      account.returns_12m += recent ? 1 : 0;
      continue;
    }
    ++account.orders_ever;
    account.net_orders_12m += recent ? 1 : 0;
    account.first_order_at = std::min(account.first_order_at.value_or(at), at);
    account.last_order_at = std::max(account.last_order_at.value_or(at), at);
  }
}

void add_ledger(Database& database, std::int64_t as_of, std::vector<Account>& out) {
  Statement rows(database,
                 "SELECT customer, occurred_on, kind = 'revenue', net FROM value_entry WHERE +tenant = ? AND "
                 "removed_at IS NULL AND kind <> 'cost' AND occurred_on <= ?");
  rows.bind(kTenant, as_of);
  while (rows.step()) {
    Account& account = of(out, rows);
    account.net_value += rows.integer(3);
    if (rows.integer(2) == 0) continue;
    ++account.value_count;
    account.last_value_on = std::max(account.last_value_on.value_or(rows.integer(1)), rows.integer(1));
  }
}

void add_deals(Database& database, std::vector<Account>& out) {
  Statement rows(database, "SELECT customer, state, amount FROM sales_deal WHERE +tenant = ? AND removed_at IS NULL");
  rows.bind(kTenant);
  while (rows.step()) {
    Account& account = of(out, rows);
    if (rows.text(1) == "open")
      ++account.open_deals, account.open_amount += rows.integer(2);
    else if (rows.text(1) == "won")
      ++account.won_deals, account.won_amount += rows.integer(2);
    else
      ++account.lost_deals;
  }
}

}  // namespace

std::vector<std::int64_t> inbound_contacts(Database& database, std::int64_t now_us) {
  std::vector<std::int64_t> out;
  Statement rows(database,
                 "SELECT customer FROM interaction WHERE +tenant = ? AND removed_at IS NULL AND direction = 'in' AND "
                 "at > ?");
  for (rows.bind(kTenant, now_us - 90 * kMicrosPerDay); rows.step();) ++of(out, rows);
  return out;
}

Accounts add_up(Database& database, std::int64_t now_us) {
  Accounts out;
  out.inbound = inbound_contacts(database, now_us);
  add_orders(database, now_us, out.accounts);
  add_ledger(database, INT64_MAX, out.accounts);
  add_deals(database, out.accounts);
  return out;
}

std::vector<Account> ledgers(Database& database, std::int64_t as_of) {
  std::vector<Account> out;
  add_ledger(database, as_of, out);
  return out;
}

}  // namespace kith::bench::hand
