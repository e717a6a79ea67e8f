// What entering a state raises in other lifecycles of the same record, in the same write.
#pragma once
#include <string>
#include <vector>

#include "facts/save/pipeline.hpp"

namespace kith::internal::facts {

struct Raised {
  const catalog::Lifecycle* lifecycle;
  std::string from, to, by, guard_json;
};

/// Puts into `row` what follows from entering `state`, also at one remove. A state is never lowered, and one that is
/// not in its lifecycle's order stays. What the raised states demand and is not so goes to `problems`.
std::vector<Raised> raise(Pipeline& pipeline, const catalog::RecordType& type, const RecordId& id,
                          const catalog::Lifecycle& lifecycle, const std::string& state, const store::Row* old,
                          Draft& draft, Problems& problems);
/// History rows and states of the change, once the row is written.
void note_raised(Pipeline& pipeline, Touched& touched, const std::vector<Raised>& raised);

}  // namespace kith::internal::facts
