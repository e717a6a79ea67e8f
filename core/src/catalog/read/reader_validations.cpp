#include "catalog/builder/compiling.hpp"
#include "catalog/builder/sections.hpp"

namespace kith::internal::catalog {

void declare_validations(Builder& builder, const Source& source) {
  for (const Item& item : root_item(source).list("validations")) {
    const std::int32_t type = builder.record_type(item, "on");
    if (type < 0 || item.text("id").empty()) continue;
    Validation validation;
    // The core's own are "kith.<id>", so that every validation has an owner in its id.
    validation.id = source.id() + "." + item.text("id");
    validation.owner = source.id();
    validation.record_type = type;
    validation.reject_on_unknown = item.text("on_unknown") == "reject";
    validation.text = item.label("text", item.text("id"));
    if (!builder.claim("validation", validation.id, validation.owner, item.place())) continue;
    builder.validations.push_back({static_cast<std::int32_t>(builder.catalog.validations.size()), item});
    builder.catalog.validations.push_back(std::move(validation));
  }
}

void resolve_validations(Builder& builder) {
  for (const Pending& pending : builder.validations) {
    Validation& validation = builder.catalog.validations[static_cast<std::size_t>(pending.number)];
    if (pending.item.has("field"))
      validation.field_member =
          builder.member(validation.record_type, pending.item.text("field"), pending.item.place("field"));
    validation.reject_when = compile_condition(
        builder,
        {pending.item, "reject_when", validation.record_type, "reject_when of the validation " + validation.id},
        judgement_rules());
  }
}

}  // namespace kith::internal::catalog
