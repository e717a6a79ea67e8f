// The engine's own rows of work to be done: parameters, workflow runs, job runs, import runs.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/rows/journal.hpp"

namespace kith::internal::store {

struct PublishedSet {
  std::string set, values_json, job;
  std::int64_t as_of_us = 0, published_us = 0;
};
/// Newest by as_of, then by publication. Append-only.
void add_parameters(Records& records, const PublishedSet& published);
std::optional<PublishedSet> newest_parameters(Records& records, std::string_view set);

enum class RunState : std::int32_t { pending = 1, done = 2, skipped = 3, retry = 4, dead = 5, quarantined = 6 };
struct WorkflowRun {
  std::int64_t row = 0, event = 0;
  std::string workflow, version;
  std::int32_t record_type = -1;
  RecordId record;
  RunState state = RunState::pending;
  std::int64_t cursor = 0;  ///< next action
  std::int64_t tries = 0;
  std::int64_t next_us = 0;  ///< pending, retry: not before
  std::int64_t at_us = 0;    ///< made
  std::int64_t root = 0;     ///< the first event of its chain; negative: the row of the run that was set going again
  std::string error, trace_json;
};
class Runs {
 public:
  explicit Runs(Records& records) : records_(&records) {}
  std::int64_t add(const WorkflowRun& run);  ///< unique (event, workflow, record)
  void update(const WorkflowRun& run);
  bool any_after(std::int64_t event) const;  ///< of an event with a greater number
  bool exists(std::int64_t event, std::string_view workflow, const RecordId& record) const;
  bool ran_for_record(std::string_view workflow, const RecordId& record) const;  ///< done or under way
  bool ran_for_root(std::string_view workflow, const RecordId& record, std::int64_t root) const;
  /// Until when an earlier one waits for its retry; nullopt: none does.
  std::optional<std::int64_t> blocked_until(std::string_view workflow, const RecordId& record) const;
  std::vector<WorkflowRun> due(std::int64_t now_us, std::int64_t limit) const;  ///< the longest due first
  std::int64_t count_due(std::int64_t now_us) const;
  bool any_due(std::int64_t now_us) const;
  bool any_open() const;  ///< pending or waiting for a retry, whenever
  std::optional<std::int64_t> next_due() const;
  std::vector<WorkflowRun> list(std::optional<RunState> state, std::int64_t limit) const;  ///< newest first
  std::vector<WorkflowRun> of_record(std::int32_t record_type, const RecordId& id) const;
  std::optional<WorkflowRun> get(std::int64_t row) const;
  std::vector<std::pair<RunState, std::int64_t>> counts() const;
  std::int64_t actions_of_root(std::int64_t root) const;  ///< for the limit of 1,000 per root

 private:
  std::int64_t workflow_number(std::string_view workflow, bool make) const;  ///< -1: it never ran
  Records* records_;
  mutable std::map<std::string, std::int64_t, std::less<>> workflows_;  ///< numbers that were found or given
};

struct ImportRun {
  /// state: running, done, failed
  std::string id, file, mapping, source, mapping_hash, file_hash, state, reject_file, automation;
  std::int64_t started_us = 0, line = 0, offset = 0;  ///< first line and byte not yet committed
  std::int64_t read = 0, created = 0, updated = 0, unchanged = 0, rejected = 0, reject_bytes = 0;
  std::string reasons_json;  ///< a list of objects: facts/import/import_run.hpp
};
void save_import(Records& records, const ImportRun& run);  ///< insert or replace by id
std::optional<ImportRun> load_import(Records& records, std::string_view id);
std::optional<ImportRun> last_import(Records& records, std::string_view file,
                                     std::string_view mapping_hash);  ///< the newest, unless it is done

struct JobRun {
  std::string id, job, args_json, state, error;  ///< running, done, failed
  std::int64_t started_us = 0, ended_us = 0, done = 0, total = 0;
};
void save_job_run(Records& records, const JobRun& run);
std::vector<JobRun> job_runs(Records& records, std::int64_t limit);

}  // namespace kith::internal::store
