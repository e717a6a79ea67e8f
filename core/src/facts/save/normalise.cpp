#include "facts/save/normalise.hpp"

#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "base/value/money.hpp"
#include "facts/read/shown.hpp"

namespace kith::internal::facts {

namespace {

std::string upper_ascii(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

bool all_letters(std::string_view text) {
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) return false;
  }
  return !text.empty();
}

std::optional<std::string> as_time_zone(const catalog::Catalog&, const std::string& text) {
  return is_time_zone(text) ? std::optional(text) : std::nullopt;
}
std::optional<std::string> as_email(const catalog::Catalog&, const std::string& text) { return normalise_email(text); }
std::optional<std::string> as_phone(const catalog::Catalog& catalog, const std::string& text) {
  return normalise_phone(text, catalog.phone_region);
}
std::optional<std::string> as_currency(const catalog::Catalog&, const std::string& text) {
  const std::string code = upper_ascii(text);
  return currency_of(code) ? std::optional(code) : std::nullopt;
}
std::optional<std::string> as_country(const catalog::Catalog&, const std::string& text) {
  if (text.size() != 2 || !all_letters(text)) return std::nullopt;
  return upper_ascii(text);
}

/// BCP 47 as far as a record needs it: language of two or three letters, further subtags of letters and digits.
std::optional<std::string> as_language(const catalog::Catalog&, const std::string& text) {
  const std::vector<std::string> parts = split(text, '-');
  if (parts.front().size() < 2 || parts.front().size() > 3 || !all_letters(parts.front())) return std::nullopt;
  std::string tag = lower_ascii(parts.front());
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].empty() || parts[i].size() > 8) return std::nullopt;
    for (const char c : parts[i]) {
      if (!((c >= '0' && c <= '9') || all_letters(std::string_view(&c, 1)))) return std::nullopt;
    }
    tag += '-';
    tag += parts[i].size() == 2 ? upper_ascii(parts[i]) : parts[i];
  }
  return tag;
}

struct Format {
  std::string_view name;
  std::string_view expected;
  std::optional<std::string> (*normal_form)(const catalog::Catalog&, const std::string&);
};
constexpr Format kFormats[] = {
    {"email", "an e-mail address", as_email},
    {"phone", "a telephone number, with + and the country unless it is a national one", as_phone},
    {"time_zone", "a time zone such as Asia/Shanghai", as_time_zone},
    {"currency", "an ISO 4217 currency such as EUR", as_currency},
    {"country", "an ISO 3166-1 country of two letters such as CN", as_country},
    {"language", "a language tag such as zh or en-GB", as_language},
};

}  // namespace

Value normalise_as(const catalog::Catalog& catalog, const catalog::Member& member, std::string_view format,
                   Value value) {
  if (value.kind != Kind::text) return value;
  std::string text = to_nfc(trim(value.s));
  if (text.empty()) return Value::null();
  for (const Format& known : kFormats) {
    if (known.name != format) continue;
    auto normal = known.normal_form(catalog, text);
    if (!normal) {
      Problem problem =
          member_problem(ProblemNumber::value_invalid, member, member.name + " is not " + std::string(known.expected));
      problem.expected = std::string(known.expected);
      problem.found = shown(member, value);
      if (format == "phone" && catalog.phone_region.empty()) {
        problem.fix = "write it as +<country><number>, or set locale.phone_region in kith.json";
      }
      throw Error(std::move(problem));
    }
    text = std::move(*normal);
  }
  return Value::text(std::move(text));
}

Value normalise(const catalog::Catalog& catalog, const catalog::Member& member, Value value) {
  return normalise_as(catalog, member, member.format, std::move(value));
}

}  // namespace kith::internal::facts
