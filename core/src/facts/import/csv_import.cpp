#include "facts/import/csv_import.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "base/text/text.hpp"
#include "facts/import/source/csv_reader.hpp"
#include "facts/import/source/formula_guard.hpp"
#include "facts/import/source/jsonl_reader.hpp"

namespace kith::internal::facts {

namespace {

constexpr std::size_t kMostBatchBytes = 32U << 20U;  // of cells, which all lie in memory until the batch has landed

std::int64_t number_in(const std::string& text, std::int64_t otherwise) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : otherwise;
}

std::vector<std::string> trimmed(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) out.emplace_back(trim(name));
  return out;
}

/// Columns of one name are told apart by their order: name#1, name#2.
std::vector<std::string> told_apart(const std::vector<std::string>& names) {
  std::map<std::string, int> counts, passed;
  for (const std::string& name : names) ++counts[name];
  std::vector<std::string> apart;
  for (const std::string& name : names) {
    const bool several = counts[name] > 1 && !name.empty();
    apart.push_back(several ? name + "#" + std::to_string(++passed[name]) : name);
  }
  return apart;
}

Problem no_header(const std::string& path) {
  Problem problem;
  problem.number = ProblemNumber::csv_invalid;
  problem.message = "the file is empty; a header was expected";
  problem.where.file = path;
  problem.fix = "say \"header\": false in the mapping if it has none";
  return problem;
}

OpenedFile open_csv(const std::string& path, const MappingInput& input) {
  OpenedFile file;
  auto reader = std::make_unique<CsvReader>(path, input.encoding, input.delimiter, input.fields);
  file.columns = input.fields;
  CsvRow header;
  const bool any = reader->next(header);
  if (any && header.problem) throw Error(*header.problem);
  const bool rejects = any && ends_in_reject_columns(header.fields);
  // The row just read is data where there is no header: the file is opened again, at its start.
  if (!input.header && !rejects)
    reader = std::make_unique<CsvReader>(path, input.encoding, input.delimiter, input.fields);
  else if (!any)
    throw Error(no_header(path));
  else
    file.columns = told_apart(trimmed(header.fields));
  file.delimiter = reader->delimiter();
  file.reader = std::move(reader);
  file.fields = file.columns.size();
  if (rejects) {
    file.columns.resize(file.columns.size() - std::size(kRejectColumns));
    file.line_column = static_cast<std::int32_t>(file.columns.size());
  }
  return file;
}

OpenedFile open_json_lines(const std::string& path, const MappingInput& input) {
  OpenedFile file;
  file.columns = input.fields.empty() ? keys_of_lines(path, input.encoding) : input.fields;
  file.fields = file.columns.size();
  file.json_lines = true;
  file.reader = std::make_unique<JsonlReader>(path, input.encoding, file.columns);
  return file;
}

}  // namespace

OpenedFile open_file(const std::string& path, const MappingInput& input) {
  const char first = input.format == "csv" ? ',' : first_letter(path, input.encoding);
  // An export of no records is an empty file, whose name alone says what its lines would be.
  const bool named_so = path.ends_with(".jsonl") || path.ends_with(".ndjson") || input.format == "jsonl";
  if (first == '{' || (first == '\0' && named_so)) return open_json_lines(path, input);
  if (input.format != "jsonl") return open_csv(path, input);
  // What was refused of JSON Lines comes back as CSV.
  OpenedFile file = open_csv(path, input);
  if (file.line_column >= 0) return file;
  Problem problem;
  problem.number = ProblemNumber::csv_invalid;
  problem.message = "the file is not JSON Lines: it doesn't begin with an object";
  problem.where.file = path;
  problem.fix = "write one {...} on each line, or say \"format\": \"csv\" in the mapping";
  throw Error(std::move(problem));
}

/// A row failed after it had begun to write, and there was no savepoint to go back to.
struct HalfWritten {};

/// What one batch works with. `careful`: each row has a savepoint.
struct CsvImport::Work {
  Work(access::Unit& unit, bool with_savepoints)
      : derivations(derive::Engine::of(unit)), transaction(unit, derivations), careful(with_savepoints) {}
  derive::Engine& derivations;
  Transaction transaction;
  bool careful;
};

CsvImport::CsvImport(Mapping mapping, OpenedFile file, store::ImportRun run, const ImportRequest& request)
    : mapping_(std::move(mapping)),
      file_(std::move(file)),
      applier_(mapping_),
      run_(std::move(run)),
      reasons_(Reasons::parse(run_.reasons_json)),
      rejects_(run_.reject_file, file_.columns, file_.delimiter, run_.reject_bytes, request.file_mode),
      cause_{"call", 0, run_.automation != "suppress", "import " + run_.id},
      view_(file_.columns.size()),
      dry_run_(request.dry_run),
      keeps_rejects_(!request.dry_run || !request.reject_file.empty()),
      max_rejects_(request.max_rejects >= 0 ? request.max_rejects : mapping_.options.max_rejects),
      batch_(request.batch > 0 ? request.batch : mapping_.options.batch) {
  if (run_.state == "failed") run_.state = "running";
  const auto id = std::find(file_.columns.begin(), file_.columns.end(), "id");
  if (id != file_.columns.end()) id_column_ = static_cast<std::int32_t>(id - file_.columns.begin());
}

/// Whether the cells of the row have the guard of an export before what would be a formula.
bool CsvImport::has_guards(const CsvRow& row) const {
  if (file_.json_lines) return false;
  if (mapping_.input.guarded) return *mapping_.input.guarded;
  return id_column_ >= 0 && is_exported_id(row.fields[static_cast<std::size_t>(id_column_)]);
}

void CsvImport::take_row(const CsvRow& row) {
  const bool guarded = has_guards(row);
  for (std::size_t i = 0; i < file_.columns.size(); ++i) {
    const std::string_view text = trim(row.fields[i]);
    const auto& nulls = mapping_.input.null_values;
    const bool nothing = std::any_of(nulls.begin(), nulls.end(), [&](const std::string& null) { return text == null; });
    view_.set(
        i, nothing ? Value::null() : Value::text(std::string(guarded ? without_guard(row.fields[i]) : row.fields[i])));
  }
  // The line in the file that the row first came from: keys made of it stay the same when it is corrected.
  view_.set_line(file_.line_column < 0 ? row.line
                                       : number_in(row.fields[static_cast<std::size_t>(file_.line_column)], row.line));
}

std::vector<std::string> CsvImport::data_fields(const CsvRow& row) const {
  std::vector<std::string> fields = row.fields;
  if (file_.line_column >= 0 && fields.size() == file_.fields) fields.resize(file_.columns.size());
  return fields;
}

void CsvImport::reject(const CsvRow& row, const std::vector<Problem>& problems) {
  const bool whole = file_.line_column >= 0 && row.fields.size() == file_.fields;
  const std::int64_t line =
      whole ? number_in(row.fields[static_cast<std::size_t>(file_.line_column)], row.line) : row.line;
  ++run_.rejected;
  reasons_.add(problems.front(), line, false);
  if (keeps_rejects_) rejects_.add(data_fields(row), line, problems, false);
}

void CsvImport::count(const RowOutcome& outcome, const CsvRow& row) {
  if (outcome.state_differs) ++states_differ_;
  for (const std::uint64_t key : outcome.keys)
    if (seen_.emplace(key, view_.line()).second) batch_keys_.push_back(key);
  if (!outcome.parts.empty()) {
    reasons_.add(outcome.parts.front(), view_.line(), true);
    if (keeps_rejects_) rejects_.add(data_fields(row), view_.line(), outcome.parts, true);
  } else if (outcome.created) {
    ++run_.created;
  } else if (outcome.updated) {
    ++run_.updated;
  } else {
    ++run_.unchanged;
  }
}

/// Checks come before writes, so that most rows that are refused have left nothing behind. One that has is taken back
/// by its savepoint; where there is none, the whole batch goes back and is done again with care.
void CsvImport::apply_row(access::Unit& unit, Work& work, const CsvRow& row) {
  std::optional<access::Savepoint> savepoint;
  if (work.careful) savepoint.emplace(unit);
  try {
    const RowOutcome outcome = applier_.apply(unit, work.transaction, view_, seen_);
    work.transaction.finish();
    if (savepoint) savepoint->release();
    count(outcome, row);
  } catch (const Error& error) {
    if (!is_rows_own(error.number())) throw;
    if (!work.careful && work.transaction.has_written()) throw HalfWritten{};
    savepoint.reset();
    work.transaction.abandon();
    reject(row, error.problems());
  }
}

void CsvImport::one_row(access::Unit& unit, Work& work, const CsvRow& row) {
  ++run_.read;
  if (row.problem) return reject(row, {*row.problem});
  if (row.fields.size() != file_.fields) {
    Problem problem;
    problem.number = ProblemNumber::csv_invalid;
    problem.message =
        "the row has " + std::to_string(row.fields.size()) + " columns, the file has " + std::to_string(file_.fields);
    problem.expected = std::to_string(file_.fields) + " columns";
    problem.found = std::to_string(row.fields.size());
    return reject(row, {problem});
  }
  take_row(row);
  if (mapping_.skip_when != nullptr && applies(unit, mapping_.skip_when, view_)) return;
  apply_row(unit, work, row);
}

/// A resumed run reads its way to where it was. Keys of rows that landed are noted on the way, so that a key that comes
/// twice is refused with both lines named, as in a run that was never stopped.
void CsvImport::catch_up(access::Unit& unit) {
  caught_up_ = true;
  if (run_.line <= 1) return;
  const bool keys = applier_.has_create_keys();
  const std::set<std::int64_t> rejected =
      keys ? rejected_lines(run_.reject_file, file_.delimiter) : std::set<std::int64_t>{};
  Transaction transaction(unit, derive::Engine::of(unit));
  CsvRow row;
  while (file_.reader->line() < run_.line && file_.reader->next(row)) {
    if (!keys || row.problem || row.fields.size() != file_.fields) continue;
    take_row(row);
    if (rejected.count(view_.line()) != 0 ||
        (mapping_.skip_when != nullptr && applies(unit, mapping_.skip_when, view_)))
      continue;
    for (const std::uint64_t key : applier_.keys_of(unit, transaction, view_)) seen_.emplace(key, view_.line());
  }
}

void CsvImport::begin_step(access::Unit& unit) {
  if (open_step_) {
    throw Error(ProblemNumber::misuse, "the batch before this one was not committed",
                "resume the import: --resume " + run_.id);
  }
  if (run_.state == "failed") {
    Problem problem;
    problem.number = ProblemNumber::too_many_rejects;
    problem.message = std::to_string(run_.rejected) + " rows were rejected, more than the " +
                      std::to_string(max_rejects_) + " allowed; the import stopped at line " +
                      std::to_string(run_.line);
    problem.fix = "look into " + run_.reject_file + "; go on with --resume " + run_.id +
                  " --max-rejects N, or correct mapping or file";
    throw Error(std::move(problem));
  }
  if (!caught_up_) catch_up(unit);
}

void CsvImport::apply_batch(access::Unit& unit, const std::vector<ReadRow>& rows, bool careful) {
  Work work(unit, careful);
  for (const ReadRow& read : rows) {
    one_row(unit, work, read.row);
    run_.line = read.next_line;
    run_.offset = read.next_offset;
    if (max_rejects_ < 0 || run_.rejected <= max_rejects_) continue;
    run_.state = "failed";
    return;
  }
}

void CsvImport::apply_batch(access::Unit& unit, const std::vector<ReadRow>& rows) {
  const store::ImportRun run_before = run_;
  const Reasons reasons_before = reasons_;
  const RejectFile rejects_before = rejects_;
  batch_keys_.clear();
  try {
    return apply_batch(unit, rows, false);
  } catch (const HalfWritten&) {
    run_ = run_before;
    reasons_ = reasons_before;
    rejects_ = rejects_before;
    for (const std::uint64_t key : batch_keys_) seen_.erase(key);
  }
  unit.connection.rollback();
  unit.connection.begin(true);
  derive::Engine::of(unit).forget();
  apply_batch(unit, rows, true);
}

/// The rows of the next batch. False: the file ends with them.
bool CsvImport::read_batch(std::vector<ReadRow>& rows) {
  std::size_t bytes = 0;
  for (ReadRow read; static_cast<std::int64_t>(rows.size()) < batch_ && bytes < kMostBatchBytes; read = {}) {
    if (!file_.reader->next(read.row)) return false;
    read.next_line = file_.reader->line();
    read.next_offset = file_.reader->offset();
    for (const std::string& field : read.row.fields) bytes += field.size();
    rows.push_back(std::move(read));
  }
  return true;
}

bool CsvImport::step(access::Unit& unit) {
  if (run_.state == "done") return false;
  begin_step(unit);
  open_step_ = !dry_run_;
  std::vector<ReadRow> rows;
  const bool more = read_batch(rows);
  apply_batch(unit, rows);
  derive::Engine::of(unit).finish_step();
  derive::Engine::of(unit).flush();
  if (!more && run_.state != "failed") {
    run_.state = "done";
    run_.line = file_.reader->line();
    run_.offset = file_.reader->offset();
  }
  run_.reasons_json = reasons_.to_json();
  if (keeps_rejects_) rejects_.flush();
  if (dry_run_ && keeps_rejects_) committed();
  if (dry_run_) return more;
  run_.reject_bytes = rejects_.bytes();
  store::save_import(unit.records, run_);
  return more;
}

void CsvImport::committed() {
  open_step_ = false;
  // What an earlier run has left there would be taken for this one's.
  if (run_.state == "done" && rejects_.bytes() == 0) remove_reject_file(run_.reject_file);
}

boost::json::object CsvImport::status() const {
  const std::int64_t partial = reasons_.partial();
  const std::int64_t handled = run_.created + run_.updated + run_.unchanged + run_.rejected + partial;
  return {{"run", run_.id},
          {"state", run_.state},
          {"line", run_.line},
          {"read", run_.read},
          {"created", run_.created},
          {"updated", run_.updated},
          {"unchanged", run_.unchanged},
          {"rejected", run_.rejected},
          {"partial", partial},
          {"skipped", run_.read - handled},
          {"reasons", reasons_.list()},
          {"states_differ", states_differ_},
          {"notes", boost::json::value_from(mapping_.notes)},
          {"reject_file", run_.rejected + partial > 0 && keeps_rejects_ ? run_.reject_file : std::string()},
          {"bytes", file_.reader->offset()},
          {"total_bytes", file_.reader->total_bytes()},
          {"dry_run", dry_run_}};
}

}  // namespace kith::internal::facts
