// What `kith count` asks beyond a number: groups and figures, as the verb `aggregate` takes them.
#pragma once
#include <boost/json.hpp>
#include <string>
#include <vector>

#include "cli/answers/members.hpp"
#include "cli/answers/output.hpp"
#include "cli/words/arguments.hpp"

namespace kith::cli {

class Grouping {
 public:
  void declare(Arguments& arguments);
  /// More is asked than the numbers of one member's values.
  bool asks_figures() const;
  const std::string& by() const noexcept { return by_; }
  /// Adds by, figures, having, order, limit and as_stored.
  void put(boost::json::object& request, const Members& members, const std::string& type) const;

 private:
  boost::json::array groups(const Members& members, const std::string& type) const;
  boost::json::array figures() const;

  std::string by_, bucket_, having_, order_;
  std::vector<std::string> sum_, avg_, min_, max_, median_, distinct_;
  std::int64_t limit_ = 0;
  bool fill_ = false, unnest_ = false, as_stored_ = false;
};

/// The answer of `aggregate` as a table.
Table aggregate_table(const boost::json::object& answer);

}  // namespace kith::cli
