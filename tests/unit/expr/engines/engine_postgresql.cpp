#include <cstdlib>

#include "unit/expr/engines/engines.hpp"
#include "unit/expr/engines/postgresql.hpp"

namespace kith::internal::expr::testing {
namespace {

class PostgresqlEngine : public SqlEngine {
 public:
  explicit PostgresqlEngine(Break broken) : SqlEngine(Dialect::postgresql, std::move(broken)) {}
  std::string name() const override { return "PostgreSQL"; }

 protected:
  void fill(Scene& scene) override {
    create_tables(database_, scene.world, false);
    for (const Record& region : scene.regions) insert(database_, scene.world, region, kTenant);
    for (const Record& customer : scene.customers) insert(database_, scene.world, customer, kTenant);
    for (const Record& order : scene.orders) insert(database_, scene.world, order, kTenant);
    for (const Edge& edge : scene.graph.edges) insert(database_, edge, kTenant);
    for (const Edge& edge : scene.strange_edges) insert(database_, edge, kTenant + 1);
    for (const Record& stranger : scene.strangers) insert(database_, scene.world, stranger, kTenant + 1);
    for (const std::string& index : set_indexes()) database_.run(index);
    database_.run("ANALYZE");
  }

  std::vector<std::vector<std::string>> rows(const std::vector<Sql>& columns, const std::vector<Kind>& kinds) override {
    Sql query = literally("SELECT ");
    for (std::size_t i = 0; i < columns.size(); ++i) {
      query.text += (i == 0 ? "" : ", ") + columns[i].text;
      query.binds.insert(query.binds.end(), columns[i].binds.begin(), columns[i].binds.end());
    }
    query.text += " FROM customer AS t LEFT JOIN customer__d AS td ON td.rid = t.rid WHERE t.tenant = 7 ORDER BY t.rid";
    std::vector<std::vector<std::string>> rows;
    for (auto& found : database_.query(query)) {
      std::vector<std::string>& row = rows.emplace_back();
      for (std::size_t i = 0; i < found.size(); ++i) row.push_back(written(found[i], kinds[i]));
    }
    return rows;
  }

 private:
  static std::string written(const std::optional<std::string>& cell, Kind kind) {
    if (!cell) return "null";
    switch (kind) {
      case Kind::boolean: return *cell == "t" ? "1" : "0";
      case Kind::real: return canonical(Value::real(std::strtod(cell->c_str(), nullptr)));
      case Kind::text: return "'" + *cell;
      default: return *cell;
    }
  }
  Postgresql database_;
};

}  // namespace

std::unique_ptr<Engine> postgresql_engine(std::string& why, Break broken) {
  why = Postgresql::missing();
  return why.empty() ? std::make_unique<PostgresqlEngine>(std::move(broken)) : nullptr;
}

}  // namespace kith::internal::expr::testing
