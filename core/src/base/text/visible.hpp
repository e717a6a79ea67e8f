// Texts of others on their way to a terminal, a log or a message: nothing in them may move a cursor, begin a line or
// turn what follows around.
#pragma once
#include <string>
#include <string_view>

namespace kith::internal {

/// Control characters (C0, DEL, C1), line separators, marks of direction (Unicode UAX 9) and bytes that are no UTF-8 as
/// escapes: \n, \t, \u001b, \xff. Everything else as it is.
std::string visible(std::string_view text);
/// The same, each as one sign of one column, so that what stands below it stays below it. Tabs stay.
std::string visible_in_place(std::string_view text);

}  // namespace kith::internal
