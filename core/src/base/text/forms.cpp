#include "base/text/forms.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "base/value/money.hpp"

namespace kith::internal {
namespace {

using Normal = std::optional<std::string>;

std::string upper_ascii(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

bool all_letters(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

Normal as_email(const std::string& text, std::string_view) { return normalise_email(text); }
Normal as_phone(const std::string& text, std::string_view region) { return normalise_phone(text, region); }
Normal as_time_zone(const std::string& text, std::string_view) { return is_time_zone(text) ? Normal(text) : Normal(); }

Normal as_currency(const std::string& text, std::string_view) {
  const std::string code = upper_ascii(text);
  return currency_of(code) ? Normal(code) : Normal();
}

Normal as_country(const std::string& text, std::string_view) {
  if (text.size() != 2 || !all_letters(text)) return std::nullopt;
  return upper_ascii(text);
}

/// As RFC 5646, 2.1.1, writes a subtag behind the language: regions in capitals, scripts with one, and all that stands
/// behind a subtag of one character ("en-x-old") in small letters.
std::string cased_subtag(const std::string& subtag, bool behind_singleton) {
  if (behind_singleton || !all_letters(subtag)) return lower_ascii(subtag);
  if (subtag.size() == 2) return upper_ascii(subtag);
  if (subtag.size() == 4) return upper_ascii(subtag.substr(0, 1)) + lower_ascii(subtag.substr(1));
  return lower_ascii(subtag);
}

/// BCP 47 as far as a record needs it: language of two or three letters, further subtags of letters and digits.
Normal as_language(const std::string& text, std::string_view) {
  const std::vector<std::string> parts = split(text, '-');
  if (parts.front().size() < 2 || parts.front().size() > 3 || !all_letters(parts.front())) return std::nullopt;
  std::string tag = lower_ascii(parts.front());
  bool behind_singleton = false;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].empty() || parts[i].size() > 8) return std::nullopt;
    for (const char c : parts[i]) {
      if (!((c >= '0' && c <= '9') || all_letters(std::string_view(&c, 1)))) return std::nullopt;
    }
    tag += '-' + cased_subtag(parts[i], behind_singleton);
    behind_singleton = behind_singleton || parts[i].size() == 1;
  }
  return tag;
}

/// An address of either kind; what is neither (a name in a chat) stays as it is.
Normal as_contact(const std::string& text, std::string_view region) {
  if (auto email = normalise_email(text)) return email;
  if (auto phone = normalise_phone(text, region)) return phone;
  return text;
}

struct FormEntry {
  TextForm form;
  std::string_view name, expected;
  Normal (*normal)(const std::string&, std::string_view region);
};
constexpr std::array<FormEntry, 7> kForms = {{
    {TextForm::email, "email", "an e-mail address", as_email},
    {TextForm::phone, "phone", "a telephone number, with + and the country unless it is a national one", as_phone},
    {TextForm::contact, "", "an e-mail address or telephone number", as_contact},
    {TextForm::time_zone, "time_zone", "a time zone such as Asia/Shanghai", as_time_zone},
    {TextForm::currency, "currency", "an ISO 4217 currency such as EUR", as_currency},
    {TextForm::country, "country", "an ISO 3166-1 country of two letters such as CN", as_country},
    {TextForm::language, "language", "a language tag such as zh or en-GB", as_language},
}};

const FormEntry* entry_of(TextForm form) {
  const auto* found =
      std::find_if(kForms.begin(), kForms.end(), [&](const FormEntry& entry) { return entry.form == form; });
  return found == kForms.end() ? nullptr : found;
}

}  // namespace

TextForm text_form_named(std::string_view name) {
  const auto* found = std::find_if(kForms.begin(), kForms.end(),
                                   [&](const FormEntry& entry) { return !name.empty() && entry.name == name; });
  return found == kForms.end() ? TextForm::plain : found->form;
}

std::string_view text_form_expects(TextForm form) {
  const FormEntry* entry = entry_of(form);
  return entry == nullptr ? "a text" : entry->expected;
}

std::optional<std::string> normal_form(TextForm form, const std::string& text, std::string_view region) {
  const FormEntry* entry = entry_of(form);
  return entry == nullptr ? Normal(text) : entry->normal(text, region);
}

std::string as_stored(TextForm form, std::string_view text, std::string_view region) {
  if (form == TextForm::none) return std::string{text};
  if (form == TextForm::part) return to_nfc(text);
  std::string plain = to_nfc(trim(text));
  auto normal = normal_form(form, plain, region);
  return normal ? std::move(*normal) : plain;
}

}  // namespace kith::internal
