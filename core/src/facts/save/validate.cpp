#include "facts/save/validate.hpp"

#include <cmath>

#include "base/text/text.hpp"
#include "base/value/money.hpp"
#include "facts/read/shown.hpp"
#include "facts/save/references.hpp"

namespace kith::internal::facts {

namespace {

using catalog::Member;

std::string number_text(double number) {
  std::string text = to_text(Value::real(number));
  if (text.size() > 2 && text.compare(text.size() - 2, 2, ".0") == 0) text.resize(text.size() - 2);
  return text;
}

std::optional<double> magnitude(const Value& value) {
  switch (value.kind) {
    case Kind::integer: return static_cast<double>(value.i);
    case Kind::real: return value.d;
    case Kind::money: return major_units(value.i, value.currency);
    default: return std::nullopt;
  }
}

void check_limits(const Member& member, const Value& value, Problems& problems) {
  const auto number = magnitude(value);
  if (!number) return;
  const bool below = member.min && *number < *member.min, above = member.max && *number > *member.max;
  if (!below && !above) return;
  const std::string limit = below ? "at least " + number_text(*member.min) : "at most " + number_text(*member.max);
  Problem problem = member_problem(ProblemNumber::value_invalid, member, member.name + " must be " + limit);
  problem.expected = limit;
  problem.found = shown(member, value);
  problems.add(std::move(problem));
}

void check_text(const Member& member, const Value& value, Problems& problems) {
  if (value.kind != Kind::text) return;
  if (member.max_length) {
    const auto length = static_cast<std::int64_t>(code_points(value.s));
    if (length > *member.max_length) {
      Problem problem =
          member_problem(ProblemNumber::value_invalid, member,
                         member.name + " is longer than " + std::to_string(*member.max_length) + " characters");
      problem.expected = "at most " + std::to_string(*member.max_length) + " characters";
      problem.found = std::to_string(length) + " characters";
      problems.add(std::move(problem));
      return;
    }
  }
  if (member.matcher == nullptr || member.matcher->matches(value.s)) return;
  Problem problem =
      member_problem(ProblemNumber::value_invalid, member, member.name + " does not have the form " + member.pattern);
  problem.expected = member.pattern;
  problem.found = shown(member, value);
  problems.add(std::move(problem));
}

void check_member(access::Unit& unit, const Candidate& candidate, std::int32_t number, Problems& problems) {
  const Member& member = candidate.facts.type->members[static_cast<std::size_t>(number)];
  if (member.role != catalog::Role::field) return;
  const Value& value = candidate.row[static_cast<std::size_t>(number)];
  if (value.is_null()) {
    if (!member.required) return;
    Problem problem = member_problem(ProblemNumber::required_missing, member, member.name + " is required");
    problem.expected = "a value of type " + expr::type_name(member.type);
    problem.found = "nothing";
    problems.add(std::move(problem));
    return;
  }
  check_limits(member, value, problems);
  check_text(member, value, problems);
  if (value.kind == Kind::ref) {
    try {
      require_live(unit, member, value);
    } catch (const Error& error) {
      problems.add(error.first());
    }
  }
}

void check_unique(access::Unit& unit, const Candidate& candidate, const std::vector<std::int32_t>& set,
                  Problems& problems) {
  const catalog::RecordType& type = *candidate.facts.type;
  bool concerned = false;
  std::vector<Value> values;
  std::vector<std::string> names, found;
  for (const std::int32_t number : set) {
    const Value& value = candidate.row[static_cast<std::size_t>(number)];
    if (value.is_null() || candidate.failed.count(number) != 0) return;
    for (const std::int32_t changed : candidate.changed) concerned = concerned || changed == number;
    values.push_back(value);
    names.push_back(type.members[static_cast<std::size_t>(number)].name);
    found.push_back(shown(type.members[static_cast<std::size_t>(number)], value));
  }
  if (!concerned) return;
  const auto other = unit.reads.find(access::Operation::check, type.number, set, values);
  if (!other || *other == candidate.id) return;
  Problem problem = member_problem(ProblemNumber::not_unique, type.members[static_cast<std::size_t>(set.front())],
                                   "another " + type.name + " has the same " + join(names, ", ") + ": " +
                                       record_text(unit.catalog(), type.number, *other));
  problem.found = join(found, ", ");
  problem.fix = "change that record instead, or give another " + names.front();
  problems.add(std::move(problem));
}

void check_rule(access::Unit& unit, const TypeFacts& facts, const catalog::Validation& rule, expr::RecordView& view,
                expr::RecordView* old, Problems& problems) {
  expr::Env env = unit.env();
  env.old = old;
  const Value verdict = expr::evaluate(*rule.reject_when, view, env).value;
  if (!verdict.is_true() && !(rule.reject_on_unknown && verdict.is_dead())) return;
  Problem problem;
  problem.number = ProblemNumber::validation_rejected;
  problem.message = rule.text.in(unit.catalog().language);
  if (rule.field_member >= 0) problem.field = facts.type->members[static_cast<std::size_t>(rule.field_member)].name;
  problem.notes.push_back("rule   " + rule.id);
  problems.add(std::move(problem));
}

bool reads_failed(const catalog::Validation& rule, const std::set<std::int32_t>& failed) {
  for (const expr::Read& read : rule.reject_when->reads) {
    if (read.path.empty() && failed.count(read.member) != 0) return true;
  }
  return false;
}

}  // namespace

void validate(access::Unit& unit, derive::Engine& derivations, const Candidate& candidate, Problems& problems) {
  for (const std::int32_t number : candidate.changed) {
    if (candidate.failed.count(number) == 0) check_member(unit, candidate, number, problems);
  }
  for (const auto& set : candidate.facts.unique_sets) check_unique(unit, candidate, set, problems);
  if (candidate.facts.own_rules.empty()) return;
  const std::int32_t type = candidate.facts.type->number;
  const auto view = derivations.view_of(type, candidate.id, candidate.row);
  const auto old =
      candidate.committed == nullptr ? nullptr : derivations.view_of(type, candidate.id, *candidate.committed);
  for (const catalog::Validation* rule : candidate.facts.own_rules) {
    if (!reads_failed(*rule, candidate.failed)) check_rule(unit, candidate.facts, *rule, *view, old.get(), problems);
  }
}

void validate_deferred(access::Unit& unit, derive::Engine& derivations, const TypeFacts& facts, const RecordId& id,
                       const store::Row* committed, Problems& problems) {
  if (facts.deferred_rules.empty()) return;
  expr::RecordView* view = derivations.view(facts.type->number, id);
  if (view == nullptr) return;
  const auto old = committed == nullptr ? nullptr : derivations.view_of(facts.type->number, id, *committed);
  for (const catalog::Validation* rule : facts.deferred_rules)
    check_rule(unit, facts, *rule, *view, old.get(), problems);
}

}  // namespace kith::internal::facts
