#include "catalog/read/assignments.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "catalog/builder/compiling.hpp"
#include "catalog/manifest/literal.hpp"
#include "catalog/manifest/shape.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;
namespace {

std::string text_of(const json::value& value) { return {value.get_string().data(), value.get_string().size()}; }

bool is_label(const json::value& value) {
  if (!value.is_object() || value.get_object().empty()) return false;
  return std::all_of(value.get_object().begin(), value.get_object().end(),
                     [](const auto& entry) { return is_language_tag(entry.key()) && entry.value().is_string(); });
}

std::optional<expr::Template> compile_template(Builder& builder, const TemplateSpot& spot, const std::string& source,
                                               const std::string& pointer) {
  expr::Scope scope;
  scope.names = &builder.catalog.names();
  scope.record_type = spot.record_type;
  scope.rules = judgement_rules();
  scope.wanted = spot.wanted;
  std::vector<expr::Diagnostic> diagnostics;
  expr::Template compiled = expr::Template::compile(source, scope, diagnostics);
  report_diagnostics(builder, spot.item, pointer, source, spot.what, diagnostics);
  if (!diagnostics.empty()) return std::nullopt;
  for (const expr::ProgramPtr& program : compiled.programs())
    check_owners(builder, *program, spot.item, spot.item.source->place(pointer), spot.what);
  const bool wants_text = !spot.wanted || (spot.wanted->kind == Kind::text && !spot.wanted->values);
  if (!compiled.is_single() && !wants_text) {
    builder.report(ProblemNumber::type_mismatch,
                   spot.what + " is a text, but " + expr::type_name(*spot.wanted) + " is wanted",
                   spot.item.source->place(pointer), "write exactly one {{expression}}, with nothing around it");
    return std::nullopt;
  }
  return compiled;
}

// A ref written as text is the target's key; with a target of any type it is "type/key".
std::optional<Value> read_ref_text(Builder& builder, const TemplateSpot& spot, const std::string& text) {
  const Place place = spot.item.source->place(spot.pointer);
  const auto refuse = [&](std::string message, std::string fix) -> std::optional<Value> {
    builder.report(ProblemNumber::bad_value, std::move(message), place, std::move(fix));
    return std::nullopt;
  };
  std::int32_t target = spot.wanted->record_type;
  if (target < 0) {
    const std::size_t slash = text.find('/');
    if (slash == std::string::npos)
      return refuse(spot.what + " may be any record, so its type must be named",
                    "write \"type/key\", such as \"team/" + text + "\"");
    target = builder.record_type(spot.item, text.substr(0, slash), place);
    if (target < 0) return std::nullopt;
  }
  const RecordType& type = builder.catalog.type(target);
  if (type.key_member < 0)
    return refuse(type.name + " has no key, so " + spot.what + " can't name one of its records",
                  "write an expression: \"{{...}}\"");
  return Value::text(text);
}

// A value that a bundle has added is gone with it, so it is named only where that bundle is required.
void check_value_owner(Builder& builder, const TemplateSpot& spot, const json::value& value) {
  if (value.is_array())
    for (const json::value& element : value.get_array()) check_value_owner(builder, spot, element);
  if (!value.is_string()) return;
  const std::string id = text_of(value);
  const std::string owner(owner_part(id));
  if (!owner.empty() && !spot.item.may_use(owner))
    builder.report(
        ProblemNumber::unknown_reference,
        spot.what + " is " + quoted(id) + ", but " + spot.item.source->id() + " does not require " + quoted(owner),
        spot.item.source->place(spot.pointer), "add " + quoted(owner) + " to \"requires\": {\"plugins\": ...}");
}

std::optional<Value> read_plain(Builder& builder, const TemplateSpot& spot, const json::value& value) {
  const bool is_ref = spot.wanted && spot.wanted->kind == Kind::ref;
  if (is_ref && value.is_string()) return read_ref_text(builder, spot, text_of(value));
  expr::Type type = spot.wanted.value_or(expr::Type{});
  if (!spot.wanted) {
    using expr::Type;
    type = value.is_bool()     ? Type::of(Kind::boolean)
           : value.is_int64()  ? Type::of(Kind::integer)
           : value.is_number() ? Type::of(Kind::real)
           : value.is_string() ? Type::of(Kind::text)
                               : Type::of(Kind::json);
  }
  std::string expected;
  auto literal = read_literal(value, type, expected);
  if (!literal)
    builder.report(ProblemNumber::bad_value, spot.what + " does not fit", spot.item.source->place(spot.pointer), {},
                   expected);
  else if (type.values)
    check_value_owner(builder, spot, value);
  return literal;
}

template <class Visit>
void for_each_entry(const FieldsSpot& spot, Visit visit) {
  const json::value* object = spot.item.find(spot.key);
  if (!object || !object->is_object()) return;
  for (const auto& [name, value] : object->get_object())
    visit(std::string(name), value, pointer_join(spot.item.at(spot.key), name));
}

bool is_settable(Builder& builder, const FieldsSpot& spot, const Member& member, const Place& place) {
  if (member.role == Role::field) return true;
  const RecordType& type = builder.catalog.type(spot.target);
  const bool state = std::any_of(type.lifecycles.begin(), type.lifecycles.end(), [&](std::int32_t number) {
    const std::int32_t state_member = builder.catalog.lifecycles[static_cast<std::size_t>(number)].state_member;
    return &type.members[static_cast<std::size_t>(state_member)] == &member;
  });
  builder.report(ProblemNumber::not_allowed_here, quoted(member.name) + " on " + type.name + " can't be set", place,
                 state                          ? "use a \"transition\""
                 : member.role == Role::derived ? "it is computed"
                                                : "it is kept by the engine");
  return false;
}

}  // namespace

std::optional<Assignment> read_assignment(Builder& builder, const TemplateSpot& spot, const json::value& value,
                                          std::string name) {
  Assignment assignment;
  assignment.name = std::move(name);
  const bool is_template = value.is_string() && text_of(value).find("{{") != std::string::npos;
  const bool wants_json = spot.wanted && spot.wanted->kind == Kind::json;
  if (is_template) {
    auto compiled = compile_template(builder, spot, text_of(value), spot.pointer);
    if (!compiled) return std::nullopt;
    assignment.templates.emplace("", std::move(*compiled));
  } else if (is_label(value) && !wants_json) {
    for (const auto& [language, text] : value.get_object()) {
      auto compiled = compile_template(builder, spot, text_of(text), pointer_join(spot.pointer, language));
      if (!compiled) return std::nullopt;
      assignment.templates.emplace(std::string(language), std::move(*compiled));
    }
    if (!value.get_object().contains("en"))
      builder.report(ProblemNumber::label_missing, spot.what + " has no \"en\"", spot.item.source->place(spot.pointer),
                     "add \"en\": \"...\"");
  } else {
    assignment.literal = read_plain(builder, spot, value);
    if (!assignment.literal) return std::nullopt;
  }
  return assignment;
}

std::vector<Assignment> read_field_assignments(Builder& builder, const FieldsSpot& spot) {
  std::vector<Assignment> out;
  if (spot.target < 0) return out;
  for_each_entry(spot, [&](const std::string& name, const json::value& value, const std::string& pointer) {
    const Place place = spot.item.source->key_place(pointer);
    const std::int32_t index = builder.member(spot.target, name, place);
    if (index < 0) return;
    const Member& member = builder.catalog.type(spot.target).members[static_cast<std::size_t>(index)];
    if (!is_settable(builder, spot, member, place)) return;
    if (!spot.item.may_use(member.owner))
      builder.report(ProblemNumber::unknown_reference,
                     spot.what + " sets " + quoted(name) + ", but " + spot.item.source->id() + " does not require " +
                         quoted(member.owner),
                     place, "add " + quoted(member.owner) + " to \"requires\": {\"plugins\": ...}");
    auto assignment = read_assignment(
        builder, {spot.item, pointer, spot.record_type, member.type, quoted(name) + " of " + spot.what}, value, name);
    if (!assignment) return;
    assignment->member = index;
    out.push_back(std::move(*assignment));
  });
  return out;
}

std::vector<Assignment> read_free_assignments(Builder& builder, const FieldsSpot& spot) {
  std::vector<Assignment> out;
  for_each_entry(spot, [&](const std::string& name, const json::value& value, const std::string& pointer) {
    auto assignment = read_assignment(
        builder, {spot.item, pointer, spot.record_type, std::nullopt, quoted(name) + " of " + spot.what}, value, name);
    if (assignment) out.push_back(std::move(*assignment));
  });
  return out;
}

std::vector<Assignment> read_argument_assignments(Builder& builder, const FieldsSpot& spot,
                                                  const std::vector<Argument>& arguments) {
  std::vector<Assignment> out;
  for_each_entry(spot, [&](const std::string& name, const json::value& value, const std::string& pointer) {
    const auto argument =
        std::find_if(arguments.begin(), arguments.end(), [&](const Argument& a) { return a.name == name; });
    if (argument == arguments.end()) {
      std::vector<std::string> names;
      for (const Argument& known : arguments) names.push_back(known.name);
      builder.report(ProblemNumber::unknown_reference, spot.what + " has no argument " + quoted(name),
                     spot.item.source->key_place(pointer), suggest(name, names));
      return;
    }
    auto assignment = read_assignment(
        builder, {spot.item, pointer, spot.record_type, argument->type, quoted(name) + " of " + spot.what}, value,
        name);
    if (assignment) out.push_back(std::move(*assignment));
  });
  return out;
}

}  // namespace kith::internal::catalog
