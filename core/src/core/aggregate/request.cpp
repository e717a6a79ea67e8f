#include "core/aggregate/request.hpp"

#include <boost/json.hpp>

#include "base/problem/error.hpp"
#include "core/verbs.hpp"

namespace kith::internal {

namespace json = boost::json;

namespace {

constexpr std::string_view kByForms = R"("region", "placed_at:month" or {"member": "placed_at", "bucket": "month"})";
constexpr std::string_view kFigureForms = R"("count" or {"fn": "sum", "of": "total"})";

/// The items of a list argument; one item may stand by itself.
json::array items_of(const json::object& document, std::string_view name) {
  const json::value* found = document.if_contains(name);
  if (found == nullptr || found->is_null()) return {};
  if (found->is_array()) return found->get_array();
  return json::array{*found};
}

[[noreturn]] void wrong_item(const std::string& whose, std::string_view forms, const json::value& found) {
  Problem p;
  p.number = ProblemNumber::usage;
  p.message = whose + " is of the wrong kind";
  p.expected = forms;
  p.found = json::serialize(found);
  p.fix = "see the verb aggregate in core/src/core/README.md";
  throw Error(std::move(p));
}

std::string place_in(std::string_view list, std::size_t at) {
  return std::string(list) + "[" + std::to_string(at) + "]";
}

/// "placed_at:month" as well as "region": no member's name holds a colon.
access::GroupBy group_of_text(const json::string& text) {
  access::GroupBy by;
  const std::size_t colon = text.find(':');
  by.member = text.subview(0, colon);
  if (colon != json::string::npos) by.bucket = text.subview(colon + 1);
  return by;
}

access::GroupBy group_of(const json::value& item, const std::string& whose) {
  if (item.is_string()) return group_of_text(item.get_string());
  const json::object* object = item.if_object();
  if (object == nullptr || !object->contains("member")) wrong_item(whose, kByForms, item);
  require_known_keys(whose, *object, "member bucket unnest fill name");
  access::GroupBy by;
  by.member = text_argument(*object, "member");
  by.bucket = text_argument(*object, "bucket", "");
  by.unnest = bool_argument(*object, "unnest", false);
  by.fill = bool_argument(*object, "fill", false);
  by.name = text_argument(*object, "name", "");
  return by;
}

access::FigureRequest figure_of(const json::value& item, const std::string& whose) {
  access::FigureRequest figure;
  if (item.is_string()) {
    figure.fn = item.get_string();
    return figure;
  }
  const json::object* object = item.if_object();
  if (object == nullptr || !object->contains("fn")) wrong_item(whose, kFigureForms, item);
  require_known_keys(whose, *object, "name fn of where");
  figure.name = text_argument(*object, "name", "");
  figure.fn = text_argument(*object, "fn");
  figure.of = text_argument(*object, "of", "");
  figure.where = text_argument(*object, "where", "");
  return figure;
}

}  // namespace

void read_groups(const json::object& document, access::AggregationRequest& request) {
  for (const json::value& item : items_of(document, "by"))
    request.by.push_back(group_of(item, place_in("by", request.by.size())));
  for (const json::value& item : items_of(document, "figures"))
    request.figures.push_back(figure_of(item, place_in("figures", request.figures.size())));
  request.having = text_argument(document, "having", "");
}

}  // namespace kith::internal
