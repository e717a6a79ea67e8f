// Money: integer minor units with a currency (ISO 4217). No floating point on the way in or out.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/value/value.hpp"

namespace kith::internal {

/// nullopt: not an ISO 4217 code of the list in money.cpp.
std::optional<Currency> currency_of(std::string_view code);
/// "12.50", "-3", "1,234.50" is refused. Also "12.50 CNY" if the code is that of `currency`. nullopt: not exact at its
/// scale.
std::optional<std::int64_t> parse_minor(std::string_view text, const Currency& currency);
std::string format_minor(std::int64_t minor, const Currency& currency);  ///< "12.50"
double major_units(std::int64_t minor, const Currency& currency);        ///< correctly rounded
/// The minor units of a decimal literal; nullopt when not exact at the scale.
std::optional<std::int64_t> minor_from_decimal(std::string_view literal, const Currency& currency);

/// The minor units of a decimal, rounded once: half away from zero. nullopt: it is no decimal (is_decimal), or beyond
/// 64 bits.
std::optional<std::int64_t> rounded_minor(std::string_view decimal, const Currency& currency);
bool is_decimal(std::string_view text);  ///< "12.5", "-3", "+0.5", "1e3"; nothing around it

}  // namespace kith::internal
