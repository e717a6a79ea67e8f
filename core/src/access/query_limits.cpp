#include "access/query_limits.hpp"

#include "base/problem/limits.hpp"

namespace kith::internal::access {

void check_limits(const QueryRequest& request) {
  check_limit(Limit::name, request.record_type.size(), " (the record type)");
  check_limit(Limit::select, request.select.size());
  for (const std::string& name : request.select) check_limit(Limit::name, name.size(), " that is selected");
  check_limit(Limit::order, request.order_by.size());
  check_limit(Limit::cursor, request.after.size());
  check_limit(Limit::parameters, request.parameters.size());
  for (const auto& [name, value] : request.parameters) {
    check_limit(Limit::name, name.size(), " (a parameter's)");
    check_limit(Limit::parameter, value.s.size(), " $" + name);
  }
}

}  // namespace kith::internal::access
