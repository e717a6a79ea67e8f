// Whether the manifests are of a size that is read at all: a mistake in a generator must not keep a program busy for
// hours.
#include <boost/json.hpp>

#include "base/problem/limits.hpp"
#include "catalog/builder/sections.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;
namespace {

void check_lists(Builder& builder, const Source& source, const json::value& value, const std::string& pointer) {
  if (value.is_array()) {
    const std::size_t size = value.get_array().size();
    if (size > most_of(Limit::section)) {
      Problem problem = limit_problem(Limit::section, grouped_digits(size) + " items", " " + quoted(pointer));
      problem.where = source.place(pointer);
      builder.problems.add(std::move(problem));
      return;
    }
    std::size_t index = 0;
    for (const json::value& element : value.get_array())
      if (element.is_structured()) check_lists(builder, source, element, pointer_join(pointer, index++));
  }
  if (!value.is_object()) return;
  for (const auto& [key, inner] : value.get_object())
    if (inner.is_structured()) check_lists(builder, source, inner, pointer_join(pointer, key));
}

std::size_t size_of(const json::object& object, std::string_view key) {
  const json::value* list = object.if_contains({key.data(), key.size()});
  return list && list->is_array() ? list->get_array().size() : 0;
}

/// The items of a section that is sorted by record type.
std::size_t size_by_type(const json::object& root, std::string_view section) {
  const json::value* lists = root.if_contains({section.data(), section.size()});
  std::size_t total = 0;
  if (lists && lists->is_object())
    for (const auto& [type, list] : lists->get_object()) total += list.is_array() ? list.get_array().size() : 0;
  return total;
}

struct Totals {
  std::size_t types = 0, members = 0, derivations = 0;
};

void add(Totals& totals, const json::object& root) {
  totals.types += size_of(root, "record_types");
  if (const json::value* types = root.if_contains("record_types"); types && types->is_array())
    for (const json::value& type : types->get_array())
      if (type.is_object()) totals.members += size_of(type.get_object(), "fields");
  totals.members += size_by_type(root, "fields");
  totals.derivations += size_by_type(root, "formulas") + size_by_type(root, "rollups") + size_of(root, "segments") +
                        size_of(root, "scores");
}

}  // namespace

void check_sizes(Builder& builder) {
  Totals totals;
  for (const Source& source : builder.sources) {
    check_lists(builder, source, source.document->root(), "");
    if (source.document->root().is_object()) add(totals, source.document->root().get_object());
  }
  // A list that is too long says where it stands, and is told before the sums that it makes.
  for (const Problem& problem : builder.problems.list())
    if (problem.number == ProblemNumber::too_large) throw Error(problem);
  totals.members += totals.derivations;
  const auto check = [&](Limit limit, std::size_t found) {
    if (found > most_of(limit))
      throw Error(limit_problem(limit, grouped_digits(found) + " " + std::string(facts_of(limit).unit)));
  };
  check(Limit::record_types, totals.types);
  check(Limit::members, totals.members);
  check(Limit::derivations, totals.derivations);
}

}  // namespace kith::internal::catalog
