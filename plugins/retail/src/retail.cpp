#include <kith/plugin.hpp>

#include "post_order.hpp"

KITH_PLUGIN(retail) {
  plugin.action("post_order", [](kith::ActionContext& action) { retail::post_order(action); });
}
