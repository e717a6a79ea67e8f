// How a command says what it takes. Variables are given by reference and filled before the command runs.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace kith::cli {

class Arguments {
 public:
  explicit Arguments(void* app) : app_(app) {}
  /// A word that must be there, or may be there.
  Arguments& word(const std::string& name, std::string& into, const std::string& text);
  Arguments& optional_word(const std::string& name, std::string& into, const std::string& text);
  /// All words that follow.
  Arguments& words(const std::string& name, std::vector<std::string>& into, const std::string& text,
                   bool required = false);
  /// "--where EXPR"; `kind` is the word shown for the value.
  Arguments& option(const std::string& flags, std::string& into, const std::string& kind, const std::string& text,
                    bool required = false);
  Arguments& options(const std::string& flags, std::vector<std::string>& into, const std::string& kind,
                     const std::string& text);
  Arguments& number(const std::string& flags, std::int64_t& into, const std::string& text);
  Arguments& flag(const std::string& flags, bool& into, const std::string& text);
  Arguments& counted(const std::string& flags, std::int64_t& into, const std::string& text);
  /// Exactly one of `values`.
  Arguments& choice(const std::string& flags, std::string& into, const std::vector<std::string>& values,
                    const std::string& text);

 private:
  void* app_;  // CLI::App; the header of CLI11 is large and is read in one file only
};

struct Globals;
struct CommandEntry;
class Command;

/// A command that may be asked for; both outlive the parsing.
struct Offered {
  const CommandEntry* entry;
  Command* command;
};
/// What the words ask for.
struct Parsed {
  int exit = -1;  ///< >= 0: nothing is to be run (help or version was printed); end with this
  Offered chosen{nullptr, nullptr};
};
/// Fills `globals` and the variables of the command. Throws a usage Failure that names the nearest right word.
Parsed parse_arguments(int argc, char** argv, Globals& globals, const std::vector<Offered>& commands);

}  // namespace kith::cli
