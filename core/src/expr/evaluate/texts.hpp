// Functions that make texts of texts. Places and lengths are in code points; the first place is 0. What would be larger
// than a stored value may be is unknown, so that no expression makes much out of little.
#pragma once
#include <cstdint>
#include <optional>

#include "base/value/value.hpp"

namespace kith::internal::expr {

Value upper_text(const Value& text);
Value lower_text(const Value& text);
/// Every place of `what`, from left to right, none of them twice; of '' there is none.
Value replace_text(const Value& text, const Value& what, const Value& by);
/// So much as there is: nothing stands behind the end. A place or length below zero is unknown.
Value substring(const Value& text, std::int64_t start, std::optional<std::int64_t> length);
/// The pieces between separators as a list, empty ones too: one more than there are separators.
Value split_text(const Value& text, const Value& separator);

}  // namespace kith::internal::expr
