// A guard's verdict with the values that it saw: what denies a transition, and what its history row keeps.
#pragma once
#include <string>
#include <vector>

#include "access/unit.hpp"

namespace kith::internal::facts {

struct Verdict {
  bool allowed = false;
  bool unknown = false;
  std::string seen_json;           ///< {"credit_limit": "100.00", ...}
  std::vector<std::string> empty;  ///< names that are empty, when the verdict is unknown
  std::vector<std::string> seen;   ///< "credit_limit = 100.00", personal data not shown
};
/// `program` may be null: allowed. `old`: the record before the transaction, for changed() and old.
Verdict judge(access::Unit& unit, const expr::Program* program, expr::RecordView& view, expr::RecordView* old);

}  // namespace kith::internal::facts
