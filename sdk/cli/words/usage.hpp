// What is wrong with the words of a call, and the nearest right one.
#pragma once
#include <string>
#include <vector>

#include "cli/answers/problems.hpp"

namespace kith::cli {

struct Asked {
  std::string command;                 ///< "" = none was recognised
  std::vector<std::string> commands;   ///< all there are
  std::vector<std::string> flags;      ///< of the command and the global ones
  std::vector<std::string> left_over;  ///< words that nothing took
};
Failure explain_usage(const Asked& asked, const std::string& parser_says);

}  // namespace kith::cli
