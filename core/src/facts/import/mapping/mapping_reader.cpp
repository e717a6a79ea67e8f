// The body of a mapping: records, their keys and fields, relationships; each expression compiled over the columns.
#include <algorithm>
#include <boost/json.hpp>

#include "base/text/text.hpp"
#include "catalog/manifest/shape.hpp"
#include "facts/import/mapping/columns.hpp"
#include "facts/import/mapping/mapping.hpp"
#include "facts/import/mapping/mapping_keys.hpp"
#include "facts/import/mapping/transforms.hpp"
#include "facts/transaction.hpp"

namespace kith::internal::facts {

namespace {

namespace json = boost::json;
using catalog::Member;
using catalog::RecordType;
using catalog::Role;

class BodyReader {
 public:
  BodyReader(const JsonDocument& document, const catalog::Catalog& catalog, Mapping& mapping, Problems& problems)
      : document_(document),
        catalog_(catalog),
        mapping_(mapping),
        problems_(problems),
        columns_(mapping.columns, mapping.input.time_zone) {}

  void read(const json::object& top);

 private:
  void complain(const std::string& pointer, std::string message, std::string fix = {}) {
    report(ProblemNumber::mapping_invalid, document_.place(pointer), std::move(message), std::move(fix));
  }
  void report(ProblemNumber number, Place place, std::string message, std::string fix = {}, std::string expected = {});
  expr::ProgramPtr expression(const json::object& object, std::string_view key, const std::string& pointer);
  expr::ProgramPtr compile(const std::string& source, const std::string& pointer, std::optional<expr::Type> wanted,
                           const std::string& what);
  void refuse_namesakes(const std::string& name, const std::string& pointer);
  std::int32_t column(const std::string& name, const std::string& pointer);
  void read_record(const json::object& object, const std::string& pointer);
  void note_if_it_can_be_empty(const std::string& name, const RecordPlan& plan);
  void read_states(const json::object& object, const std::string& pointer, RecordPlan& plan);
  void read_key(const json::object& object, const std::string& pointer, RecordPlan& plan);
  void read_fields(const json::object& object, const std::string& pointer, RecordPlan& plan);
  bool read_field(const json::value& value, const std::string& name, const std::string& pointer, RecordPlan& plan);
  void read_when_present(const json::object& object, const std::string& pointer, RecordPlan& plan);
  bool read_source(const json::value& value, const std::string& pointer, const Member* member, const std::string& what,
                   ValueSource& source);
  bool read_transform(const json::object& object, const std::string& pointer, const Member* member,
                      ValueSource& source);
  bool read_map(const json::object& object, const std::string& pointer, const Member* member, ValueSource& source);
  bool read_record_ref(const json::object& object, const std::string& pointer, const Member* member,
                       ValueSource& source);
  std::int32_t record_named(const std::string& id, const std::string& pointer);
  void check_result(const expr::Program& program, const Member& member, const std::string& pointer);
  void check_constant(const Member& member, const Value& value, const std::string& pointer);
  void read_relationship(const json::object& object, const std::string& pointer);
  std::size_t end_of(const json::object& object, std::string_view key, const std::string& pointer,
                     const catalog::RelationshipEnd& end);

  const JsonDocument& document_;
  const catalog::Catalog& catalog_;
  Mapping& mapping_;
  Problems& problems_;
  Columns columns_;
};

/// Whether a value of kind `from` can become a `to` without a word in the mapping: what coerce() can turn exactly.
bool can_become(Kind from, const expr::Type& to) {
  if (from == Kind::null || from == Kind::text || from == to.kind) return true;
  switch (to.kind) {
    case Kind::text:
      return to.values == nullptr && (from == Kind::integer || from == Kind::date || from == Kind::timestamp);
    case Kind::real: return from == Kind::integer;
    case Kind::integer: return from == Kind::real;
    case Kind::money: return from == Kind::integer || from == Kind::real;
    case Kind::timestamp: return from == Kind::date;
    default: return false;
  }
}

void BodyReader::report(ProblemNumber number, Place place, std::string message, std::string fix, std::string expected) {
  Problem problem;
  problem.number = number;
  problem.message = std::move(message);
  problem.where = std::move(place);
  problem.fix = std::move(fix);
  problem.expected = std::move(expected);
  problems_.add(std::move(problem));
}

expr::ProgramPtr BodyReader::compile(const std::string& source, const std::string& pointer,
                                     std::optional<expr::Type> wanted, const std::string& what) {
  expr::Scope scope;
  scope.names = &columns_;
  scope.record_type = 0;
  scope.wanted = std::move(wanted);
  scope.rules.allow_refs = false;
  scope.rules.allow_derived = false;
  scope.rules.allow_parameters = false;
  std::vector<expr::Diagnostic> diagnostics;
  expr::ProgramPtr program = expr::compile(source, scope, diagnostics);
  for (const expr::Diagnostic& diagnostic : diagnostics) {
    problems_.add(expr::to_problem(diagnostic, source, what,
                                   [&](std::size_t offset) { return document_.place_in_string(pointer, offset); }));
  }
  for (const std::string& name : columns_.take_ambiguous()) refuse_namesakes(name, pointer);
  return program;
}

expr::ProgramPtr BodyReader::expression(const json::object& object, std::string_view key, const std::string& pointer) {
  const std::string source = text_under(object, key);
  if (source.empty()) return nullptr;
  return compile(source, pointer_join(pointer, key), expr::Type::of(Kind::boolean), std::string(key));
}

/// Two columns of one name: the first would win in silence.
void BodyReader::refuse_namesakes(const std::string& name, const std::string& pointer) {
  std::vector<std::string> places, ways;
  const std::size_t count = columns_.namesakes(name);
  for (std::size_t i = 1; i <= count; ++i) {
    const std::string apart = name + "#" + std::to_string(i);
    places.push_back(std::to_string(columns_.find(apart) + 1));
    ways.push_back("{\"from\": \"" + apart + "\"} for column " + places.back());
  }
  complain(pointer, "the file has " + std::to_string(count) + " columns '" + name + "': " + join(places, " and "),
           "say " + join(ways, ", ") + "; or give them different names in the file's header");
}

std::int32_t BodyReader::column(const std::string& name, const std::string& pointer) {
  const std::int32_t found = columns_.find(name);
  if (found < 0 && columns_.namesakes(name) > 0) {
    refuse_namesakes(name, pointer);
  } else if (found < 0) {
    std::string fix = did_you_mean(name, mapping_.columns);
    report(ProblemNumber::column_missing, document_.place(pointer), "the file has no column '" + name + "'",
           std::move(fix), join(mapping_.columns, ", "));
  } else if (columns_.is_twice(name)) {
    complain(pointer, "the file has several columns '" + name + "'", "give each its own name in \"fields\"");
  }
  return found;
}

std::int32_t BodyReader::record_named(const std::string& id, const std::string& pointer) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < mapping_.records.size(); ++i) {
    if (mapping_.records[i].id == id) return static_cast<std::int32_t>(i);
    names.push_back(mapping_.records[i].id);
  }
  complain(pointer, "no record '" + id + "' comes before this one", did_you_mean(id, names));
  return -1;
}

void BodyReader::check_constant(const Member& member, const Value& value, const std::string& pointer) {
  if (member.type.kind == Kind::ref) return;
  try {
    coerce(catalog_, member, value);
  } catch (const Error& error) {
    Problem problem = error.first();
    problem.number = ProblemNumber::mapping_invalid;
    problem.where = document_.place(pointer);
    problems_.add(std::move(problem));
  }
}

void BodyReader::check_result(const expr::Program& program, const Member& member, const std::string& pointer) {
  if (!can_become(program.type.kind, member.type)) {
    report(ProblemNumber::type_mismatch, document_.place(pointer),
           member.name + " is of type " + expr::type_name(member.type) + ", but the expression gives " +
               expr::type_name(program.type));
    return;
  }
  if (!program.reads.empty() || program.uses_now) return;
  RowView nothing(mapping_.columns.size());
  check_constant(member, expr::evaluate(program, nothing, {}).value, pointer);
}

bool BodyReader::read_map(const json::object& object, const std::string& pointer, const Member* member,
                          ValueSource& source) {
  const json::value* map = object.if_contains("map");
  if (map == nullptr) return true;
  const std::string at = pointer_join(pointer, "map");
  if (!map->is_object()) {
    complain(at, "\"map\" is an object: {\"text in the file\": \"value\"}");
    return false;
  }
  source.mapped = true;
  for (const auto& [from, to] : map->get_object()) {
    const std::string place = pointer_join(at, from);
    if (!to.is_string()) {
      complain(place, "a value of \"map\" is a text");
      continue;
    }
    source.map.emplace(from, to.get_string());
    // Elements of a split list are checked with the whole list, as it comes.
    if (member != nullptr && source.split.empty())
      check_constant(*member, Value::text(std::string(to.get_string())), place);
  }
  return true;
}

bool BodyReader::read_transform(const json::object& object, const std::string& pointer, const Member* member,
                                ValueSource& source) {
  const std::size_t before = problems_.size();
  catalog::check_shape(document_, json::value(object), pointer, mapping_transform_table(), problems_);
  if (problems_.size() != before) return false;
  source.column_name = text_under(object, "from");
  source.column = column(source.column_name, pointer_join(pointer, "from"));
  read_spellings(document_, object, pointer, member, source, problems_);
  source.split = text_under(object, "split");
  source.phone_region = text_under(object, "phone_region");
  const std::string otherwise = text_under(object, "else"), on_error = text_under(object, "on_error");
  source.otherwise = otherwise == "leave_empty" ? Otherwise::leave_empty
                     : otherwise == "drop"      ? Otherwise::drop
                     : otherwise == "keep"      ? Otherwise::keep
                                                : Otherwise::reject;
  source.on_error = on_error == "leave_empty"   ? OnError::leave_empty
                    : on_error == "reject_part" ? OnError::reject_part
                                                : OnError::reject;
  if (!otherwise.empty() && !object.contains("map"))
    complain(pointer_join(pointer, "else"), "\"else\" belongs to a \"map\"");
  if (source.otherwise == Otherwise::drop && source.split.empty()) {
    complain(pointer_join(pointer, "else"), "\"drop\" is for the elements of a \"split\" list",
             "say reject, leave_empty or keep");
  }
  if (!source.split.empty() && member != nullptr && member->type.kind != Kind::json) {
    complain(pointer_join(pointer, "split"),
             member->name + " is of type " + expr::type_name(member->type) + ", not a list", "leave \"split\" out");
  }
  return read_map(object, pointer, member, source) && source.column >= 0;
}

bool BodyReader::read_record_ref(const json::object& object, const std::string& pointer, const Member* member,
                                 ValueSource& source) {
  const std::size_t before = problems_.size();
  catalog::check_shape(document_, json::value(object), pointer, mapping_record_ref_table(), problems_);
  if (problems_.size() != before) return false;
  source.record = record_named(text_under(object, "record"), pointer_join(pointer, "record"));
  if (source.record < 0) return false;
  const RecordType* made = mapping_.records[static_cast<std::size_t>(source.record)].type;
  if (member == nullptr || member->type.kind != Kind::ref) {
    complain(pointer, "a record of the row can only be put into a ref field");
    return false;
  }
  if (made != nullptr && member->type.record_type >= 0 && made->number != member->type.record_type) {
    complain(pointer, member->name + " takes a " + catalog_.type(member->type.record_type).name + ", but '" +
                          text_under(object, "record") + "' is a " + made->name);
    return false;
  }
  return true;
}

/// The name of the only column that a program reads; "" for none or several.
std::string only_column(const expr::Program& program, const std::vector<std::string>& columns) {
  if (program.reads.size() != 1) return {};
  const auto number = static_cast<std::size_t>(program.reads.front().member);
  return number < columns.size() ? columns[number] : std::string();
}

bool BodyReader::read_source(const json::value& value, const std::string& pointer, const Member* member,
                             const std::string& what, ValueSource& source) {
  if (value.is_string()) {
    source.program = compile(std::string(value.get_string()), pointer, std::nullopt, what);
    if (source.program == nullptr) return false;
    if (member != nullptr) check_result(*source.program, *member, pointer);
    source.column_name = only_column(*source.program, mapping_.columns);
    return true;
  }
  if (value.is_object() && value.get_object().contains("record"))
    return read_record_ref(value.get_object(), pointer, member, source);
  if (value.is_object()) return read_transform(value.get_object(), pointer, member, source);
  complain(pointer, "a value comes from an expression over the columns, {\"from\": column, ...} or {\"record\": id}",
           value.is_string() ? "" : "a literal is written as an expression: \"'text'\", \"12\", \"true\"");
  return false;
}

bool BodyReader::read_field(const json::value& value, const std::string& name, const std::string& pointer,
                            RecordPlan& plan) {
  const auto known = plan.type->by_name.find(name);
  if (known == plan.type->by_name.end()) {
    std::vector<std::string> names;
    for (const Member& member : plan.type->members) {
      if (member.role == Role::field) names.push_back(member.name);
    }
    report(ProblemNumber::mapping_invalid, document_.key_place(pointer),
           plan.type->name + " has no field '" + name + "'", did_you_mean(name, names));
    return false;
  }
  const Member& member = plan.type->members[static_cast<std::size_t>(known->second)];
  FieldPlan field;
  field.name = name;
  field.member = known->second;
  for (const std::int32_t number : plan.type->lifecycles) {
    const catalog::Lifecycle& lifecycle = catalog_.lifecycles[static_cast<std::size_t>(number)];
    if (lifecycle.state_member == field.member) field.lifecycle = number;
    if (lifecycle.since_member == field.member) field.since = true;
  }
  if (member.role != Role::field && field.is_fact()) {
    report(ProblemNumber::field_not_writable, document_.key_place(pointer),
           name + " of " + plan.type->name + " can't be written", "leave it out");
    return false;
  }
  field.value.words = with_usual_words({});
  field.clears = plan.clears;
  if (const std::string said = value.is_object() ? text_under(value.get_object(), "on_empty") : ""; !said.empty())
    field.clears = said == "clear";
  if (!read_source(value, pointer, &member, name, field.value)) return false;
  plan.fields.push_back(std::move(field));
  return true;
}

void BodyReader::read_fields(const json::object& object, const std::string& pointer, RecordPlan& plan) {
  const json::value* set = object.if_contains("set");
  const std::string at = pointer_join(pointer, "set");
  if (set == nullptr) return;
  if (!set->is_object()) return complain(at, "\"set\" is an object: {field: value}");
  for (const auto& [name, value] : set->get_object())
    read_field(value, std::string(name), pointer_join(at, name), plan);
}

void BodyReader::read_when_present(const json::object& object, const std::string& pointer, RecordPlan& plan) {
  const json::value* value = object.if_contains("when_present");
  const std::string at = pointer_join(pointer, "when_present");
  if (value == nullptr) return;
  if (!value->is_object())
    return complain(at, "\"when_present\" is an object: {field: \"overwrite\" or \"fill_empty\"}");
  const auto read_one = [&](std::string_view name, const json::value& rule, const auto& apply) {
    const std::string text = rule.is_string() ? std::string(rule.get_string()) : std::string();
    if (text != "overwrite" && text != "fill_empty")
      return complain(pointer_join(at, name), "say \"overwrite\" or \"fill_empty\"");
    apply(text == "fill_empty");
  };
  if (const json::value* all = value->get_object().if_contains("*")) {
    read_one("*", *all, [&](bool fill) {
      for (FieldPlan& field : plan.fields) field.fill_empty = fill;
    });
  }
  for (const auto& [name, rule] : value->get_object()) {
    if (name == "*") continue;
    const auto field = std::find_if(plan.fields.begin(), plan.fields.end(),
                                    [&](const FieldPlan& known) { return known.name == std::string_view(name); });
    if (field == plan.fields.end()) {
      complain(pointer_join(at, name), "\"set\" has no '" + std::string(name) + "'");
      continue;
    }
    read_one(name, rule, [&](bool fill) { field->fill_empty = fill; });
  }
}

/// A row without a key is rejected, each time: whoever writes the mapping should know it before.
void BodyReader::note_if_it_can_be_empty(const std::string& name, const RecordPlan& plan) {
  const auto known = plan.type->by_name.find(name);
  if (known == plan.type->by_name.end() || plan.type->members[static_cast<std::size_t>(known->second)].required) return;
  mapping_.notes.push_back("the key field '" + name + "' of " + plan.id +
                           " may be empty: rows without it are rejected, unless skip_when or when leaves them out");
}

void BodyReader::read_key(const json::object& object, const std::string& pointer, RecordPlan& plan) {
  const json::value* key = object.if_contains("key");
  const std::string at = pointer_join(pointer, "key");
  if (key != nullptr && key->is_object()) {
    const json::object& said = key->get_object();
    if (const json::value* external = said.if_contains("external_id")) {
      plan.has_external_id =
          read_source(*external, pointer_join(at, "external_id"), nullptr, "external_id", plan.external_id);
    }
    plan.key_fields = texts_under(said, "fields");
    if (said.contains("external_id") == said.contains("fields"))
      complain(at, "a key is either \"external_id\" or \"fields\"");
  }
  for (std::size_t i = 0; i < plan.key_fields.size(); ++i) {
    const std::string& name = plan.key_fields[i];
    note_if_it_can_be_empty(name, plan);
    const bool set =
        std::any_of(plan.fields.begin(), plan.fields.end(), [&](const FieldPlan& field) { return field.name == name; });
    if (!set)
      complain(pointer_join(pointer_join(at, "fields"), i), "the key field '" + name + "' is not in \"set\"",
               "set it, so that it can be looked for");
  }
  if (plan.mode == ImportMode::upsert && key == nullptr) {
    complain(pointer, "the record '" + plan.id + "' is to be updated where it is there, but has no key",
             "add \"key\": {\"external_id\": ...} or {\"fields\": [...]}");
  }
}

void BodyReader::read_states(const json::object& object, const std::string& pointer, RecordPlan& plan) {
  const std::string states = text_under(object, "states");
  plan.states = states == "force" ? States::force : states == "initial_only" ? States::initial_only : States::follow;
  const auto source = [&](const char* key, std::optional<ValueSource>& into) {
    const json::value* value = object.if_contains(key);
    ValueSource read;
    if (value != nullptr && read_source(*value, pointer_join(pointer, key), nullptr, key, read)) into = std::move(read);
  };
  source("reason", plan.reason);
  source("event", plan.event);
  const bool any =
      std::any_of(plan.fields.begin(), plan.fields.end(), [](const FieldPlan& field) { return field.lifecycle >= 0; });
  for (const char* key : {"states", "reason", "event"})
    if (object.contains(key) && !any)
      complain(pointer_join(pointer, key), "\"" + std::string(key) + "\" is for a record whose \"set\" names a state",
               "leave it out, or set the state");
}

void BodyReader::read_record(const json::object& object, const std::string& pointer) {
  RecordPlan plan;
  plan.id = text_under(object, "id");
  for (const RecordPlan& other : mapping_.records) {
    if (other.id == plan.id && !plan.id.empty())
      complain(pointer_join(pointer, "id"), "there are two records '" + plan.id + "'");
  }
  const std::string mode = text_under(object, "mode");
  plan.mode = mode == "upsert"              ? ImportMode::upsert
              : mode == "append_if_changed" ? ImportMode::append_if_changed
                                            : ImportMode::create;
  plan.when = expression(object, "when", pointer);
  const std::string type = text_under(object, "type");
  plan.type = catalog_.find_type(type);
  if (plan.type == nullptr) {
    std::vector<std::string> names;
    for (const RecordType& known : catalog_.record_types) names.push_back(known.name);
    if (!type.empty()) {
      report(ProblemNumber::mapping_invalid, document_.place(pointer_join(pointer, "type")),
             "there is no record type '" + type + "'", did_you_mean(type, names));
    }
  } else {
    plan.clears = text_under(object, "on_empty") == "clear";
    read_fields(object, pointer, plan);
    read_when_present(object, pointer, plan);
    read_key(object, pointer, plan);
    read_states(object, pointer, plan);
    if (plan.mode == ImportMode::upsert && plan.type->append_only) {
      complain(pointer_join(pointer, "mode"), plan.type->name + " records can be added only",
               "say create or append_if_changed");
    }
  }
  mapping_.records.push_back(std::move(plan));
}

std::size_t BodyReader::end_of(const json::object& object, std::string_view key, const std::string& pointer,
                               const catalog::RelationshipEnd& end) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_object()) return 0;
  const std::string at = pointer_join(pointer_join(pointer, key), "record");
  const std::int32_t record = record_named(text_under(value->get_object(), "record"), at);
  if (record < 0) return 0;
  const RecordType* type = mapping_.records[static_cast<std::size_t>(record)].type;
  if (type != nullptr && end.record_type >= 0 && type->number != end.record_type) {
    complain(at, "this end takes a " + catalog_.type(end.record_type).name + ", not a " + type->name);
  }
  return static_cast<std::size_t>(record);
}

void BodyReader::read_relationship(const json::object& object, const std::string& pointer) {
  RelationshipPlan plan;
  plan.type = text_under(object, "type");
  plan.when = expression(object, "when", pointer);
  const catalog::Relationship* known = catalog_.find_relationship(plan.type);
  if (known == nullptr) {
    std::vector<std::string> names;
    for (const catalog::Relationship& relationship : catalog_.relationships) names.push_back(relationship.name);
    if (!plan.type.empty()) {
      report(ProblemNumber::unknown_reference, document_.place(pointer_join(pointer, "type")),
             "there is no relationship '" + plan.type + "'", did_you_mean(plan.type, names));
    }
    return;
  }
  const bool inverse = known->name != plan.type;
  plan.from = end_of(object, "from", pointer, inverse ? known->to : known->from);
  plan.to = end_of(object, "to", pointer, inverse ? known->from : known->to);
  mapping_.relationships.push_back(std::move(plan));
}

void BodyReader::read(const json::object& top) {
  for (std::size_t i = 0; i < mapping_.input.fields.size(); ++i) {
    column(mapping_.input.fields[i], pointer_join("/input/fields", i));
  }
  mapping_.skip_when = expression(top, "skip_when", "");
  const auto each = [&](std::string_view key, const auto& read_one) {
    const json::value* list = top.if_contains(key);
    if (list == nullptr || !list->is_array()) return;
    for (std::size_t i = 0; i < list->get_array().size(); ++i) {
      const json::value& element = list->get_array()[i];
      if (element.is_object()) read_one(element.get_object(), pointer_join(pointer_join("", key), i));
    }
  };
  each("records", [this](const json::object& object, const std::string& pointer) { read_record(object, pointer); });
  each("relationships",
       [this](const json::object& object, const std::string& pointer) { read_relationship(object, pointer); });
}

}  // namespace

void read_mapping_body(const JsonDocument& document, const catalog::Catalog& catalog, std::vector<std::string> columns,
                       Mapping& mapping, Problems& problems) {
  mapping.columns = std::move(columns);
  if (!document.root().is_object()) return;
  BodyReader(document, catalog, mapping, problems).read(document.root().get_object());
}

}  // namespace kith::internal::facts
