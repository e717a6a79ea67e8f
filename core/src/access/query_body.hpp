// What a Query holds, and how one statement of it is put together and run.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access/page_cursor.hpp"
#include "access/query.hpp"
#include "access/selection.hpp"
#include "expr/program.hpp"

namespace kith::internal::access {

struct Query::Body {
  QueryRequest request;
  std::int32_t record_type = -1;
  expr::ProgramPtr filter;  ///< null = all
  std::vector<Selected> select;
  std::vector<OrderTerm> order;
  std::vector<std::int32_t> derivations;
  std::uint64_t identity = 0;  ///< of type, filter and order: what a cursor belongs to

  /// SQL narrows only, or can't say anything: the evaluator decides.
  bool residual() const { return filter != nullptr && filter->sql_class != expr::SqlClass::exact; }
  expr::Env env(const Unit& unit) const;
};

/// One row as the statement gave it.
struct FoundRow {
  std::vector<Value> values;
  PageKey key;
};

/// A statement over the query's records: these columns, in this order, after this key.
struct Scan {
  const std::vector<Selected>* select = nullptr;
  const std::vector<OrderTerm>* order = nullptr;
  const PageKey* after = nullptr;
};

class Reading {
 public:
  Reading(const Query::Body& body, Unit& unit) : body_(&body), unit_(&unit) {}
  expr::Sql statement(const Scan& scan, std::int64_t limit) const;
  expr::Sql counting() const;                    ///< of an exact filter
  expr::Sql grouping(const Selected& by) const;  ///< of an exact filter
  std::vector<FoundRow> fetch(const Scan& scan, std::int64_t limit) const;
  /// All rows that pass the whole filter, in the scan's order, until `visit` says false. `expected`: about how many
  /// will be wanted.
  void each(Scan scan, std::int64_t expected, const Query::ViewMaker& view,
            const std::function<bool(FoundRow&&)>& visit) const;
  Value read(store::Statement& statement, int& column, const Selected& selected) const;

 private:
  void add_where(Joins& joins, expr::Sql& where) const;
  const Query::Body* body_;
  Unit* unit_;
};

}  // namespace kith::internal::access
