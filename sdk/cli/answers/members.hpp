// What the catalog says about columns: a csv needs to know which are money before the first row.
#pragma once
#include <boost/json.hpp>
#include <string>
#include <vector>

#include <kith/session.hpp>

#include "cli/answers/output.hpp"

namespace kith::cli {

class Members {
 public:
  explicit Members(Session& session);
  /// The type's name in the catalog, for a member or a path through refs; "" when there is none.
  std::string type_of(const std::string& record_type, const std::string& path) const;
  Column column(const std::string& record_type, const std::string& path) const;
  /// Names that a type's rows have: no child sets. `shown`: nor what the engine keeps for itself (version, created_at,
  /// ...).
  std::vector<std::string> names(const std::string& record_type, bool shown = false) const;

 private:
  const boost::json::object* member(const std::string& record_type, std::string_view name) const;
  boost::json::value catalog_;
};

}  // namespace kith::cli
