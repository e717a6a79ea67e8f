#include <algorithm>
#include <boost/json.hpp>

#include "catalog/builder/sections.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;

void declare_permissions(Builder& builder, const Source& source) {
  for (const Item& item : root_item(source).list("permissions")) {
    Permission permission{source.qualified(item.text("name")), source.id(), item.label("label", item.text("name"))};
    if (item.text("name").empty() || !builder.claim("permission", permission.name, permission.owner, item.place()))
      continue;
    builder.catalog.permissions.push_back(std::move(permission));
  }
}

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
      for (const std::string& written : item.texts("permissions")) {
        const std::string name = owner_part(written).empty() ? source.qualified(written) : written;
        std::vector<std::string> names;
        for (const Permission& permission : builder.catalog.permissions) names.push_back(permission.name);
        if (std::find(names.begin(), names.end(), name) == names.end())
          builder.report(ProblemNumber::unknown_reference, "there is no permission " + quoted(name),
                         item.place("permissions"), suggest(name, names));
        else
          for (RoleDeclaration& role : builder.catalog.roles)
            if (role.name == source.qualified(item.text("name"))) role.permissions.push_back(name);
      }
    }
}

}  // namespace kith::internal::catalog
