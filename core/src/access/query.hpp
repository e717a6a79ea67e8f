// Reading lists: filter, order, page and policy in one SQL statement (of two ranges, where a page ends within the
// nulls, in two), with values bound; what SQL can't decide of a filter, the evaluator decides while the statement is
// read. Keyset pages, no reader held between pages.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "access/unit.hpp"

namespace kith::internal::access {

inline constexpr std::int64_t kMaxPage = 2'048;

class PreparedQueries;  // access/prepared_queries.hpp

struct QueryRequest {
  std::string record_type;
  std::string where;                                      ///< expression; "" = all
  std::vector<std::pair<std::string, Value>> parameters;  ///< lists as JSON: ["a", "b"], [1, 2], ["customer/ID"]
  /// member names or paths through refs ("customer.name"), "id"; empty = all of the type's members
  std::vector<std::string> select;
  /// "name", "retail.net_spend_12m desc, name"; nulls last; ties by id, in the direction of the last term
  std::string order_by;
  std::int64_t limit = 100;
  std::string after;  ///< cursor of an earlier page
};

struct Column {
  std::string name;
  expr::Type type;
};
struct Page {
  std::vector<Column> columns;
  std::vector<std::vector<Value>> rows;
  std::vector<RecordId> ids;
  std::string cursor;  ///< "" = the end was reached
};

/// A request checked against the catalog: throws query_invalid, unknown_field, expression problems with carets.
class Query {
 public:
  Query(const Unit& unit, QueryRequest request);
  /// The same before there is a unit to read in: whether it may be read is asked when it runs. `kept`: of a core, or
  /// null.
  Query(const catalog::Catalog& catalog, PreparedQueries* kept, QueryRequest request);
  ~Query();
  Query(Query&&) noexcept;
  /// Derivations (catalog numbers) that where, order_by or select read, on the record itself or through refs: to be
  /// settled before run.
  const std::vector<std::int32_t>& derivations() const;
  /// Of these, the ones that decide which rows there are and in what order.
  const std::vector<std::int32_t>& deciding() const;
  /// Its statements read derived tables: what a unit has settled and not written yet is to be written first.
  bool reads_derived_tables() const;
  /// A column that shows what is derived: the refs that lead to its record, and the member there.
  struct Shown {
    std::size_t column;
    std::vector<std::int32_t> refs;
    std::int32_t member, derivation;
  };
  std::vector<Shown> shown(const catalog::Catalog& catalog) const;
  const QueryRequest& request() const;
  /// Rows hold stored derived values. `view` makes the evaluator's view of a record, for filters that SQL can't decide
  /// whole.
  using ViewMaker = std::function<expr::RecordView*(std::int32_t record_type, const RecordId& id)>;
  Page run(Unit& unit, const ViewMaker& view) const;
  std::int64_t count(Unit& unit, const ViewMaker& view) const;
  /// Count by the values of a member.
  std::vector<std::pair<Value, std::int64_t>> count_by(Unit& unit, const std::string& member,
                                                       const ViewMaker& view) const;
  std::string sql(Unit& unit) const;  ///< for `kith eval` and tests

  struct Body;  ///< access/query_body.hpp; not for other floors
  const Body& body() const { return *body_; }

 private:
  std::unique_ptr<Body> body_;
};

}  // namespace kith::internal::access
