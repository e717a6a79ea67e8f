#include "facts/save/normalise.hpp"

#include <boost/json.hpp>

#include "base/text/text.hpp"
#include "facts/read/shown.hpp"

namespace kith::internal::facts {

namespace {

/// The texts of a list have one form each, as a text by itself has.
Value normalise_list(const catalog::Member& member, Value value) {
  if (member.type.element != Kind::text || member.type.values != nullptr) return value;
  boost::json::value list = boost::json::parse(value.s);
  for (boost::json::value& element : list.as_array()) {
    if (element.is_string()) element = to_nfc(trim(std::string_view(element.get_string())));
  }
  return Value::json(boost::json::serialize(list));
}

}  // namespace

Value normalise_as(const catalog::Catalog& catalog, const catalog::Member& member, std::string_view format,
                   Value value) {
  if (value.kind == Kind::json) return normalise_list(member, std::move(value));
  if (value.kind != Kind::text) return value;
  std::string text = to_nfc(trim(value.s));
  if (text.empty()) return Value::null();
  const TextForm form = text_form_named(format);
  auto normal = normal_form(form, text, catalog.phone_region);
  if (normal) return Value::text(std::move(*normal));
  const std::string expected(text_form_expects(form));
  Problem problem = member_problem(ProblemNumber::value_invalid, member, member.name + " is not " + expected);
  problem.expected = expected;
  problem.found = shown(member, value);
  if (form == TextForm::phone && catalog.phone_region.empty()) {
    problem.fix = "write it as +<country><number>, or set locale.phone_region in kith.json";
  }
  throw Error(std::move(problem));
}

Value normalise(const catalog::Catalog& catalog, const catalog::Member& member, Value value) {
  return normalise_as(catalog, member, member.format, std::move(value));
}

}  // namespace kith::internal::facts
