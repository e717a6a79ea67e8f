// Workflow runs: one row per (event, workflow, record), with its cursor and its tries.
#include "base/problem/error.hpp"
#include "store/rows/work_rows.hpp"

namespace kith::internal::store {
namespace {

const std::string kSelect =
    "SELECT r.row, r.event, w.name, r.version, r.record_type, r.record, r.state, r.cursor, r.tries, r.due_us, r.at_us, "
    "r.root, r.error, r.trace FROM kith_run AS r CROSS JOIN kith_workflow AS w WHERE w.number = r.workflow AND "
    "r.tenant = "
    "? ";

std::string state_list(std::initializer_list<RunState> states) {
  std::string out;
  for (const RunState state : states) out += (out.empty() ? "" : ", ") + std::to_string(static_cast<int>(state));
  return "(" + out + ")";
}

// "Under way" is what has not been settled: a retry that waits counts, a skipped, dead or quarantined run does not.
const std::string kRanOrRuns = state_list({RunState::pending, RunState::done, RunState::retry});

bool is_open(RunState state) { return state == RunState::pending || state == RunState::retry; }

WorkflowRun read_run(const Statement& row, const Layout& layout) {
  WorkflowRun run;
  run.row = row.integer(0);
  run.event = row.integer(1);
  run.workflow = row.text(2);
  run.version = row.text(3);
  run.record_type = layout.numbers().type_of(row.integer(4));
  run.record = row.id(5);
  run.state = static_cast<RunState>(row.integer(6));
  run.cursor = row.integer(7);
  run.tries = row.integer(8);
  run.next_us = row.integer(9);
  run.at_us = row.integer(10);
  run.root = row.integer(11);
  run.error = row.text(12);
  run.trace_json = row.text(13);
  return run;
}

void bind_text_or_null(Statement& statement, int position, const std::string& text) {
  if (text.empty()) return statement.bind_null(position);
  statement.bind_kept(position, std::string_view(text));
}

/// Due time, error and trace.
void bind_outcome(Statement& statement, int position, const WorkflowRun& run) {
  if (is_open(run.state)) {
    statement.bind(position, run.next_us);
  } else {
    statement.bind_null(position);
  }
  bind_text_or_null(statement, position + 1, run.error);
  bind_text_or_null(statement, position + 2, run.trace_json);
}

std::vector<WorkflowRun> read_runs(Statement& rows, const Layout& layout) {
  std::vector<WorkflowRun> out;
  while (rows.step()) out.push_back(read_run(rows, layout));
  return out;
}

}  // namespace

std::int64_t Runs::workflow_number(std::string_view workflow, bool make) const {
  if (const auto known = workflows_.find(workflow); known != workflows_.end()) return known->second;
  const auto keep = [&](std::int64_t number) { return workflows_.emplace(workflow, number).first->second; };
  const StatementPtr found = records_->connection().prepare("SELECT number FROM kith_workflow WHERE name = ?");
  found->bind(0, workflow);
  if (found->step()) return keep(found->integer(0));
  if (!make) return -1;
  const StatementPtr insert = records_->connection().prepare("INSERT INTO kith_workflow (name) VALUES (?)");
  insert->bind(0, workflow);
  insert->step();
  return keep(records_->connection().last_rowid());
}

std::int64_t Runs::add(const WorkflowRun& run) {
  const std::int64_t workflow = workflow_number(run.workflow, true);
  const StatementPtr insert = records_->connection().prepare(
      "INSERT INTO kith_run (tenant, event, workflow, version, record_type, record, state, cursor, tries, at_us, root, "
      "due_us, error, trace) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert->bind(0, records_->tenant());
  insert->bind(1, run.event);
  insert->bind(2, workflow);
  insert->bind_kept(3, std::string_view(run.version));
  insert->bind(4, records_->layout().lasting_type(run.record_type));
  insert->bind_kept(5, run.record);
  insert->bind(6, static_cast<std::int64_t>(run.state));
  insert->bind(7, run.cursor);
  insert->bind(8, run.tries);
  insert->bind(9, run.at_us);
  insert->bind(10, run.root);
  bind_outcome(*insert, 11, run);
  insert->step();
  return records_->connection().last_rowid();
}

// The identity of a run (event, workflow, record) and what it was made with never change.
void Runs::update(const WorkflowRun& run) {
  const StatementPtr statement = records_->connection().prepare(
      "UPDATE kith_run SET state = ?, cursor = ?, tries = ?, due_us = ?, error = ?, trace = ? WHERE row = ? AND "
      "tenant = ?");
  statement->bind(0, static_cast<std::int64_t>(run.state));
  statement->bind(1, run.cursor);
  statement->bind(2, run.tries);
  bind_outcome(*statement, 3, run);
  statement->bind(6, run.row);
  statement->bind(7, records_->tenant());
  statement->step();
  if (records_->connection().changes() != 1)
    throw Error(ProblemNumber::unknown_thing, "there is no workflow run " + std::to_string(run.row));
}

bool Runs::any_after(std::int64_t event) const {
  const StatementPtr row = records_->connection().prepare(
      "SELECT EXISTS (SELECT 1 FROM kith_run WHERE tenant = ?1 AND event > ?2 AND state IN (2, 3)) OR EXISTS "
      "(SELECT 1 FROM kith_run WHERE tenant = ?1 AND due_us IS NOT NULL AND event > ?2) OR EXISTS (SELECT 1 FROM "
      "kith_run WHERE tenant = ?1 AND state > 4 AND state IN (5, 6) AND event > ?2)");
  row->bind(0, records_->tenant());
  row->bind(1, event);
  row->step();
  return row->integer(0) != 0;
}

bool Runs::exists(std::int64_t event, std::string_view workflow, const RecordId& record) const {
  const std::int64_t number = workflow_number(workflow, false);
  if (number < 0) return false;
  const StatementPtr row = records_->connection().prepare(
      "SELECT 1 FROM kith_run WHERE tenant = ? AND event = ? AND workflow = ? AND record = ?");
  row->bind(0, records_->tenant());
  row->bind(1, event);
  row->bind(2, number);
  row->bind(3, record);
  return row->step();
}

bool Runs::ran_for_record(std::string_view workflow, const RecordId& record) const {
  const std::int64_t number = workflow_number(workflow, false);
  if (number < 0) return false;
  const StatementPtr row = records_->connection().prepare(
      "SELECT EXISTS (SELECT 1 FROM kith_run WHERE tenant = ?1 AND record = ?2 AND workflow = ?3 AND state IN " +
      kRanOrRuns + ") OR EXISTS (SELECT 1 FROM kith_once WHERE tenant = ?1 AND workflow = ?3 AND record = ?2)");
  row->bind(0, records_->tenant());
  row->bind(1, record);
  row->bind(2, number);
  row->step();
  return row->integer(0) != 0;
}

bool Runs::ran_for_root(std::string_view workflow, const RecordId& record, std::int64_t root) const {
  const std::int64_t number = workflow_number(workflow, false);
  if (number < 0) return false;
  const StatementPtr row = records_->connection().prepare(
      "SELECT 1 FROM kith_run WHERE tenant = ? AND record = ? AND workflow = ? AND root = ? AND state IN " +
      kRanOrRuns + " LIMIT 1");
  row->bind(0, records_->tenant());
  row->bind(1, record);
  row->bind(2, number);
  row->bind(3, root);
  return row->step();
}

std::optional<std::int64_t> Runs::blocked_until(std::string_view workflow, const RecordId& record) const {
  const std::int64_t number = workflow_number(workflow, false);
  if (number < 0) return std::nullopt;
  const StatementPtr row = records_->connection().prepare(
      "SELECT max(due_us) FROM kith_run WHERE tenant = ? AND record = ? AND workflow = ? AND state = ?");
  row->bind(0, records_->tenant());
  row->bind(1, record);
  row->bind(2, number);
  row->bind(3, static_cast<std::int64_t>(RunState::retry));
  row->step();
  return row->is_null(0) ? std::nullopt : std::optional(row->integer(0));
}

std::vector<WorkflowRun> Runs::due(std::int64_t now_us, std::int64_t limit) const {
  const StatementPtr rows =
      records_->connection().prepare(kSelect + "AND r.due_us <= ? ORDER BY r.due_us, r.row LIMIT ?");
  rows->bind(0, records_->tenant());
  rows->bind(1, now_us);
  rows->bind(2, limit);
  return read_runs(*rows, records_->layout());
}

std::int64_t Runs::count_due(std::int64_t now_us) const {
  const StatementPtr row =
      records_->connection().prepare("SELECT count(*) FROM kith_run WHERE tenant = ? AND due_us <= ?");
  row->bind(0, records_->tenant());
  row->bind(1, now_us);
  row->step();
  return row->integer(0);
}

bool Runs::any_due(std::int64_t now_us) const {
  const auto next = next_due();
  return next && *next <= now_us;
}

bool Runs::any_open() const { return next_due().has_value(); }

std::optional<std::int64_t> Runs::next_due() const {
  const StatementPtr row = records_->connection().prepare(
      "SELECT due_us FROM kith_run WHERE tenant = ? AND due_us IS NOT NULL ORDER BY due_us LIMIT 1");
  row->bind(0, records_->tenant());
  if (!row->step()) return std::nullopt;
  return row->integer(0);
}

// What a state says anyway lets the index of failed or of open runs serve it.
std::vector<WorkflowRun> Runs::list(std::optional<RunState> state, std::int64_t limit) const {
  std::string sql = kSelect;
  if (state) sql += is_open(*state) ? "AND r.due_us IS NOT NULL " : *state > RunState::retry ? "AND r.state > 4 " : "";
  const StatementPtr rows =
      records_->connection().prepare(sql + (state ? "AND r.state = ? " : "") + "ORDER BY r.row DESC LIMIT ?");
  int position = 0;
  rows->bind(position++, records_->tenant());
  if (state) rows->bind(position++, static_cast<std::int64_t>(*state));
  rows->bind(position, limit);
  return read_runs(*rows, records_->layout());
}

std::vector<WorkflowRun> Runs::of_record(std::int32_t record_type, const RecordId& id) const {
  const StatementPtr rows =
      records_->connection().prepare(kSelect + "AND r.record = ? AND r.record_type = ? ORDER BY r.row");
  rows->bind(0, records_->tenant());
  rows->bind(1, id);
  rows->bind(2, records_->layout().lasting_type(record_type));
  return read_runs(*rows, records_->layout());
}

std::optional<WorkflowRun> Runs::get(std::int64_t row) const {
  const StatementPtr found = records_->connection().prepare(kSelect + "AND r.row = ?");
  found->bind(0, records_->tenant());
  found->bind(1, row);
  if (!found->step()) return std::nullopt;
  return read_run(*found, records_->layout());
}

std::vector<std::pair<RunState, std::int64_t>> Runs::counts() const {
  const StatementPtr rows = records_->connection().prepare(
      "SELECT state, count(*) FROM kith_run WHERE tenant = ? GROUP BY state ORDER BY state");
  rows->bind(0, records_->tenant());
  std::vector<std::pair<RunState, std::int64_t>> out;
  while (rows->step()) out.emplace_back(static_cast<RunState>(rows->integer(0)), rows->integer(1));
  return out;
}

// A run's cursor counts the actions that it has done.
std::int64_t Runs::actions_of_root(std::int64_t root) const {
  const StatementPtr row =
      records_->connection().prepare("SELECT coalesce(sum(cursor), 0) FROM kith_run WHERE tenant = ? AND root = ?");
  row->bind(0, records_->tenant());
  row->bind(1, root);
  row->step();
  return row->integer(0);
}

}  // namespace kith::internal::store
