// What an Aggregation holds once it is checked.
#pragma once
#include <cstddef>
#include <vector>

#include "access/aggregate/aggregation.hpp"
#include "access/aggregate/bucket.hpp"
#include "access/aggregate/result_columns.hpp"
#include "access/aggregate/tally.hpp"
#include "access/query_body.hpp"

namespace kith::internal::access {

/// No place: an expression, or nothing, gives the value.
inline constexpr std::size_t kNoPlace = static_cast<std::size_t>(-1);

/// A column that is read.
struct ReadPlace : Selected {
  bool by_expressions = false;  ///< they look at it, too
};
struct Grouped {
  std::size_t place = kNoPlace;  ///< in Body::places
  Bucket bucket = Bucket::none;
  bool unnest = false, fill = false, by_key = false;
  expr::Type type;  ///< of the column
};
struct Figured {
  FigureKind kind;
  std::size_t place = kNoPlace;
  expr::ProgramPtr of, where;  ///< null: a place or the row itself; every row
};
struct ResultOrder {
  std::size_t column = 0;
  bool descending = false;
};

struct Aggregation::Body {
  Body(AggregationRequest asked, Query filtered) : request(std::move(asked)), query(std::move(filtered)) {}

  AggregationRequest request;
  Query query;  ///< the filter
  std::vector<ReadPlace> places;
  std::vector<Grouped> by;
  std::vector<Figured> figures;
  std::vector<Column> columns;
  expr::ProgramPtr having;
  std::vector<ResultOrder> order;
  std::vector<std::int32_t> derivations;
};

}  // namespace kith::internal::access
