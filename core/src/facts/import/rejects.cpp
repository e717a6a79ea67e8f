#include "facts/import/rejects.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "base/file/file.hpp"
#include "base/text/text.hpp"
#include "facts/import/source/csv_reader.hpp"
#include "facts/import/source/csv_writer.hpp"

namespace kith::internal::facts {

namespace {

namespace fs = std::filesystem;

/// Spreadsheets take a file for UTF-8 only when it says so.
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

[[noreturn]] void failed(const std::string& path, const char* what, const std::string& why = std::strerror(errno)) {
  Problem problem;
  problem.number = ProblemNumber::storage_failed;
  problem.message = "the reject file " + path + " can't be " + what + ": " + why;
  problem.where.file = path;
  problem.fix = "make room or give another file; then resume the import";
  throw Error(std::move(problem));
}

/// As many fields as there are columns: a row that is too short is filled up, one that is too long keeps its text in
/// the last.
std::vector<std::string> fitted(std::vector<std::string> fields, std::size_t columns, char delimiter) {
  while (fields.size() > columns && columns > 0) {
    const std::string last = std::move(fields.back());
    fields.pop_back();
    fields.back() += delimiter + last;
  }
  fields.resize(columns);
  return fields;
}

}  // namespace

RejectFile::RejectFile(std::string path, std::vector<std::string> columns, char delimiter, std::int64_t bytes,
                       std::uint32_t file_mode)
    : path_(std::move(path)),
      columns_(std::move(columns)),
      delimiter_(delimiter),
      bytes_(bytes),
      file_mode_(file_mode) {}

void RejectFile::add(const std::vector<std::string>& fields, std::int64_t line, const std::vector<Problem>& problems,
                     bool part) {
  if (bytes() == 0) {
    pending_ = kUtf8Mark;
    std::vector<std::string> header = columns_;
    header.insert(header.end(), std::begin(kRejectColumns), std::end(kRejectColumns));
    append_csv_row(pending_, header, delimiter_);
  }
  std::vector<std::string> row = fitted(fields, columns_.size(), delimiter_);
  std::vector<std::string> reasons, named, codes;
  for (const Problem& problem : problems) {
    reasons.push_back(problem.fix.rfind("did you mean", 0) != 0 ? problem.message
                                                                : problem.message + " (" + problem.fix + ")");
    if (!problem.field.empty()) named.push_back(problem.field);
    const std::string code = problem_id(problem.number);
    if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
  }
  row.push_back(std::to_string(line));
  row.push_back(join(named, " "));
  row.push_back(join(codes, " "));
  row.push_back(join(reasons, "; ") + std::string(part ? kPartNote : ""));
  append_csv_row(pending_, row, delimiter_);
}

void RejectFile::flush() {
  if (pending_.empty() && (cut_ || bytes_ == 0)) return;
  Opening opening = open_to_write(path_, file_mode_);
  if (!opening.file.open()) failed(path_, "opened", opening.why);
  const Descriptor file = std::move(opening.file);
  if (!cut_ && ::ftruncate(file.number(), static_cast<off_t>(bytes_)) != 0) failed(path_, "cut");
  cut_ = true;
  std::size_t written = 0;
  while (written < pending_.size()) {
    const auto at = static_cast<off_t>(bytes_) + static_cast<off_t>(written);
    const ssize_t count = ::pwrite(file.number(), pending_.data() + written, pending_.size() - written, at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) failed(path_, "written");
    written += static_cast<std::size_t>(count);
  }
  if (::fsync(file.number()) != 0) failed(path_, "written");
  bytes_ += static_cast<std::int64_t>(pending_.size());
  pending_.clear();
}

std::string reject_path(const std::string& file, const std::string& wanted) {
  const fs::path source(file);
  fs::path path = wanted.empty() ? fs::path(file + ".rejects.csv") : fs::path(wanted);
  if (path.is_relative()) path = source.parent_path() / path;
  // A corrected reject file is imported with the mapping that made it: its own rejects go elsewhere.
  const bool same = path.lexically_normal() == source.lexically_normal() ||
                    (identity_of(path.string()) == identity_of(file) && identity_of(file));
  if (same) path = fs::path(file + ".rejects.csv");
  return path.lexically_normal().string();
}

bool ends_in_reject_columns(const std::vector<std::string>& header) {
  const std::size_t count = std::size(kRejectColumns);
  return header.size() > count && std::equal(std::begin(kRejectColumns), std::end(kRejectColumns),
                                             header.end() - static_cast<std::ptrdiff_t>(count));
}

void remove_reject_file(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return;
  CsvRow header;
  const bool is_one =
      CsvReader(path, "utf-8", "auto", {std::begin(kRejectColumns), std::end(kRejectColumns)}).next(header) &&
      ends_in_reject_columns(header.fields);
  if (is_one) fs::remove(path, error);
}

std::set<std::int64_t> rejected_lines(const std::string& path, char delimiter) {
  std::set<std::int64_t> lines;
  std::error_code error;
  if (!fs::exists(path, error)) return lines;
  CsvReader reader(path, "utf-8", std::string(1, delimiter));
  CsvRow row;
  if (!reader.next(row)) return lines;
  const auto column = std::find(row.fields.begin(), row.fields.end(), kRejectColumns[0]);
  const auto index = static_cast<std::size_t>(column - row.fields.begin());
  while (reader.next(row)) {
    std::int64_t line = 0;
    if (index >= row.fields.size()) continue;
    const std::string& reason = row.fields.back();
    const bool part = reason.size() >= kPartNote.size() &&
                      reason.compare(reason.size() - kPartNote.size(), kPartNote.size(), kPartNote) == 0;
    if (part) continue;
    const std::string& text = row.fields[index];
    if (std::from_chars(text.data(), text.data() + text.size(), line).ec == std::errc{}) lines.insert(line);
  }
  return lines;
}

}  // namespace kith::internal::facts
