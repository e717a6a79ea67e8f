// Macros over related records: what they mean, what is refused, and what they read.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "base/problem/error.hpp"
#include "base/time/time.hpp"
#include "expr/sql/lower.hpp"
#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {
namespace {

class SetsTest : public ::testing::Test {
 protected:
  SetsTest() {
    env_.now = instant("2026-01-05T10:00:00Z");
    env_.surroundings = &answers_;
    for (std::uint8_t i = 0; i < 3; ++i) customers_.emplace_back(world_, kCustomer, i);
    region_.set("rank", Value::integer(1));
    customers_[0].link("home", &region_);
    for (Record& customer : customers_) graph_.records.push_back(&customer);
    graph_.records.push_back(&region_);
    for (Record* record : graph_.records) {
      record->graph = &graph_;
      record->now = env_.now;
    }
  }

  Record& order(Record& customer, std::int64_t qty, const char* at = "2026-01-01") {
    Record& made = orders_.emplace_back(world_, kOrder, static_cast<std::uint8_t>(orders_.size()));
    made.set("qty", Value::integer(qty))
        .set("total", Value::money(qty * 100, kYuan))
        .set("at", Value::timestamp(instant(at)));
    made.link("customer", &customer);
    made.graph = &graph_;
    graph_.records.push_back(&made);
    return made;
  }

  void edge(std::int32_t relationship, Record& from, Record& to, std::int64_t begins, std::int64_t ends = kForever) {
    graph_.edges.push_back({relationship, &from, &to, begins, ends});
  }

  Scope scope(SetUse sets = SetUse::all) {
    Scope made;
    made.names = &world_;
    made.record_type = kCustomer;
    made.rules.sets = sets;
    return made;
  }

  Timed timed(const std::string& source) { return evaluate(*compile_or_throw(source, scope()), customers_[0], env_); }
  Value value(const std::string& source) { return timed(source).value; }
  bool is_unknown(const std::string& source) { return value(source).is_unknown(); }

  std::string complaint(const std::string& source, const Scope& in) {
    std::vector<Diagnostic> found;
    if (expr::compile(source, in, found)) return "accepted";
    return found.front().message + " | " + found.front().fix;
  }
  std::string complaint(const std::string& source) { return complaint(source, scope()); }

  World world_;
  Answers answers_;
  Env env_;
  std::deque<Record> customers_, orders_;
  Record region_{world_, kRegion, 0};
  Graph graph_;
};

TEST_F(SetsTest, AnEmptySetHasNoneAndAll) {
  EXPECT_EQ(value("retail.orders.exists(o, true)"), Value::boolean(false));
  EXPECT_EQ(value("retail.orders.all(o, false)"), Value::boolean(true));
  EXPECT_EQ(value("retail.orders.exists_one(o, true)"), Value::boolean(false));
  EXPECT_EQ(value("retail.orders.count()"), Value::integer(0));
  EXPECT_EQ(value("retail.orders.size()"), Value::integer(0));
  EXPECT_EQ(value("size(retail.orders)"), Value::integer(0));
  EXPECT_EQ(value("retail.orders.sum(o, o.qty)"), Value::integer(0));
  EXPECT_EQ(value("retail.orders.max(o, o.qty)"), Value::null());
  EXPECT_EQ(value("retail.orders.avg(o, o.qty)"), Value::null());
  EXPECT_EQ(value("retail.orders.latest(o, o.at, o.qty)"), Value::null());
  EXPECT_EQ(value("parent.retail.orders.count()"), Value::integer(0)) << "behind a ref that is unset";
}

TEST_F(SetsTest, ExistsAndAllAbsorbWhatIsUnknown) {
  order(customers_[0], 1);
  order(customers_[0], 5);
  order(customers_[0], 0).set("qty", Value::null());
  EXPECT_EQ(value("retail.orders.exists(o, o.qty > 4)"), Value::boolean(true));
  EXPECT_TRUE(is_unknown("retail.orders.exists(o, o.qty > 9)"));
  EXPECT_EQ(value("retail.orders.all(o, o.qty > 4)"), Value::boolean(false));
  EXPECT_TRUE(is_unknown("retail.orders.all(o, o.qty > 0)"));
  EXPECT_TRUE(is_unknown("retail.orders.exists_one(o, o.qty > 4)"));
  EXPECT_EQ(value("retail.orders.exists_one(o, o.qty == 5)"), Value::boolean(true));
}

TEST_F(SetsTest, AggregatesCountWhatIsTrueAndSkipNull) {
  order(customers_[0], 1, "2026-01-01").set("note", Value::text("first"));
  order(customers_[0], 5, "2026-01-03").set("note", Value::text("second"));
  order(customers_[0], 5, "2026-01-03").set("note", Value::text("third"));
  order(customers_[0], 0).set("qty", Value::null());
  order(customers_[1], 100);
  order(customers_[0], 100).removed = true;
  EXPECT_EQ(value("retail.orders.count()"), Value::integer(4));
  EXPECT_EQ(value("retail.orders.count(o, o.qty > 1)"), Value::integer(2));
  EXPECT_EQ(value("retail.orders.sum(o, o.qty)"), Value::integer(11));
  EXPECT_EQ(value("retail.orders.sum(o, o.qty > 1, o.total)"), Value::money(1000, kYuan));
  EXPECT_EQ(value("retail.orders.min(o, o.qty)"), Value::integer(1));
  EXPECT_EQ(value("retail.orders.avg(o, o.qty)"), Value::real(11.0 / 3));
  EXPECT_EQ(value("retail.orders.median(o, o.qty)"), Value::real(5));
  EXPECT_EQ(value("retail.orders.median(o, o.qty != 5 || o.note == 'third', o.total)"), Value::money(100, kYuan));
  EXPECT_EQ(value("retail.orders.count_distinct(o, o.qty)"), Value::integer(2));
  EXPECT_EQ(value("retail.orders.latest(o, o.at, o.note)"), Value::text("third"))
      << "of two at one instant the later id";
}

TEST_F(SetsTest, AnElementThatIsUnknownMakesTheAggregateUnknown) {
  order(customers_[0], 1);
  order(customers_[0], 0);
  EXPECT_TRUE(is_unknown("retail.orders.sum(o, 1 / o.qty)"));
  EXPECT_TRUE(is_unknown("retail.orders.max(o, 1 / o.qty)"));
  EXPECT_EQ(value("retail.orders.sum(o, o.qty != 0, 1 / o.qty)"), Value::integer(1));
  EXPECT_TRUE(is_unknown("retail.orders.sum(o, 9223372036854775807)")) << "two of them are out of range";
}

TEST_F(SetsTest, TheVariableIsARecordAndOtherNamesAreThoseAround) {
  customers_[0].set("n", Value::integer(2)).set("name", Value::text("Anna"));
  customers_[1].set("n", Value::integer(7)).link("parent", &customers_[0]);
  order(customers_[1], 3);
  EXPECT_EQ(value("retail.children.exists(c, c.n > n)"), Value::boolean(true));
  EXPECT_EQ(value("retail.children.exists(c, c.parent.name == 'Anna' && c.parent == record)"), Value::boolean(true));
  EXPECT_EQ(value("retail.children.count(c, c.retail.orders.exists(o, o.qty > n && o.qty < c.n))"), Value::integer(1));
  EXPECT_EQ(value("retail.children.sum(c, c.retail.orders.sum(o, o.qty))"), Value::integer(3));
  EXPECT_EQ(value("home.residents.exists(n, n == record)"), Value::boolean(true))
      << "a variable hides a field of its name";
}

TEST_F(SetsTest, ARelationshipCountsWhileItsEdgeDoes) {
  const std::int64_t day = kMicrosPerDay;
  edge(kKnows, customers_[0], customers_[1], env_.now - day, env_.now + day);
  edge(kKnows, customers_[0], customers_[2], env_.now + 2 * day);
  edge(kFriends, customers_[2], customers_[0], env_.now - day);
  EXPECT_EQ(value("rel('knows').count()"), Value::integer(1));
  EXPECT_EQ(timed("rel('knows').count()").until, env_.now + day);
  EXPECT_EQ(timed("rel('knows').count(k, k == home.chief)").until, env_.now + 2 * day)
      << "who doesn't fulfil it may leave unseen";
  EXPECT_EQ(timed("rel('knows').exists(k, true)").until, env_.now + day);
  EXPECT_EQ(value("rel('known_by').count()"), Value::integer(0));
  EXPECT_EQ(value("rel('friends').count()"), Value::integer(1));
  customers_[1].set("n", Value::integer(4));
  EXPECT_EQ(value("rel('knows').max(k, k.n)"), Value::integer(4));
}

TEST_F(SetsTest, TheReadSetSaysWhichRecordsCountAndWhatIsReadOfThem) {
  const ProgramPtr program = compile_or_throw(
      "home.residents.exists(c, c.n > m && c.retail.orders.count(o, o.qty > c.m) > 1) && rel('knows').count() > 0",
      scope());
  const Hop home{false, kCustomer, world_.number(kCustomer, "home")};
  const Hop residents{true, kRegion, world_.number(kRegion, "residents")};
  const Hop orders{true, kCustomer, world_.number(kCustomer, "retail.orders")};
  const Hop knows{true, kCustomer, -1, kKnows, false};
  const auto reads = [&](const Read& wanted) {
    return std::find(program->reads.begin(), program->reads.end(), wanted) != program->reads.end();
  };
  EXPECT_TRUE(reads({{}, kCustomer, world_.number(kCustomer, "home")}));
  EXPECT_TRUE(reads({{home}, kRegion, -1})) << "whether the region is there";
  EXPECT_TRUE(reads({{home, residents}, kCustomer, world_.number(kCustomer, "home")})) << "the ref of the child";
  EXPECT_TRUE(reads({{home, residents}, kCustomer, world_.number(kCustomer, "n")}));
  EXPECT_TRUE(reads({{}, kCustomer, world_.number(kCustomer, "m")}));
  EXPECT_TRUE(reads({{home, residents, orders}, kOrder, world_.number(kOrder, "qty")}));
  EXPECT_TRUE(reads({{home, residents, orders}, kOrder, world_.number(kOrder, "customer")}));
  EXPECT_TRUE(reads({{}, kCustomer, -1, kKnows})) << "the edges";
  EXPECT_TRUE(reads({{knows}, kCustomer, -1})) << "whether who is known is there";
  EXPECT_EQ(program->reads.size(), 10u);
}

TEST_F(SetsTest, ConsentIsTheNewestWordOnItsPurposeAndChannel) {
  const auto say = [&](const char* at, const char* channel, const char* answer) {
    order(customers_[0], 1, at)
        .set("purpose", Value::text("retail.news"))
        .set("channel", Value::text(channel))
        .set("answer", Value::text(answer));
  };
  EXPECT_EQ(value("consented('retail.news')"), Value::boolean(false));
  say("2026-01-01", "any", "granted");
  EXPECT_EQ(value("consented('retail.news')"), Value::boolean(true));
  EXPECT_EQ(value("consented('retail.news', 'email')"), Value::boolean(true));
  say("2026-01-02", "email", "withdrawn");
  EXPECT_EQ(value("consented('retail.news')"), Value::boolean(true));
  EXPECT_EQ(value("consented('retail.news', 'email')"), Value::boolean(false));
  EXPECT_EQ(value("consented('retail.news', 'phone')"), Value::boolean(true));
  say("2026-01-03", "any", "withdrawn");
  EXPECT_EQ(value("consented('retail.news', 'phone')"), Value::boolean(false));
  EXPECT_EQ(compile_or_throw("consented('retail.news', 'phone')", scope())->sql_class, SqlClass::exact);
  Scope formula = scope(SetUse::none);
  formula.rules.stored = true;
  EXPECT_TRUE(compile_or_throw("consented('retail.news')", formula)) << "also where sets can't be looked through";
  EXPECT_NE(complaint("consented('retail.post')").find("unknown purpose 'retail.post'"), std::string::npos);
  EXPECT_NE(complaint("consented('retail.news', 'fax')").find("not a channel of consents"), std::string::npos);
}

TEST_F(SetsTest, TheActorIsWhoAsks) {
  customers_[2].set("n", Value::integer(9)).link("home", &region_);
  EXPECT_EQ(value("actor == parent"), Value::boolean(true)) << "nobody is known, and there is no parent";
  answers_.asking = &customers_[2];
  EXPECT_EQ(value("actor.n"), Value::integer(9));
  EXPECT_EQ(value("actor.home == home"), Value::boolean(true));
  const ProgramPtr program = compile_or_throw("actor.n == 9", scope());
  EXPECT_TRUE(program->uses_actor);
  EXPECT_TRUE(program->reads.empty());
  EXPECT_EQ(program->sql_class, SqlClass::exact);
  Scope stored = scope();
  stored.rules.stored = true;
  EXPECT_NE(complaint("parent == actor", stored).find("who asks is not known here"), std::string::npos);
}

TEST_F(SetsTest, AKeyedSettingHasAValueForEachKey) {
  customers_[0].set("tier", Value::text("gold"));
  EXPECT_EQ(value("setting('retail.limit', tier)"), Value::integer(100));
  EXPECT_EQ(value("setting('retail.limit', 'silver')"), Value::integer(10));
  EXPECT_EQ(value("setting('retail.limit', 'none')"), Value::null());
  EXPECT_EQ(value("setting('retail.limit', old_tier)"), Value::null());
  EXPECT_NE(complaint("setting('retail.limit')").find("has a value for each key"), std::string::npos);
  EXPECT_NE(complaint("setting('retail.days', tier)").find("has one value and no keys"), std::string::npos);
  EXPECT_NE(complaint("setting('retail.limit', 'bronze')").find("not a value of this enum"), std::string::npos);
  const ProgramPtr program = compile_or_throw("setting('retail.limit', tier) > n", scope());
  EXPECT_EQ(program->sql_class, SqlClass::exact);
}

struct Wrong {
  const char* source;
  const char* part;
};

TEST_F(SetsTest, WrongUseIsRefusedWithWhatToDo) {
  const std::vector<Wrong> all = {
      {"retail.orders", "ask it: retail.orders.count()"},
      {"retail.orders.total > 5", "retail.orders.exists(x, x.total == ...)"},
      {"retail.orders.exists(o.total > 5)", "takes a name for the record"},
      {"retail.orders.exists(o.total, o.total > 5)", "a name for the record is wanted here first"},
      {"retail.orders.exists(o, o.total)", "the condition of exists() must be bool"},
      {"retail.orders.exists(o, o.totl > 5)", "did you mean total"},
      {"retail.orders.exists(o, total > 5)", "unknown name 'total' on customer"},
      {"retail.orders.exists(record, true)", "means another record already"},
      {"retail.orders.sum(o, o.note)", "takes a number, money or duration, but this is text"},
      {"retail.orders.latest(o, o.qty, o.note)", "a date or time by which"},
      {"retail.orders.filter(o, o.done).count()", "give the condition to what is asked of the set"},
      {"count(retail.orders)", "write orders.count()"},
      {"n.exists(o, true)", "is asked of a set of records, but this is int"},
      {"retail.order.exists(o, true)", "did you mean retail.orders"},
      {"rel('knows')", "ask it: rel('knows').count()"},
      {"rel('loves').count()", "no relationship 'loves' begins at customer"},
      {"rel('homes').count()", "known are knows"},
      {"retail.children.exists(a, a.retail.children.exists(b, b.retail.orders.count() > 0))", "two deep at most"},
      {"retail.children.exists(a, a.retail.children.exists(a, true))", "means another record already"},
  };
  for (const Wrong& wrong : all)
    EXPECT_NE(complaint(wrong.source).find(wrong.part), std::string::npos) << wrong.source << "\n"
                                                                           << complaint(wrong.source);
}

TEST_F(SetsTest, PlacesRefuseWhatTheyCannotKeep) {
  EXPECT_NE(complaint("retail.orders.count() > 1", scope(SetUse::none)).find("make a rollup"), std::string::npos);
  EXPECT_NE(complaint("retail.orders.sum(o, o.qty) > 1", scope(SetUse::counts)).find("\"aggregate\": \"sum\""),
            std::string::npos);
  EXPECT_EQ(complaint("retail.orders.count() > 1", scope(SetUse::counts)), "accepted");
  Scope change = scope();
  change.rules.allow_old = true;
  EXPECT_NE(complaint("became(retail.orders.count() > 1)", change).find("before the change is not kept"),
            std::string::npos);
  EXPECT_NE(complaint("old.retail.orders.count() > 1", change).find("before the change are not kept"),
            std::string::npos);
  EXPECT_NE(complaint("retail.orders.exists(o, changed(n))", change).find("as they are now"), std::string::npos);
  EXPECT_EQ(complaint("retail.orders.exists(o, o.qty > old.n)", change), "accepted");
}

TEST_F(SetsTest, WhatCostsTooMuchIsRefusedWhenDeclared) {
  std::string inner = "o.qty > c.n";
  for (int i = 0; i < 10; ++i) inner += " || o.qty + " + std::to_string(i) + " == c.m";
  const std::string text = "retail.children.exists(c, c.retail.orders.exists(o, " + inner + "))";
  EXPECT_NE(complaint(text).find("at most 250000 are allowed"), std::string::npos) << complaint(text);
  EXPECT_EQ(compile_or_throw("retail.orders.count() > 1", scope())->cost, 203);
}

TEST_F(SetsTest, AnEvaluationLooksAtSoManyRecordsAndNoMore) {
  for (int i = 0; i < 5; ++i) order(customers_[0], i);
  env_.most_related = 4;
  EXPECT_THROW(value("retail.orders.exists(o, o.qty > 9)"), Error);
  env_.most_related = 5;
  EXPECT_EQ(value("retail.orders.exists(o, o.qty > 9)"), Value::boolean(false));
}

TEST_F(SetsTest, ExplainShowsEachRecordOfASet) {
  order(customers_[0], 1);
  order(customers_[0], 5);
  const Explained tree = explain(*compile_or_throw("retail.orders.exists(o, o.qty > 4)", scope()), customers_[0], env_);
  ASSERT_EQ(tree.parts.size(), 2u);
  EXPECT_EQ(tree.parts[0].source, "o");
  ASSERT_EQ(tree.parts[1].parts.size(), 1u);
  EXPECT_EQ(tree.parts[1].parts[0].source, "o.qty > 4");
  EXPECT_EQ(tree.parts[1].parts[0].value, Value::boolean(true));
  EXPECT_EQ(tree.parts[0].parts[0].parts[0].value, Value::integer(1));
}

TEST_F(SetsTest, SubQueriesCarryTenantAndLiveness) {
  Lowering how;
  how.schema = &world_;
  how.tenant = kTenant;
  const Sql sql = lower_true(*compile_or_throw("retail.orders.exists(o, o.done)", scope()), env_, how);
  EXPECT_EQ(sql.text,
            "EXISTS (SELECT 1 FROM retail__order AS ts1 WHERE ts1.tenant = ? AND ts1.\"c_customer\" = t.id AND "
            "ts1.removed_at IS NULL AND ts1.\"c_done\" = TRUE)");
  const Sql none = lower_false(*compile_or_throw("retail.orders.exists(o, o.done)", scope()), env_, how);
  EXPECT_EQ(none.text,
            "NOT EXISTS (SELECT 1 FROM retail__order AS ts1 WHERE ts1.tenant = ? AND ts1.\"c_customer\" = t.id AND "
            "ts1.removed_at IS NULL AND (ts1.\"c_done\" = FALSE) IS NOT TRUE)");
}

TEST_F(SetsTest, WhatSqlCannotDecideIsLeftToTheEvaluator) {
  const auto class_of = [&](const char* source) { return compile_or_throw(source, scope())->sql_class; };
  EXPECT_EQ(class_of("retail.orders.sum(o, o.weight) > 1.0"), SqlClass::vm_only);
  EXPECT_EQ(class_of("retail.orders.median(o, o.qty) > 1.0"), SqlClass::vm_only);
  EXPECT_EQ(class_of("retail.orders.exists(o, o.done && o.note.fold() == 'a')"), SqlClass::superset);
  EXPECT_EQ(class_of("retail.orders.count(o, o.note.fold() == 'a') > 1"), SqlClass::vm_only);
  EXPECT_EQ(class_of("rel('knows').sum(k, k.balance) > 5"), SqlClass::exact);
}

}  // namespace
}  // namespace kith::internal::expr::testing
