// Questions at random about the orders of a shop, each with what the plain program needs to answer it.
#pragma once
#include "aggregates/shop.hpp"

namespace kith_test::aggregates {

class Questions {
 public:
  explicit Questions(Shop& shop) : shop_(&shop) {}
  Asked next();

 private:
  By any_by();
  Figure any_figure();
  std::pair<std::string, Holds> any_filter();

  Shop* shop_;
};

}  // namespace kith_test::aggregates
