// What the normal form of a telephone number needs to know about regions: codes, prefixes, lengths.
#pragma once
#include <cstddef>
#include <string_view>

namespace kith::internal {

/// How a number is dialled inside of a region. Lengths count the digits of the national number, without the prefix.
struct PhoneRegion {
  std::string_view region;         ///< ISO 3166-1 alpha-2
  std::string_view code;           ///< calling code (ITU-T E.164)
  std::string_view trunk;          ///< dialled before a national number; "" = none
  std::string_view international;  ///< dialled before a calling code
  std::size_t least, most;         ///< digits of the national number
  bool trunk_needed;               ///< lengths vary so much that without the prefix a number may be a local one
};

/// nullptr: no rules for this region. Upper case.
const PhoneRegion* phone_region(std::string_view region);
/// Rules for numbers that begin with a calling code; several regions share one (1, 7): any of them. nullptr: none.
const PhoneRegion* phone_region_of_code(std::string_view code);
/// The calling code that `digits` begin with, "" when none is assigned. No code begins with another.
std::string_view calling_code_of(std::string_view digits);

}  // namespace kith::internal
