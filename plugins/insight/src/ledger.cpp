#include "ledger.hpp"

#include <algorithm>
#include <stdexcept>

namespace insight {

void Ledger::add(const CustomerId& customer, Kind kind, std::int64_t day, std::int64_t net) {
  Account& account = accounts_[customer];
  if (__builtin_add_overflow(account.net, net, &account.net))
    throw std::overflow_error("the sum of one customer's value entries is out of range");
  if (kind == Kind::revenue) {
    account.last_day = account.purchases == 0 ? day : std::max(account.last_day, day);
    ++account.purchases;
  }
  ++entries_;
}

Measures Ledger::measures(std::int64_t as_of) const {
  Measures out;
  for (const auto& [customer, account] : accounts_) {
    if (account.purchases == 0) continue;
    out.recency.push_back(as_of - account.last_day);
    out.frequency.push_back(account.purchases);
    out.monetary.push_back(account.net);
  }
  return out;
}

}  // namespace insight
