// What the next order costs on an account that has very many, beside one on an account with ten.
#pragma once
#include <cstdint>

namespace kith::bench {

/// Prints the cost of a commit of one order, and of it with the due work that follows: `commits` to the account with
/// `orders` orders, and as many to accounts with ten to twenty.
int report_hot_account(std::int64_t orders, std::int64_t commits);

}  // namespace kith::bench
