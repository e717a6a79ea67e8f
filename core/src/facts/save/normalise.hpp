// One form for one meaning: trimmed NFC text (in lists too), lower-cased domains, E.164 numbers, null for nothing.
#pragma once
#include "catalog/model/model.hpp"

namespace kith::internal::facts {

/// `value` is of the member's type already. Throws value_invalid where the member's format can't be met.
Value normalise(const catalog::Catalog& catalog, const catalog::Member& member, Value value);
/// The same for a text whose format is decided elsewhere than by its member (a contact point's value by its kind).
Value normalise_as(const catalog::Catalog& catalog, const catalog::Member& member, std::string_view format,
                   Value value);

}  // namespace kith::internal::facts
