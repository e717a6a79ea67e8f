#include "cli/words/query.hpp"

#include <boost/json.hpp>

namespace json = boost::json;

namespace kith::cli {

Rows run_query(Session& session, const ListRequest& request) {
  std::vector<kith_field> parameters;
  for (const Parameter& p : request.parameters) {
    parameters.push_back({str(p.name), p.value});
    if (p.value.type == KITH_TEXT || p.value.type == KITH_JSON) parameters.back().value.as.s = str(p.text);
  }
  std::vector<kith_str> columns;
  for (const std::string& name : request.select) columns.push_back(str(name));
  kith_query q{};
  q.struct_size = sizeof q;
  q.limit = request.limit;
  q.record_type = str(request.type);
  q.where = str(request.where);
  q.order_by = str(request.order);
  q.params = parameters.data();
  q.param_count = parameters.size();
  q.select = columns.data();
  q.select_count = columns.size();
  kith_rows* rows = nullptr;
  call(session.api(), &kith_api::session_query, session.raw(), static_cast<const kith_query*>(&q), &rows);
  return {session.api(), session.raw(), rows};
}

std::vector<std::string> split_names(const std::string& list) {
  std::vector<std::string> out;
  std::size_t start = 0;
  while (start < list.size()) {
    const std::size_t comma = std::min(list.find(',', start), list.size());
    std::string name = list.substr(start, comma - start);
    name.erase(0, name.find_first_not_of(' '));
    name.erase(name.find_last_not_of(' ') + 1);
    if (!name.empty()) out.push_back(std::move(name));
    start = comma + 1;
  }
  return out;
}

json::value cell_json(const Cell& cell) {
  switch (cell.raw().type) {
    case KITH_NULL: return nullptr;
    case KITH_BOOL: return cell.boolean();
    case KITH_INT: return cell.integer();
    case KITH_DOUBLE: return cell.real();
    case KITH_JSON: {
      boost::system::error_code failed;
      json::value parsed = json::parse(cell.text(), failed);
      return failed ? json::value(cell.str()) : parsed;
    }
    case KITH_MONEY: {
      const std::string text = cell.str();  // "12.50 EUR"
      const std::size_t blank = text.rfind(' ');
      return json::object{{"amount", text.substr(0, blank)}, {"currency", text.substr(blank + 1)}};
    }
    default: return json::value(cell.str());
  }
}

}  // namespace kith::cli
