// What customers have, added up from one pass over each table.
#pragma once
#include "shop.hpp"

namespace kith::bench::hand {

/// By the customer's rid, from 0 on.
struct Accounts {
  std::vector<Account> accounts;
  std::vector<std::int64_t> inbound;  ///< contacts in 90 days
};

Accounts add_up(Database& database, std::int64_t now_us);
std::vector<std::int64_t> inbound_contacts(Database& database, std::int64_t now_us);

/// The accounts' ledgers alone, up to a day.
std::vector<Account> ledgers(Database& database, std::int64_t as_of);

}  // namespace kith::bench::hand
