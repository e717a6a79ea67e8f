// Reading lists: one SQL statement of filter, order, page and policy, with values bound; class superset is finished by
// the evaluator. Keyset pages, no reader held between pages.
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

struct QueryRequest {
  std::string record_type;
  std::string where;  ///< expression; "" = all
  std::vector<std::pair<std::string, Value>> parameters;
  /// member names or paths through refs ("customer.name"), "id"; empty = all of the type's members
  std::vector<std::string> select;
  std::string order_by;  ///< "name", "retail.net_spend_12m desc, name"; ties by id; nulls last
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
  ~Query();
  Query(Query&&) noexcept;
  /// Derivations (catalog numbers) that where, order_by or select read, on the record itself or through refs: to be
  /// settled before run.
  const std::vector<std::int32_t>& derivations() const;
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

 private:
  std::unique_ptr<Body> body_;
};

}  // namespace kith::internal::access
