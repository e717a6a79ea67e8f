// customer.email and customer.phone, and the primary contact points that they stand for: two views of one fact, kept
// equal inside each transaction.
#pragma once
#include <memory>

#include "facts/save/pipeline.hpp"

namespace kith::internal::facts {

/// Follows writes of customers and contact points: brings the other side in line, and a contact point's value to the
/// form of its kind.
std::unique_ptr<Follower> contact_points_follower(Pipeline& pipeline);

}  // namespace kith::internal::facts
