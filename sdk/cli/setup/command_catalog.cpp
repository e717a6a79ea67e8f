// kith catalog: the dictionary of what exists, with owner and labels.
#include <algorithm>
#include <boost/json.hpp>

#include "cli/answers/problems.hpp"
#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

class CatalogCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments
        .word("WHAT", what_, "types, fields, enums, or another part, as scores, segments, lifecycles, workflows, roles")
        .optional_word("TYPE", type_, "with fields: of which record type; with enums: only of that one")
        .option("--lang", language_, "TAG", "language of the labels, as en or zh; else the configured one");
  }

  int run(Context& context) override {
    Core core = context.open_to_read();
    OwnedSession session = context.session(core);
    json::object arguments;
    if (!language_.empty()) arguments["lang"] = language_;
    const json::object catalog = json::parse(session.run("catalog", json::serialize(arguments))).as_object();
    Result result;
    if (what_ == "fields")
      result.table = fields(catalog);
    else if (what_ == "enums")
      result.table = enums(catalog);
    else if (what_ == "types")
      result.table = table_of(part(catalog, "types"), {"name", "label", "owner"});
    else
      result.table = flat(part(catalog, what_));
    result.data = {{"part", what_}, {"rows", objects(result.table)}};
    return context.finish(std::move(result));
  }

 private:
  const json::array& part(const json::object& catalog, const std::string& name) const {
    std::vector<std::string> names = {"fields", "enums"};
    for (const auto& pair : catalog)
      if (pair.value().is_array()) names.emplace_back(pair.key());
    if (std::find(names.begin(), names.end(), name) != names.end() && catalog.contains(name))
      return list_at(catalog, name);
    const std::string near = did_you_mean(name, names);
    throw usage_failure("the catalog has no part '" + name + "'",
                        near.empty() ? "it has " + cell_text(json::value_from(names)) : near);
  }

  Table fields(const json::object& catalog) const {
    std::vector<std::string> names;
    for (const json::value& item : part(catalog, "types")) {
      names.push_back(text_at(item.as_object(), "name"));
      if (names.back() == type_) return flat(list_at(item.as_object(), "members"));
    }
    if (type_.empty())
      throw usage_failure("kith catalog fields needs a record type", "as: kith catalog fields customer");
    const std::string near = did_you_mean(type_, names);
    throw Failure(exit_not_found, "KITH-8002", "there is no record type '" + type_ + "'",
                  near.empty() ? "see: kith catalog types" : near);
  }

  // Every value that a field may have, one in a line.
  Table enums(const json::object& catalog) const {
    if (!type_.empty()) fields(catalog);  // says what is wrong with an unknown type
    Table table;
    table.columns = {{"type"}, {"field"}, {"id"}, {"label"}, {"owner"}};
    for (const json::value& type : part(catalog, "types")) {
      const std::string name = text_at(type.as_object(), "name");
      if (!type_.empty() && name != type_) continue;
      for (const json::value& member : list_at(type.as_object(), "members"))
        if (member.as_object().contains("values"))
          for (const json::value& value : list_at(member.as_object(), "values"))
            table.rows.push_back(
                {json::value(name), member.at("name"), value.at("id"), value.at("label"), value.at("owner")});
    }
    return table;
  }

  // What is nested stays in the json form; a table has a column for each plain value.
  static Table flat(const json::array& items) {
    json::array plain;
    for (const json::value& item : items) {
      json::object line;
      if (const json::object* o = item.if_object())
        for (const auto& pair : *o)
          if (!pair.value().is_object() && !(pair.value().is_array() && !pair.value().get_array().empty() &&
                                             pair.value().get_array().front().is_object()))
            line[pair.key()] = pair.value();
      plain.push_back(std::move(line));
    }
    return table_of(plain);
  }

  static json::array objects(const Table& table) {
    json::array out;
    for (const json::array& row : table.rows) {
      json::object line;
      for (std::size_t i = 0; i < row.size(); ++i)
        if (!row[i].is_null()) line[table.columns[i].id] = row[i];
      out.push_back(std::move(line));
    }
    return out;
  }

  std::string what_, type_, language_;
};

}  // namespace

std::unique_ptr<Command> make_catalog() { return std::make_unique<CatalogCommand>(); }

}  // namespace kith::cli
