#include "facts/read/shown.hpp"

#include "base/text/text.hpp"

namespace kith::internal::facts {

namespace {

constexpr std::size_t kLongestShown = 60;

std::string cut(const std::string& text) {
  return text.size() <= kLongestShown ? text : std::string(beginning(text, kLongestShown)) + "...";
}

expr::MemberTest is_personal_member(const catalog::Catalog& catalog) {
  return [&catalog](std::int32_t record_type, std::int32_t member) {
    return catalog.type(record_type).members[static_cast<std::size_t>(member)].pii != catalog::Pii::none;
  };
}

}  // namespace

bool is_personal(const catalog::Catalog& catalog, const expr::Explained& term) {
  if (term.node == nullptr || term.value.is_dead()) return false;
  if (term.value.kind == Kind::boolean && !expr::is_plain(*term.node)) return false;
  return expr::reads_any(*term.node, is_personal_member(catalog));
}

bool reads_personal(const catalog::Catalog& catalog, const expr::Program& program) {
  return expr::reads_any(program, is_personal_member(catalog));
}

std::string shown(const catalog::Member& member, const Value& value) {
  if (value.is_dead()) return "nothing";
  if (member.pii != catalog::Pii::none) return "a value that is not shown (personal data)";
  return "'" + cut(to_text(value)) + "'";
}

std::string record_text(const catalog::Catalog& catalog, std::int32_t record_type, const RecordId& id) {
  if (record_type < 0 || static_cast<std::size_t>(record_type) >= catalog.record_types.size()) return id.text();
  return catalog.type(record_type).name + "/" + id.text();
}

Problem member_problem(ProblemNumber number, const catalog::Member& member, std::string message) {
  Problem problem;
  problem.number = number;
  problem.field = member.name;
  problem.message = std::move(message);
  return problem;
}

}  // namespace kith::internal::facts
