// Due work that takes away what is older than "history" in kith.json says.
#pragma once
#include <functional>

#include "core/core.hpp"

namespace kith::internal {

/// In small transactions, as long as `go_on` says so. Opens none when there is nothing old enough.
void purge_old(Core& core, const Core::Tenant& tenant, const std::function<bool()>& go_on);

}  // namespace kith::internal
