#include "core/due_purge.hpp"

#include "core/work.hpp"
#include "store/rows/purge.hpp"

namespace kith::internal {
void purge_old(Core& core, const Core::Tenant& tenant, const std::function<bool()>& go_on) {
  const std::string actor = "system:kith";
  const store::History& history = core.config().history;
  {
    Reading reading(core, tenant, actor);
    if (!store::Purge(reading.unit().records, history, reading.unit().now).wanted()) return;
  }
  for (std::int64_t rows = 1; rows > 0 && go_on();) {
    Writing work(core, tenant, actor);
    rows = store::Purge(work.unit().records, history, work.unit().now).step();
    work.commit_without_facts();
  }
}

}  // namespace kith::internal
