#include "store/rows/purge.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "store/rows/journal.hpp"
#include "store/rows/work_rows.hpp"

namespace kith::internal::store {
namespace {

constexpr std::int64_t kCausesPerStep = 200;
constexpr std::int64_t kRowsPerStep = 2'000;  // of the log
constexpr std::int64_t kRunsPerStep = 500;

/// A purge begins when the oldest row is this much too old, so that it is not a commit for each row that gets old.
std::int64_t slack(std::int64_t kept_us) {
  constexpr std::int64_t parts = 24;
  return kept_us / parts;
}

bool too_old(const std::optional<std::int64_t>& at_us, const std::optional<std::int64_t>& kept_us, std::int64_t now) {
  return at_us && kept_us && *at_us < now - *kept_us - slack(*kept_us);
}

struct OldRun {
  std::int64_t row = 0, workflow = 0;
  std::string name;
  bool done = false;
  RecordId record;
};

/// That it ran is to be remembered longer than the run. So it is where the bundle is not loaded and can't say.
bool runs_once_for_a_record(const catalog::Catalog& catalog, const OldRun& run) {
  if (!run.done) return false;
  const auto found = std::find_if(catalog.workflows.begin(), catalog.workflows.end(),
                                  [&](const catalog::Workflow& workflow) { return workflow.id == run.name; });
  const bool automatic = run.name.ends_with("#auto");
  if (found == catalog.workflows.end()) return !automatic;
  return found->once_per == catalog::Workflow::Once::record;
}

}  // namespace

std::int64_t Purge::needed_from() const {
  // Cursors of others than readers of the log (clocks, notes of derivations) begin with '#' or have another prefix.
  const StatementPtr row = records_->connection().prepare(
      "SELECT min(coalesce((SELECT min(sequence) FROM kith_cursor WHERE tenant = ?1 AND (consumer = 'react' OR "
      "consumer GLOB 'host:*')), 0) + 1, coalesce((SELECT min(event) FROM kith_run WHERE tenant = ?1 AND due_us IS NOT "
      "NULL), 9223372036854775807), coalesce((SELECT min(event) FROM kith_run WHERE tenant = ?1 AND state > 4 AND "
      "state = 5), 9223372036854775807), coalesce((SELECT min(event) FROM kith_run WHERE tenant = ?1 AND state > 4 AND "
      "state = 6), 9223372036854775807))");
  row->bind(0, records_->tenant());
  row->step();
  return row->integer(0);
}

std::optional<Purge::Range> Purge::old_causes(Log log, std::int64_t before_us) const {
  const StatementPtr rows = records_->connection().prepare(
      "SELECT number, at_us FROM kith_cause WHERE tenant = ? AND log = ? AND number > ? ORDER BY number LIMIT ?");
  const std::string consumer = log == Log::changes ? "#purged:changes" : "#purged:events";
  const std::int64_t needed = needed_from();
  rows->bind(0, records_->tenant());
  rows->bind(1, static_cast<std::int64_t>(log));
  rows->bind(2, Journal(*records_).cursor(consumer));
  rows->bind(3, kCausesPerStep + 1);
  Range range;
  // The rows of a cause end where the next one of its kind begins, so that the last one read is only that end; and of
  // one behind which somebody still reads, the rows may still be needed.
  while (rows->step()) {
    const std::int64_t number = rows->integer(0);
    if (range.from == 0) range.from = range.end = number;
    if (number > needed) break;
    // Its rows, and those of others in between, are at most as many as their numbers. A cause with more is taken alone.
    if (range.end > range.from && number - range.from > kRowsPerStep) break;
    range.end = number;
    if (rows->integer(1) >= before_us) break;
  }
  if (range.end == range.from) return std::nullopt;
  return range;
}

// The rows of a cause follow each other, so that they begin at its number or where the piece before ended. It stays
// until they are all gone: readers find the rest by it.
std::int64_t Purge::begin_cause(Log log, std::int64_t number) {
  const std::string table = log == Log::changes ? "kith_change" : "kith_event";
  std::int64_t rows = 0, last = 0;
  {
    const StatementPtr first = records_->connection().prepare(
        "SELECT count(*), max(sequence) FROM (SELECT * FROM " + table +
        " WHERE sequence >= ? ORDER BY sequence LIMIT ?) WHERE tenant = ? AND cause = ?");
    first->bind(0, number);
    first->bind(1, kRowsPerStep);
    first->bind(2, records_->tenant());
    first->bind(3, number);
    first->step();
    rows = first->integer(0);
    last = first->integer(1);
  }
  if (rows == 0) return 0;
  const StatementPtr remove = records_->connection().prepare(
      "DELETE FROM " + table + " WHERE sequence BETWEEN ?1 AND ?2 AND +tenant = ?3 AND cause = ?1");
  remove->bind(0, number);
  remove->bind(1, last);
  remove->bind(2, records_->tenant());
  remove->step();
  return rows;
}

std::int64_t Purge::purge_log(Log log, const std::optional<std::int64_t>& kept_us) {
  if (!kept_us) return 0;
  const std::optional<Range> range = old_causes(log, now_ - *kept_us);
  if (!range) return 0;
  const bool changes = log == Log::changes;
  const bool large = range->end - range->from > kRowsPerStep;  // one cause alone
  const auto remove = [&](const char* sql) {
    const StatementPtr statement = records_->connection().prepare(sql);
    statement->bind(0, records_->tenant());
    statement->bind(1, range->from);
    statement->bind(2, range->end);
    statement->step();
    return records_->connection().changes();
  };
  const std::int64_t rows = large ? begin_cause(log, range->from)
                            : changes
                                ? remove("DELETE FROM kith_change WHERE +tenant = ? AND sequence >= ? AND sequence < ?")
                                : remove("DELETE FROM kith_event WHERE +tenant = ? AND sequence >= ? AND sequence < ?");
  if (rows == kRowsPerStep && large) return rows;  // there may be more of it
  remove(changes ? "DELETE FROM kith_cause WHERE tenant = ? AND log = 1 AND number >= ? AND number < ?"
                 : "DELETE FROM kith_cause WHERE tenant = ? AND log = 2 AND number >= ? AND number < ?");
  Journal(*records_).set_cursor(changes ? "#purged:changes" : "#purged:events", range->end - 1);
  return std::max<std::int64_t>(rows, 1);
}

std::int64_t Purge::purge_runs() {
  if (!history_.runs_us) return 0;
  std::vector<OldRun> old;
  {
    const StatementPtr rows = records_->connection().prepare(
        "SELECT r.row, r.workflow, w.name, r.state, r.record, r.at_us FROM kith_run AS r INDEXED BY "
        "\"ix:kith_run:finished\" "
        "CROSS JOIN kith_workflow AS w WHERE r.tenant = ? AND r.state IN (2, 3) AND w.number = r.workflow ORDER BY "
        "r.event");
    rows->bind(0, records_->tenant());
    while (static_cast<std::int64_t>(old.size()) < kRunsPerStep && rows->step()) {
      if (rows->integer(5) >= now_ - *history_.runs_us) break;
      old.push_back({rows->integer(0), rows->integer(1), std::string(rows->text(2)),
                     rows->integer(3) == static_cast<std::int64_t>(RunState::done), rows->id(4)});
    }
  }
  const StatementPtr keep = records_->connection().prepare(
      "INSERT INTO kith_once (tenant, workflow, record) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  const StatementPtr remove = records_->connection().prepare("DELETE FROM kith_run WHERE row = ?");
  for (const OldRun& run : old) {
    if (runs_once_for_a_record(records_->layout().catalog(), run)) {
      keep->bind(0, records_->tenant());
      keep->bind(1, run.workflow);
      keep->bind(2, run.record);
      keep->step();
      keep->reset();
    }
    remove->bind(0, run.row);
    remove->step();
    remove->reset();
  }
  return static_cast<std::int64_t>(old.size());
}

std::optional<std::int64_t> Purge::oldest(Log log) const {
  const StatementPtr row = records_->connection().prepare(
      "SELECT at_us FROM kith_cause WHERE tenant = ? AND log = ? AND number > ? ORDER BY number LIMIT 2");
  row->bind(0, records_->tenant());
  row->bind(1, static_cast<std::int64_t>(log));
  row->bind(2, Journal(*records_).cursor(log == Log::changes ? "#purged:changes" : "#purged:events"));
  if (!row->step()) return std::nullopt;
  const std::int64_t at_us = row->integer(0);
  return row->step() ? std::optional(at_us) : std::nullopt;  // the newest stays
}

std::optional<std::int64_t> Purge::oldest_run() const {
  const StatementPtr row = records_->connection().prepare(
      "SELECT at_us FROM kith_run INDEXED BY \"ix:kith_run:finished\" WHERE tenant = ? AND state IN (2, 3) ORDER BY "
      "event LIMIT 1");
  row->bind(0, records_->tenant());
  return row->step() ? std::optional(row->integer(0)) : std::nullopt;
}

bool Purge::wanted() const {
  if (history_.runs_us && too_old(oldest_run(), history_.runs_us, now_)) return true;
  for (const Log log : {Log::changes, Log::events}) {
    const auto& kept_us = log == Log::changes ? history_.changes_us : history_.events_us;
    if (kept_us && too_old(oldest(log), kept_us, now_) && old_causes(log, now_ - *kept_us)) return true;
  }
  return false;
}

std::int64_t Purge::step() {
  if (const std::int64_t runs = purge_runs(); runs > 0) return runs;
  if (const std::int64_t events = purge_log(Log::events, history_.events_us); events > 0) return events;
  return purge_log(Log::changes, history_.changes_us);
}

}  // namespace kith::internal::store
