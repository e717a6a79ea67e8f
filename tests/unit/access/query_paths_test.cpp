// Whatever path a list takes to its rows, it gives the same ones in the same order; and it takes one that reads about
// as many rows as it shows, with statistics and without.
#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>

#include "access/query.hpp"
#include "expr/program.hpp"
#include "store/connection/sqlite_connection.hpp"
#include "unit/access/world.hpp"

namespace kith::internal::testing {
namespace {

using access::Page;
using access::Query;
using access::QueryRequest;

const char* const kIndexed = R"json(
  "record_types": [{"name": "item", "unique": [["shelf", "place"]],
    "indexes": [["state", "due"], ["created_at"], ["updated_at"]], "fields": [
    {"name": "code", "type": "text", "unique": true},
    {"name": "word", "type": "text", "index": true},
    {"name": "n", "type": "int", "index": true},
    {"name": "m", "type": "int", "index": true},
    {"name": "price", "type": "money", "index": true},
    {"name": "weight", "type": "double", "index": true},
    {"name": "state", "type": "enum", "values": ["new", "open", "done"]},
    {"name": "due", "type": "date"},
    {"name": "grade", "type": "enum", "ordered": true, "index": true, "values": ["low", "mid", "high"]},
    {"name": "ok", "type": "bool", "index": true},
    {"name": "plain", "type": "int"},
    {"name": "shelf", "type": "int"}, {"name": "place", "type": "int"},
    {"name": "above", "type": "ref", "to": "shop.item", "inverse": "below"}]}])json";

class Stored final : public expr::RecordView {
 public:
  Stored(store::Record record, std::int32_t type) : record_(std::move(record)), type_(type) {}
  Value self() override { return Value::ref(type_, record_.id); }
  expr::Timed get(std::int32_t member) override { return {record_.values[static_cast<std::size_t>(member)], kForever}; }
  expr::RecordView* follow(std::int32_t) override { return nullptr; }

 private:
  store::Record record_;
  std::int32_t type_;
};

class QueryPathsTest : public ::testing::Test {
 protected:
  void fill(int count, int kinds) {
    std::mt19937 random(5);
    const auto pick = [&](int most) { return std::uniform_int_distribution<int>(0, most - 1)(random); };
    static const char* const kStates[] = {"new", "open", "done"};
    static const char* const kGrades[] = {"low", "mid", "high"};
    world.write([&](access::Unit& unit) {
      for (int i = 0; i < count; ++i) {
        Fields fields{{"created_at", Value::timestamp(kStart + i / 3)}, {"updated_at", Value::timestamp(kStart + i)}};
        if (pick(9) > 0) fields["code"] = Value::text("C" + std::to_string(i));
        if (pick(9) > 0) fields["word"] = Value::text(pick(20) == 0 ? "" : "Word" + std::to_string(pick(kinds)));
        if (pick(9) > 0) fields["n"] = Value::integer(pick(kinds));
        if (pick(9) > 0) fields["m"] = Value::integer(pick(4));
        if (pick(9) > 0) fields["price"] = world.money(pick(kinds) * 5);
        if (pick(9) > 0) fields["weight"] = Value::real(pick(kinds) / 8.0);
        if (pick(9) > 0) fields["state"] = Value::text(kStates[pick(40) == 0 ? 1 : 2]);
        if (pick(9) > 0) fields["due"] = Value::date(pick(kinds));
        if (pick(9) > 0) fields["grade"] = Value::text(kGrades[pick(3)]);
        if (pick(9) > 0) fields["ok"] = Value::boolean(pick(2) == 0);
        if (pick(9) > 0) fields["plain"] = Value::integer(pick(kinds));
        if (!ids.empty() && pick(3) > 0)
          fields["above"] = Value::ref(world.type("shop.item"), ids[static_cast<std::size_t>(pick(4)) % ids.size()]);
        fields["shelf"] = Value::integer(i % 7);
        fields["place"] = Value::integer(i);
        store::Record record;
        record.id = world.ids.next(world.now);
        record.values = world.row("shop.item", fields);
        unit.records.insert(world.type("shop.item"), record);
        if (pick(25) == 0) {
          unit.records.remove(world.type("shop.item"), record.id, world.now);
        } else {
          ids.push_back(record.id);
        }
      }
    });
  }
  Query::ViewMaker views(access::Unit& unit) {
    return [this, &unit](std::int32_t type, const RecordId& id) -> expr::RecordView* {
      auto record = unit.records.load(type, id);
      if (!record) return nullptr;
      kept_.push_back(std::make_unique<Stored>(std::move(*record), type));
      return kept_.back().get();
    };
  }
  QueryRequest items(std::string where, std::string order_by, std::int64_t limit) const {
    QueryRequest request;
    request.record_type = "shop.item";
    request.select = {"code"};
    request.where = std::move(where);
    request.order_by = std::move(order_by);
    request.limit = limit;
    request.parameters = parameters;
    return request;
  }
  std::vector<RecordId> all_pages(QueryRequest request) {
    std::vector<RecordId> found;
    for (;;) {
      Page page;
      world.read([&](access::Unit& unit) { page = Query(unit, request).run(unit, views(unit)); });
      found.insert(found.end(), page.ids.begin(), page.ids.end());
      if (page.cursor.empty()) return found;
      request.after = page.cursor;
    }
  }
  std::set<RecordId> by_evaluator(const std::string& where) {
    std::set<RecordId> found;
    world.read([&](access::Unit& unit) {
      expr::Scope scope;
      scope.names = &world.catalog->names();
      scope.record_type = world.type("shop.item");
      for (const auto& [name, value] : parameters) {
        expr::Type type = expr::Type::of(value.kind);
        if (value.kind == Kind::json) type.element = name == "numbers" ? Kind::integer : Kind::text;
        scope.parameters.push_back({name, type});
      }
      const expr::ProgramPtr program = expr::compile_or_throw(where, scope);
      expr::Env env = unit.env();
      env.parameters = parameters;
      for (const RecordId& id : ids) {
        if (expr::holds(*program, *views(unit)(scope.record_type, id), env)) found.insert(id);
      }
      kept_.clear();
    });
    return found;
  }
  /// Steps of SQLite's machine that the statements of a read took.
  std::int64_t steps(const QueryRequest& request, bool count = false) {
    std::int64_t taken = 0;
    world.read([&](access::Unit& unit) {
      const Query query(unit, request);
      sqlite3* handle = dynamic_cast<store::SqliteConnection&>(unit.connection).session().handle();
      const auto sum = [&] {
        std::int64_t all = 0;
        for (sqlite3_stmt* s = sqlite3_next_stmt(handle, nullptr); s != nullptr; s = sqlite3_next_stmt(handle, s))
          all += sqlite3_stmt_status(s, SQLITE_STMTSTATUS_VM_STEP, 1);
        return all;
      };
      sum();
      if (count) {
        query.count(unit, views(unit));
      } else {
        query.run(unit, views(unit));
      }
      taken = sum();
      kept_.clear();
    });
    return taken;
  }

  World world{std::string(kIndexed)};
  std::vector<RecordId> ids;  ///< live
  std::vector<std::pair<std::string, Value>> parameters;
  std::vector<std::unique_ptr<Stored>> kept_;
};

std::string list_of_words(int from, int to) {
  std::string out = "[";
  for (int i = from; i < to; ++i) out += (i == from ? "\"Word" : ", \"Word") + std::to_string(i) + "\"";
  return out + "]";
}

const char* const kFilters[] = {
    "",
    "n == 7",
    "n == null",
    "n in [3, 5]",
    "n in [3, null, 5]",
    "n == 3 || n == 5 || n in [9, 11]",
    "n in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28]",
    "n in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, null]",
    "!(n in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26])",
    "n > 3 && n <= 9",
    "n == 7 && m == 1",
    "n == 7 || m == 1",
    "n == 7 || word == 'Word3' || (m == 2 && word == 'Word4')",
    "n == 7 || plain == 3",
    "word.startsWith('Word1')",
    "word in $words",
    "word in $words && m in [0, 1]",
    "n in $numbers",
    "n in $numbers || word in $words",
    "price in [1.05, 2.10] || price > 1.9",
    "weight in [0.125, 0.5]",
    "weight in [0.125, 0.5] || weight == 1.0",
    "state == 'open'",
    "state in ['open', 'new'] && due > '1970-01-04'",
    "state == 'done' && due == '1970-01-08'",
    "grade >= 'mid'",
    "ok",
    "!ok && n == 2",
    "code == 'C17'",
    "code in ['C3', 'C4', 'C5'] && n != 3",
    "shelf == 3 && place == 31",
    "above == null && m == 2",
    "word.fold() == 'word3'",
    "word.fold().contains('d1') && m == 2",
    "n in [1, 2] && word.fold().contains('d1')",
    "(n == 7 && word.fold() == 'word3') || m == 1",
    "n == 7 && plain in [1, 2, 3]",
    "word in $words && word.fold().contains('d1')",
    "word.fold() == 'word3' || word in $words",
    "code == null",
    "code == null || n == 3",
    "record in $records",
    "record in $records && m in [1, 2, 3]",
};

const char* const kOrders[] = {"",
                               "id desc",
                               "n",
                               "n desc",
                               "word, n desc",
                               "word desc, n desc",
                               "n, word, code",
                               "state, due",
                               "state desc, due desc",
                               "due",
                               "grade desc, n",
                               "plain desc",
                               "created_at desc",
                               "updated_at",
                               "code",
                               "code desc",
                               "weight desc",
                               "price, id desc",
                               "ok desc, m",
                               "above.n, word"};

TEST_F(QueryPathsTest, EveryPathGivesTheSameRowsInTheSameOrder) {
  fill(400, 30);
  std::string records = "[";
  for (std::size_t i = 0; i < 60; ++i) records += (i == 0 ? "\"" : ", \"") + ids[i * 5].text() + "\"";
  parameters = {{"words", Value::json(list_of_words(2, 40))},
                {"numbers", Value::json("[1, 2, 3, null, 3]")},
                {"records", Value::json(records + "]")}};
  std::map<std::string, std::vector<RecordId>> whole;
  for (const char* order : kOrders) {
    whole[order] = all_pages(items("", order, 2'000));
    ASSERT_EQ(whole[order].size(), ids.size()) << order;
  }
  for (const bool analyzed : {false, true}) {
    if (analyzed) world.database->analyze();
    for (const char* where : kFilters) {
      const std::set<RecordId> held = *where == 0 ? std::set<RecordId>(ids.begin(), ids.end()) : by_evaluator(where);
      world.read([&](access::Unit& unit) {
        const Query query(unit, items(where, "", 10));
        EXPECT_EQ(query.count(unit, views(unit)), static_cast<std::int64_t>(held.size())) << where;
        std::int64_t counted = 0;
        for (const auto& [value, count] : query.count_by(unit, "m", views(unit))) counted += count;
        EXPECT_EQ(counted, static_cast<std::int64_t>(held.size())) << where;
      });
      for (const char* order : kOrders) {
        std::vector<RecordId> expected;
        std::copy_if(whole[order].begin(), whole[order].end(), std::back_inserter(expected),
                     [&](const RecordId& id) { return held.count(id) != 0; });
        for (const std::int64_t limit : {3, 400}) {
          if (limit == 3 && held.size() > 90) continue;
          EXPECT_EQ(all_pages(items(where, order, limit)), expected) << where << " by " << order << ", " << limit;
        }
        kept_.clear();
      }
    }
  }
}

TEST_F(QueryPathsTest, OrdersAreTotalAndTurnWithTheirTieBreaker) {
  fill(120, 5);
  for (const char* order : {"n", "m", "state", "word", "ok"}) {
    std::vector<RecordId> up = all_pages(items(std::string(order) + " != null", order, 7));
    std::vector<RecordId> down = all_pages(items(std::string(order) + " != null", std::string(order) + " desc", 7));
    std::reverse(down.begin(), down.end());
    EXPECT_EQ(up, down) << order;
  }
}

struct Bounded {
  const char* where;
  const char* order;
  std::int64_t steps;  ///< at most, for a page of 50 among 20,000 records
};

// A record that is read costs 10 to 20 steps: a walk over all of them takes 300,000.
const Bounded kBounded[] = {
    {"n == 77", "", 2'000},
    {"n in [37, 74]", "", 3'000},
    {"n == 37 || n == 74", "", 3'000},
    {"n in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26]", "",
     16'000},
    {"code in ['C11', 'C12', 'C19999']", "", 2'000},
    {"code == 'C11' || n == 4", "", 3'000},
    {"word in $words", "", 16'000},
    {"word.startsWith('Word77')", "", 8'000},
    {"n == 77", "word", 3'000},
    {"n == 77", "plain desc", 3'000},
    {"state == 'open'", "due", 3'000},
    {"state == 'open'", "word desc", 9'000},
    {"state in ['new', 'open']", "", 12'000},
    {"m == 2", "word", 16'000},
    {"m == 2 && code == 'C4711'", "word", 2'000},
    {"m in [1, 2]", "", 3'000},
    {"", "word", 2'500},
    {"", "word desc", 2'500},
    {"", "n", 2'500},
    {"", "created_at desc", 2'500},
    {"", "updated_at desc", 2'500},
    {"", "code desc", 2'500},
    {"", "state, due", 3'000},
    {"", "state desc, due desc", 3'000},
    {"", "state, due desc", 3'000},
    {"n == 77", "n", 2'000},
    {"word != null", "word", 2'500},
};

TEST_F(QueryPathsTest, APageReadsAboutAsManyRowsAsItShowsWithAndWithoutStatistics) {
  fill(20'000, 1'000);
  parameters = {{"words", Value::json(list_of_words(100, 140))}};
  for (const bool analyzed : {false, true}) {
    if (analyzed) world.database->analyze();
    for (const Bounded& one : kBounded) {
      EXPECT_LE(steps(items(one.where, one.order, 50)), one.steps)
          << "\"" << one.where << "\" by \"" << one.order << "\"" << (analyzed ? ", analyzed" : "");
    }
  }
}

TEST_F(QueryPathsTest, ALaterPageCostsWhatTheFirstCosts) {
  fill(6'000, 700);
  for (const bool analyzed : {false, true}) {
    if (analyzed) world.database->analyze();
    for (const char* order : {"", "word", "word desc", "n", "n desc", "code", "created_at desc", "id desc", "weight",
                              "state, due", "state desc, due desc"}) {
      QueryRequest request = items("", order, 50);
      const std::int64_t first = steps(request);
      std::int64_t most = 0;
      for (int page = 0; page < 200; ++page) {
        world.read([&](access::Unit& unit) { request.after = Query(unit, request).run(unit, {}).cursor; });
        if (request.after.empty()) break;
        most = std::max(most, steps(request));
      }
      EXPECT_LE(most, 2 * first + 500) << order << (analyzed ? ", analyzed" : "");
    }
  }
}

TEST_F(QueryPathsTest, AFilterOfTheEvaluatorIsOneWalkForAPage) {
  fill(5'000, 2'000);
  for (const char* order : {"word", "word desc", "", "plain", "created_at desc"}) {
    const QueryRequest rare = items("word.fold().contains('ord777')", order, 20);
    EXPECT_LE(steps(rare), 2 * steps(rare, true) + 5'000) << order;
  }
  EXPECT_LE(steps(items("word.fold().contains('ord')", "word", 20)), 5'000) << "it ends with the page";
}

}  // namespace
}  // namespace kith::internal::testing
