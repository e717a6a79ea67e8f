#include "post_order.hpp"

#include <string>

namespace retail {
namespace {

kith_value negative(const kith::Cell& amount) {
  kith_value value = amount.raw();
  value.as.i = -value.as.i;  // an order's total is never below zero, so this can't overflow
  return value;
}

}  // namespace

void post_order(kith::ActionContext& action) {
  kith::Session& session = action.session();
  const kith::Cell day = action.arg("occurred_on");
  if (day.is_null())
    throw kith::Error(KITH_INVALID,
                      "the order has no day to count on: is the setting retail.day_zone a time zone, such as "
                      "\"Asia/Shanghai\"?");
  auto orders = session.get(action.record(), {"customer", "kind", "category", "total"});
  const auto order = orders.next();
  if (!order) throw kith::Error(KITH_NOT_FOUND, "the order is no longer there");
  const bool is_return = (*order)["kind"].text() == "return";
  const std::string source = action.record().text();
  const kith::Cell total = (*order)["total"];
  try {
    session.create("insight.value_entry", {{"customer", (*order)["customer"].raw()},
                                           {"occurred_on", day.date()},
                                           {"kind", is_return ? "return" : "revenue"},
                                           {"category", (*order)["category"].raw()},
                                           {"units", 1},
                                           {"net", is_return ? negative(total) : total.raw()},
                                           {"source", source}});
  } catch (const kith::Error& refused) {
    // One entry for an order: somebody has posted this one before.
    if (refused.code() != KITH_CONFLICT) throw;
  }
}

}  // namespace retail
