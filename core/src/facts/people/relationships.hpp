// Typed, directed, dated edges between records.
#pragma once
#include <string_view>
#include <vector>

#include "facts/save/pipeline.hpp"

namespace kith::internal::facts {

/// One edge to be, as the caller says it: the name may be the inverse, then the ends are turned.
struct EdgeWish {
  const catalog::RecordType* from_type;
  RecordId from;
  std::string_view relationship;
  const catalog::RecordType* to_type;
  RecordId to;
};

/// The same edge with the same attributes is there already: nothing happens. With other attributes: the present edge
/// ends on the day on which the new one begins, so that history keeps both.
void relate(Pipeline& pipeline, EdgeWish wish, const std::vector<Input>& inputs);
void unrelate(Pipeline& pipeline, EdgeWish wish);
/// A record that is removed has no edges that go on.
void end_relationships(Pipeline& pipeline, std::int32_t record_type, const RecordId& id);

}  // namespace kith::internal::facts
