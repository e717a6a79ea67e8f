#include <boost/json.hpp>

#include "catalog/builder/sections.hpp"
#include "catalog/manifest/literal.hpp"
#include "catalog/read/field_types.hpp"

namespace kith::internal::catalog {
namespace {

struct PiiName {
  std::string_view name;
  Pii pii;
};
constexpr PiiName kPiiNames[] = {{"none", Pii::none}, {"personal", Pii::personal}, {"sensitive", Pii::sensitive}};

void read_limits(Builder& builder, const Item& item, Member& member) {
  member.min = item.number("min");
  member.max = item.number("max");
  member.max_length = item.integer("max_length");
  member.pattern = item.text("pattern");
  member.format = item.text("format");
  if (member.min && member.max && *member.min > *member.max)
    builder.report(ProblemNumber::bad_value, "the least value of " + quoted(member.name) + " is above its greatest",
                   item.place("min"));
  if (member.max_length && *member.max_length < 1)
    builder.report(ProblemNumber::bad_value, "\"max_length\" of " + quoted(member.name) + " must be at least 1",
                   item.place("max_length"));
  if (member.pattern.empty()) return;
  std::string why;
  member.matcher = Matcher::make(member.pattern, why);
  if (!member.matcher)
    builder.report(ProblemNumber::bad_value, "\"pattern\" of " + quoted(member.name) + " can't be used: " + why,
                   item.place("pattern"), {}, "a regular expression of RE2 for the whole text");
}

// What is asked for is brought to the form of the field that it meets. A contact point's value is an address of the
// kind that stands beside it.
void read_form(const Builder& builder, std::int32_t type, Member& member) {
  const bool list = member.type.kind == Kind::json && member.type.element == Kind::text;
  if ((member.type.kind != Kind::text && !list) || member.type.values != nullptr) return;
  const bool contact =
      member.owner == kCoreBundle && member.name == "value" && builder.catalog.type(type).name == "contact_point";
  member.type.form = contact ? TextForm::contact : text_form_named(member.format);
}

void read_default(Builder& builder, const Item& item, Member& member) {
  const boost::json::value* literal = item.find("default");
  if (!literal) return;
  std::string expected;
  member.default_value = read_literal(*literal, member.type, expected);
  if (!member.default_value)
    builder.report(ProblemNumber::bad_value, "the default of " + quoted(member.name) + " does not fit its type",
                   item.place("default"), {}, expected);
}

void declare_field(Builder& builder, std::int32_t type, const Item& item) {
  const Source& source = *item.source;
  const std::string name = item.text("name");
  if (name.empty()) return;
  Member member;
  member.name = builder.member_name(source, type, name);
  member.owner = source.id();
  member.label = item.label("label", name);
  member.column = physical_name(member.name);
  member.place = item.place();
  auto declared = read_type(builder, item, "the field " + quoted(member.name));
  if (!declared) return;
  member.type = declared->type;
  member.values = std::move(declared->values);
  member.value_labels = std::move(declared->value_labels);
  member.required = item.flag("required");
  member.unique = item.flag("unique");
  member.index = item.flag("index");
  for (const PiiName& pii : kPiiNames)
    if (pii.name == item.text("pii")) member.pii = pii.pii;
  read_limits(builder, item, member);
  read_form(builder, type, member);
  read_default(builder, item, member);
  if (member.unique && member.type.kind == Kind::json)
    builder.report(ProblemNumber::not_allowed_here, "the field " + quoted(member.name) + " can't be unique",
                   item.place("unique"));
  const bool is_ref = member.type.kind == Kind::ref;
  const std::int32_t index = builder.add_member(type, std::move(member));
  if (index >= 0 && is_ref) builder.refs.push_back({type, index, item});
}

}  // namespace

void declare_own_fields(Builder& builder) {
  for (const Pending& pending : builder.types)
    for (const Item& item : pending.item.list("fields")) declare_field(builder, pending.number, item);
}

void declare_fields(Builder& builder, const Source& source) {
  for (const auto& [type_name, item] : items_by_type(source, "fields")) {
    const std::int32_t type = builder.record_type(item, type_name, item.place());
    if (type >= 0) declare_field(builder, type, item);
  }
}

void declare_child_sets(Builder& builder) {
  for (const Builder::PendingRef& ref : builder.refs) {
    const Item& item = ref.item;
    const bool any = item.text("to") == "any";
    const std::int32_t target = any ? -1 : builder.record_type(item, "to");
    const auto child = [&]() -> Member& {
      return builder.catalog.record_types[static_cast<std::size_t>(ref.record_type)]
          .members[static_cast<std::size_t>(ref.member)];
    };
    child().type.record_type = target;
    if (!item.has("inverse")) continue;
    if (any) {
      builder.report(ProblemNumber::not_allowed_here, "a ref to \"any\" has no inverse", item.key_place("inverse"),
                     "name a record type in \"to\", or leave \"inverse\" out");
      continue;
    }
    if (target < 0) continue;
    Member set;
    set.name = builder.member_name(*item.source, target, item.text("inverse"));
    set.owner = item.source->id();
    set.label = item.label("inverse_label", item.text("inverse"));
    set.role = Role::child_set;
    set.type = expr::Type::of(Kind::ref);
    set.type.record_type = ref.record_type;
    set.set_ref_member = ref.member;
    set.place = item.key_place("inverse");
    child().inverse = set.name;
    builder.add_member(target, std::move(set));
  }
}

}  // namespace kith::internal::catalog
