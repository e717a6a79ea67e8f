#include "store/rows/work_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/problem/error.hpp"
#include "unit/store/support.hpp"

namespace kith::internal::store {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

class WorkRowsTest : public ::testing::Test {
 protected:
  WorkflowRun run(std::int64_t event, const RecordId& record, RunState state = RunState::pending) {
    WorkflowRun out;
    out.event = event;
    out.workflow = "retail.win_back";
    out.version = "0.1.0";
    out.record_type = kCustomerType;
    out.record = record;
    out.state = state;
    out.at_us = kNow;
    out.root = 17;
    out.trace_json = "{}";
    return out;
  }

  TemporaryFolder folder_;
  Store store_{folder_.file("kith.db")};
  Writer writer_ = store_.write();
  Records records_ = store_.records(writer_);
  Runs runs_{records_};
  RecordId ada_ = new_id(), eve_ = new_id();
};

TEST_F(WorkRowsTest, TakesTheNewestParametersByDateThenByPublication) {
  EXPECT_EQ(newest_parameters(records_, "insight.rfm"), std::nullopt);
  add_parameters(records_, {"insight.rfm", R"({"r1":2})", "job insight.rfm", 200, 1000});
  add_parameters(records_, {"insight.rfm", R"({"r1":1})", "job insight.rfm", 100, 2000});
  EXPECT_EQ(newest_parameters(records_, "insight.rfm")->values_json, R"({"r1":2})");
  add_parameters(records_, {"insight.rfm", R"({"r1":3})", "job insight.rfm", 200, 3000});
  const auto newest = newest_parameters(records_, "insight.rfm");
  EXPECT_EQ(newest->values_json, R"({"r1":3})");
  EXPECT_EQ(newest->published_us, 3000);
  EXPECT_EQ(newest->job, "job insight.rfm");
}

TEST_F(WorkRowsTest, RunsAWorkflowOncePerEventAndRecord) {
  runs_.add(run(1, ada_));
  EXPECT_TRUE(runs_.exists(1, "retail.win_back", ada_));
  EXPECT_FALSE(runs_.exists(2, "retail.win_back", ada_));
  EXPECT_EQ(problem_of([&] { runs_.add(run(1, ada_)); }), ProblemNumber::not_unique);
  EXPECT_NO_THROW(runs_.add(run(1, eve_)));
  EXPECT_NO_THROW(runs_.add(run(2, ada_)));
}

TEST_F(WorkRowsTest, GivesDueRunsTheLongestDueFirst) {
  runs_.add(run(3, ada_));
  WorkflowRun later = run(2, ada_, RunState::retry);
  later.next_us = kNow + 10;
  runs_.add(later);
  runs_.add(run(1, eve_));
  runs_.add(run(4, eve_, RunState::done));
  std::vector<std::int64_t> events;
  for (const WorkflowRun& due : runs_.due(kNow, 10)) events.push_back(due.event);
  EXPECT_THAT(events, ElementsAre(3, 1)) << "as they were made";
  EXPECT_THAT(runs_.due(kNow + 10, 10), SizeIs(3));
  EXPECT_EQ(runs_.next_due(), 0);
  EXPECT_EQ(runs_.count_due(kNow), 2);
  EXPECT_EQ(runs_.count_due(kNow + 10), 3);
  EXPECT_EQ(runs_.blocked_until("retail.win_back", ada_), kNow + 10);
  EXPECT_EQ(runs_.blocked_until("retail.win_back", eve_), std::nullopt);
}

TEST_F(WorkRowsTest, BringsARunBackAsItWasUpdated) {
  WorkflowRun made = run(1, ada_);
  made.row = runs_.add(made);
  made.state = RunState::dead;
  made.cursor = 2;
  made.tries = 8;
  made.next_us = kNow + 5;
  made.error = "no such field";
  made.trace_json = R"({"steps":[]})";
  runs_.update(made);
  const auto found = runs_.get(made.row);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->state, RunState::dead);
  EXPECT_EQ(found->cursor, 2);
  EXPECT_EQ(found->tries, 8);
  EXPECT_EQ(found->next_us, 0) << "what has ended is never due";
  EXPECT_EQ(found->error, "no such field");
  EXPECT_EQ(found->trace_json, R"({"steps":[]})");
  EXPECT_EQ(found->root, 17);
  EXPECT_EQ(found->record_type, kCustomerType);
  EXPECT_THAT(runs_.of_record(kCustomerType, ada_), SizeIs(1));
  EXPECT_THAT(runs_.counts(), ElementsAre(Pair(RunState::dead, 1)));
  made.row = 99;
  EXPECT_EQ(problem_of([&] { runs_.update(made); }), ProblemNumber::unknown_thing);
}

TEST_F(WorkRowsTest, CountsASkippedRunAsNotRun) {
  runs_.add(run(1, ada_, RunState::skipped));
  EXPECT_FALSE(runs_.ran_for_record("retail.win_back", ada_));
  EXPECT_FALSE(runs_.ran_for_root("retail.win_back", ada_, 17));
  runs_.add(run(2, ada_, RunState::done));
  EXPECT_TRUE(runs_.ran_for_record("retail.win_back", ada_));
  EXPECT_TRUE(runs_.ran_for_root("retail.win_back", ada_, 17));
  EXPECT_FALSE(runs_.ran_for_root("retail.win_back", ada_, 18));
}

TEST_F(WorkRowsTest, AddsUpTheActionsOfARoot) {
  EXPECT_EQ(runs_.actions_of_root(17), 0);
  for (int i = 1; i <= 3; ++i) {
    WorkflowRun made = run(i, ada_, RunState::done);
    made.cursor = i;
    runs_.add(made);
  }
  EXPECT_EQ(runs_.actions_of_root(17), 6);
  EXPECT_EQ(runs_.list(std::nullopt, 2).at(0).event, 3);
  EXPECT_THAT(runs_.list(RunState::dead, 10), IsEmpty());
}

TEST_F(WorkRowsTest, KeepsHowFarAnImportCame) {
  ImportRun made;
  made.id = "imp_1";
  made.file = "orders.csv";
  made.mapping = "orders.json";
  made.mapping_hash = "abc";
  made.file_hash = "def";
  made.state = "running";
  made.automation = "suppress";
  made.reject_file = "orders.rejects.csv";
  made.reasons_json = "{}";
  made.started_us = kNow;
  save_import(records_, made);
  made.line = 5001;
  made.offset = 300'000;
  made.read = 5000;
  made.created = 4990;
  made.updated = 4;
  made.unchanged = 3;
  made.rejected = 3;
  made.reject_bytes = 200;
  made.reasons_json = R"({"not a date":{"count":3}})";
  save_import(records_, made);
  const auto found = load_import(records_, "imp_1");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->file, "orders.csv");
  EXPECT_EQ(found->automation, "suppress");
  EXPECT_EQ(found->line, 5001);
  EXPECT_EQ(found->offset, 300'000);
  EXPECT_EQ(found->read, 5000);
  EXPECT_EQ(found->created, 4990);
  EXPECT_EQ(found->updated, 4);
  EXPECT_EQ(found->unchanged, 3);
  EXPECT_EQ(found->rejected, 3);
  EXPECT_EQ(found->reject_bytes, 200);
  EXPECT_EQ(found->reasons_json, made.reasons_json);
  EXPECT_EQ(integer(writer_.connection(), "SELECT count(*) FROM kith_import"), 1);
  EXPECT_EQ(last_import(records_, "orders.csv", "abc")->id, "imp_1");
  EXPECT_EQ(last_import(records_, "orders.csv", "other"), std::nullopt);
  made.state = "done";
  save_import(records_, made);
  EXPECT_EQ(last_import(records_, "orders.csv", "abc"), std::nullopt);
}

TEST_F(WorkRowsTest, ListsJobRunsNewestFirst) {
  save_job_run(records_, {"job_1", "insight.rfm", "{}", "done", "", 100, 200, 10, 10});
  save_job_run(records_, {"job_2", "insight.rfm", "{}", "running", "", 300, 0, 1, 10});
  save_job_run(records_, {"job_2", "insight.rfm", "{}", "failed", "no data", 300, 400, 1, 10});
  const std::vector<JobRun> found = job_runs(records_, 10);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].id, "job_2");
  EXPECT_EQ(found[0].state, "failed");
  EXPECT_EQ(found[0].error, "no data");
  EXPECT_EQ(found[1].done, 10);
}

}  // namespace
}  // namespace kith::internal::store
