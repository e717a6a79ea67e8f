#include <boost/json.hpp>

#include "catalog/builder/sections.hpp"
#include "catalog/manifest/shape.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;

namespace {

// Also by what sleeps: a role must not become a mistake because an optional plugin is absent.
bool runs_something(const Source& source, const std::string& role) {
  if (!source.document->root().is_object()) return false;
  for (const char* section : {"actions", "jobs"}) {
    const json::value* list = source.document->root().get_object().if_contains(section);
    if (!list || !list->is_array()) continue;
    for (const json::value& entry : list->get_array()) {
      const json::value* named = entry.is_object() ? entry.get_object().if_contains("runs_as") : nullptr;
      if (!named || !named->is_string()) continue;
      const std::string name(named->get_string().data(), named->get_string().size());
      if (name == role || source.qualified(name) == source.qualified(role) || name == source.qualified(role))
        return true;
    }
  }
  return false;
}

void check_runs_something(Builder& builder, const Item& item) {
  const std::string name = item.text("name");
  if (name.empty() || runs_something(*item.source, name)) return;
  Problem problem = unenforced_problem("the role " + quoted(item.source->qualified(name)), item.place());
  problem.expected = "only roles that an action or a job of this manifest names in \"runs_as\"";
  builder.problems.add(std::move(problem));
}

}  // namespace

void declare_roles(Builder& builder, const Source& source) {
  for (const Item& item : root_item(source).list("roles")) {
    RoleDeclaration role;
    role.name = source.qualified(item.text("name"));
    role.owner = source.id();
    role.label = item.label("label", item.text("name"));
    if (item.text("name").empty() || !builder.claim("role", role.name, role.owner, item.place())) continue;
    if (const auto grants = item.child("grants"))
      for (const auto& [type, operations] : *grants->object)
        if (operations.is_object())
          for (const auto& [operation, scope] : operations.get_object())
            if (scope.is_string())
              role.grants.push_back({std::string(type), std::string(operation),
                                     std::string(scope.get_string().data(), scope.get_string().size())});
    builder.catalog.roles.push_back(std::move(role));
  }
}

void resolve_roles(Builder& builder) {
  for (const Source& source : builder.sources)
    for (const Item& item : root_item(source).list("roles")) {
      if (const auto grants = item.child("grants"))
        for (const auto& [type, operations] : *grants->object) {
          const std::string name(type);
          const Place place = grants->key_place(name);
          const bool whole_bundle = name.ends_with(".*");
          const std::string bundle = whole_bundle ? name.substr(0, name.size() - 2) : std::string();
          if (!whole_bundle)
            builder.record_type(item, name, place);
          else if (!item.may_use(bundle))
            builder.report(
                ProblemNumber::unknown_reference,
                "a grant names the bundle " + quoted(bundle) + ", which " + source.id() + " does not require", place);
        }
      check_runs_something(builder, item);
    }
}

}  // namespace kith::internal::catalog
