// Beginning an import: the mapping, the file, and the run to begin or to go on with.
#include "facts/import/import.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "base/text/text.hpp"
#include "facts/import/csv_import.hpp"
#include "facts/import/source/text_source.hpp"

namespace kith::internal::facts {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void changed(const store::ImportRun& run, const std::string& what) {
  Problem problem;
  problem.number = ProblemNumber::import_changed;
  problem.message = "import " + run.id + " can't go on: " + what + " has changed since it began";
  problem.expected = "the same file and the same mapping as before";
  problem.fix = "put them back, or begin anew without --resume: what was imported is met again by its keys";
  throw Error(std::move(problem));
}

store::ImportRun new_run(access::Unit& unit, const Mapping& mapping, const std::string& file, const FileLook& look,
                         const ImportRequest& request) {
  store::ImportRun run;
  std::string id = unit.ids.next(unit.now).text();
  id.erase(std::remove(id.begin(), id.end(), '-'), id.end());
  run.id = "imp_" + id;
  run.file = file;
  run.mapping = mapping.file;
  run.source = mapping.source;
  run.mapping_hash = mapping.hash;
  run.file_hash = look.fingerprint;
  run.state = "running";
  run.reject_file = request.reject_file.empty() ? reject_path(file, mapping.options.reject_file)
                                                : reject_path(file, fs::absolute(request.reject_file).string());
  run.automation = mapping.options.automation ? "run" : "suppress";
  run.started_us = unit.now;
  run.line = 1;
  return run;
}

store::ImportRun run_to_resume(access::Unit& unit, const Mapping& mapping, const std::string& file,
                               const FileLook& look, const ImportRequest& request) {
  if (request.resume == "auto") {
    const auto last = store::last_import(unit.records, file, mapping.hash);
    // A new content under the old name is a new import, which a nightly job must not stumble over.
    if (last && last->file_hash == look.fingerprint) return *last;
    if (last && is_edited(last->file_hash, look)) changed(*last, "the file " + file);
    return new_run(unit, mapping, file, look, request);
  }
  const auto run = store::load_import(unit.records, request.resume);
  if (!run)
    throw Error(ProblemNumber::unknown_thing, "there is no import '" + request.resume + "'",
                "leave --resume out to begin one, or say --resume auto");
  if (run->state == "done")
    throw Error(ProblemNumber::usage, "import " + run->id + " is done", "leave --resume out to import the file again");
  if (run->mapping_hash != mapping.hash) changed(*run, "the mapping " + mapping.file);
  if (run->file_hash != look.fingerprint) changed(*run, "the file " + file);
  return *run;
}

/// Without a word about the encoding, rows without an accent would land and the others not: nothing lands then.
void check_is_utf8(const std::string& file, const FileLook& look) {
  if (look.bad_line == 0 || TextSource::has_mark(file)) return;
  Problem problem;
  problem.number = ProblemNumber::csv_invalid;
  problem.message = "the file is not UTF-8 (line " + std::to_string(look.bad_line) +
                    "), and the mapping doesn't say what it is; nothing was imported";
  problem.where.file = file;
  problem.where.line = static_cast<int>(look.bad_line);
  problem.expected = "UTF-8 where the mapping names no encoding";
  problem.fix =
      "write \"input\": {\"encoding\": \"windows-1252\"} in the mapping if it comes from a western system, \"gb18030\" "
      "or "
      "\"big5\" from a Chinese one, \"shift_jis\" from a Japanese one, \"utf-16le\" if every second byte is NUL; with "
      "\"utf-8\" said, only the rows that are not are rejected";
  throw Error(std::move(problem));
}

/// A reject file replaces what was there: it may be nothing that the import or the core still needs, under any name.
void check_reject_file(const store::ImportRun& run, const ImportRequest& request) {
  OwnFiles own = request.own_files;
  own.add(request.mapping_file, "the mapping");
  own.add(run.file, "the imported file");
  own.refuse(run.reject_file, "the reject file");
}

}  // namespace

std::unique_ptr<Import> Import::begin(access::Unit& unit, const ImportRequest& request) {
  // Reading one's own database as a text would also take away the locks that SQLite holds on it.
  for (const std::string& read : {request.file, request.mapping_file}) {
    const std::string own = request.own_files.what_is(read);
    if (own.empty() || own == "the configuration") continue;
    throw Error(ProblemNumber::usage, "\"" + read + "\" can't be read for an import: that is " + own,
                "give the file with the rows, and that with their mapping");
  }
  const JsonDocument document = JsonDocument::read(request.mapping_file);
  Problems problems;
  Mapping mapping = read_mapping_head(document, unit.catalog(), problems);
  const std::string file = fs::absolute(request.file).lexically_normal().string();
  OpenedFile opened;
  FileLook look;
  try {
    look = look_through(file);
    if (!mapping.input.encoding_said) check_is_utf8(file, look);
    opened = open_file(file, mapping.input);
  } catch (const Error& error) {
    for (const Problem& problem : error.problems()) problems.add(problem);
    opened.columns = mapping.input.fields;
  }
  // Without a file and without a list of its columns, nothing sensible can be said of the expressions.
  Problems in_body;
  if (!opened.columns.empty()) read_mapping_body(document, unit.catalog(), opened.columns, mapping, in_body);
  for (Problem problem : in_body.list()) {
    const bool unknown =
        problem.number == ProblemNumber::unknown_name || problem.number == ProblemNumber::column_missing;
    if (opened.json_lines && unknown)
      problem.fix +=
          (problem.fix.empty() ? "" : "; ") +
          std::string("if the lines may lack it, name all keys that are read: \"input\": {\"fields\": [...]}");
    problems.add(std::move(problem));
  }
  problems.throw_if_any();

  store::ImportRun run = request.resume.empty() ? new_run(unit, mapping, file, look, request)
                                                : run_to_resume(unit, mapping, file, look, request);
  check_reject_file(run, request);
  return std::make_unique<CsvImport>(std::move(mapping), std::move(opened), std::move(run), request);
}

void check_mapping(const catalog::Catalog& catalog, const std::string& mapping_file) {
  const JsonDocument document = JsonDocument::read(mapping_file);
  Problems problems;
  Mapping mapping = read_mapping_head(document, catalog, problems);
  if (!mapping.input.fields.empty()) read_mapping_body(document, catalog, mapping.input.fields, mapping, problems);
  problems.throw_if_any();
}

}  // namespace kith::internal::facts
