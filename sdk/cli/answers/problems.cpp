#include "cli/answers/problems.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "cli/answers/width.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

// For an error whose problems carry no exit code, as one made by the C++ wrapper itself.
constexpr std::array<std::pair<std::int32_t, int>, 16> kExitOfClass = {{
    {KITH_INVALID, exit_findings},
    {KITH_DENIED, exit_denied},
    {KITH_NOT_FOUND, exit_not_found},
    {KITH_CONFLICT, exit_findings},
    {KITH_RETRY, exit_busy},
    {KITH_BUSY, exit_busy},
    {KITH_TIMEOUT, exit_busy},
    {KITH_CANCELLED, exit_interrupted},
    {KITH_MISUSE, exit_internal},
    {KITH_CLOSED, exit_internal},
    {KITH_UNSUPPORTED, exit_config},
    {KITH_PLUGIN, exit_plugin},
    {KITH_IO, exit_storage},
    {KITH_CORRUPT, exit_storage},
    {KITH_NO_MEMORY, exit_internal},
    {KITH_BUG, exit_internal},
}};

int exit_of_class(std::int32_t code) {
  for (const auto& [known, exit] : kExitOfClass)
    if (known == code) return exit;
  return exit_internal;
}

std::string laid_out(const std::string& code, const std::string& message, const std::string& fix) {
  std::string text = "error " + code + "  " + visible_line(message);
  if (!fix.empty()) text += "\n  fix    " + visible_line(fix);
  return text;
}

json::array one_problem(const std::string& code, const std::string& message, const std::string& fix, int exit) {
  json::object problem{{"code", code}, {"severity", "error"}, {"message", message}, {"exit", exit}};
  if (!fix.empty()) problem["fix"] = fix;
  return json::array{std::move(problem)};
}

// Edit distance with swaps of neighbours.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

}  // namespace

Failure usage_failure(std::string message, std::string fix) {
  return Failure(exit_usage, "KITH-7004", std::move(message), std::move(fix));
}
Failure file_failure(std::string message, std::string fix) {
  return Failure(exit_storage, "KITH-5001", std::move(message), std::move(fix));
}

Report report_of(const kith::Error& error) {
  Report report;
  report.text = error.what();
  report.exit = exit_of_class(error.code());
  boost::system::error_code failed;
  json::value document = json::parse(error.json(), failed);
  json::object* root = failed ? nullptr : document.if_object();
  json::value* list = root ? root->if_contains("problems") : nullptr;
  if (!list || !list->is_array() || list->get_array().empty()) {
    report.problems_json = json::serialize(one_problem("KITH-9001", error.what(), "", report.exit));
    if (report.text.rfind("error ", 0) != 0) report.text = "error  " + report.text;
    return report;
  }
  if (const json::value* exit = list->get_array().front().as_object().if_contains("exit"); exit && exit->is_int64())
    report.exit = static_cast<int>(exit->get_int64());
  // A name that is wrong in a file is that file's mistake, whatever it would be on the command line.
  if (const json::value* where = list->get_array().front().as_object().if_contains("where");
      where && where->is_object()) {
    const json::value* file = where->get_object().if_contains("file");
    const bool in_a_file = file && file->is_string() && !file->get_string().empty();
    if (in_a_file && (report.exit == exit_findings || report.exit == exit_usage || report.exit == exit_not_found))
      report.exit = exit_config;
  }
  for (json::value& problem : list->as_array())
    problem.as_object().insert(json::object::value_type{"severity", "error"});
  report.problems_json = json::serialize(*list);
  return report;
}

Report report_of(const Failure& failure) {
  return {laid_out(failure.code, failure.what(), failure.fix),
          json::serialize(one_problem(failure.code, failure.what(), failure.fix, failure.exit)), failure.exit};
}

Report report_of_unknown(const std::string& what) {
  const std::string message = "the command line failed: " + what;
  const std::string fix = "this is a bug; please report it with the command that you gave";
  return {laid_out("KITH-9001", message, fix), json::serialize(one_problem("KITH-9001", message, fix, exit_internal)),
          exit_internal};
}

std::string did_you_mean(const std::string& wanted, const std::vector<std::string>& names) {
  std::string best;
  std::size_t least = std::max<std::size_t>(wanted.size() / 3, 1) + 1;
  for (const std::string& name : names)
    if (const std::size_t d = distance(wanted, name); d < least) best = name, least = d;
  return best.empty() ? "" : "did you mean \"" + best + "\"?";
}

}  // namespace kith::cli
