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
constexpr std::size_t kMostSamples = 3;
constexpr std::string_view kOther = "other reasons: see the reject file";
constexpr std::size_t kHashed = 1024 * 1024;

}  // namespace

Reasons Reasons::parse(const std::string& text) {
  Reasons reasons;
  if (text.empty()) return reasons;
  const json::value parsed = json::parse(text);
  for (const json::value& value : parsed.as_array()) {
    const json::object& object = value.as_object();
    const auto said = [](const json::object& from, const char* key) { return std::string(from.at(key).as_string()); };
    Reason reason;
    reason.count = object.at("count").as_int64();
    reason.field = said(object, "field");
    reason.code = said(object, "code");
    reason.expected = said(object, "expected");
    reason.fix = said(object, "fix");
    reason.part = object.at("part").as_bool();
    reason.same = object.at("same").as_bool();
    for (const json::value& sample : object.at("samples").as_array()) {
      const json::object& from = sample.as_object();
      reason.samples.push_back({from.at("line").as_int64(), said(from, "text"), said(from, "fix")});
    }
    const Key key{reason.field, reason.code, reason.expected, reason.part};
    reasons.reasons_.emplace(key, std::move(reason));
  }
  return reasons;
}

namespace {

json::array samples_of(const Reason& reason) {
  json::array samples;
  for (const Reason::Sample& sample : reason.samples)
    samples.push_back(json::object{{"line", sample.line}, {"text", sample.text}, {"fix", sample.fix}});
  return samples;
}

/// One text for all rows of a reason: theirs, or where they differ what they have in common.
std::string text_of(const Reason& reason) {
  const std::string& first = reason.samples.front().text;
  if (reason.same) return first;
  const std::string what = reason.field.empty() ? std::string("the row") : reason.field;
  const std::string all = reason.expected.empty() ? first + ", and the like"
                                                  : what + " has values that don't fit: expected " + reason.expected;
  return all + (reason.part && !reason.expected.empty() ? std::string(kPartNote) : std::string());
}

}  // namespace

std::string Reasons::to_json() const {
  json::array all;
  for (const auto& [key, reason] : reasons_) {
    all.push_back(json::object{{"count", reason.count},
                               {"field", reason.field},
                               {"code", reason.code},
                               {"expected", reason.expected},
                               {"fix", reason.fix},
                               {"part", reason.part},
                               {"same", reason.same},
                               {"samples", samples_of(reason)}});
  }
  return json::serialize(all);
}

json::array Reasons::list() const {
  std::vector<const Reason*> sorted;
  for (const auto& [key, reason] : reasons_) sorted.push_back(&reason);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Reason* a, const Reason* b) {
    return a->count != b->count ? a->count > b->count : a->samples.front().line < b->samples.front().line;
  });
  json::array list;
  for (const Reason* reason : sorted) {
    json::object object{
        {"text", text_of(*reason)},     {"count", reason->count}, {"first_line", reason->samples.front().line},
        {"field", reason->field},       {"code", reason->code},   {"part", reason->part},
        {"expected", reason->expected}, {"fix", reason->fix}};
    if (!reason->same) object["samples"] = samples_of(*reason);
    list.push_back(std::move(object));
  }
  return list;
}

void Reasons::add(const Problem& problem, std::int64_t line, bool part) {
  std::string text = problem.message;
  if (part) text += kPartNote;
  Key key{problem.field, problem_id(problem.number), problem.expected, part};
  if (reasons_.count(key) == 0 && reasons_.size() >= kMostReasons) {
    text = kOther;
    key = {{}, problem_id(ProblemNumber::rows_rejected), {}, part};
  }
  Reason& reason = reasons_[key];
  if (reason.count++ == 0) {
    std::tie(reason.field, reason.code, reason.expected, reason.part) = key;
    reason.fix = problem.fix;
  }
  if (reason.fix != problem.fix) reason.fix.clear();
  const bool known = std::any_of(reason.samples.begin(), reason.samples.end(),
                                 [&](const Reason::Sample& sample) { return sample.text == text; });
  if (known && reason.same) return;
  if (!known && !reason.samples.empty()) reason.same = false;
  if (!known && reason.samples.size() < kMostSamples) reason.samples.push_back({line, std::move(text), problem.fix});
}

std::int64_t Reasons::partial() const {
  std::int64_t rows = 0;
  for (const auto& [key, reason] : reasons_) rows += reason.part ? reason.count : 0;
  return rows;
}

namespace {

/// Reads the next piece, cut behind its last line end where it has one: what is left over comes with the next.
bool next_piece(int file, const std::string& path, std::string& rest, std::string& piece) {
  piece = std::move(rest);
  rest.clear();
  const std::size_t before = piece.size();
  piece.resize(before + kHashed);
  ssize_t got = 0;
  do {
    got = ::read(file, piece.data() + before, kHashed);
  } while (got < 0 && errno == EINTR);
  if (got < 0) throw_unreadable(path, "reading stopped in the middle");
  piece.resize(before + static_cast<std::size_t>(got));
  const std::size_t line_end = piece.rfind('\n');
  if (got > 0 && line_end != std::string::npos) {
    rest = piece.substr(line_end + 1);
    piece.resize(line_end + 1);
  }
  return !piece.empty();
}

/// The line of the first bytes that are no UTF-8, counted from the first of the piece; 0 = none.
std::int64_t bad_line_in(std::string_view piece) {
  if (is_utf8(piece)) return 0;
  std::int64_t line = 1;
  for (std::size_t at = 0; at < piece.size(); ++line) {
    const std::size_t end = std::min(piece.find('\n', at), piece.size());
    if (!is_utf8(piece.substr(at, end - at))) return line;
    at = end + 1;
  }
  return line;
}

}  // namespace

FileLook look_through(const std::string& path) {
  const Opening opening = open_regular(path);
  struct stat status {};
  if (!opening.file.open()) throw_unreadable(path, opening);
  if (::fstat(opening.file.number(), &status) != 0) throw_unreadable(path, "it can't be looked at");
  FileLook look;
  std::string rest, piece, hash;
  std::int64_t lines = 0;
  while (next_piece(opening.file.number(), path, rest, piece)) {
    if (hash.empty()) look.start_hash = sha256_hex(std::string_view(piece).substr(0, kHashed));
    // Each hash is over the piece and the hash before: no byte of the file can change without the last.
    hash = sha256_hex(hash + piece);
    if (look.bad_line == 0) {
      if (const std::int64_t bad = bad_line_in(piece); bad > 0) look.bad_line = lines + bad;
    }
    lines += std::count(piece.begin(), piece.end(), '\n');
  }
  look.size = status.st_size;
  look.fingerprint = std::to_string(status.st_size) + ":" + look.start_hash + ":" + hash;
  return look;
}

bool is_edited(const std::string& fingerprint, const FileLook& now) {
  return fingerprint.find(":" + now.start_hash + ":") != std::string::npos ||
         fingerprint.rfind(std::to_string(now.size) + ":", 0) == 0;
}

}  // namespace kith::internal::facts
