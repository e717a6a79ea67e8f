// The parts of a transform that say how a file spells values: date patterns, numbers, words for true and false.
#pragma once
#include <boost/json/fwd.hpp>
#include <string>

#include "facts/import/mapping/mapping.hpp"

namespace kith::internal::facts {

/// Puts them into `source`, and what is wrong with them into `problems`. `member` may be null (a key).
void read_spellings(const JsonDocument& document, const boost::json::object& object, const std::string& pointer,
                    const catalog::Member* member, ValueSource& source, Problems& problems);

}  // namespace kith::internal::facts
