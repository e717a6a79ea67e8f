// Cells of exported CSV: a text that a spreadsheet would take for a formula has an apostrophe before it. One that
// begins with apostrophes and such a letter has one more, so that taking one away always gives the text back.
#pragma once
#include <string_view>

namespace kith::internal::facts {

/// Apostrophes and then one of = + - @ TAB CR.
bool is_guarded(std::string_view cell);
/// The text that was exported as `cell`.
std::string_view without_guard(std::string_view cell);
/// "customer/0190a5b2-...": what stands in the column `id` of an export of kith's own, and hardly in any other file.
bool is_exported_id(std::string_view cell);

}  // namespace kith::internal::facts
