// The log of changes and events: what comes back is what was written, also when a bundle has gone; numbers that fit the
// events that rows stand for; each tenant reads its own without looking at what others did.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "base/problem/error.hpp"
#include "store/connection/native.hpp"
#include "store/connection/sqlite_connection.hpp"
#include "store/rows/change_content.hpp"
#include "store/rows/log_reader.hpp"
#include "unit/store/support.hpp"

namespace kith::internal::store {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LogTest : public ::testing::Test {
 protected:
  Change update(const RecordId& record, std::vector<MemberChange> members = {}) {
    Change out;
    out.at_us = kNow;
    out.actor = "alice";
    out.record_type = kCustomerType;
    out.record = record;
    out.version = 2;
    out.members = std::move(members);
    if (out.members.empty()) out.members = {{kName, {}, Value::text("Ada"), Value::text("Ada Li")}};
    return out;
  }
  Event emitted(const RecordId& record) {
    Event out;
    out.at_us = kNow;
    out.kind = EventKind::emitted;
    out.record_type = kCustomerType;
    out.record = record;
    out.name = "retail.greeted";
    out.payload_json = R"({"how":"warmly"})";
    return out;
  }
  static std::vector<std::int64_t> numbers(const Journal& journal, std::int64_t after) {
    std::vector<std::int64_t> out;
    LogReader reader(journal, after);
    for (LogEntry entry; reader.next(entry);) out.push_back(entry.sequence());
    return out;
  }
  /// How many steps of its machine SQLite took for all statements since this was asked before.
  std::int64_t steps_taken() {
    sqlite3* handle = dynamic_cast<SqliteConnection&>(writer_.connection()).session().handle();
    std::int64_t steps = 0;
    for (sqlite3_stmt* each = sqlite3_next_stmt(handle, nullptr); each != nullptr;
         each = sqlite3_next_stmt(handle, each))
      steps += sqlite3_stmt_status(each, SQLITE_STMTSTATUS_VM_STEP, 1);
    return steps;
  }

  TemporaryFolder folder_;
  Store store_{folder_.file("kith.db")};
  Writer writer_ = store_.write();
  Records records_ = store_.records(writer_);
  Journal journal_{records_};
  RecordId ada_ = new_id(), eve_ = new_id();
};

TEST_F(LogTest, BringsBackValuesOfEveryKindWithTheirTypes) {
  Change change = update(ada_, {{kName, {}, Value::null(), Value::text("")},
                                {kSize, {}, Value::integer(INT64_MIN), Value::integer(INT64_MAX)},
                                {kRating, {}, Value::real(-0.1), Value::real(1e300)},
                                {kActive, {}, Value::boolean(true), Value::boolean(false)},
                                {kBorn, {}, Value::date(-1), Value::date(20'000)},
                                {kSeen, {}, Value::timestamp(0), Value::timestamp(kNow)},
                                {kLimit, {}, Value::money(-250, kEuro), Value::null()},
                                {kKind, {}, Value::text("person"), Value::text("organization")},
                                {kTags, {}, Value::json("[]"), Value::json(R"(["a","\u00e9"])")},
                                {kParent, {}, Value::null(), Value::ref(kCustomerType, eve_)},
                                {kSubject, {}, Value::ref(kOrderType, ada_), Value::ref(kCustomerType, eve_)},
                                {kWait, {}, Value::duration(-5), Value::duration(5)},
                                {kTier, {}, Value::text(std::string("a\0b", 3)), Value::text(std::string(300, 'x'))}});
  journal_.add_change(change);
  const std::vector<Change> found = journal_.changes(kCustomerType, ada_, 0, 10);
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(found[0].members.size(), change.members.size());
  for (std::size_t i = 0; i < change.members.size(); ++i) {
    EXPECT_EQ(found[0].members[i].member, change.members[i].member);
    EXPECT_EQ(found[0].members[i].before, change.members[i].before) << i;
    EXPECT_EQ(found[0].members[i].after, change.members[i].after) << i;
  }
}

TEST_F(LogTest, KeepsTheStatesThatAChangeEnteredInTheirOrder) {
  Change change = update(ada_);
  change.kind = ChangeKind::transition;
  change.states = {{"retail.stage", "sell", "new", "sold", ""}, {"retail.stage", "return", "sold", "back", "raised"}};
  journal_.add_change(change);
  const Change found = journal_.changes(kCustomerType, ada_, 0, 1).at(0);
  ASSERT_EQ(found.states.size(), 2U);
  EXPECT_EQ(found.states[0].event, "sell");
  EXPECT_EQ(found.states[1].lifecycle, "retail.stage");
  EXPECT_EQ(found.states[1].from, "sold");
  EXPECT_EQ(found.states[1].to, "back");
  EXPECT_EQ(found.states[1].by, "raised");
}

TEST_F(LogTest, KeepsAnEdgeWithItsDatesAndAttributes) {
  Change change = update(ada_);
  change.kind = ChangeKind::relate;
  change.members.clear();
  change.edge = Edge{0, "works_for", kCustomerType, kCustomerType, ada_, eve_, -3, 9, R"({"title":"CTO"})"};
  journal_.add_change(change);
  const Change found = journal_.changes(kCustomerType, ada_, 0, 1).at(0);
  ASSERT_TRUE(found.edge.has_value());
  EXPECT_EQ(found.edge->from, ada_);
  EXPECT_EQ(found.edge->to, eve_);
  EXPECT_EQ(found.edge->from_on, -3);
  EXPECT_EQ(found.edge->to_on, 9);
  EXPECT_EQ(found.edge->attributes_json, R"({"title":"CTO"})");
}

TEST_F(LogTest, NumbersEachEventThatAChangeStandsFor) {
  Change change = update(ada_);
  change.states = {{"retail.stage", "sell", "new", "sold", ""}};
  const std::int64_t first = journal_.add_event(emitted(ada_));
  const std::int64_t second = journal_.add_change(change);
  EXPECT_EQ(second, first + 2) << "it changed, and it entered a state";
  EXPECT_EQ(journal_.add_event(emitted(ada_)), second + 1);
  EXPECT_THAT(numbers(journal_, 0), ElementsAre(first, second, second + 1));
  EXPECT_EQ(journal_.count_after(0), 4);
  for (const std::int64_t number : {second - 1, second}) {
    const auto entry = journal_.entry(number);
    ASSERT_TRUE(entry.has_value());
    EXPECT_EQ(entry->sequence(), second);
  }
  EXPECT_EQ(journal_.entry(second + 9), std::nullopt);
  const std::vector<Happening> happened = happenings(*journal_.entry(second));
  ASSERT_EQ(happened.size(), 2U);
  EXPECT_EQ(happened[0].kind, EventKind::changed);
  EXPECT_EQ(happened[0].number, second - 1);
  EXPECT_EQ(happened[1].kind, EventKind::transition);
}

TEST_F(LogTest, WritesNothingForAChangeThatChangesNothing) {
  Change change = update(ada_);
  change.members.clear();
  EXPECT_EQ(journal_.add_change(change), 0);
  EXPECT_THAT(numbers(journal_, 0), IsEmpty());
}

TEST_F(LogTest, WritesOneCauseForAllThatATransactionDoesAlike) {
  for (int i = 0; i < 5; ++i) journal_.add_change(update(ada_));
  EXPECT_EQ(integer(writer_.connection(), "SELECT count(*) FROM kith_cause"), 1);
  Change other = update(eve_);
  other.cause.by = "workflow retail.win_back";
  journal_.add_change(other);
  EXPECT_EQ(integer(writer_.connection(), "SELECT count(*) FROM kith_cause"), 2);
  journal_.add_change(update(ada_));
  EXPECT_EQ(journal_.changes(kCustomerType, eve_, 0, 1).at(0).cause.by, "workflow retail.win_back");
  EXPECT_EQ(journal_.changes(kCustomerType, ada_, 0, 1).at(0).cause.by, "");
}

TEST_F(LogTest, WritesACauseAgainThatWasRolledBack) {
  writer_.connection().savepoint("row");
  journal_.add_change(update(ada_));
  writer_.connection().rollback_to("row");
  journal_.add_change(update(eve_));
  EXPECT_EQ(journal_.changes(kCustomerType, eve_, 0, 10).size(), 1U) << "its cause is there";
  EXPECT_THAT(journal_.changes(kCustomerType, ada_, 0, 10), IsEmpty());
}

TEST_F(LogTest, LetsEachTenantReadItsOwnWhereverOthersWroteInBetween) {
  Records theirs(writer_.connection(), *store_.layout, tenant_number(writer_.connection(), "globex", true));
  Journal other(theirs);
  std::vector<std::int64_t> mine, others;
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < round; ++i) others.push_back(other.add_change(update(eve_)));
    mine.push_back(round % 2 == 0 ? journal_.add_change(update(ada_)) : journal_.add_event(emitted(ada_)));
  }
  for (int i = 0; i < 20; ++i) others.push_back(other.add_event(emitted(eve_)));
  EXPECT_EQ(numbers(journal_, 0), mine);
  EXPECT_EQ(numbers(other, 0), others);
  for (std::size_t i = 0; i < mine.size(); ++i) {
    const std::vector<std::int64_t> rest(mine.begin() + static_cast<std::ptrdiff_t>(i) + 1, mine.end());
    EXPECT_EQ(numbers(journal_, mine[i]), rest);
    EXPECT_EQ(journal_.any_after(mine[i]), !rest.empty());
    EXPECT_EQ(journal_.count_after(mine[i]), static_cast<std::int64_t>(rest.size()));
  }
  EXPECT_EQ(last_position(writer_.connection()), others.back());
}

TEST_F(LogTest, CostsATenantNoMoreHoweverMuchOthersWroteInBetween) {
  Records theirs(writer_.connection(), *store_.layout, tenant_number(writer_.connection(), "globex", true));
  Journal other(theirs);
  std::vector<std::int64_t> mine;
  const auto add_mine = [&] {
    mine.push_back(journal_.add_change(update(ada_)));
    mine.push_back(journal_.add_event(emitted(ada_)));
  };
  const auto steps_to_read = [&] {
    steps_taken();
    EXPECT_EQ(numbers(journal_, 0), mine);
    return steps_taken();
  };
  add_mine();
  for (int i = 0; i < 5; ++i) other.add_change(update(eve_));
  for (int i = 0; i < 5; ++i) other.add_event(emitted(eve_));
  add_mine();
  const std::int64_t few = steps_to_read();
  for (int i = 0; i < 5'000; ++i) {
    other.add_change(update(eve_));
    other.add_event(emitted(eve_));
  }
  add_mine();
  const std::int64_t many = steps_to_read();
  EXPECT_LT(many, 3 * few) << "10,000 rows of others are passed over at once";
}

TEST_F(LogTest, GivesEachTenantItsOwnWhereTheirRowsAlternate) {
  Records theirs(writer_.connection(), *store_.layout, tenant_number(writer_.connection(), "globex", true));
  Journal other(theirs);
  std::vector<std::int64_t> mine, others;
  for (int i = 0; i < 100; ++i) {
    mine.push_back(i % 3 == 0 ? journal_.add_event(emitted(ada_)) : journal_.add_change(update(ada_)));
    others.push_back(i % 2 == 0 ? other.add_change(update(eve_)) : other.add_event(emitted(eve_)));
  }
  EXPECT_EQ(numbers(journal_, 0), mine);
  EXPECT_EQ(numbers(other, 0), others);
}

TEST_F(LogTest, ReadsTheLogByItsNumberWithAndWithoutStatistics) {
  for (int i = 0; i < 50; ++i) journal_.add_change(update(ada_));
  for (const bool statistics : {false, true}) {
    if (statistics) writer_.connection().execute("ANALYZE");
    const StatementPtr plan = writer_.connection().prepare(
        "EXPLAIN QUERY PLAN SELECT c.sequence FROM kith_change AS c CROSS JOIN kith_cause AS k WHERE c.sequence >= ? "
        "AND k.tenant = c.tenant AND k.number = c.cause ORDER BY c.sequence");
    std::string all;
    while (plan->step()) all += std::string(plan->text(3)) + "\n";
    EXPECT_THAT(all, ::testing::HasSubstr("USING INTEGER PRIMARY KEY"));
    EXPECT_THAT(all, ::testing::Not(::testing::HasSubstr("TEMP B-TREE")));
  }
}

TEST(LogOfAnAbsentBundleTest, StaysReadableByTheNamesThatItDeclared) {
  const TemporaryFolder folder;
  const std::string path = folder.file("kith.db");
  RecordId ada = new_id();
  {
    Store store(path);
    Writer writer = store.write();
    Records records = store.records(writer);
    Change change;
    change.record_type = kCustomerType;
    change.record = ada;
    change.version = 2;
    change.members = {{kName, {}, Value::null(), Value::text("Ada")}, {kTier, {}, Value::null(), Value::text("gold")}};
    Journal(records).add_change(change);
    change.record_type = kOrderType;
    change.members = {{kTotal, {}, Value::money(100, kEuro), Value::money(250, kEuro)},
                      {kCustomer, {}, Value::null(), Value::ref(kCustomerType, ada)}};
    Journal(records).add_change(change);
    writer.commit();
  }
  Sample without;
  without.retail = false;
  Store store(path, without);
  const Reader reader = store.read();
  Records records = store.records(reader);
  Journal journal(records);
  LogReader log(journal, 0);
  LogEntry entry;
  ASSERT_TRUE(log.next(entry));
  ASSERT_EQ(entry.change->members.size(), 2U);
  EXPECT_EQ(entry.change->members[0].member, kName);
  EXPECT_EQ(entry.change->members[1].member, -1);
  EXPECT_EQ(entry.change->members[1].name, "retail.tier");
  EXPECT_EQ(entry.change->members[1].after, Value::text("gold"));
  ASSERT_TRUE(log.next(entry));
  EXPECT_EQ(entry.change->record_type, -1);
  EXPECT_EQ(entry.change->members[0].name, "total");
  EXPECT_EQ(entry.change->members[0].after, Value::money(250, kEuro));
  EXPECT_EQ(entry.change->members[1].after, Value::ref(kCustomerType, ada));
}

TEST(MemberNumberTest, StaysWhenABundleGoesAndComesBack) {
  const TemporaryFolder folder;
  const std::string path = folder.file("kith.db");
  std::int64_t before = 0;
  { before = Store(path).layout->lasting_member(kCustomerType, kTier); }
  Sample without;
  without.retail = false;
  { const Store store(path, without); }
  Sample with_note;
  with_note.with_note = true;
  const Store store(path, with_note);
  EXPECT_EQ(store.layout->lasting_member(kCustomerType, kTier), before);
  EXPECT_NE(store.layout->lasting_member(kCustomerType, kTier), store.layout->lasting_member(kCustomerType, kName));
}

TEST(FormatTest, RefusesAFileFromBeforeTheFirstReleaseAndSaysWhatToDo) {
  const TemporaryFolder folder;
  const std::string path = folder.file("kith.db");
  { const Store store(path); }
  { NativeSession(path, NativeSession::Access::write).run("PRAGMA user_version = 1"); }
  Log log;
  try {
    Database::open(options_of(path), log);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::newer_catalog);
    EXPECT_THAT(error.first().message, ::testing::HasSubstr("before its first release"));
    EXPECT_THAT(error.first().fix, ::testing::HasSubstr("kith export"));
  }
}

}  // namespace
}  // namespace kith::internal::store
