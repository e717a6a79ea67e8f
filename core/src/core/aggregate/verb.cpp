// The verb `aggregate`: groups with figures.
#include <boost/json.hpp>

#include "core/aggregate/request.hpp"
#include "core/verbs.hpp"
#include "facts/read/timeline.hpp"

namespace kith::internal {

namespace json = boost::json;

namespace {

json::array columns_json(const std::vector<access::Column>& columns) {
  json::array out;
  for (const access::Column& column : columns)
    out.push_back(json::object{{"name", column.name}, {"type", expr::type_name(column.type)}});
  return out;
}

json::array rows_json(const catalog::Catalog& catalog, const access::Aggregated& result) {
  json::array out;
  for (const std::vector<Value>& row : result.rows) {
    json::object line;
    for (std::size_t i = 0; i < row.size(); ++i) line[result.columns[i].name] = facts::value_json(catalog, row[i]);
    out.push_back(std::move(line));
  }
  return out;
}

/// For each figure that is unknown somewhere: in how many of the rows, and why in the first of them.
json::array unknown_json(const access::Aggregated& result) {
  json::array out;
  for (std::size_t i = 0; i < result.columns.size(); ++i) {
    std::int64_t rows = 0;
    std::string reason;
    for (const std::vector<Value>& row : result.rows) {
      if (!row[i].is_unknown()) continue;
      if (rows++ == 0) reason = row[i].s;
    }
    if (rows > 0) out.push_back(json::object{{"figure", result.columns[i].name}, {"rows", rows}, {"reason", reason}});
  }
  return out;
}

}  // namespace

json::object verb_aggregate(Session& session, const json::object& args) {
  access::AggregationRequest request;
  request.record_type = text_argument(args, "type");
  request.where = text_argument(args, "where", "");
  request.parameters = parameters_argument(args);
  request.order_by = text_argument(args, "order", "");
  request.limit = integer_argument(args, "limit", 0);
  read_groups(args, request);
  const access::Aggregated result = session.aggregate(std::move(request), bool_argument(args, "as_stored", false));
  json::object out{{"columns", columns_json(result.columns)},
                   {"rows", rows_json(session.core().catalog(), result)},
                   {"groups", result.groups}};
  if (json::array unknown = unknown_json(result); !unknown.empty()) out["unknown"] = std::move(unknown);
  return out;
}

}  // namespace kith::internal
