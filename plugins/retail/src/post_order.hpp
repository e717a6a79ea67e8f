// The action retail.post_order: what an order adds to, or takes from, the customer's value.
#pragma once
#include <kith/plugin.hpp>

namespace retail {

/// On a retail.order; argument occurred_on (date): the day on which the order counts. Writes the order's one
/// insight.value_entry: revenue, or for a return a negative amount. Where the order has its entry already, writes
/// nothing.
void post_order(kith::ActionContext& action);

}  // namespace retail
