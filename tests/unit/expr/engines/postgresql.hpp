// Tables of a World in PostgreSQL, and queries to them.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {

class Postgresql {
 public:
  /// Why there is none; "" where there is.
  static std::string missing();
  Postgresql();
  ~Postgresql();
  Postgresql(const Postgresql&) = delete;
  Postgresql& operator=(const Postgresql&) = delete;
  using Row = std::vector<std::optional<std::string>>;
  /// The `?` become $1, $2, ... Throws std::runtime_error with the server's sentence.
  std::vector<Row> query(const Sql& sql);
  void run(const std::string& sql) { query({sql, {}}); }
  std::string plan_of(const Sql& where);

 private:
  void* connection_ = nullptr;
};

/// Texts by code point where `by_code_point`, as the store declares them; by the locale otherwise.
void create_tables(Postgresql& database, const World& world, bool by_code_point);
void insert(Postgresql& database, const World& world, const Record& record, std::int64_t tenant);
void insert(Postgresql& database, const Edge& edge, std::int64_t tenant);

}  // namespace kith::internal::expr::testing
