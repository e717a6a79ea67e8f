// customer.email and customer.phone, and the primary contact points that they stand for: two views of one fact, kept
// equal inside each transaction.
#pragma once
#include "facts/save/pipeline.hpp"

namespace kith::internal::facts {

/// A contact point's value takes its form from its kind.
void normalise_contact_point(Pipeline& pipeline, const catalog::RecordType& type, Draft& draft, Problems& problems);
/// After a write of a customer or a contact point: brings the other side in line. `before` null: the record was
/// created. Writes that follow are written with `pipeline.following` set, so that they have no followers.
void follow_contact_points(Pipeline& pipeline, const Touched& touched, const store::Row* before);

}  // namespace kith::internal::facts
