#include <kith/plugin.hpp>

#include "rfm_job.hpp"

KITH_PLUGIN(insight) {
  plugin.job("rfm", [](kith::JobContext& job) { insight::run_rfm(job); });
}
