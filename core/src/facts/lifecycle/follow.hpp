// A record brought into the state that another system says, along the transitions that there are, or by force.
#pragma once
#include <string>
#include <string_view>

#include "facts/save/pipeline.hpp"

namespace kith::internal::facts {

/// Does nothing and returns false where the record stands in the state already.
bool follow(Pipeline& pipeline, const catalog::RecordType& type, const RecordId& id, std::string_view lifecycle,
            const StateSaid& said);

}  // namespace kith::internal::facts
