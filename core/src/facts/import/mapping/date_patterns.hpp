// Whether date patterns of a mapping mean what their writer thinks: told before a row is read.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace kith::internal::facts {

/// What is wrong with a pattern of parse_pattern(); "" = nothing. `fix`: it in our letters, where it is one of another
/// tool's (DD/MM/YYYY, %d.%m.%Y, yyyy-MM-dd'T'HH:mm).
std::string pattern_mistake(std::string_view pattern, std::string& fix);
/// A text that both patterns read, each as another date, as "05/06/2023"; "" = there is none.
std::string read_differently(std::string_view one, std::string_view other);

}  // namespace kith::internal::facts
