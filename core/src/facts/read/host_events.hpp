// The log as hosts see it: each event with its name and its payload as JSON. Made from the change when it is asked for;
// what is stored is typed (store/rows/change.hpp).
#pragma once
#include <cstdint>
#include <vector>

#include "access/unit.hpp"

namespace kith::internal::facts {

/// Events of this tenant behind a position, in their order, at most `limit`.
std::vector<store::Event> host_events(access::Unit& unit, std::int64_t after, std::int64_t limit);
/// One of them: "changed" has {"member": [old, new], ...}, "transition" {"event","from","to"}, "related" the edge.
store::Event host_event(const catalog::Catalog& catalog, const store::Happening& happening);

}  // namespace kith::internal::facts
