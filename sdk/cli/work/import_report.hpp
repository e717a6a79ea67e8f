// What an import came to: the lines while it runs, the counts, and the rejected rows by reason.
#pragma once
#include <boost/json/fwd.hpp>
#include <chrono>
#include <string>

#include "cli/answers/output.hpp"

namespace kith::cli {

/// "31 %, 8,123 rows/s, 4 s left" from a status; rows and bytes before `start` belong to an earlier run.
class ImportPace {
 public:
  explicit ImportPace(const boost::json::object& start);
  std::string text(const boost::json::object& status) const;
  double seconds() const;

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::int64_t first_row_, first_byte_;
};

struct ImportNames {
  std::string file, mapping, config;  ///< as they were given; for the commands that are printed
};
/// One sentence with the counts.
std::string import_summary(const ImportNames& names, const boost::json::object& status, double seconds);
/// KITH-3107: the rejected rows by reason, the reject file, and what to do. "" when there is none.
std::string reject_report(const ImportNames& names, const boost::json::object& status);
boost::json::array reject_problems(const ImportNames& names, const boost::json::object& status);
/// The command that goes on where a run stopped.
std::string import_notes(const boost::json::object& status);  ///< what the mapping's writer should know
std::string resume_command(const ImportNames& names, const std::string& run);

}  // namespace kith::cli
