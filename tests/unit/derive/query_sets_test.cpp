// Filters over sets of related records: decided by SQL where they can be, and by the evaluator beside it, page by page.
#include <algorithm>
#include <random>

#include "access/query.hpp"
#include "derive/engine.hpp"
#include "unit/access/world.hpp"

namespace kith::internal::testing {
namespace {

using access::Page;
using access::Query;
using access::QueryRequest;

class QuerySetsTest : public ::testing::Test {
 protected:
  RecordId add(access::Unit& unit, const std::string& type, const Fields& fields) {
    store::Record record;
    record.id = world.ids.next(world.now);
    record.values = world.row(type, fields);
    unit.records.insert(world.type(type), record);
    return record.id;
  }
  Value ref(const std::string& type, const RecordId& id) { return Value::ref(world.type(type), id); }

  // Customers with none to four orders each, some removed, in groups, who referred each other at some time.
  void fill(int count) {
    std::mt19937 random(5);
    const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
    world.write([&](access::Unit& unit) {
      const RecordId group = add(unit, "shop.group", {{"code", Value::text("g")}});
      for (int i = 0; i < count; ++i) {
        Fields fields{{"name", Value::text(pick(0, 1) == 0 ? "Anna" : "BEN")},
                      {"shop.points", Value::integer(pick(0, 4))}};
        if (pick(0, 1) == 0) fields["shop.group"] = ref("shop.group", group);
        customers.push_back(add(unit, "customer", fields));
        for (int orders = pick(0, 4); orders > 0; --orders) {
          Fields order{{"customer", ref("customer", customers.back())},
                       {"placed_at", Value::timestamp(kStart - pick(0, 9) * kDay)}};
          if (pick(0, 5) > 0) order["items"] = Value::integer(pick(-2, 5));
          if (pick(0, 5) > 0) order["returned"] = Value::boolean(pick(0, 2) == 0);
          if (pick(0, 5) > 0) order["total"] = world.money(pick(0, 900));
          const RecordId id = add(unit, "shop.order", order);
          if (pick(0, 6) == 0) unit.records.remove(world.type("shop.order"), id, world.now);
        }
        store::Edge edge;
        edge.relationship = pick(0, 1) == 0 ? "referred" : "partner_of";
        edge.from_type = edge.to_type = world.type("customer");
        edge.from = customers.back();
        edge.to = customers[static_cast<std::size_t>(pick(0, i))];
        edge.from_on = kStart / kDay + pick(-3, 2);
        if (pick(0, 1) == 0) edge.to_on = edge.from_on + pick(0, 4);
        edge.attributes_json = "{}";
        if (edge.to != edge.from) unit.journal.add_edge(edge);
        if (pick(0, 9) == 0) unit.records.remove(world.type("customer"), customers.back(), world.now);
      }
    });
  }

  std::vector<RecordId> found(QueryRequest request) {
    std::vector<RecordId> ids;
    world.read([&](access::Unit& unit) {
      derive::Engine engine(unit);
      const auto view = [&](std::int32_t type, const RecordId& id) { return engine.view(type, id); };
      for (;;) {
        const Page page = Query(unit, request).run(unit, view);
        ids.insert(ids.end(), page.ids.begin(), page.ids.end());
        if (page.cursor.empty()) break;
        EXPECT_EQ(page.ids.size(), static_cast<std::size_t>(request.limit)) << "only the last page may be short";
        request.after = page.cursor;
      }
    });
    return ids;
  }
  // By the evaluator alone, over all live records.
  std::vector<RecordId> wanted(const std::string& where) {
    std::vector<RecordId> ids;
    expr::Scope scope;
    scope.names = &world.catalog->names();
    scope.record_type = world.type("customer");
    const expr::ProgramPtr program = expr::compile_or_throw(where, scope);
    world.read([&](access::Unit& unit) {
      derive::Engine engine(unit);
      for (const RecordId& id : customers) {
        expr::RecordView* view = engine.view(world.type("customer"), id);
        if (view != nullptr && expr::holds(*program, *view, unit.env())) ids.push_back(id);
      }
    });
    return ids;
  }
  expr::SqlClass class_of(const std::string& where) {
    expr::Scope scope;
    scope.names = &world.catalog->names();
    scope.record_type = world.type("customer");
    return expr::compile_or_throw(where, scope)->sql_class;
  }

  World world{std::string(kShopFacts)};
  std::vector<RecordId> customers;
};

TEST_F(QuerySetsTest, SqlAndTheEvaluatorFindTheSameRecords) {
  fill(120);
  for (const char* where : {"shop.orders.exists(o, o.items > shop.points)", "shop.orders.all(o, !o.returned)",
                            "shop.orders.count(o, o.placed_at > now() - duration('3d')) == 1",
                            "shop.orders.sum(o, o.returned, o.total) > 5", "shop.orders.max(o, o.total) >= 8.5",
                            "shop.orders.latest(o, o.placed_at, o.items) > 1", "rel('referred').count() > 0",
                            "rel('referred_by').exists(r, r.name == name)",
                            "rel('partner_of').exists(p, p.shop.orders.count() > shop.orders.count())",
                            "shop.group.customers.count(c, c.shop.orders.exists(o, o.returned)) > 10",
                            "!consents.exists(c, true) && shop.orders.exists_one(o, o.items == 5)"}) {
    EXPECT_EQ(class_of(where), expr::SqlClass::exact) << where;
    QueryRequest request;
    request.record_type = "customer";
    request.where = where;
    request.limit = 7;
    std::vector<RecordId> expected = wanted(where);
    EXPECT_GT(expected.size(), 0U) << where;
    EXPECT_LT(expected.size(), 110U) << where;
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(found(request), expected) << where;
  }
}

TEST_F(QuerySetsTest, ASupersetFilterGivesEachRecordOnceOverManyPages) {
  fill(400);
  const std::string where =
      "shop.orders.exists(o, o.items > 0) && shop.orders.exists(o, o.customer.name.fold() == 'ben')";
  ASSERT_EQ(class_of(where), expr::SqlClass::superset);
  const std::string alone = "shop.orders.median(o, o.items) > 1.0";
  ASSERT_EQ(class_of(alone), expr::SqlClass::vm_only);
  for (const std::string& each : {where, alone}) {
    for (const char* order : {"", "shop.points desc", "name, shop.points"}) {
      QueryRequest request;
      request.record_type = "customer";
      request.where = each;
      request.order_by = order;
      request.limit = 1'000;
      const std::vector<RecordId> whole = found(request);
      ASSERT_GT(whole.size(), 50U);
      std::vector<RecordId> sorted = whole;
      std::sort(sorted.begin(), sorted.end());
      std::vector<RecordId> expected = wanted(each);
      std::sort(expected.begin(), expected.end());
      EXPECT_EQ(sorted, expected);
      for (const std::int64_t limit : {1, 3, 64, 65}) {
        request.limit = limit;
        EXPECT_EQ(found(request), whole) << each << ", " << limit << " at a time by " << order;
      }
    }
  }
}

TEST_F(QuerySetsTest, TheActorIsTheMemberWhoseLoginIsTheSessions) {
  RecordId alice, bob, mine;
  world.write([&](access::Unit& unit) {
    alice = add(unit, "member", {{"login", Value::text("alice")}, {"name", Value::text("Alice")}});
    bob = add(unit, "member", {{"login", Value::text("bob")}, {"name", Value::text("Bob")}});
    mine = add(unit, "customer", {{"name", Value::text("A")}, {"owner", ref("member", alice)}});
    add(unit, "customer", {{"name", Value::text("B")}, {"owner", ref("member", bob)}});
    add(unit, "customer", {{"name", Value::text("C")}});
  });
  QueryRequest request;
  request.record_type = "customer";
  for (const char* where : {"owner == actor", "owner.name == actor.name", "actor != null && owner == actor"}) {
    request.where = where;
    EXPECT_EQ(found(request), std::vector<RecordId>{mine}) << where;
  }
  world.principal.actor = "system:shop";
  request.where = "actor == null";
  EXPECT_EQ(found(request).size(), 3U);
}

}  // namespace
}  // namespace kith::internal::testing
