// What a Query holds, and how its rows are read.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "access/page_cursor.hpp"
#include "access/query.hpp"
#include "access/selection.hpp"
#include "expr/program.hpp"
#include "expr/sql/reach.hpp"
#include "expr/sql/undecided.hpp"
#include "store/select/page_sql.hpp"

namespace kith::internal::access {

/// All that depends on the catalog and the text of a request: made once, kept for the next request like it.
struct Prepared {
  std::int32_t record_type = -1;
  expr::ProgramPtr filter;    ///< null = all
  expr::Undecided undecided;  ///< what of the filter is left to the evaluator
  std::vector<Selected> select;
  std::vector<store::Sorting> order;
  std::vector<std::int32_t> derivations, deciding;
  std::uint64_t identity = 0;  ///< of type, filter and order: what a cursor belongs to
  bool reads_derived = false;  ///< the filter, of the record itself
  bool needs_flush = false;    ///< any part reads what derived tables hold, of whichever record

  bool residual() const { return !undecided.parts.empty(); }
};

struct Query::Body {
  QueryRequest request;
  std::shared_ptr<const Prepared> prepared;
  /// `evaluated`: the evaluator is asked more than what is left of the filter.
  expr::Env env(const Unit& unit, bool evaluated = false) const;
};

/// What the parameters of a request are to expressions. Throws query_invalid for what can't be one.
std::vector<expr::ParameterType> parameter_types(const std::vector<std::pair<std::string, Value>>& parameters);
/// Notes the derivation behind a member, once; nothing where it is none.
void add_derivation(std::vector<std::int32_t>& derivations, const catalog::Member* member);

/// One row as it was found.
struct FoundRow {
  std::vector<Value> values;
  PageKey key;
};

/// The rows of a query in one unit.
class Reading {
 public:
  Reading(const Query::Body& body, Unit& unit);
  using Visit = std::function<bool(FoundRow&&)>;
  /// In the query's order, behind the key, until `visit` says false; about `rows` will be wanted.
  void page(const PageKey* after, std::int64_t rows, const Query::ViewMaker& view, const Visit& visit) const;
  /// All that pass a filter that the evaluator finishes, in any order, with these values of theirs.
  void all(const std::vector<const store::Place*>& select, const Query::ViewMaker& view, const Visit& visit) const;
  /// The columns stand from `column` on, to be taken out by read(). False: enough was seen.
  using VisitColumns = std::function<bool(store::Statement& statement, const RecordId& id, int column)>;
  /// All that pass what SQL decides of the filter, in any order.
  void scan(const std::vector<const store::Place*>& columns, const VisitColumns& visit) const;
  Value read(store::Statement& statement, int& column, const store::Place& place) const;  ///< and goes behind it
  std::int64_t count() const;                                                             ///< of an exact filter
  std::vector<std::pair<Value, std::int64_t>> count_by(const store::Place& place) const;  ///< of an exact filter
  std::string first_statement() const;

 private:
  struct Judge;
  store::PageSql shown() const;
  store::PathFinder finder(const expr::Condition& condition) const;
  void each_range(const store::PageSql& pages, const store::Path& path, const PageKey* after,
                  const std::function<bool(const store::Path&, const store::Range&)>& read) const;
  void take(const expr::Sql& sql, const store::Order& order, const Visit& visit) const;
  void page_by_judging(const PageKey* after, std::int64_t rows, const Query::ViewMaker& view, const Visit& visit) const;
  Value read_key(store::Statement& statement, int column, const store::Place& by) const;
  store::StatementPtr run(const expr::Sql& sql) const;

  const Query::Body* body_;
  const Prepared* prepared_;
  Unit* unit_;
  store::Allowed allowed_;
  expr::Env env_;
  expr::Condition condition_;  ///< what SQL decides of the filter
};

}  // namespace kith::internal::access
