// Records named in text: "type/uuid", "uuid", "type/@source:key", "@source:key", or the target's key.
#pragma once
#include <optional>
#include <string_view>

#include "access/unit.hpp"

namespace kith::internal::facts {

/// The forms that need no look-up: "type/uuid", and "uuid" where the target type is fixed (-1 = any). nullopt: another
/// form.
std::optional<Value> ref_of_text(const catalog::Catalog& catalog, std::int32_t target, std::string_view text);
/// All forms. Throws reference_invalid naming the member and what was looked for.
Value resolve_ref(access::Unit& unit, const catalog::Member& member, std::string_view text);
/// Throws reference_invalid when the record that `ref` names is not there or not live.
void require_live(access::Unit& unit, const catalog::Member& member, const Value& ref);

}  // namespace kith::internal::facts
