// What queries select, filter and refuse.
#include "access/query.hpp"

#include "unit/access/world.hpp"

namespace kith::internal::testing {
namespace {

using access::Page;
using access::Query;
using access::QueryRequest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const char* const kDerivations = R"json(,
  "formulas": {"customer": [{"name": "rank", "type": "int", "expr": "shop.points * 2"}]})json";

class QueryTest : public ::testing::Test {
 protected:
  QueryTest() {
    world.write([&](access::Unit& unit) {
      group = insert(unit, "shop.group", {{"code", Value::text("north")}, {"discount", Value::integer(3)}});
      ada = insert(unit, "customer",
                   {{"name", Value::text("Ada")},
                    {"shop.group", Value::ref(world.type("shop.group"), group)},
                    {"shop.points", Value::integer(5)},
                    {"shop.grade", Value::text("bronze")}});
      bob = insert(
          unit, "customer",
          {{"name", Value::text("Bob")}, {"shop.points", Value::integer(9)}, {"shop.grade", Value::text("wood")}});
      cem = insert(unit, "customer", {{"name", Value::text("Cem")}, {"shop.grade", Value::text("amber")}});
      insert(unit, "shop.order",
             {{"customer", Value::ref(world.type("customer"), ada)},
              {"total", world.money(1'250)},
              {"placed_at", Value::timestamp(world.now)}});
      const std::int64_t rid = unit.records.rid(world.type("customer"), ada);
      store::DerivedRow row = unit.derived.load(world.type("customer"), rid);
      row.slots[0].value = Value::integer(10);
      unit.derived.insert(world.type("customer"), rid, row);
    });
  }
  RecordId insert(access::Unit& unit, const std::string& type, const Fields& fields) {
    store::Record record;
    record.id = world.ids.next(world.now);
    record.values = world.row(type, fields);
    unit.records.insert(world.type(type), record);
    return record.id;
  }
  Page run(QueryRequest request) {
    Page page;
    world.read([&](access::Unit& unit) { page = Query(unit, std::move(request)).run(unit, {}); });
    return page;
  }
  std::vector<std::string> names(QueryRequest request) {
    request.select = {"name"};
    std::vector<std::string> found;
    for (const auto& row : run(std::move(request)).rows) found.push_back(row.at(0).s);
    return found;
  }
  ProblemNumber refused(const QueryRequest& request) {
    return problem_of([&] { run(request); });
  }
  static QueryRequest customers(std::string where = {}, std::vector<std::pair<std::string, Value>> parameters = {}) {
    QueryRequest request;
    request.record_type = "customer";
    request.where = std::move(where);
    request.parameters = std::move(parameters);
    return request;
  }

  World world{std::string(kShopFacts) + kDerivations};
  RecordId group, ada, bob, cem;
};

TEST_F(QueryTest, FiltersByParametersOfTheGivenTypes) {
  EXPECT_THAT(names(customers("shop.points > $least", {{"least", Value::integer(6)}})), ElementsAre("Bob"));
  EXPECT_THAT(names(customers("name == $name && shop.points == $none",
                              {{"name", Value::text("Cem")}, {"none", Value::null()}})),
              ElementsAre("Cem"));
  EXPECT_THAT(names(customers("shop.group == $group", {{"group", Value::ref(world.type("shop.group"), group)}})),
              ElementsAre("Ada"));
  EXPECT_EQ(refused(customers("shop.points > $most", {{"least", Value::integer(6)}})),
            ProblemNumber::unknown_parameter);
  EXPECT_EQ(refused(customers("name == $x", {{"x", Value::json("{}")}})), ProblemNumber::query_invalid);
  EXPECT_EQ(refused(customers("name == $x", {{"x", Value::json("[]")}})), ProblemNumber::type_mismatch);
}

TEST_F(QueryTest, LooksForAValueInAListThatTheProgramGives) {
  const auto among = [&](const std::string& where, const std::string& json) {
    return names(customers(where, {{"list", Value::json(json)}}));
  };
  EXPECT_THAT(among("name in $list", R"(["Cem", "Ada", "Ada", "Zoe"])"), ElementsAre("Ada", "Cem"));
  EXPECT_THAT(among("!(name in $list)", R"(["Cem", "Ada"])"), ElementsAre("Bob"));
  EXPECT_THAT(among("shop.points in $list", "[9, 5, 7]"), ElementsAre("Ada", "Bob"));
  EXPECT_THAT(among("shop.points in $list", "[9, null]"), ElementsAre("Bob", "Cem"));
  EXPECT_THAT(among("shop.points in $list", "[]"), ElementsAre());
  EXPECT_THAT(among("name in $list", "[]"), ElementsAre());
  EXPECT_THAT(among("shop.grade in $list", R"(["wood"])"), ElementsAre("Bob"));
  const std::string by_id = R"(["shop.group/)" + group.text() + R"("])";
  EXPECT_THAT(among("shop.group in $list", by_id), ElementsAre("Ada"));
  EXPECT_THAT(among("record in $list", R"([")" + bob.text() + R"(", ")" + cem.text() + R"("])"),
              ElementsAre("Bob", "Cem"));
  EXPECT_EQ(refused(customers("name in $list", {{"list", Value::json("[1, 2]")}})), ProblemNumber::type_mismatch);
  EXPECT_EQ(refused(customers("shop.points in $list", {{"list", Value::json(R"(["a"])")}})),
            ProblemNumber::type_mismatch);
  for (const char* list : {R"({"a": 1})", "[1, \"a\"]", "[1.5]", "[[1]]", "nonsense"})
    EXPECT_EQ(refused(customers("name in $list", {{"list", Value::json(list)}})), ProblemNumber::query_invalid) << list;
}

TEST_F(QueryTest, ASetWithinASetEndsAtTheLimitOfTheEvaluator) {
  world.write([&](access::Unit& unit) {
    for (int i = 0; i < 1'100; ++i)
      insert(unit, "shop.order", {{"customer", Value::ref(world.type("customer"), bob)}, {"items", Value::integer(i)}});
  });
  const std::string nested = "shop.orders.exists(o, o.customer.shop.orders.exists(p, p.items == o.items - 5000))";
  EXPECT_EQ(refused(customers(nested)), ProblemNumber::budget_exceeded);
  // One set has as many records as it has, and each record of the list its own limit.
  EXPECT_THAT(names(customers("shop.orders.exists(o, o.items == 7)")), ElementsAre("Bob"));
  EXPECT_THAT(names(customers("name == 'Ada' && " + nested)), ElementsAre());
}

TEST_F(QueryTest, SelectsIdsFieldsDerivedValuesAndPathsThroughRefs) {
  QueryRequest request = customers("name == 'Ada' || name == 'Bob'");
  request.select = {"id", "name", "shop.rank", "shop.group.code", "shop.group", "shop.group.discount"};
  request.order_by = "name";
  const Page page = run(request);
  ASSERT_EQ(page.rows.size(), 2U);
  EXPECT_THAT(page.rows[0],
              ElementsAre(Value::ref(world.type("customer"), ada), Value::text("Ada"), Value::integer(10),
                          Value::text("north"), Value::ref(world.type("shop.group"), group), Value::integer(3)));
  EXPECT_THAT(page.rows[1], ElementsAre(Value::ref(world.type("customer"), bob), Value::text("Bob"), Value::null(),
                                        Value::null(), Value::null(), Value::null()));
  EXPECT_THAT(page.ids, ElementsAre(ada, bob));
  ASSERT_EQ(page.columns.size(), 6U);
  EXPECT_EQ(page.columns[3].name, "shop.group.code");
  EXPECT_EQ(page.columns[2].type.kind, Kind::integer);
}

TEST_F(QueryTest, SelectsEveryMemberWhenNothingIsNamed) {
  const Page page = run(customers());
  std::size_t values = 0;
  for (const catalog::Member& member : world.catalog->type("customer").members)
    values += member.role == catalog::Role::child_set ? 0 : 1;
  EXPECT_EQ(page.columns.size(), values);
  EXPECT_EQ(page.rows.size(), 3U);
}

TEST_F(QueryTest, OrdersNullsLastAndOrderedEnumsByRank) {
  QueryRequest request = customers();
  request.order_by = "shop.points";
  EXPECT_THAT(names(request), ElementsAre("Ada", "Bob", "Cem"));
  request.order_by = "shop.points desc";
  EXPECT_THAT(names(request), ElementsAre("Bob", "Ada", "Cem"));
  request.order_by = "shop.grade";
  EXPECT_THAT(names(request), ElementsAre("Bob", "Ada", "Cem")) << "wood, bronze, amber";
  request.order_by = "shop.group.code desc, name desc";
  EXPECT_THAT(names(request), ElementsAre("Ada", "Cem", "Bob"));
  request.order_by = "id desc";
  EXPECT_THAT(names(request), ElementsAre("Cem", "Bob", "Ada"));
}

TEST_F(QueryTest, SeesOnlyLiveRecordsOfItsTenant) {
  world.write([&](access::Unit& unit) {
    unit.records.remove(world.type("customer"), bob, world.now);
    unit.records.remove(world.type("shop.group"), group, world.now);
  });
  EXPECT_THAT(names(customers()), ElementsAre("Ada", "Cem"));
  QueryRequest request = customers("name == 'Ada'");
  request.select = {"shop.group.code"};
  EXPECT_THAT(run(request).rows.at(0), ElementsAre(Value::null())) << "the group is gone";
  world.principal = {"other", world.principal.tenant_number + 1, "alice"};
  EXPECT_TRUE(run(customers()).rows.empty());
}

TEST_F(QueryTest, CountsAndGroups) {
  world.read([&](access::Unit& unit) {
    EXPECT_EQ(Query(unit, customers("shop.points > 0")).count(unit, {}), 2);
    const auto by_grade = Query(unit, customers()).count_by(unit, "shop.grade", {});
    ASSERT_EQ(by_grade.size(), 3U);
    EXPECT_EQ(by_grade[0].first, Value::text("amber"));
    const auto by_group = Query(unit, customers()).count_by(unit, "shop.group.code", {});
    ASSERT_EQ(by_group.size(), 2U);
    EXPECT_EQ(by_group[0].first, Value::null());
    EXPECT_EQ(by_group[0].second, 2);
  });
}

TEST_F(QueryTest, NamesTheDerivationsThatItReads) {
  QueryRequest request = customers("shop.rank > 3");
  request.select = {"name"};
  world.read([&](access::Unit& unit) {
    EXPECT_THAT(Query(unit, request).derivations(), ElementsAre(world.derivation("shop.rank")));
    EXPECT_TRUE(Query(unit,
                      [&] {
                        QueryRequest plain = customers("name == 'x'");
                        plain.select = {"name"};
                        return plain;
                      }())
                    .derivations()
                    .empty());
  });
  EXPECT_THAT(names(request), ElementsAre("Ada"));
  request.record_type = "shop.order";
  request.where = "customer.shop.rank > 3";
  request.select = {"customer.shop.rank", "customer.name"};
  world.read([&](access::Unit& unit) {
    EXPECT_THAT(Query(unit, request).derivations(), ElementsAre(world.derivation("shop.rank")));
  });
  EXPECT_THAT(run(request).rows.at(0), ElementsAre(Value::integer(10), Value::text("Ada")));
}

TEST_F(QueryTest, RefusesWhatItCannotDoWithWordsThatHelp) {
  QueryRequest request = customers();
  request.select = {"shop.orders"};
  EXPECT_EQ(refused(request), ProblemNumber::query_invalid);
  request.select = {"shop.group.kode"};
  EXPECT_EQ(refused(request), ProblemNumber::unknown_field);
  request.select = {};
  request.order_by = "shop.group";
  EXPECT_EQ(refused(request), ProblemNumber::query_invalid);
  request.order_by = "name upwards";
  EXPECT_EQ(refused(request), ProblemNumber::query_invalid);
  request.order_by = "name,,id";
  EXPECT_EQ(refused(request), ProblemNumber::query_invalid);
  request.order_by = "";
  request.limit = 0;
  EXPECT_EQ(refused(request), ProblemNumber::query_invalid);
  request.limit = 5;
  request.record_type = "costumer";
  EXPECT_EQ(refused(request), ProblemNumber::unknown_record_type);
  EXPECT_EQ(refused(customers("shop.pionts > 3")), ProblemNumber::unknown_name);
}

TEST_F(QueryTest, ValuesAreBoundNeverWritten) {
  world.read([&](access::Unit& unit) {
    const std::string sql =
        Query(unit, customers("name == \"Robert'); --\" || name == $n", {{"n", Value::text("x")}})).sql(unit);
    EXPECT_THAT(sql, ::testing::Not(HasSubstr("Robert")));
  });
}

}  // namespace
}  // namespace kith::internal::testing
