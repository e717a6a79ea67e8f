// Macros over sets of related records: orders.exists(o, o.total > limit), rel('works_for').count(). The variable is a
// record like any other; names that don't begin with it are those of the record around.
#include <algorithm>

#include "expr/check/checker.hpp"

namespace kith::internal::expr {
namespace {

bool is_count(Aggregate aggregate) { return aggregate <= Aggregate::count; }

/// Amounts that have a smallest and a mean.
bool is_amount(Kind kind) { return is_number(kind) || kind == Kind::money || kind == Kind::duration; }

std::string offered(const std::vector<std::string>& names, std::string_view wanted) {
  std::string fix = did_you_mean(wanted, names);
  if (!fix.empty()) return fix;
  if (names.empty()) return "none is declared";
  fix = "known are ";
  for (std::size_t i = 0; i < names.size() && i < 8; ++i) fix += (i == 0 ? "" : ", ") + names[i];
  return names.size() > 8 ? fix + ", ..." : fix;
}

}  // namespace

// Looks without complaining: what is no set may be something else.
bool Checker::names_a_set(const Syntax& syntax) const {
  if (syntax.kind == SyntaxKind::call) return syntax.text == "rel";
  Chain chain;
  if (!chain_of(syntax, chain)) return false;
  known_opening(chain);
  Resolved found;
  Failure failure;
  return !chain.parts.empty() && resolve(chain.parts, 0, chain.record_type, found, failure) &&
         found.member.kind == MemberKind::set;
}

// nullptr: this is no macro.
NodePtr Checker::check_macro(const Syntax& syntax) {
  const MacroEntry* macro = find_macro(syntax.text);
  if (macro == nullptr) return nullptr;
  if (syntax.has_target)
    return names_a_set(*syntax.parts[0]) ? macro_over(syntax, *macro, syntax.parts[0].get(), 1) : nullptr;
  const bool size = syntax.text == "size" && syntax.parts.size() == 1 && names_a_set(*syntax.parts[0]);
  return size ? macro_over(syntax, *macro, syntax.parts[0].get(), 1) : nullptr;
}

// A macro's name where there is no set, or a set without a macro.
NodePtr Checker::no_set(const Syntax& syntax) {
  const MacroEntry* macro = find_macro(syntax.text);
  if (syntax.text == "rel") {
    complain(ProblemNumber::type_mismatch, syntax.begin, syntax.end,
             "this is a set of records and can't be used as a value",
             "ask it: " + text_at(syntax) + ".count(), or " + text_at(syntax) + ".exists(x, condition)");
    return failed(syntax);
  }
  if (macro == nullptr) return nullptr;
  if (!syntax.has_target) {
    if (!advice_for(syntax.text).empty()) return nullptr;
    complain(ProblemNumber::wrong_arguments, syntax.begin, syntax.end, syntax.text + "() is asked of a set of records",
             "write " + std::string{macro->usage});
    return failed(syntax);
  }
  const std::size_t before = diagnostics_.size();
  const NodePtr target = check(*syntax.parts[0]);
  if (diagnostics_.size() == before) {
    complain(ProblemNumber::wrong_arguments, *target,
             syntax.text + "() is asked of a set of records, but this is " + type_name(target->type),
             "write " + std::string{macro->usage});
  }
  return failed(syntax);
}

bool Checker::related_set(const Syntax& syntax, Anchor& owner, Step& set) {
  const std::size_t first = syntax.has_target ? 1 : 0;
  if (!count_arguments(syntax, first + 1, first + 1, "rel('relationship')")) return false;
  const bool reached = path_to(first == 1 ? syntax.parts[0].get() : nullptr, owner);
  const Syntax* name = text_argument(syntax, first, "rel('relationship')");
  if (!reached || name == nullptr) return false;
  const auto relationship = names_.relationship(owner.record_type, name->text);
  if (!relationship) {
    complain(ProblemNumber::unknown_name, name->begin, name->end,
             "no relationship '" + name->text + "' begins at " + names_.record_type_name(owner.record_type),
             offered(names_.relationship_names(owner.record_type), name->text));
    return false;
  }
  if (relationship->target < 0) {
    complain(ProblemNumber::not_allowed_here, name->begin, name->end,
             "'" + name->text + "' leads to records of any type, which have no fields in common",
             "use a relationship whose ends are of one type each");
    return false;
  }
  set.hop.through_set = true;
  set.hop.record_type = owner.record_type;
  set.hop.relationship = relationship->number;
  set.hop.inverse = relationship->inverse;
  set.target = relationship->target;
  return true;
}

bool Checker::set_of(const Syntax& syntax, Anchor& owner, Step& set) {
  if (syntax.kind == SyntaxKind::call) return related_set(syntax, owner, set);
  Chain chain;
  if (!chain_of(syntax, chain) || !open_chain(chain)) return false;
  Resolved found;
  Failure failure;
  if (!resolve(chain.parts, 0, chain.record_type, found, failure)) return false;
  owner.old = chain.old;
  owner.slot = chain.slot;
  owner.path = std::move(found.path);
  owner.record_type = found.record_type;
  set.hop.through_set = true;
  set.hop.record_type = found.record_type;
  set.hop.member = found.member.index;
  set.target = found.member.type.record_type;
  set.set_ref = found.member.set_ref;
  return true;
}

std::optional<Hop> Checker::check_set(const Syntax& syntax) {
  if (!names_a_set(syntax)) {
    complain(ProblemNumber::type_mismatch, syntax.begin, syntax.end, "this is no set of related records",
             "write the name of a set of child records, or rel('relationship'), with nothing asked of it");
    return std::nullopt;
  }
  Anchor owner;
  Step set;
  if (!set_of(syntax, owner, set)) return std::nullopt;
  if (owner.path.empty() && !owner.old && owner.slot == -1) return set.hop;
  complain(ProblemNumber::not_allowed_here, syntax.begin, syntax.end, "this is a set of another record",
           "name a set of the record itself: without what stands before the last '.'");
  return std::nullopt;
}

bool Checker::may_ask_set(const Syntax& syntax, const MacroEntry& macro) {
  const auto refuse = [&](std::string why, std::string fix) {
    complain(ProblemNumber::not_allowed_here, syntax.begin, syntax.end, std::move(why), std::move(fix));
    return false;
  };
  if (inside_change_) {
    return refuse("a set as it was before the change is not kept, so changed() and became() can't look through it",
                  "use a workflow with the trigger \"became\", which keeps the answer");
  }
  if (scope_.rules.sets == SetUse::none) {
    return refuse("a set of related records can't be looked through here",
                  "make a rollup over it (count, sum, min, max, avg, median, latest, with a `where`), which is kept, "
                  "and use its name here");
  }
  if (scope_.rules.sets == SetUse::counts && !is_count(macro.aggregate)) {
    const std::string rollup = macro.aggregate == Aggregate::count_distinct
                                   ? "\"aggregate\": \"count\" and \"distinct_by\""
                                   : "\"aggregate\": \"" + std::string{macro.name} + "\"";
    return refuse("only exists, all, exists_one and count may be asked of a set here",
                  "make a rollup with " + rollup + ", which is kept, and use its name here");
  }
  return true;
}

NodePtr Checker::macro_over(const Syntax& syntax, const MacroEntry& macro, const Syntax* set, std::size_t first) {
  Anchor owner;
  NodePtr node = make(Op::over_set, syntax);
  if (!set_of(*set, owner, node->set)) return failed(syntax);
  bool good = may_ask_set(syntax, macro);
  if (owner.old || owner.slot == kActorSlot) {
    complain(ProblemNumber::not_allowed_here, set->begin, set->end,
             owner.old ? "the sets of a record as they were before the change are not kept"
                       : "the sets of who asks can't be looked through",
             owner.old ? "ask the record as it is now, or a rollup of old"
                       : "compare a field of the records with actor instead");
    good = false;
  }
  if (!owner.path.empty()) good = may_use(*set, owner.path, false) && good;
  node->aggregate = macro.aggregate;
  node->slot = owner.slot;
  node->path = std::move(owner.path);
  node->record_type = owner.record_type;
  node->name = text_at(*set);
  node->reads_record = true;
  const std::size_t count = syntax.parts.size() - first;
  const std::size_t most = syntax.text == "size" ? 0 : macro.values + 2;
  const std::size_t least = macro.condition ? most : macro.values == 0 ? 0 : macro.values + 1;
  if (count < least || count > most || (macro.values == 0 && count == 1)) {
    complain(ProblemNumber::wrong_arguments, syntax.begin, syntax.end,
             syntax.text + "() takes " + (most == 0 ? "nothing" : "a name for the record, then what is asked of it") +
                 ", but " + std::to_string(count) + (count == 1 ? " argument is" : " arguments are") + " given",
             "write " + std::string{macro.usage});
    return failed(syntax);
  }
  if (variables_.size() >= static_cast<std::size_t>(kNestedMacros)) {
    complain(ProblemNumber::expression_too_large, syntax.begin, syntax.end,
             "sets can be looked through two deep at most", "make a rollup of the innermost and use its name");
    return failed(syntax);
  }
  if (count != 0) {
    if (!bind_variable(macro, *syntax.parts[first], node->set.target)) return failed(syntax);
    node->binds = static_cast<std::int8_t>(variables_.size() - 1);
    node->detail = variables_.back().name;
  } else {
    node->binds = static_cast<std::int8_t>(variables_.size());
  }
  good = macro_body(syntax, macro, *node, first) && good;
  if (count != 0) variables_.pop_back();
  if (!good || !macro_type(*node, macro)) return failed(syntax);
  return finish(std::move(node));
}

bool Checker::bind_variable(const MacroEntry& macro, const Syntax& variable, std::int32_t record_type) {
  if (variable.kind != SyntaxKind::name) {
    complain(ProblemNumber::wrong_arguments, variable.begin, variable.end, "a name for the record is wanted here first",
             "write " + std::string{macro.usage});
    return false;
  }
  const std::string& name = variable.text;
  const bool taken =
      name == "record" || name == "old" || name == "actor" ||
      std::any_of(variables_.begin(), variables_.end(), [&](const Variable& v) { return v.name == name; });
  if (taken) {
    complain(ProblemNumber::wrong_arguments, variable.begin, variable.end,
             "'" + name + "' means another record already", "take another name, such as " + name.substr(0, 1) + "2");
    return false;
  }
  variables_.push_back({name, record_type});
  return true;
}

// The condition first; where it is left out, every record counts.
bool Checker::macro_body(const Syntax& syntax, const MacroEntry& macro, Node& node, std::size_t first) {
  const std::size_t count = syntax.parts.size() - first;
  std::size_t at = first + 1;
  const bool condition = count == macro.values + 2;
  if (condition) {
    node.parts.push_back(check(*syntax.parts[at++]));
  } else {
    NodePtr always = make(Op::constant, syntax);
    always->constant = Value::boolean(true);
    always->type = Type::of(Kind::boolean);
    node.parts.push_back(std::move(always));
  }
  bool good = expect(*node.parts[0], Kind::boolean, "the condition of " + syntax.text + "()");
  for (; at < syntax.parts.size(); ++at) node.parts.push_back(check(*syntax.parts[at]));
  for (const NodePtr& part : node.parts) good = good && !has_failed(part->type);
  return good;
}

bool Checker::macro_type(Node& node, const MacroEntry& macro) {
  const auto wrong = [&](const Node& at, std::string_view wanted) {
    complain(ProblemNumber::wrong_arguments, at,
             std::string{macro.name} + "() takes " + std::string{wanted} + ", but this is " + type_name(at.type),
             "write " + std::string{macro.usage});
    return false;
  };
  node.type = Type::of(macro.values == 0 && macro.aggregate != Aggregate::count ? Kind::boolean : Kind::integer);
  if (macro.values == 0) {
    node.fallible = macro.aggregate != Aggregate::count && may_be_dead(*node.parts[0]);
    return true;
  }
  // Two spellings of one address are one.
  if (macro.aggregate == Aggregate::count_distinct && has_key(node.parts.back()->type.form))
    bring(*node.parts.back(), TextForm::none, true);
  const Node& value = *node.parts.back();
  const Kind kind = value.type.kind;
  if (kind == Kind::null) return wrong(value, "a value of each record");
  const bool open = kind == Kind::money && (value.type.currency.code[0] == 0 || reads_its_currency(value));
  if (open && macro.aggregate != Aggregate::latest) {
    complain(ProblemNumber::type_mismatch, value, "amounts of several currencies can't be taken together",
             reads_its_currency(value) ? "name their currency: money(x, 'EUR')"
                                       : "use the field in the tenant's currency, named <field>_base");
    return false;
  }
  node.nullable = macro.aggregate != Aggregate::sum && macro.aggregate != Aggregate::count_distinct;
  node.fallible = value.fallible;
  switch (macro.aggregate) {
    case Aggregate::sum:
      node.type = value.type;
      node.fallible = true;  // it may be out of range
      return is_amount(kind) || wrong(value, "a number, money or duration");
    case Aggregate::avg:
    case Aggregate::median:
      node.type = is_number(kind) ? Type::of(Kind::real) : value.type;
      node.fallible = node.fallible || kind == Kind::real;
      return is_amount(kind) || wrong(value, "a number, money or duration");
    case Aggregate::min:
    case Aggregate::max:
      node.type = value.type;
      return (is_amount(kind) || kind == Kind::date || kind == Kind::timestamp) ||
             wrong(value, "a number, money, date or time");
    case Aggregate::latest: {
      const Node& at = *node.parts[1];
      node.type = value.type;
      node.fallible = node.fallible || at.fallible;
      return at.type.kind == Kind::timestamp || at.type.kind == Kind::date ||
             wrong(at, "a date or time by which the latest is found");
    }
    default: return kind != Kind::json || wrong(value, "a single value");
  }
}

// consented('marketing.news', 'email'): the newest word on the purpose, on that channel or on all, is yes.
NodePtr Checker::check_consented(const Syntax& syntax) {
  const std::string usage = "consented('bundle.purpose') or consented('bundle.purpose', 'email')";
  const std::size_t first = syntax.has_target ? 1 : 0;
  if (!count_arguments(syntax, first + 1, first + 2, usage)) return failed(syntax);
  Anchor anchor;
  const bool reached = path_to(first == 1 ? syntax.parts[0].get() : nullptr, anchor);
  const Syntax* purpose = text_argument(syntax, first, usage);
  const bool with_channel = syntax.parts.size() == first + 2;
  const Syntax* channel = with_channel ? text_argument(syntax, first + 1, usage) : nullptr;
  if (!reached || purpose == nullptr || (with_channel && channel == nullptr)) return failed(syntax);
  const auto consents = names_.consents(anchor.record_type);
  if (!consents || anchor.old || anchor.slot == kActorSlot || inside_change_) {
    complain(ProblemNumber::not_allowed_here, syntax.begin, syntax.end,
             consents ? "consents are known as they are now, and of customers"
                      : "a " + names_.record_type_name(anchor.record_type) + " gives no consents",
             "ask the customer: customer.consented('" + purpose->text + "')");
    return failed(syntax);
  }
  const std::vector<std::string> purposes = names_.purpose_names();
  if (std::find(purposes.begin(), purposes.end(), purpose->text) == purposes.end()) {
    complain(ProblemNumber::unknown_name, purpose->begin, purpose->end, "unknown purpose '" + purpose->text + "'",
             offered(purposes, purpose->text));
    return failed(syntax);
  }
  if (channel != nullptr && rank_of(*consents->channel.type.values, channel->text) < 0) {
    complain(ProblemNumber::bad_enum_value, channel->begin, channel->end,
             "'" + channel->text + "' is not a channel of consents",
             offered(consents->channel.type.values->ids, channel->text));
    return failed(syntax);
  }
  return consent_node(syntax, anchor, *consents, purpose->text, channel);
}

// consents.latest(c, c.purpose == purpose && c.channel in ['any', channel], c.at, c.status) == 'granted'
NodePtr Checker::consent_node(const Syntax& syntax, const Anchor& anchor, const ConsentMembers& consents,
                              const std::string& purpose, const Syntax* channel) {
  Anchor consent;
  consent.record_type = consents.set.type.record_type;
  consent.slot = kNestedMacros;
  const auto field = [&](const Member& member) { return anchored_member(syntax, consent, member, {}); };
  const auto text = [&](const std::string& value, const Type& type) {
    NodePtr node = make(Op::constant, syntax);
    node->constant = Value::text(value);
    node->type = type;
    return node;
  };
  const auto join_parts = [&](Op op, NodePtr a, NodePtr b) {
    NodePtr node = make(op, syntax);
    node->type = Type::of(Kind::boolean);
    node->parts.push_back(std::move(a));
    node->parts.push_back(std::move(b));
    return finish(std::move(node));
  };
  NodePtr channels =
      join_parts(Op::in_values, field(consents.channel), text(consents.any_channel, consents.channel.type));
  if (channel != nullptr) channels->parts.push_back(text(channel->text, consents.channel.type));
  NodePtr condition =
      join_parts(Op::logic_and, join_parts(Op::equal, field(consents.purpose), text(purpose, consents.purpose.type)),
                 std::move(channels));
  NodePtr latest = make(Op::over_set, syntax);
  latest->aggregate = Aggregate::latest;
  latest->type = consents.status.type;
  latest->nullable = latest->reads_record = true;
  latest->slot = anchor.slot;
  latest->path = anchor.path;
  latest->record_type = anchor.record_type;
  latest->binds = kNestedMacros;
  latest->set.hop.through_set = true;
  latest->set.hop.record_type = anchor.record_type;
  latest->set.hop.member = consents.set.index;
  latest->set.target = consent.record_type;
  latest->set.set_ref = consents.set.set_ref;
  latest->name = "consents";
  latest->detail = "c";
  latest->parts.push_back(std::move(condition));
  latest->parts.push_back(field(consents.at));
  latest->parts.push_back(field(consents.status));
  return join_parts(Op::equal, finish(std::move(latest)), text(consents.granted, consents.status.type));
}

}  // namespace kith::internal::expr
