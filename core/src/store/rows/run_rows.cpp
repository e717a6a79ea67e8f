// Published parameters, import runs and job runs.
#include "store/rows/work_rows.hpp"

namespace kith::internal::store {
namespace {

const std::string kImportColumns =
    "id, file, mapping, source, mapping_hash, file_hash, state, reject_file, automation, started_us, line, "
    "byte_offset, read_rows, "
    "created_rows, updated_rows, unchanged_rows, rejected_rows, reject_bytes, reasons";

ImportRun read_import(const Statement& row) {
  ImportRun run;
  int column = 0;
  for (std::string* text : {&run.id, &run.file, &run.mapping, &run.source, &run.mapping_hash, &run.file_hash,
                            &run.state, &run.reject_file, &run.automation}) {
    *text = row.text(column++);
  }
  for (std::int64_t* number : {&run.started_us, &run.line, &run.offset, &run.read, &run.created, &run.updated,
                               &run.unchanged, &run.rejected, &run.reject_bytes}) {
    *number = row.integer(column++);
  }
  run.reasons_json = row.text(column);
  return run;
}

}  // namespace

void add_parameters(Records& records, const PublishedSet& published) {
  const StatementPtr insert = records.connection().prepare(
      "INSERT INTO kith_parameter (tenant, set_name, as_of_us, published_us, job, content) VALUES (?, ?, ?, ?, ?, ?)");
  insert->bind(0, records.tenant());
  insert->bind(1, std::string_view(published.set));
  insert->bind(2, published.as_of_us);
  insert->bind(3, published.published_us);
  insert->bind(4, std::string_view(published.job));
  insert->bind(5, std::string_view(published.values_json));
  insert->step();
}

std::optional<PublishedSet> newest_parameters(Records& records, std::string_view set) {
  const StatementPtr row = records.connection().prepare(
      "SELECT content, job, as_of_us, published_us FROM kith_parameter WHERE tenant = ? AND set_name = ? "
      "ORDER BY as_of_us DESC, published_us DESC, rid DESC LIMIT 1");
  row->bind(0, records.tenant());
  row->bind(1, set);
  if (!row->step()) return std::nullopt;
  PublishedSet out;
  out.set = set;
  out.values_json = row->text(0);
  out.job = row->text(1);
  out.as_of_us = row->integer(2);
  out.published_us = row->integer(3);
  return out;
}

void save_import(Records& records, const ImportRun& run) {
  static const std::string sql =
      "INSERT INTO kith_import (tenant, " + kImportColumns +
      ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (tenant, id) DO UPDATE SET file = excluded.file, mapping = excluded.mapping, source = "
      "excluded.source, "
      "mapping_hash = excluded.mapping_hash, file_hash = excluded.file_hash, state = excluded.state, reject_file = "
      "excluded.reject_file, "
      "automation = excluded.automation, started_us = excluded.started_us, line = excluded.line, byte_offset = "
      "excluded.byte_offset, "
      "read_rows = excluded.read_rows, created_rows = excluded.created_rows, updated_rows = excluded.updated_rows, "
      "unchanged_rows = excluded.unchanged_rows, rejected_rows = excluded.rejected_rows, reject_bytes = "
      "excluded.reject_bytes, "
      "reasons = excluded.reasons";
  const StatementPtr upsert = records.connection().prepare(sql);
  int position = 0;
  upsert->bind(position++, records.tenant());
  for (const std::string* text : {&run.id, &run.file, &run.mapping, &run.source, &run.mapping_hash, &run.file_hash,
                                  &run.state, &run.reject_file, &run.automation}) {
    upsert->bind(position++, std::string_view(*text));
  }
  for (const std::int64_t number : {run.started_us, run.line, run.offset, run.read, run.created, run.updated,
                                    run.unchanged, run.rejected, run.reject_bytes}) {
    upsert->bind(position++, number);
  }
  upsert->bind(position, std::string_view(run.reasons_json));
  upsert->step();
}

std::optional<ImportRun> load_import(Records& records, std::string_view id) {
  const StatementPtr row =
      records.connection().prepare("SELECT " + kImportColumns + " FROM kith_import WHERE tenant = ? AND id = ?");
  row->bind(0, records.tenant());
  row->bind(1, id);
  if (!row->step()) return std::nullopt;
  return read_import(*row);
}

std::optional<ImportRun> last_import(Records& records, std::string_view file, std::string_view mapping_hash) {
  const StatementPtr row =
      records.connection().prepare("SELECT " + kImportColumns +
                                   " FROM kith_import WHERE tenant = ? AND file = ? AND mapping_hash = ? "
                                   "ORDER BY started_us DESC, rid DESC LIMIT 1");
  row->bind(0, records.tenant());
  row->bind(1, file);
  row->bind(2, mapping_hash);
  if (!row->step()) return std::nullopt;
  // A run that stopped before one that was done is past: nobody goes on with it.
  ImportRun run = read_import(*row);
  return run.state == "done" ? std::nullopt : std::optional<ImportRun>(std::move(run));
}

void save_job_run(Records& records, const JobRun& run) {
  const StatementPtr upsert = records.connection().prepare(
      "INSERT INTO kith_job_run (tenant, id, job, arguments, state, error, started_us, ended_us, done, total) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, id) DO UPDATE SET job = excluded.job, arguments = "
      "excluded.arguments, "
      "state = excluded.state, error = excluded.error, started_us = excluded.started_us, ended_us = excluded.ended_us, "
      "done = excluded.done, total = excluded.total");
  upsert->bind(0, records.tenant());
  upsert->bind(1, std::string_view(run.id));
  upsert->bind(2, std::string_view(run.job));
  upsert->bind(3, std::string_view(run.args_json));
  upsert->bind(4, std::string_view(run.state));
  upsert->bind(5, std::string_view(run.error));
  upsert->bind(6, run.started_us);
  upsert->bind(7, run.ended_us);
  upsert->bind(8, run.done);
  upsert->bind(9, run.total);
  upsert->step();
}

std::vector<JobRun> job_runs(Records& records, std::int64_t limit) {
  const StatementPtr rows = records.connection().prepare(
      "SELECT id, job, arguments, state, error, started_us, ended_us, done, total FROM kith_job_run WHERE tenant = ? "
      "ORDER BY started_us DESC, rid DESC LIMIT ?");
  rows->bind(0, records.tenant());
  rows->bind(1, limit);
  std::vector<JobRun> out;
  while (rows->step()) {
    out.push_back({std::string(rows->text(0)), std::string(rows->text(1)), std::string(rows->text(2)),
                   std::string(rows->text(3)), std::string(rows->text(4)), rows->integer(5), rows->integer(6),
                   rows->integer(7), rows->integer(8)});
  }
  return out;
}

}  // namespace kith::internal::store
