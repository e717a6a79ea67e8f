#include "cli/words/usage.hpp"

#include <algorithm>

namespace kith::cli {
namespace {

std::string see_help(const Asked& asked) {
  return asked.command.empty() ? "see: kith --help" : "see: kith " + asked.command + " --help";
}

}  // namespace

Failure explain_usage(const Asked& asked, const std::string& parser_says) {
  const auto is_flag = [](const std::string& word) { return word.size() > 1 && word.front() == '-'; };
  const auto flag = std::find_if(asked.left_over.begin(), asked.left_over.end(), is_flag);
  if (asked.command.empty()) {
    const auto word =
        std::find_if(asked.left_over.begin(), asked.left_over.end(), [&](const std::string& w) { return !is_flag(w); });
    if (word != asked.left_over.end() && flag == asked.left_over.end()) {
      const std::string near = did_you_mean(*word, asked.commands);
      return usage_failure("there is no command '" + *word + "'", near.empty() ? "see: kith --help" : near);
    }
    if (flag == asked.left_over.end()) return usage_failure("a command is missing", "see: kith --help");
  }
  if (flag != asked.left_over.end()) {
    const std::string name = flag->substr(0, flag->find('='));
    const std::string near = did_you_mean(name, asked.flags);
    const std::string whose = asked.command.empty() ? "kith" : "kith " + asked.command;
    return usage_failure(whose + " has no flag '" + name + "'", near.empty() ? see_help(asked) : near);
  }
  if (!asked.left_over.empty())
    return usage_failure("kith " + asked.command + " does not take the word '" + asked.left_over.front() + "'",
                         see_help(asked));
  return usage_failure("kith " + asked.command + ": " + parser_says, see_help(asked));
}

}  // namespace kith::cli
