#include <sqlite3.h>

#include "unit/expr/engines/engines.hpp"

namespace kith::internal::expr::testing {
namespace {

class SqliteEngine : public SqlEngine {
 public:
  explicit SqliteEngine(Break broken) : SqlEngine(Dialect::sqlite, std::move(broken)) {}
  std::string name() const override { return "SQLite"; }

 protected:
  void fill(Scene& scene) override {
    database_ = std::make_unique<Database>(scene.world);
    for (const std::string& index : set_indexes()) database_->run(index);
    for (const Record& region : scene.regions) database_->insert(region);
    for (const Record& customer : scene.customers) database_->insert(customer);
    for (const Record& order : scene.orders) database_->insert(order);
    for (const Edge& edge : scene.graph.edges) database_->insert(edge);
    for (const Edge& edge : scene.strange_edges) database_->insert(edge, kTenant + 1);
    for (const Record& stranger : scene.strangers) database_->insert(stranger, kTenant + 1);
  }

  std::vector<std::vector<std::string>> rows(const std::vector<Sql>& columns, const std::vector<Kind>&) override {
    Sql all;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      all.text += (i == 0 ? "" : ", ") + columns[i].text;
      all.binds.insert(all.binds.end(), columns[i].binds.begin(), columns[i].binds.end());
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& found : database_->rows_of(all)) {
      std::vector<std::string>& row = rows.emplace_back();
      for (const auto& [type, text] : found) {
        row.push_back(type == SQLITE_NULL                    ? "null"
                      : type == SQLITE_TEXT                  ? "'" + text
                      : type == SQLITE_FLOAT && text == "-0" ? "0"
                                                             : text);
      }
    }
    return rows;
  }

 private:
  std::unique_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<Engine> sqlite_engine(Break broken) { return std::make_unique<SqliteEngine>(std::move(broken)); }

}  // namespace kith::internal::expr::testing
