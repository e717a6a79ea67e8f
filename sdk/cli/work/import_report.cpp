#include "cli/work/import_report.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "cli/answers/terms.hpp"
#include "cli/answers/width.hpp"
#include "cli/words/duration.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

constexpr std::size_t kMostReasons = 15;  // what a reader takes in; the reject file has them all

std::string shell_word(const std::string& word) {
  if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=,") ==
      std::string::npos)
    return word;
  std::string out = "'";
  for (char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string import_command(const ImportNames& names, const std::string& file) {
  return "kith" + (names.config.empty() ? "" : " -c " + shell_word(names.config)) + " import " + shell_word(file) +
         " --map " + shell_word(names.mapping);
}

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string left(const std::string& text, std::size_t width) {
  const std::size_t now = display_width(text);
  return now < width ? text + std::string(width - now, ' ') : text;
}

}  // namespace

ImportPace::ImportPace(const json::object& start)
    : first_row_(integer_at(start, "read")), first_byte_(integer_at(start, "bytes")) {}

double ImportPace::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

std::string ImportPace::text(const json::object& status) const {
  const double passed = seconds();
  const std::int64_t rows = integer_at(status, "read") - first_row_, bytes = integer_at(status, "bytes") - first_byte_;
  const std::int64_t total = integer_at(status, "total_bytes");
  std::string out;
  if (total > 0) out += std::to_string(integer_at(status, "bytes") * 100 / total) + " %";
  if (passed < 0.2 || rows <= 0) return out;
  out += (out.empty() ? "" : ", ") + grouped(static_cast<std::int64_t>(static_cast<double>(rows) / passed)) + " rows/s";
  if (bytes > 0 && total > 0) {
    const double rest = static_cast<double>(total - integer_at(status, "bytes")) * passed / static_cast<double>(bytes);
    out += ", " + duration_text(std::max(rest, 0.0)) + " left";
  }
  return out;
}

std::string import_summary(const ImportNames& names, const json::object& status, double seconds) {
  const std::int64_t read = integer_at(status, "read"), rejected = integer_at(status, "rejected");
  const std::int64_t skipped = integer_at(status, "skipped"), differ = integer_at(status, "states_differ");
  const json::value* dry = status.if_contains("dry_run");
  const bool checked_only = dry && dry->is_bool() && dry->get_bool();
  return base_name(names.file) + ": " + grouped(read) + " rows read, " + grouped(read - rejected - skipped) +
         (checked_only ? " would be applied (" : " applied (") + grouped(integer_at(status, "created")) + " created, " +
         grouped(integer_at(status, "updated")) + " updated, " + grouped(integer_at(status, "unchanged")) +
         " unchanged), " + (skipped > 0 ? grouped(skipped) + " skipped, " : std::string()) + grouped(rejected) +
         " rejected" + (differ > 0 ? ", " + grouped(differ) + " with another state than here" : std::string()) +
         ", in " + duration_text(seconds) + (checked_only ? "; nothing was written" : "");
}

namespace {

constexpr std::size_t kWidest = 110;  // of what is said of one reason

/// What all rows of a reason have in common is said once, below it the first rows that differ.
std::string reason_lines(const json::object& reason, std::size_t number_width, std::size_t text_width) {
  const std::string count = grouped(integer_at(reason, "count")), indent(number_width + 4, ' ');
  const std::string text = text_at(reason, "text"), expected = text_at(reason, "expected"),
                    fix = text_at(reason, "fix");
  std::string out = "  " + std::string(number_width - count.size(), ' ') + count + "  " +
                    left(printable(text, kWidest), text_width) +
                    (integer_at(reason, "count") > 1 ? "  first at line " : "  line ") +
                    std::to_string(integer_at(reason, "first_line")) + "\n";
  if (!expected.empty() && text.find(expected) == std::string::npos)
    out += indent + "expected  " + printable(expected, kWidest) + "\n";
  if (!fix.empty()) out += indent + "fix       " + printable(fix, kWidest) + "\n";
  for (const json::value& item : list_at(reason, "samples")) {
    const json::object& sample = item.as_object();
    const std::string own = text_at(sample, "fix");
    out += indent + "line " + std::to_string(integer_at(sample, "line")) + ": " +
           printable(text_at(sample, "text") + (fix.empty() && !own.empty() ? " (" + own + ")" : ""), 2 * kWidest) +
           "\n";
  }
  return out;
}

/// Where most rows fail for one thing, the mapping is wrong rather than the rows.
bool blames_mapping(const json::array& reasons, std::int64_t read) {
  return read > 1 && !reasons.empty() && integer_at(reasons.front().as_object(), "count") * 2 > read;
}

std::string what_to_do(const ImportNames& names, const std::string& file, bool mapping) {
  const std::string again = import_command(names, names.file);
  if (mapping)
    return "  fix    most rows fail for one thing: correct the mapping " + names.mapping + ", then: " + again;
  if (file.empty()) return "  fix    correct these rows and run it again; nothing was written";
  return "  fix    correct that file, then: " + import_command(names, file);
}

}  // namespace

std::string reject_report(const ImportNames& names, const json::object& status) {
  const std::int64_t read = integer_at(status, "read"), rejected = integer_at(status, "rejected");
  if (rejected == 0) return {};
  const std::string file = text_at(status, "reject_file");
  std::string out = "finding KITH-3107  " + base_name(names.file) + ": " + grouped(rejected) + " of " + grouped(read) +
                    " rows rejected, " + grouped(read - rejected - integer_at(status, "skipped")) + " applied\n";
  json::array reasons = list_at(status, "reasons");  // the most frequent first
  const bool mapping = blames_mapping(reasons, read);
  std::int64_t others = 0, rows_of_others = 0;
  for (; reasons.size() > kMostReasons; reasons.pop_back(), ++others)
    rows_of_others += integer_at(reasons.back().as_object(), "count");
  std::size_t number_width = 2, text_width = 0;
  for (const json::value& item : reasons) {
    number_width = std::max(number_width, grouped(integer_at(item.as_object(), "count")).size());
    text_width = std::max(text_width, display_width(printable(text_at(item.as_object(), "text"), kWidest)));
  }
  for (const json::value& item : reasons) out += reason_lines(item.as_object(), number_width, text_width);
  if (others > 0) out += "  and " + grouped(rows_of_others) + " rows for " + grouped(others) + " other reasons\n";
  if (!file.empty()) out += "  file   " + file + " (original rows plus _line, _field, _code, _reason)\n";
  return out + what_to_do(names, file, mapping);
}

std::string import_notes(const json::object& status) {
  std::string out;
  for (const json::value& note : list_at(status, "notes"))
    out += (out.empty() ? "note  " : "\nnote  ") + printable(std::string(note.as_string()));
  return out;
}

json::array reject_problems(const ImportNames& names, const json::object& status) {
  json::array out;
  for (const json::value& item : list_at(status, "reasons")) {
    const json::object& reason = item.as_object();
    out.push_back(json::object{{"code", text_at(reason, "code")},
                               {"severity", "finding"},
                               {"exit", 1},
                               {"where", json::object{{"file", names.file},
                                                      {"line", integer_at(reason, "first_line")},
                                                      {"column", text_at(reason, "field")}}},
                               {"message", text_at(reason, "text")},
                               {"expected", text_at(reason, "expected")},
                               {"fix", text_at(reason, "fix")},
                               {"count", integer_at(reason, "count")}});
  }
  return out;
}

std::string resume_command(const ImportNames& names, const std::string& run) {
  return import_command(names, names.file) + " --resume " + shell_word(run);
}

}  // namespace kith::cli
