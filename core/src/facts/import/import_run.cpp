#include "facts/import/import_run.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>

#include "base/file/file.hpp"
#include "base/text/text.hpp"
#include "facts/import/rejects.hpp"

namespace kith::internal::facts {

namespace json = boost::json;

namespace {

/// Further reasons are counted together, so that a hopeless file doesn't fill the bookkeeping row.
constexpr std::size_t kMostReasons = 500;
constexpr std::string_view kOther = "other reasons: see the reject file";
constexpr std::streamsize kHashed = 1024 * 1024;

}  // namespace

Reasons Reasons::parse(const std::string& text) {
  Reasons reasons;
  if (text.empty()) return reasons;
  const json::value parsed = json::parse(text);
  for (const auto& [key, value] : parsed.as_object()) {
    const json::object& object = value.as_object();
    Reason reason;
    reason.count = object.at("count").as_int64();
    reason.first_line = object.at("first_line").as_int64();
    reason.field = object.at("field").as_string();
    reason.code = object.at("code").as_string();
    reason.part = object.contains("part");
    reasons.reasons_.emplace(key, std::move(reason));
  }
  return reasons;
}

std::string Reasons::to_json() const {
  json::object all;
  for (const auto& [text, reason] : reasons_) {
    json::object object{
        {"count", reason.count}, {"first_line", reason.first_line}, {"field", reason.field}, {"code", reason.code}};
    if (reason.part) object["part"] = true;
    all[text] = std::move(object);
  }
  return json::serialize(all);
}

json::array Reasons::list() const {
  std::vector<const std::pair<const std::string, Reason>*> sorted;
  for (const auto& reason : reasons_) sorted.push_back(&reason);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return a->second.count != b->second.count ? a->second.count > b->second.count
                                              : a->second.first_line < b->second.first_line;
  });
  json::array list;
  for (const auto* entry : sorted) {
    const Reason& reason = entry->second;
    list.push_back(json::object{{"text", entry->first},
                                {"count", reason.count},
                                {"first_line", reason.first_line},
                                {"field", reason.field},
                                {"code", reason.code},
                                {"part", reason.part}});
  }
  return list;
}

void Reasons::add(const Problem& problem, std::int64_t line, bool part) {
  std::string text = problem.message;
  if (part) text += kPartNote;
  if (reasons_.count(text) == 0 && reasons_.size() >= kMostReasons) text = std::string(kOther);
  Reason& reason = reasons_[text];
  if (reason.count++ > 0) return;
  reason.first_line = line;
  reason.field = problem.field;
  reason.code = problem_id(problem.number);
  reason.part = part;
}

std::int64_t Reasons::partial() const {
  std::int64_t rows = 0;
  for (const auto& [text, reason] : reasons_) rows += reason.part ? reason.count : 0;
  return rows;
}

std::string file_fingerprint(const std::string& path) {
  const Opening opening = open_regular(path);
  struct stat status {};
  if (!opening.file.open()) throw_unreadable(path, opening);
  if (::fstat(opening.file.number(), &status) != 0) throw_unreadable(path, "it can't be looked at");
  std::string start(static_cast<std::size_t>(kHashed), '\0');
  std::size_t length = 0;
  while (length < start.size()) {
    const ssize_t got = ::read(opening.file.number(), start.data() + length, start.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_unreadable(path, "reading stopped in the middle");
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  start.resize(length);
  return std::to_string(status.st_size) + ":" + sha256_hex(start);
}

}  // namespace kith::internal::facts
