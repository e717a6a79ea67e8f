// What people are asked to consent to.
#include "catalog/builder/sections.hpp"

namespace kith::internal::catalog {

void declare_purposes(Builder& builder, const Source& source) {
  for (const Item& item : root_item(source).list("purposes")) {
    Purpose purpose;
    purpose.name = source.qualified(item.text("id"));
    purpose.owner = source.id();
    purpose.label = item.label("label", item.text("id"));
    purpose.text = item.label("text");
    purpose.version = item.text("version");
    if (item.text("id").empty() || !builder.claim("purpose", purpose.name, purpose.owner, item.place())) continue;
    builder.catalog.purposes.push_back(std::move(purpose));
  }
}

}  // namespace kith::internal::catalog
