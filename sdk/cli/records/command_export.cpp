// kith export TYPE: every live record, with its external ids, as CSV or JSON Lines; on request also what plugins that
// are gone have left: their fields, or a whole type of theirs.
#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <optional>

#include "cli/answers/members.hpp"
#include "cli/answers/output_file.hpp"
#include "cli/answers/problems.hpp"
#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/words/query.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

constexpr std::string_view kExternalIds = "external_ids";
constexpr std::size_t kRowsAtOnce = 1'000;  // rows whose external ids are asked for at once

/// One external id stands by itself, several are a list: a key may have blanks.
json::value ids_json(const json::value& ids) {
  const json::array& list = ids.as_array();
  return list.size() == 1 ? list.front() : list.empty() ? json::value() : ids;
}

class ExportCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("TYPE", request_.type, "the record type")
        .option("-o,--out", out_, "FILE", "write there instead of stdout")
        .option("--where", request_.where, "EXPR", "only records for which this holds")
        .options("--param", parameters_, "NAME=VALUE",
                 "the value of a $name, as a text; it becomes what it is compared with. Repeat it for several")
        .option("--select", select_, "A,B", "members, paths through refs, id, external_ids; else all of them")
        .option("--order", request_.order, "A,B", "as \"number\" or \"name desc\"; else by id")
        .flag("--orphaned", orphaned_,
              "also fields of plugins that are not loaded; TYPE may be a type of such a plugin");
  }

  int run(Context& context) override {
    Core core = context.open_to_read();
    OwnedSession session = context.session(core);
    const Members members(session);
    kept_type_ = orphaned_ && members.names(request_.type).empty();
    if (kept_type_ && !(request_.where.empty() && request_.order.empty() && select_.empty()))
      throw usage_failure("a type whose plugin is not loaded can be exported only as a whole",
                          "leave out --where, --select and --order, or load the plugin");
    if (orphaned_) ask_for_kept(session);
    if (!kept_type_) prepare(members);
    const Format format =
        context.format() == Format::jsonl || context.format() == Format::json ? Format::jsonl : Format::csv;
    std::optional<OutputFile> file;
    if (!out_.empty()) file.emplace(core, out_, "the export");
    std::ostream& out = file ? file->stream() : std::cout;
    std::vector<Column> columns;
    if (kept_type_) columns = {{"id"}, {std::string(kExternalIds)}};
    for (const std::string& name : names_)
      columns.push_back(name == kExternalIds ? Column{name} : members.column(request_.type, name));
    columns.insert(columns.end(), kept_.begin(), kept_.end());
    RowStream stream = context.rows(columns, out, format);
    stream.write_nulls();
    const std::int64_t written = kept_type_ ? write_kept(session, stream) : write(session, stream);
    stream.end();
    if (!out) throw file_failure("the export could not be written whole", "is the disk full?");
    if (file) file->finish();
    context.say(grouped(written) + " records of " + request_.type + (out_.empty() ? "" : " in " + out_));
    return exit_ok;
  }

 private:
  // The query always has the id first: external ids are asked for by it.
  void prepare(const Members& members) {
    request_.parameters = parse_parameters(parameters_);
    names_ = split_names(select_);
    if (names_.empty()) {
      names_ = members.names(request_.type);
      names_.erase(std::remove(names_.begin(), names_.end(), "id"), names_.end());
      names_.insert(names_.begin(), {"id", std::string(kExternalIds)});
    }
    with_external_ids_ = std::find(names_.begin(), names_.end(), kExternalIds) != names_.end();
    request_.select = {"id"};
    for (const std::string& name : names_)
      if (name != kExternalIds && name != "id") request_.select.push_back(name);
  }

  std::int64_t write(Session& session, RowStream& stream) const {
    Rows rows = run_query(session, request_);
    std::vector<json::array> page;
    std::int64_t written = 0;
    const auto flush = [&] {
      const json::object ids = with_external_ids_ ? external_ids(session, page) : json::object();
      const json::object kept = kept_of(session, page);
      for (const json::array& row : page) {
        json::array line = line_of(row, ids);
        if (!kept_.empty()) add_kept(line, kept.at(row[0].as_string()));
        stream.add(std::move(line));
      }
      written += static_cast<std::int64_t>(page.size());
      page.clear();
    };
    for (auto row : rows) {
      json::array& line = page.emplace_back();
      for (std::uint64_t i = 0; i < rows.width(); ++i) line.push_back(cell_json(row[i]));
      if (page.size() == kRowsAtOnce) flush();
    }
    flush();
    return written;
  }

  json::object external_ids(Session& session, const std::vector<json::array>& page) const {
    if (page.empty()) return {};
    json::array records;
    for (const json::array& row : page) records.push_back(row[0]);
    const json::object arguments{{"type", request_.type}, {"records", std::move(records)}};
    return json::parse(session.run("external_ids", json::serialize(arguments))).at("external_ids").as_object();
  }

  json::array line_of(const json::array& row, const json::object& ids) const {
    json::array line;
    std::size_t at = 1;
    for (const std::string& name : names_) {
      if (name == "id") {
        line.push_back(row[0]);
      } else if (name == kExternalIds) {
        const json::value* known = row[0].is_string() ? ids.if_contains(row[0].get_string()) : nullptr;
        line.push_back(known ? ids_json(*known) : json::value(nullptr));
      } else {
        line.push_back(row[at++]);
      }
    }
    return line;
  }

  // --- what plugins that are gone have left ---

  void ask_for_kept(Session& session) {
    const json::object arguments{{"type", request_.type}, {"limit", 0}};
    const json::value answer = json::parse(session.run("orphaned", json::serialize(arguments)));
    for (const json::value& member : answer.at("members").as_array()) {
      const std::string kind = text_at(member.as_object(), "kind");
      const bool money = kind.rfind("money", 0) == 0;
      kept_.push_back({text_at(member.as_object(), "name"), money, money || kind == "int" || kind == "double"});
    }
  }

  void add_kept(json::array& line, const json::value& record) const {
    const json::object& values = record.at("values").as_object();
    for (const Column& column : kept_)
      line.push_back(values.contains(column.id) ? values.at(column.id) : json::value());
  }

  /// By id: the kept values of the records of a page.
  json::object kept_of(Session& session, const std::vector<json::array>& page) const {
    json::object out;
    if (kept_.empty() || page.empty()) return out;
    json::array records;
    for (const json::array& row : page) records.push_back(row[0]);
    const json::object arguments{{"type", request_.type}, {"records", std::move(records)}};
    const json::value answer = json::parse(session.run("orphaned", json::serialize(arguments)));
    for (const json::value& record : answer.at("records").as_array()) out[record.at("id").as_string()] = record;
    return out;
  }

  std::int64_t write_kept(Session& session, RowStream& stream) const {
    std::int64_t written = 0;
    json::object arguments{{"type", request_.type}};
    for (bool more = true; more;) {
      const json::value answer = json::parse(session.run("orphaned", json::serialize(arguments)));
      for (const json::value& record : answer.at("records").as_array()) {
        json::array line{record.at("id"), ids_json(record.at("external_ids"))};
        add_kept(line, record);
        stream.add(std::move(line));
        ++written;
      }
      more = !answer.at("next").is_null();
      arguments["after"] = answer.at("next");
    }
    return written;
  }

  ListRequest request_;
  std::vector<Column> kept_;  ///< columns of what is kept
  bool orphaned_ = false, kept_type_ = false;
  std::string select_, out_;
  std::vector<std::string> parameters_, names_;
  bool with_external_ids_ = false;
};

}  // namespace

std::unique_ptr<Command> make_export() { return std::make_unique<ExportCommand>(); }

}  // namespace kith::cli
