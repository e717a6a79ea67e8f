// The job insight.rfm: from the value ledger to the published bounds of the recency, frequency and monetary scores.
#pragma once
#include <kith/plugin.hpp>

namespace insight {

/// Argument as_of (date, default: today in UTC). Publishes the parameter set insight.rfm, or throws and publishes
/// nothing.
void run_rfm(kith::JobContext& job);

}  // namespace insight
