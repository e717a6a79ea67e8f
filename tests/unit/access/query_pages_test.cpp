// Keyset pages: every row once, in order, whatever the values, and also where the evaluator decides.
#include <algorithm>
#include <memory>
#include <random>

#include "access/query.hpp"
#include "unit/access/world.hpp"

namespace kith::internal::testing {
namespace {

using access::Page;
using access::Query;
using access::QueryRequest;

class StoredView final : public expr::RecordView {
 public:
  StoredView(store::Record record, std::int32_t type) : record_(std::move(record)), type_(type) {}
  Value self() override { return Value::ref(type_, record_.id); }
  expr::Timed get(std::int32_t member) override { return {record_.values[static_cast<std::size_t>(member)], kForever}; }
  expr::RecordView* follow(std::int32_t) override { return nullptr; }

 private:
  store::Record record_;
  std::int32_t type_;
};

class QueryPagesTest : public ::testing::Test {
 protected:
  void fill(int count) {
    std::mt19937 random(11);
    const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
    static const char* const kNames[] = {"", "a", "B", "é", "李娜", "zz", "a'b\"c"};
    static const char* const kGrades[] = {"wood", "bronze", "amber"};
    world.write([&](access::Unit& unit) {
      for (int i = 0; i < count; ++i) {
        Fields fields;
        if (pick(0, 4) > 0) fields["name"] = Value::text(kNames[pick(0, 6)]);
        if (pick(0, 3) > 0) fields["shop.points"] = Value::integer(pick(-2, 2));
        if (pick(0, 3) > 0) fields["shop.grade"] = Value::text(kGrades[pick(0, 2)]);
        if (pick(0, 3) > 0) fields["shop.joined_at"] = Value::timestamp(kStart + pick(0, 3) * kDay);
        store::Record record;
        record.id = world.ids.next(world.now);
        record.values = world.row("customer", fields);
        unit.records.insert(world.type("customer"), record);
      }
    });
  }
  Query::ViewMaker views(access::Unit& unit) {
    return [&](std::int32_t type, const RecordId& id) -> expr::RecordView* {
      auto record = unit.records.load(type, id);
      if (!record) return nullptr;
      kept_.push_back(std::make_unique<StoredView>(std::move(*record), type));
      return kept_.back().get();
    };
  }
  std::vector<RecordId> all_pages(QueryRequest request, std::size_t* pages = nullptr) {
    std::vector<RecordId> ids;
    for (;;) {
      Page page;
      world.read([&](access::Unit& unit) { page = Query(unit, request).run(unit, views(unit)); });
      EXPECT_LE(page.rows.size(), static_cast<std::size_t>(request.limit));
      ids.insert(ids.end(), page.ids.begin(), page.ids.end());
      if (pages != nullptr) ++*pages;
      if (page.cursor.empty()) return ids;
      EXPECT_EQ(page.rows.size(), static_cast<std::size_t>(request.limit)) << "only the last page may be short";
      request.after = page.cursor;
    }
  }
  World world{std::string(kShopFacts)};
  std::vector<std::unique_ptr<StoredView>> kept_;
};

TEST_F(QueryPagesTest, PagesOfAnySizeGiveTheRowsOfOneBigPage) {
  fill(90);
  for (const char* order : {"", "name", "name desc", "shop.points desc, name", "shop.grade desc, shop.joined_at",
                            "shop.joined_at, shop.points desc", "id desc", "shop.group.code, shop.grade"}) {
    QueryRequest request;
    request.record_type = "customer";
    request.select = {"name"};
    request.order_by = order;
    request.limit = 1'000;
    const std::vector<RecordId> whole = all_pages(request);
    ASSERT_EQ(whole.size(), 90U);
    for (const std::int64_t limit : {1, 7, 45, 89, 90, 91}) {
      request.limit = limit;
      EXPECT_EQ(all_pages(request), whole) << order << ", " << limit << " at a time";
    }
  }
}

TEST_F(QueryPagesTest, AFilterThatTheEvaluatorFinishesFillsItsPages) {
  fill(300);
  QueryRequest request;
  request.record_type = "customer";
  request.select = {"name"};
  request.where = "name.fold() == 'b'";
  request.order_by = "shop.points";
  request.limit = 1'000;
  const std::vector<RecordId> whole = all_pages(request);
  ASSERT_GT(whole.size(), 10U);
  request.limit = 4;
  std::size_t pages = 0;
  EXPECT_EQ(all_pages(request, &pages), whole);
  EXPECT_EQ(pages, (whole.size() + 3) / 4);
  world.read([&](access::Unit& unit) {
    const Query query(unit, request);
    EXPECT_EQ(query.count(unit, views(unit)), static_cast<std::int64_t>(whole.size()));
    std::int64_t counted = 0;
    for (const auto& [grade, count] : query.count_by(unit, "shop.grade", views(unit))) counted += count;
    EXPECT_EQ(counted, static_cast<std::int64_t>(whole.size()));
    EXPECT_EQ(problem_of([&] { query.run(unit, {}); }), ProblemNumber::misuse) << "no views to evaluate on";
  });
}

TEST_F(QueryPagesTest, ACursorIsRefusedByAnyOtherQuery) {
  fill(9);
  QueryRequest request;
  request.record_type = "customer";
  request.limit = 3;
  std::string cursor;
  world.read([&](access::Unit& unit) { cursor = Query(unit, request).run(unit, {}).cursor; });
  ASSERT_FALSE(cursor.empty());
  const auto refused = [&](QueryRequest other) {
    return problem_of([&] { world.read([&](access::Unit& unit) { Query(unit, other).run(unit, {}); }); });
  };
  request.after = cursor;
  EXPECT_EQ(refused(request), ProblemNumber::bug) << "its own query takes it";
  QueryRequest other = request;
  other.order_by = "name";
  EXPECT_EQ(refused(other), ProblemNumber::query_invalid);
  for (const std::string& damaged :
       {cursor.substr(1), cursor + "00", std::string("zz"), cursor + "0", std::string(48, '0')}) {
    other = request;
    other.after = damaged;
    EXPECT_EQ(refused(other), ProblemNumber::query_invalid) << damaged;
  }
}

TEST_F(QueryPagesTest, APageIsNeverLargerThanItsCap) {
  QueryRequest request;
  request.record_type = "customer";
  request.limit = 1'000'000;
  world.read([&](access::Unit& unit) { EXPECT_EQ(Query(unit, request).request().limit, access::kMaxPage); });
}

}  // namespace
}  // namespace kith::internal::testing
