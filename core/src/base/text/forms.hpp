// The forms in which texts are stored, and how what is asked for is brought to them: one form for one meaning.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kith::internal {

/// What the text of a stored field is. `none`: it is computed, and stays as it is.
/// `part`: a piece of a stored text, whose blanks count.
enum class TextForm : std::uint8_t { none, plain, part, email, phone, contact, time_zone, currency, country, language };

/// By the name that manifests give it; `plain` where there is none of that name. (`contact`, an e-mail address or a
/// number as its record's kind says, is the core's own and has no name.)
TextForm text_form_named(std::string_view name);
/// For people: "an e-mail address", ...
std::string_view text_form_expects(TextForm form);
/// Of a text that is trimmed and NFC; nullopt: it can't be one. `region` is that of national telephone numbers.
std::optional<std::string> normal_form(TextForm form, const std::string& text, std::string_view region);
/// What `text` would be stored as; where it can't be one of that form, only trimmed and NFC, so that it is found
/// nowhere.
std::string as_stored(TextForm form, std::string_view text, std::string_view region);

/// Told apart not by its letters but by email_key().
constexpr bool has_key(TextForm form) { return form == TextForm::email || form == TextForm::contact; }

}  // namespace kith::internal
