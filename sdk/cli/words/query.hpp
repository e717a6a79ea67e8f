// Rows of a list, with columns that are known only at run time.
#pragma once
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include <kith/session.hpp>

#include "cli/words/assignments.hpp"

namespace kith::cli {

struct ListRequest {
  std::string type, where, order;
  std::vector<std::string> select;
  std::vector<Parameter> parameters;
  std::uint32_t limit = 0xFFFFFFFFU;  ///< rows in all
};
Rows run_query(Session& session, const ListRequest& request);

/// "a,b" as a list; blanks around names are dropped.
std::vector<std::string> split_names(const std::string& list);
/// As in documents: ISO dates, money as {"amount","currency"}, refs as "type/uuid".
boost::json::value cell_json(const Cell& cell);

}  // namespace kith::cli
