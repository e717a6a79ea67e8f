// What is measured on a base, and what it cost there.
#pragma once
#include <string>
#include <vector>

#include "base.hpp"

namespace kith::bench {

struct Figure {
  std::string what;
  std::string cost;  ///< of the product, with the ratio where there is a hand-written side
};
/// The same figures in the same order on every base.
std::vector<Figure> measure(Base& base);

}  // namespace kith::bench
