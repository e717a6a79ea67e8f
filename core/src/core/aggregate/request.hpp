// Groups and figures as a document says them.
#pragma once
#include <boost/json/fwd.hpp>

#include "access/aggregate/aggregation.hpp"

namespace kith::internal {

/// Reads "by", "figures" and "having" (README.md, the verb `aggregate`). Throws usage for what they can't be.
void read_groups(const boost::json::object& document, access::AggregationRequest& request);

}  // namespace kith::internal
