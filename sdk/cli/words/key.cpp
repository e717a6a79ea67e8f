#include "cli/words/key.hpp"

#include "cli/answers/problems.hpp"

namespace kith::cli {

Key parse_key(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == text.size())
    throw usage_failure("'" + text + "' is not a KEY",
                        "write type/id, type/@source:external or type/<key field>, as customer/@shop:17");
  return {text.substr(0, slash), text.substr(slash + 1)};
}

Key parse_key(const std::string& type_or_key, const std::string& key) {
  if (key.empty()) return parse_key(type_or_key);
  return {type_or_key, key};
}

Ref find(Session& session, const Key& key) { return session.find(key.type, key.key); }

}  // namespace kith::cli
