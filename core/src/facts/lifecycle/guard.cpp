#include "facts/lifecycle/guard.hpp"

#include <algorithm>
#include <boost/json.hpp>

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

/// Whether a path such as "owner.mobile" ends in, or passes, personal data.
bool is_personal(const catalog::Catalog& catalog, const catalog::RecordType& type, const std::string& path) {
  const catalog::RecordType* at = &type;
  std::string_view rest = path;
  while (at != nullptr && !rest.empty()) {
    // A member's name may itself hold a dot (retail.tier), so that the longest name that fits is taken.
    const catalog::Member* member = nullptr;
    std::size_t used = rest.size();
    for (std::size_t end = rest.size(); end != std::string_view::npos && end > 0; end = rest.rfind('.', end - 1)) {
      member = at->find(rest.substr(0, end));
      used = end;
      if (member != nullptr || end == 0) break;
    }
    if (member == nullptr) return false;
    if (member->pii != catalog::Pii::none) return true;
    at = member->type.kind == Kind::ref && member->type.record_type >= 0 ? &catalog.type(member->type.record_type)
                                                                         : nullptr;
    rest = used >= rest.size() ? std::string_view{} : rest.substr(used + 1);
  }
  return false;
}

/// Whether personal data of related records is read, which a smallest, latest or sum may be.
bool sets_are_personal(const catalog::Catalog& catalog, const expr::Program& program) {
  return std::any_of(program.reads.begin(), program.reads.end(), [&](const expr::Read& read) {
    if (read.member < 0) return false;
    const bool behind_a_set =
        std::any_of(read.path.begin(), read.path.end(), [](const expr::Hop& hop) { return hop.through_set; });
    return behind_a_set &&
           catalog.type(read.record_type).members[static_cast<std::size_t>(read.member)].pii != catalog::Pii::none;
  });
}

}  // namespace

Verdict judge(access::Unit& unit, const catalog::RecordType& type, const expr::Program* program, expr::RecordView& view,
              expr::RecordView* old) {
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
    const bool personal = leaf->of_set
                              ? leaf->value.kind != Kind::boolean && sets_are_personal(unit.catalog(), *program)
                              : is_personal(unit.catalog(), type, leaf->source);
    const bool hidden = personal && !leaf->value.is_dead();
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
