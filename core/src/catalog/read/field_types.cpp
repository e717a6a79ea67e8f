#include "catalog/read/field_types.hpp"

#include <array>
#include <boost/json.hpp>
#include <set>

#include "base/value/money.hpp"
#include "catalog/manifest/shape.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;
namespace {

struct TypeName {
  std::string_view name;
  Kind kind;
};
constexpr std::array<TypeName, 12> kTypes = {{{"bool", Kind::boolean},
                                              {"int", Kind::integer},
                                              {"double", Kind::real},
                                              {"text", Kind::text},
                                              {"enum", Kind::text},
                                              {"date", Kind::date},
                                              {"timestamp", Kind::timestamp},
                                              {"duration", Kind::duration},
                                              {"money", Kind::money},
                                              {"ref", Kind::ref},
                                              {"list", Kind::json},
                                              {"json", Kind::json}}};

// Which keys go with which types; anything else beside such a key is a mistake that would go unnoticed.
struct Companion {
  std::string_view key;
  std::string_view types;
};
constexpr std::array<Companion, 13> kCompanions = {{{"values", "enum list"},
                                                    {"ordered", "enum"},
                                                    {"extensible", "enum list"},
                                                    {"of", "list"},
                                                    {"currency", "money"},
                                                    {"to", "ref"},
                                                    {"inverse", "ref"},
                                                    {"inverse_label", "ref"},
                                                    {"max_length", "text"},
                                                    {"pattern", "text"},
                                                    {"format", "text"},
                                                    {"min", "int double money"},
                                                    {"max", "int double money"}}};

void check_companions(Builder& builder, const Item& item, const std::string& what) {
  const std::string type = item.text("type");
  for (const Companion& companion : kCompanions) {
    if (!item.has(companion.key)) continue;
    bool fits = false;
    for (const std::string& allowed : words(companion.types)) fits = fits || allowed == type;
    if (fits) continue;
    builder.report(ProblemNumber::not_allowed_here,
                   quoted(companion.key) + " does not go with the type " + quoted(type) + " of " + what,
                   item.key_place(companion.key), "leave it out; it is for " + std::string(companion.types));
  }
}

void read_values(Builder& builder, const Item& item, const std::string& what, DeclaredType& out) {
  out.values = std::make_unique<expr::EnumValues>();
  out.values->ordered = item.flag("ordered");
  out.values->extensible = item.flag("extensible");
  const json::value* values = item.find("values");
  std::set<std::string> seen;
  std::size_t index = 0;
  if (values && values->is_array())
    for (const json::value& entry : values->get_array()) {
      const std::string pointer = pointer_join(item.at("values"), index++);
      const json::value* id = entry.is_object() ? entry.get_object().if_contains("id") : &entry;
      if (!id || !id->is_string()) continue;
      const std::string name(id->get_string().data(), id->get_string().size());
      if (!seen.insert(name).second)
        builder.report(ProblemNumber::duplicate_name, "the value " + quoted(name) + " of " + what + " is there twice",
                       item.source->place(pointer));
      out.values->ids.push_back(name);
      const json::value* label = entry.is_object() ? entry.get_object().if_contains("label") : nullptr;
      out.value_labels.push_back(EnumValue{name, read_label(label, name)});
    }
  if (out.values->ids.empty())
    builder.report(ProblemNumber::missing_key, what + " is an enum without values", item.place(), "add \"values\"");
  out.type.values = out.values.get();
}

// A currency that can't be is told, and the amount is taken as the tenant's, so that what reads it is still checked.
void read_currency(Builder& builder, const Item& item, const std::string& what, expr::Type& type) {
  type.currency = builder.catalog.currency;
  const std::string written = item.has("currency") ? item.text("currency") : "tenant";
  if (written == "tenant") return;
  const std::string own = builder.catalog.currency.text();
  if (written == "record") {
    Problem problem =
        later_problem("\"currency\": \"record\" (an amount in a currency of its own)", item.place("currency"));
    problem.fix = "use \"tenant\": amounts are in " + own + ", the currency of the configuration";
    builder.problems.add(std::move(problem));
    return;
  }
  const bool fixed = written.starts_with("fixed:");
  if (!fixed || !currency_of(written.substr(6))) {
    builder.report(ProblemNumber::bad_value, "the currency " + quoted(written) + " of " + what + " is not known",
                   item.place("currency"), {}, "\"tenant\" or \"fixed:\" and an ISO 4217 code, such as \"fixed:CNY\"");
    return;
  }
  if (written.substr(6) == own) return;
  Problem problem =
      later_problem("an amount in another currency than the tenant's (" + own + ")", item.place("currency"));
  problem.fix = "use \"tenant\", or set \"locale\": {\"currency\": \"" + written.substr(6) + "\"} in kith.json";
  builder.problems.add(std::move(problem));
}

}  // namespace

Kind kind_of(std::string_view type_name) {
  for (const TypeName& type : kTypes)
    if (type.name == type_name) return type.kind;
  return Kind::null;
}

std::optional<DeclaredType> read_type(Builder& builder, const Item& item, const std::string& what) {
  const std::string name = item.text("type");
  DeclaredType out;
  out.type.kind = kind_of(name);
  if (out.type.kind == Kind::null) return std::nullopt;  // the shape check has said so
  check_companions(builder, item, what);
  if (name == "enum") read_values(builder, item, what, out);
  if (name == "money") read_currency(builder, item, what, out.type);
  if (name == "list") {
    const std::string element = item.text("of");
    out.type.element = kind_of(element);
    if (element == "enum") read_values(builder, item, what, out);
    if (!item.has("of")) {
      builder.report(ProblemNumber::missing_key, what + " is a list and does not say of what", item.place(),
                     "add \"of\": \"text\"");
      return std::nullopt;
    }
  }
  if (name == "ref" && item.text("to").empty()) {
    builder.report(ProblemNumber::missing_key, what + " is a ref and does not say to which record type", item.place(),
                   "add \"to\"");
    return std::nullopt;
  }
  return out;
}

std::string abi_signature(const std::vector<Argument>& arguments, Kind returns) {
  std::string out = "(";
  for (const Argument& argument : arguments) {
    if (out.size() > 1) out += ",";
    out += kind_name(argument.type.kind);
  }
  return out + ")->" + kind_name(returns);
}

std::vector<Argument> read_arguments(Builder& builder, const Item& item, std::string_view key) {
  std::vector<Argument> out;
  std::set<std::string> seen;
  for (const Item& entry : item.list(key)) {
    Argument argument{entry.text("name"), expr::Type::of(kind_of(entry.text("type")))};
    if (argument.name.empty() || argument.type.kind == Kind::null) continue;
    if (argument.type.kind == Kind::money) argument.type.currency = builder.catalog.currency;
    if (argument.type.kind == Kind::ref && entry.has("to") && entry.text("to") != "any")
      argument.type.record_type = builder.record_type(entry, "to");
    if (!seen.insert(argument.name).second)
      builder.report(ProblemNumber::duplicate_name, quoted(argument.name) + " is there twice", entry.place("name"),
                     "rename one of them");
    out.push_back(std::move(argument));
  }
  return out;
}

}  // namespace kith::internal::catalog
