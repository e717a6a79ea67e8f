// Names and paths: customer.retail.tier, guest.name, $since.
#include <algorithm>

#include "expr/check/checker.hpp"

namespace kith::internal::expr {
namespace {

std::string joined(std::string_view a, std::string_view b) { return std::string{a} + "." + std::string{b}; }

}  // namespace

// The parts of a.b.c; false when something else than names is in it.
bool Checker::chain_of(const Syntax& syntax, Chain& chain) const {
  if (syntax.kind == SyntaxKind::select) {
    if (!chain_of(*syntax.parts[0], chain)) return false;
  } else if (syntax.kind != SyntaxKind::name) {
    return false;
  }
  chain.parts.push_back({syntax.text, syntax.word_begin, syntax.word_end});
  chain.begin = chain.parts.front().begin;
  chain.end = syntax.word_end;
  return true;
}

// Takes a macro's variable, `record`, `old` or `actor` off the front; the last three only where no field is called so.
bool Checker::known_opening(Chain& chain) const {
  chain.record_type = scope_.record_type;
  const std::string& first = chain.parts.front().name;
  for (std::size_t slot = variables_.size(); slot-- > 0;) {
    if (variables_[slot].name != first) continue;
    chain.slot = static_cast<std::int8_t>(slot);
    chain.record_type = variables_[slot].record_type;
    chain.self = true;
  }
  if (!chain.self) {
    const bool actor = first == "actor" && names_.actor_type() >= 0;
    chain.old = first == "old";
    chain.self = (actor || chain.old || first == "record") && !names_.member(scope_.record_type, first);
    chain.old = chain.old && chain.self;
    if (actor && chain.self) {
      chain.slot = kActorSlot;
      chain.record_type = names_.actor_type();
    }
  }
  if (chain.self) chain.parts.erase(chain.parts.begin());
  return chain.self;
}

bool Checker::open_chain(Chain& chain) {
  const Part first = chain.parts.front();
  if (!known_opening(chain)) return true;
  if (chain.slot == kActorSlot && (scope_.rules.stored || !scope_.rules.allow_actor)) {
    complain(ProblemNumber::not_allowed_here, first.begin, first.end,
             "who asks is not known here: what is stored is the same for everyone",
             "compare with actor in a filter, guard or validation");
    return false;
  }
  if (chain.old && (!scope_.rules.allow_old || inside_change_)) {
    complain(
        ProblemNumber::not_allowed_here, first.begin, first.end,
        inside_change_ ? "old can't stand inside of changed() or became()"
                       : "there is no change here, so there is no old record",
        inside_change_
            ? "both look at the record before the change by themselves"
            : "old, changed() and became() belong into triggers, conditions, guards, validations and before-rules");
    return false;
  }
  return true;
}

// A name of one word goes before a qualified one; both are tried, so that a field may be called like a bundle.
bool Checker::resolve(const std::vector<Part>& parts, std::size_t from, std::int32_t record_type, Resolved& out,
                      Failure& failure) const {
  const auto fail = [&](std::string name, const Member* member) {
    if (failure.seen && failure.index > from) return;
    if (failure.seen && failure.index == from && member == nullptr) return;
    failure.seen = true;
    failure.index = from;
    failure.record_type = record_type;
    failure.not_a_ref = std::move(name);
    failure.set = member != nullptr && member->kind == MemberKind::set;
    if (member != nullptr) failure.found = member->type;
  };
  for (std::size_t words = 1; words <= 2 && from + words <= parts.size(); ++words) {
    std::string name = words == 1 ? parts[from].name : joined(parts[from].name, parts[from + 1].name);
    const auto member = names_.member(record_type, name);
    if (!member) continue;
    if (from + words == parts.size()) {
      out.member = *member;
      out.name = std::move(name);
      out.record_type = record_type;
      return true;
    }
    const bool leads_on =
        member->kind != MemberKind::set && member->type.kind == Kind::ref && member->type.record_type >= 0;
    if (!leads_on) {
      fail(std::move(name), &*member);
      continue;
    }
    Step step;
    step.hop.record_type = record_type;
    step.hop.member = member->index;
    step.derived = member->kind == MemberKind::derived;
    step.target = member->type.record_type;
    out.path.push_back(step);
    if (resolve(parts, from + words, step.target, out, failure)) return true;
    out.path.pop_back();
  }
  fail({}, nullptr);
  return false;
}

std::string Checker::suggestion(std::int32_t record_type, const std::vector<std::string>& wanted) const {
  const std::vector<std::string> known = names_.member_names(record_type);
  for (const std::string& name : wanted) {
    std::string found = nearest(name, known);
    // A name without its bundle is the commonest slip, and no small edit distance finds it.
    if (found.empty()) {
      const auto same_word = std::find_if(known.begin(), known.end(), [&](const std::string& candidate) {
        return candidate.size() > name.size() && candidate[candidate.size() - name.size() - 1] == '.' &&
               candidate.compare(candidate.size() - name.size(), name.size(), name) == 0;
      });
      if (same_word != known.end()) found = *same_word;
    }
    const std::size_t dot = name.find('.');
    if (found.empty() && dot != std::string::npos && names_.member(record_type, name.substr(dot + 1)))
      found = name.substr(dot + 1);
    if (found.empty()) continue;
    const auto member = names_.member(record_type, found);
    std::string what = member && member->kind == MemberKind::set ? "set" : member ? type_name(member->type) : "";
    return "did you mean " + found + " (" + what + ", on " + names_.record_type_name(record_type) + ")?";
  }
  return {};
}

void Checker::complain_of_name(const Chain& chain, const Failure& failure) {
  const std::vector<Part>& parts = chain.parts;
  const std::size_t at = std::min(failure.index, parts.size() - 1);
  const std::string on = " on " + names_.record_type_name(failure.record_type);
  if (!failure.not_a_ref.empty()) {
    const std::size_t words = failure.not_a_ref.find('.') == std::string::npos ? 1 : 2;
    const std::size_t last = std::min(at + words - 1, parts.size() - 1);
    std::string fix = failure.set ? "ask all of its records: " + failure.not_a_ref + ".exists(x, x." +
                                        (at + words < parts.size() ? parts[at + words].name : "field") +
                                        " == ...), or " + failure.not_a_ref + ".count()"
                      : failure.found.kind == Kind::ref
                          ? "it may name records of any type, and only a ref to one type leads on"
                          : "only a ref leads on to another record's fields";
    const std::string advice =
        failure.set || last + 1 >= parts.size() ? std::string{} : advice_for(parts[last + 1].name);
    if (!advice.empty()) fix = advice;
    complain(failure.set ? ProblemNumber::not_allowed_here : ProblemNumber::unknown_name, parts[at].begin,
             parts[last].end,
             "'" + failure.not_a_ref + "' is " + (failure.set ? "a set of records" : type_name(failure.found)) +
                 " and has no fields",
             std::move(fix));
    return;
  }
  const bool two = at + 1 < parts.size();
  std::vector<std::string> wanted;
  if (two) wanted.push_back(joined(parts[at].name, parts[at + 1].name));
  wanted.push_back(parts[at].name);
  std::string fix = two || at != 0 ? std::string{} : literal_meant(parts[at].name);
  if (fix.empty()) fix = suggestion(failure.record_type, wanted);
  const bool function = !two && at == 0 && find_function(parts[at].name) != nullptr;
  if (!two && parts[at].name == "now") fix = "write now()";
  if (fix.empty() && function) fix = "write " + std::string{find_function(parts[at].name)->usage};
  if (fix.empty()) {
    const std::vector<std::string> known = names_.member_names(failure.record_type);
    fix = !two && at == 0 ? "a text needs quotes: '" + parts[at].name + "'; known" : "known";
    fix += on + " are ";
    for (std::size_t i = 0; i < known.size() && i < 8; ++i) fix += (i == 0 ? "" : ", ") + known[i];
    fix += known.empty() ? "no names" : known.size() > 8 ? ", ..." : "";
  }
  complain(ProblemNumber::unknown_name, parts[at].begin, parts[two ? at + 1 : at].end,
           "unknown name '" + wanted.front() + "'" + on, std::move(fix));
}

bool Checker::may_use(const Syntax& syntax, const std::vector<Step>& path, bool derived) {
  const bool derived_step = std::any_of(path.begin(), path.end(), [](const Step& step) { return step.derived; });
  if (!path.empty() && !scope_.rules.allow_refs) {
    complain(ProblemNumber::not_allowed_here, syntax.begin, syntax.end, "a field of another record can't be read here",
             "only fields of the record itself may be used");
    return false;
  }
  if ((derived || derived_step) && !scope_.rules.allow_derived) {
    complain(ProblemNumber::not_allowed_here, syntax.begin, syntax.end,
             "this is computed (a formula, rollup, segment or score) and can't be read here",
             "only stored fields may be used");
    return false;
  }
  return true;
}

NodePtr Checker::member_node(const Syntax& syntax, const Chain& chain, Resolved found) {
  if (found.member.kind == MemberKind::set) {
    complain(ProblemNumber::not_allowed_here, syntax.begin, syntax.end,
             "'" + found.name + "' is a set of records and can't be used as a value",
             "ask it: " + text_at(syntax) + ".count(), " + text_at(syntax) +
                 ".exists(x, condition); or declare a rollup over it and use its name");
    return failed(syntax);
  }
  if (!may_use(syntax, found.path, found.member.kind == MemberKind::derived)) return failed(syntax);
  NodePtr node = make(Op::member, syntax);
  node->type = found.member.type;
  node->nullable = found.member.nullable || !found.path.empty() || chain.old || chain.slot == kActorSlot;
  node->reads_record = chain.slot != kActorSlot;
  node->slot = chain.slot;
  node->old = node->reads_old = chain.old;
  node->path = std::move(found.path);
  node->record_type = found.record_type;
  node->number = found.member.index;
  node->derived = found.member.kind == MemberKind::derived;
  node->name = std::move(found.name);
  return node;
}

NodePtr Checker::self_node(const Syntax& syntax, const Chain& chain) {
  NodePtr node = make(Op::self, syntax);
  node->type = Type::of(Kind::ref);
  node->type.record_type = node->record_type = chain.record_type;
  node->reads_record = chain.slot != kActorSlot;
  node->slot = chain.slot;
  node->old = node->reads_old = chain.old;
  node->nullable = chain.old || chain.slot == kActorSlot;
  return node;
}

NodePtr Checker::check_name(const Syntax& syntax) {
  Chain chain;
  if (!chain_of(syntax, chain)) {
    check(*syntax.parts[0]);
    complain(ProblemNumber::expression_syntax, syntax.word_begin, syntax.word_end,
             "a field can only be read from a name", "write the path from the record: guest.name");
    return failed(syntax);
  }
  if (!open_chain(chain)) return failed(syntax);
  if (chain.parts.empty()) return self_node(syntax, chain);
  Resolved found;
  Failure failure;
  if (resolve(chain.parts, 0, chain.record_type, found, failure)) return member_node(syntax, chain, std::move(found));
  complain_of_name(chain, failure);
  return failed(syntax);
}

// Where guest.state('x') and guest.in_segment('x') look: the record that `target` names.
bool Checker::path_to(const Syntax* target, Anchor& anchor) {
  anchor.record_type = scope_.record_type;
  if (target == nullptr) return true;
  NodePtr node = check(*target);
  if (has_failed(node->type)) return false;
  anchor.old = node->old;
  anchor.slot = node->slot;
  if (node->op == Op::self) {
    anchor.record_type = node->record_type;
    return true;
  }
  if (node->op != Op::member || node->type.kind != Kind::ref || node->type.record_type < 0) {
    complain(ProblemNumber::type_mismatch, *node, "this is " + type_name(node->type) + ", not a record of one type",
             "write it behind a ref, such as guest.state('customer.lifecycle')");
    return false;
  }
  anchor.path = node->path;
  Step step;
  step.hop.record_type = node->record_type;
  step.hop.member = node->number;
  step.derived = node->derived;
  step.target = anchor.record_type = node->type.record_type;
  anchor.path.push_back(step);
  return scope_.rules.allow_refs || may_use(*target, anchor.path, false);
}

NodePtr Checker::anchored_member(const Syntax& syntax, Anchor anchor, const Member& member, const std::string& name) {
  NodePtr node = make(Op::member, syntax);
  node->type = member.type;
  node->nullable = member.nullable || !anchor.path.empty() || anchor.old || anchor.slot == kActorSlot;
  node->reads_record = anchor.slot != kActorSlot;
  node->old = node->reads_old = anchor.old;
  node->slot = anchor.slot;
  node->path = std::move(anchor.path);
  node->record_type = anchor.record_type;
  node->number = member.index;
  node->derived = member.kind == MemberKind::derived;
  node->name = name;
  return node;
}

NodePtr Checker::check_parameter(const Syntax& syntax) {
  if (!scope_.rules.allow_parameters || scope_.rules.stored) {
    complain(ProblemNumber::unknown_parameter, syntax.begin, syntax.end, "parameters can't be used here",
             "$" + syntax.text + " belongs into queries; in a definition use setting('bundle.name')");
    return failed(syntax);
  }
  std::vector<std::string> known;
  for (const ParameterType& parameter : scope_.parameters) {
    if (parameter.name == syntax.text) {
      NodePtr node = make(Op::parameter, syntax);
      node->type = parameter.type;
      node->name = parameter.name;
      node->nullable = true;
      return node;
    }
    known.push_back(parameter.name);
  }
  std::string fix = did_you_mean(syntax.text, known);
  if (fix.empty())
    fix = known.empty() ? "give its value with the query"
                        : "known are $" + known.front() + (known.size() > 1 ? ", ..." : "");
  complain(ProblemNumber::unknown_parameter, syntax.begin, syntax.end, "no value was given for $" + syntax.text,
           std::move(fix));
  return failed(syntax);
}

}  // namespace kith::internal::expr
