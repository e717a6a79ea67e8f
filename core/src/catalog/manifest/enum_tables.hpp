// The keys of an enum's values: where a field declares them, and where another bundle adds to them.
#pragma once
#include "catalog/manifest/tables.hpp"

namespace kith::internal::catalog {

inline constexpr Key kEnumValueKeys[] = {
    {"id", Shape::identifier, Presence::required},
    {"label", Shape::label},
};
inline constexpr Table kEnumValue{"enum_value", "an enum value", kEnumValueKeys};

inline constexpr Key kAddedValueKeys[] = {
    {"id", Shape::name, Presence::required},
    {"label", Shape::label},
    {"after", Shape::name},
    {"needs", Shape::needs},
};
inline constexpr Table kAddedValue{"added_value", "an added enum value", kAddedValueKeys};

inline constexpr Key kEnumAdditionKeys[] = {
    {"add", Shape::enum_values, Presence::required, &kAddedValue},
    {"needs", Shape::needs},
};
inline constexpr Table kEnumAddition{"enum_addition", "an addition to an enum", kEnumAdditionKeys};

}  // namespace kith::internal::catalog
