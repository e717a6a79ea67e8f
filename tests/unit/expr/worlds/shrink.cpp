#include "unit/expr/worlds/shrink.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "expr/parse/syntax.hpp"

namespace kith::internal::expr::testing {
namespace {

void collect(const Syntax& syntax, std::vector<const Syntax*>& into) {
  into.push_back(&syntax);
  for (const SyntaxPtr& part : syntax.parts) collect(*part, into);
}

std::string replaced(const std::string& source, const Syntax& at, const std::string& by) {
  return source.substr(0, at.begin) + by + source.substr(at.end);
}

// Shorter texts, the shortest first.
std::vector<std::string> smaller(const std::string& source) {
  std::vector<Diagnostic> ignored;
  const SyntaxPtr root = parse(source, ignored);
  std::set<std::string> found;
  if (root) {
    std::vector<const Syntax*> nodes;
    collect(*root, nodes);
    for (const Syntax* node : nodes) {
      std::vector<const Syntax*> inner;
      collect(*node, inner);
      for (const Syntax* part : inner) {
        const std::string text = source.substr(part->begin, part->end - part->begin);
        if (part == node) continue;
        found.insert(replaced(source, *node, text));
        found.insert(replaced(source, *node, "(" + text + ")"));
      }
      for (const char* simple : {"0", "1", "''", "'a'", "true", "false", "null", "n", "ok", "name", "note", "x"})
        found.insert(replaced(source, *node, simple));
    }
  }
  for (std::size_t open = 0; open < source.size(); ++open) {
    if (source[open] != '(') continue;
    int depth = 0;
    for (std::size_t at = open; at < source.size(); ++at) {
      depth += source[at] == '(' ? 1 : source[at] == ')' ? -1 : 0;
      if (depth != 0) continue;
      found.insert(source.substr(0, open) + source.substr(open + 1, at - open - 1) + source.substr(at + 1));
      break;
    }
  }
  std::vector<std::string> texts;
  std::copy_if(found.begin(), found.end(), std::back_inserter(texts),
               [&](const std::string& text) { return text.size() < source.size(); });
  std::stable_sort(texts.begin(), texts.end(),
                   [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
  return texts;
}

}  // namespace

std::string shrink(std::string source, const std::function<bool(const std::string&)>& fails, int attempts) {
  for (bool better = true; better && attempts > 0;) {
    better = false;
    for (const std::string& text : smaller(source)) {
      if (attempts-- <= 0) break;
      if (!fails(text)) continue;
      source = text;
      better = true;
      break;
    }
  }
  return source;
}

}  // namespace kith::internal::expr::testing
