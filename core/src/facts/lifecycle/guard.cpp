#include "facts/lifecycle/guard.hpp"

#include <boost/json.hpp>

#include "facts/read/shown.hpp"
#include "facts/read/timeline.hpp"

namespace kith::internal::facts {

namespace {

/// Whether the source of a leaf is a name or a call, rather than a literal: literals say nothing new to the reader.
bool is_name(std::string_view source) {
  if (source.empty() || source == "true" || source == "false" || source == "null") return false;
  const char first = source.front();
  return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_';
}

/// What is asked of a set counts as one name: which of its records said what is more than a refusal needs.
void collect(const expr::Explained& term, std::vector<const expr::Explained*>& leaves) {
  if (term.of_set) {
    leaves.push_back(&term);
    return;
  }
  if (term.parts.empty()) {
    if (is_name(term.source)) leaves.push_back(&term);
    return;
  }
  for (const expr::Explained& part : term.parts) collect(part, leaves);
}

}  // namespace

Verdict judge(access::Unit& unit, const expr::Program* program, expr::RecordView& view, expr::RecordView* old) {
  Verdict verdict;
  verdict.seen_json = "{}";
  if (program == nullptr) {
    verdict.allowed = true;
    return verdict;
  }
  expr::Env env = unit.env();
  env.old = old;
  const expr::Explained explained = expr::explain(*program, view, env);
  verdict.allowed = explained.value.is_true();
  verdict.unknown = explained.value.is_dead();
  std::vector<const expr::Explained*> leaves;
  collect(explained, leaves);
  boost::json::object seen;
  for (const expr::Explained* leaf : leaves) {
    if (seen.contains(leaf->source)) continue;
    const bool hidden = is_personal(unit.catalog(), *leaf);
    seen[leaf->source] = hidden ? boost::json::value("(personal data)") : value_json(unit.catalog(), leaf->value);
    if (leaf->value.is_dead()) {
      verdict.empty.push_back(leaf->source);
      verdict.seen.push_back(leaf->source + " is empty");
    } else {
      verdict.seen.push_back(leaf->source + " is " + (hidden ? "not shown" : to_text(leaf->value)));
    }
  }
  verdict.seen_json = boost::json::serialize(seen);
  return verdict;
}

}  // namespace kith::internal::facts
