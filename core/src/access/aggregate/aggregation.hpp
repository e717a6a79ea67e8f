// Aggregates: the rows of a list in groups, with figures of each (design/data.md, R16). One statement gives the columns
// that are needed; groups and figures are made here, by the same rules as rollups, so that money is exact, days are
// those of the tenant's zone and what is unknown stays so.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "access/query.hpp"

namespace kith::internal::access {

struct GroupBy {
  std::string member;   ///< of the record, or a path through refs
  std::string bucket;   ///< of a date or instant: day, week, month, quarter, year; "": each value by itself
  bool unnest = false;  ///< of a list: each of its elements, once
  bool fill = false;    ///< of a bucket: those without rows too, from the first to the last that has any
  std::string name;     ///< of its column; "": the member, or <member>_<bucket>
};
struct FigureRequest {
  std::string name;   ///< of its column; "": count, or <fn>_<of> where that is a member or path
  std::string fn;     ///< count, count_distinct, sum, min, max, avg, median
  std::string of;     ///< a member, path or expression; count needs none
  std::string where;  ///< only rows for which this holds; "": all
};
struct AggregationRequest {
  std::string record_type;
  std::string where;                                      ///< as of a list
  std::vector<std::pair<std::string, Value>> parameters;  ///< of all expressions
  std::vector<GroupBy> by;                                ///< none: one group, also where there is no row
  std::vector<FigureRequest> figures;                     ///< none: count
  std::string having;                                     ///< an expression over the columns
  std::string order_by;    ///< columns: "sum_total desc, region"; nulls last; ties, and all without it, by the groups
  std::int64_t limit = 0;  ///< 0: all
};

struct Aggregated {
  std::vector<Column> columns;           ///< what is grouped by, then the figures
  std::vector<std::vector<Value>> rows;  ///< a figure may be unknown, with its reason
  std::int64_t groups = 0;               ///< that passed `having`, also those beyond the limit
};

/// A request checked against the catalog: throws as a Query does, and query_invalid for figures that there can't be.
class Aggregation {
 public:
  Aggregation(const catalog::Catalog& catalog, PreparedQueries* kept, AggregationRequest request);
  ~Aggregation();
  Aggregation(Aggregation&&) noexcept;
  /// Derivations that the filter, the groups or the figures read: to be settled before run.
  const std::vector<std::int32_t>& derivations() const;
  /// At most `groups` groups (base/problem/limits.hpp), else query_invalid.
  Aggregated run(Unit& unit, const Query::ViewMaker& view) const;

  struct Body;  ///< access/aggregate/body.hpp; not for other floors

 private:
  std::unique_ptr<Body> body_;
};

}  // namespace kith::internal::access
