#include <algorithm>

#include "base/time/time.hpp"
#include "expr/check/checker.hpp"

namespace kith::internal::expr {
namespace {

bool is_text_test_of(Function function) {
  return function == Function::contains || function == Function::starts_with || function == Function::ends_with;
}

bool is_day_like(Kind kind) { return kind == Kind::date || kind == Kind::timestamp || kind == Kind::null; }

std::string listed(const std::vector<std::string>& names) {
  if (names.empty()) return "none is declared";
  std::string out = "known are ";
  for (std::size_t i = 0; i < names.size() && i < 8; ++i) out += (i == 0 ? "" : ", ") + names[i];
  return names.size() > 8 ? out + ", ..." : out;
}

std::string did_you_mean_or_list(std::string_view wanted, const std::vector<std::string>& names) {
  std::string fix = did_you_mean(wanted, names);
  return fix.empty() ? listed(names) : fix;
}

}  // namespace

bool Checker::count_arguments(const Syntax& syntax, std::size_t least, std::size_t most, std::string_view usage) {
  const std::size_t count = syntax.parts.size();
  if (count >= least && count <= most) return true;
  complain(ProblemNumber::wrong_arguments, syntax.begin, syntax.end,
           syntax.text + "() has " + (count < least ? "too few" : "too many") + " arguments",
           "write " + std::string{usage});
  return false;
}

const Syntax* Checker::text_argument(const Syntax& syntax, std::size_t index, std::string_view usage) {
  const Syntax& argument = *syntax.parts[index];
  if (argument.kind == SyntaxKind::text) return &argument;
  complain(ProblemNumber::wrong_arguments, argument.begin, argument.end, "a name in quotes is wanted here",
           "write " + std::string{usage});
  return nullptr;
}

NodePtr Checker::check_call(const Syntax& syntax) {
  if (syntax.has_target) {
    Chain chain;
    if (chain_of(*syntax.parts[0], chain)) {
      std::string name;
      for (const Part& part : chain.parts) name += part.name + ".";
      name += syntax.text;
      if (const auto signature = names_.function(name)) return check_plugin(syntax, name, *signature, 1);
    }
  } else if (const auto signature = names_.function(syntax.text)) {
    return check_plugin(syntax, syntax.text, *signature, 0);
  }
  if (NodePtr node = check_macro(syntax)) return node;
  if (NodePtr node = check_own_form(syntax)) return node;
  const FunctionEntry* entry = find_function(syntax.text);
  const bool fits =
      entry != nullptr && (entry->form == CallForm::either || (entry->form == CallForm::method) == syntax.has_target);
  if (fits) return check_function(syntax, *entry);
  if (entry != nullptr) {
    complain(
        ProblemNumber::unknown_function, syntax.word_begin, syntax.word_end,
        entry->form == CallForm::method ? syntax.text + "() is called on a text" : syntax.text + "() stands on its own",
        "write " + std::string{entry->usage});
    return failed(syntax);
  }
  if (NodePtr node = no_set(syntax)) return node;
  return unknown_function(syntax, syntax.text);
}

// The forms that are no plain functions: they name things, or treat null in their own way.
NodePtr Checker::check_own_form(const Syntax& syntax) {
  const std::string& name = syntax.text;
  if (name == "state" || name == "state_since") return check_lifecycle(syntax);
  if (name == "in_segment") return check_segment(syntax);
  if (name == "consented") return check_consented(syntax);
  if (syntax.has_target) return nullptr;
  if (name == "setting") return check_setting(syntax);
  if (name == "param") return check_published(syntax);
  if (name == "changed") return check_change(syntax, Op::changed);
  if (name == "became") return check_change(syntax, Op::became);
  if (name == "coalesce") return check_coalesce(syntax);
  if (name == "now") {
    if (!count_arguments(syntax, 0, 0, "now()")) return failed(syntax);
    NodePtr node = make(Op::now, syntax);
    node->type = Type::of(Kind::timestamp);
    node->uses_now = node->raw_now = true;
    return node;
  }
  if (name == "has") {
    if (!count_arguments(syntax, 1, 1, "has(name)")) return failed(syntax);
    NodePtr node = make(Op::has, syntax);
    node->parts.push_back(check(*syntax.parts[0]));
    if (has_failed(node->parts[0]->type)) return failed(syntax);
    node->type = Type::of(Kind::boolean);
    node->fallible = node->parts[0]->fallible;
    return finish(std::move(node));
  }
  return nullptr;
}

NodePtr Checker::check_lifecycle(const Syntax& syntax) {
  const std::size_t first = syntax.has_target ? 1 : 0;
  const bool since = syntax.text == "state_since";
  const std::string usage = syntax.text + "('bundle.lifecycle')";
  if (!count_arguments(syntax, first + 1, first + 1, usage)) return failed(syntax);
  Anchor anchor;
  const bool reached = path_to(first == 1 ? syntax.parts[0].get() : nullptr, anchor);
  const Syntax* name = text_argument(syntax, first, usage);
  if (!reached || name == nullptr) return failed(syntax);
  const auto lifecycle = names_.lifecycle(anchor.record_type, name->text);
  if (!lifecycle) {
    complain(ProblemNumber::unknown_name, name->begin, name->end,
             "unknown lifecycle '" + name->text + "' on " + names_.record_type_name(anchor.record_type),
             did_you_mean_or_list(name->text, names_.lifecycle_names(anchor.record_type)));
    return failed(syntax);
  }
  return anchored_member(syntax, std::move(anchor), since ? lifecycle->since : lifecycle->state, name->text);
}

NodePtr Checker::check_segment(const Syntax& syntax) {
  const std::size_t first = syntax.has_target ? 1 : 0;
  if (!count_arguments(syntax, first + 1, first + 1, "in_segment('bundle.segment')")) return failed(syntax);
  Anchor anchor;
  const bool reached = path_to(first == 1 ? syntax.parts[0].get() : nullptr, anchor);
  const Syntax* name = text_argument(syntax, first, "in_segment('bundle.segment')");
  if (!reached || name == nullptr) return failed(syntax);
  const auto segment = names_.segment(anchor.record_type, name->text);
  if (!segment) {
    complain(ProblemNumber::unknown_name, name->begin, name->end,
             "unknown segment '" + name->text + "' on " + names_.record_type_name(anchor.record_type),
             did_you_mean_or_list(name->text, names_.segment_names(anchor.record_type)));
    return failed(syntax);
  }
  if (!may_use(syntax, anchor.path, segment->kind == MemberKind::derived)) return failed(syntax);
  return anchored_member(syntax, std::move(anchor), *segment, name->text);
}

NodePtr Checker::check_setting(const Syntax& syntax) {
  if (!count_arguments(syntax, 1, 2, "setting('bundle.name'), or setting('bundle.name', key) of a keyed one"))
    return failed(syntax);
  const Syntax* name = text_argument(syntax, 0, "setting('bundle.name')");
  NodePtr key = syntax.parts.size() == 2 ? check(*syntax.parts[1]) : nullptr;
  if (name == nullptr || (key && has_failed(key->type))) return failed(syntax);
  const auto type = names_.setting(name->text);
  if (!type) {
    complain(ProblemNumber::unknown_name, name->begin, name->end, "unknown setting '" + name->text + "'",
             did_you_mean_or_list(name->text, names_.setting_names()));
    return failed(syntax);
  }
  const auto key_type = names_.setting_key(name->text);
  if (key_type.has_value() != (key != nullptr)) {
    complain(ProblemNumber::wrong_arguments, syntax.begin, syntax.end,
             "the setting '" + name->text + (key_type ? "' has a value for each key" : "' has one value and no keys"),
             key_type ? "write setting('" + name->text + "', key) with a key of type " + type_name(*key_type)
                      : "write setting('" + name->text + "')");
    return failed(syntax);
  }
  NodePtr node = make(Op::setting, syntax);
  if (key) {
    const std::size_t before = diagnostics_.size();
    require(key, *key_type);
    if (diagnostics_.size() != before) return failed(syntax);
    node->fallible = key->fallible;
    node->parts.push_back(std::move(key));
  }
  node->type = *type;
  node->name = name->text;
  node->nullable = true;
  return finish(std::move(node));
}

NodePtr Checker::check_published(const Syntax& syntax) {
  if (!count_arguments(syntax, 2, 2, "param('bundle.set', 'name')")) return failed(syntax);
  const Syntax* set = text_argument(syntax, 0, "param('bundle.set', 'name')");
  const Syntax* name = text_argument(syntax, 1, "param('bundle.set', 'name')");
  if (set == nullptr || name == nullptr) return failed(syntax);
  const auto type = names_.parameter(set->text, name->text);
  if (!type) {
    const std::string whole = set->text + "." + name->text;
    complain(ProblemNumber::unknown_name, set->begin, name->end, "unknown published parameter '" + whole + "'",
             did_you_mean_or_list(whole, names_.parameter_names()));
    return failed(syntax);
  }
  NodePtr node = make(Op::published, syntax);
  node->type = *type;
  node->name = set->text;
  node->detail = name->text;
  node->nullable = true;
  return node;
}

NodePtr Checker::check_change(const Syntax& syntax, Op op) {
  const bool changed = op == Op::changed;
  if (!scope_.rules.allow_old) {
    complain(ProblemNumber::not_allowed_here, syntax.begin, syntax.end,
             syntax.text + "() can't be used here: there is no change",
             "old, changed() and became() belong into triggers, conditions, guards, validations and before-rules");
    return failed(syntax);
  }
  if (!variables_.empty()) {
    complain(ProblemNumber::not_allowed_here, syntax.begin, syntax.end,
             "related records are known as they are now, so " + syntax.text + "() can't be asked of them",
             "ask it of the record itself, outside of the macro");
    return failed(syntax);
  }
  if (inside_change_) {
    complain(ProblemNumber::not_allowed_here, syntax.begin, syntax.end,
             "changed() and became() can't stand inside of each other", "combine them by && and ||");
    return failed(syntax);
  }
  if (!count_arguments(syntax, 1, 1, changed ? "changed(field)" : "became(condition)")) return failed(syntax);
  inside_change_ = true;
  NodePtr part = check(*syntax.parts[0]);
  inside_change_ = false;
  if (has_failed(part->type)) return failed(syntax);
  if (changed && part->op != Op::member) {
    complain(ProblemNumber::wrong_arguments, *part, "changed() asks about a field", "write changed(name)");
    return failed(syntax);
  }
  if (!changed && !expect(*part, Kind::boolean, "what became() asks about")) return failed(syntax);
  NodePtr node = make(op, syntax);
  node->type = Type::of(Kind::boolean);
  node->reads_old = node->reads_record = true;
  node->fallible = part->fallible;
  node->parts.push_back(std::move(part));
  return finish(std::move(node));
}

NodePtr Checker::check_coalesce(const Syntax& syntax) {
  NodePtr node = make(Op::coalesce, syntax);
  for (const SyntaxPtr& part : syntax.parts) node->parts.push_back(check(*part));
  if (!count_arguments(syntax, 2, 16, "coalesce(x, other)")) return failed(syntax);
  Type type = node->parts[0]->type;
  bool good = !has_failed(type);
  // Twice, because a later argument may have given the first one its type.
  for (std::size_t round = 0; good && round < 2 * node->parts.size(); ++round) {
    const std::size_t i = round % node->parts.size();
    if (i == 0) continue;
    type = join(*node->parts[0], *node->parts[i], "choose between");
    good = good && !has_failed(type) && !has_failed(node->parts[i]->type);
    if (node->parts[0]->type.kind == Kind::null) node->parts[0]->type = type;
    if (is_enum(node->parts[0]->type) && !is_enum(type)) node->type.values = nullptr;
  }
  if (!good) return failed(syntax);
  const bool label = std::any_of(node->parts.begin(), node->parts.end(), [](const NodePtr& part) {
    return part->type.kind == Kind::text && !is_enum(part->type);
  });
  node->type = type;
  if (label) node->type.values = nullptr;
  if (is_enum(type) && label) {
    // A literal that is one of the enum's values keeps the enum.
    const bool all_values = std::all_of(node->parts.begin(), node->parts.end(), [&](const NodePtr& part) {
      return is_enum(part->type) || (part->op == Op::constant && rank_of(*type.values, part->constant.s) >= 0);
    });
    if (all_values) node->type.values = type.values;
  }
  node->nullable =
      std::all_of(node->parts.begin(), node->parts.end(), [](const NodePtr& part) { return may_be_dead(*part); });
  return finish(std::move(node));
}

NodePtr Checker::check_plugin(const Syntax& syntax, const std::string& name, const FunctionSignature& signature,
                              std::size_t first) {
  NodePtr node = make(Op::plugin, syntax);
  node->type = Type::of(signature.returns);
  node->name = name;
  node->number = signature.index;
  node->nullable = node->fallible = true;
  const std::size_t count = syntax.parts.size() - first;
  if (count != signature.arguments.size()) {
    complain(ProblemNumber::wrong_arguments, syntax.begin, syntax.end,
             name + "() takes " + std::to_string(signature.arguments.size()) + " arguments, but " +
                 std::to_string(count) + " are given",
             "see the plugin's list of functions");
  }
  bool good = count == signature.arguments.size();
  for (std::size_t i = 0; i < count; ++i) {
    NodePtr argument = check(*syntax.parts[first + i]);
    if (has_failed(argument->type)) good = false;
    if (good) {
      const std::size_t before = diagnostics_.size();
      require(argument, Type::of(signature.arguments[i]));
      good = diagnostics_.size() == before;
    }
    node->parts.push_back(std::move(argument));
  }
  return good ? finish(std::move(node)) : failed(syntax);
}

NodePtr Checker::check_function(const Syntax& syntax, const FunctionEntry& entry) {
  NodePtr node = make(Op::function, syntax);
  node->function = entry.function;
  for (const SyntaxPtr& part : syntax.parts) node->parts.push_back(check(*part));
  if (!count_arguments(syntax, entry.least, entry.most, entry.usage)) return failed(syntax);
  for (const NodePtr& part : node->parts) {
    if (has_failed(part->type)) return failed(syntax);
  }
  node->uses_now = entry.function == Function::days_since || entry.function == Function::today ||
                   entry.function == Function::next_anniversary;
  if (!function_type(*node, entry)) return failed(syntax);
  take_own_zone(*node);
  if (is_text_test_of(entry.function)) bring_part(*node);
  node->fallible = true;
  return finish(std::move(node));
}

bool Checker::zone_is_good(Node& zone) {
  if (!expect(zone, Kind::text, "the time zone")) return false;
  if (zone.op != Op::constant || zone.constant.kind != Kind::text || is_time_zone(zone.constant.s)) return true;
  complain(ProblemNumber::bad_literal, zone, "unknown time zone '" + zone.constant.s + "'",
           "write a name of the IANA tz database, such as 'Asia/Shanghai' or 'Europe/Berlin'");
  return false;
}

bool Checker::function_type(Node& node, const FunctionEntry& entry) {
  Node* first = node.parts.empty() ? nullptr : node.parts[0].get();
  const auto wrong = [&](const Node& at) {
    complain(ProblemNumber::wrong_arguments, at, std::string{entry.name} + "() can't take " + type_name(at.type),
             "write " + std::string{entry.usage});
    return false;
  };
  switch (entry.function) {
    case Function::days_since:
      node.type = Type::of(Kind::integer);
      return is_day_like(first->type.kind) || wrong(*first);
    case Function::days_between:
      node.type = Type::of(Kind::integer);
      for (const NodePtr& part : node.parts) {
        if (part->type.kind == Kind::text && adapt(*part, Type::of(Kind::date)) == Adapted::complained) return false;
        if (!is_day_like(part->type.kind)) return wrong(*part);
      }
      return true;
    case Function::today: node.type = Type::of(Kind::date); return first == nullptr || zone_is_good(*first);
    case Function::year:
    case Function::month:
    case Function::day: node.type = Type::of(Kind::integer); return is_day_like(first->type.kind) || wrong(*first);
    case Function::contains:
    case Function::starts_with:
    case Function::ends_with:
      node.type = Type::of(Kind::boolean);
      return expect(*first, Kind::text, "what " + std::string{entry.name} + "() looks into") &&
             expect(*node.parts[1], Kind::text, "what " + std::string{entry.name} + "() looks for");
    case Function::lower_ascii:
    case Function::fold:
      node.type = Type::of(Kind::text);
      return expect(*first, Kind::text, "what " + std::string{entry.name} + "() is called on");
    case Function::size:
      node.type = Type::of(Kind::integer);
      return first->type.kind == Kind::text || first->type.kind == Kind::null || is_list(first->type) || wrong(*first);
    case Function::least:
    case Function::greatest:
      // Twice, because a later argument may have given the first one its type.
      for (std::size_t i = 0; i < 2 * node.parts.size(); ++i) {
        Node& other = *node.parts[i % node.parts.size()];
        if (&other != first && !unify(*first, other, "compare")) return false;
      }
      node.type = first->type;
      return (is_ordered_kind(first->type.kind) && first->type.kind != Kind::text) || wrong(*first);
    case Function::trim:
    case Function::upper:
    case Function::lower:
    case Function::replace:
    case Function::substring:
    case Function::split: return text_function_type(node, entry);
    case Function::round:
    case Function::absolute:
    case Function::floor:
    case Function::power:
    case Function::logarithm:
    case Function::exponential: return number_function_type(node, entry);
    case Function::money: return money_type(node, entry);
    case Function::next_anniversary:
      node.type = Type::of(Kind::date);
      if (first->type.kind == Kind::text && adapt(*first, Type::of(Kind::date)) == Adapted::complained) return false;
      return is_day_like(first->type.kind) || wrong(*first);
    default: return node.parts.size() == 3 ? civil_date_type(node) : conversion_type(node);
  }
}

// date(), timestamp(), duration(), int(), double(), string()
bool Checker::conversion_type(Node& node) {
  Node& from = *node.parts[0];
  const Kind kind = from.type.kind;
  const auto among = [&](std::initializer_list<Kind> kinds) {
    return kind == Kind::null || std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  };
  bool good = false;
  switch (node.function) {
    case Function::date:
      node.type = Type::of(Kind::date);
      good = among({Kind::date, Kind::timestamp, Kind::text});
      if (node.parts.size() == 2) {
        if (!zone_is_good(*node.parts[1])) return false;
        good = kind == Kind::timestamp || kind == Kind::null;
      }
      break;
    case Function::timestamp:
      node.type = Type::of(Kind::timestamp);
      good = among({Kind::date, Kind::timestamp, Kind::text});
      break;
    case Function::duration:
      node.type = Type::of(Kind::duration);
      good = among({Kind::text});
      break;
    case Function::to_int:
      node.type = Type::of(Kind::integer);
      good = among({Kind::integer, Kind::real, Kind::text});
      break;
    case Function::to_double:
      node.type = Type::of(Kind::real);
      good = among({Kind::integer, Kind::real, Kind::text, Kind::money});
      break;
    default:
      node.type = Type::of(Kind::text);
      good = kind != Kind::json;
      break;
  }
  if (!good) {
    const auto names = known_function_names();
    complain(ProblemNumber::wrong_arguments, from,
             "no conversion from " + type_name(from.type) + " to " + kind_name(node.type.kind),
             node.function == Function::to_int && kind == Kind::money
                 ? "money keeps its minor units to itself: compare it with a literal, or write double(x)"
                 : "convert from another type");
    return false;
  }
  if (from.op == Op::constant && from.constant.kind == Kind::text &&
      (node.function == Function::date || node.function == Function::timestamp ||
       node.function == Function::duration)) {
    const std::string& text = from.constant.s;
    const bool readable = node.function == Function::date        ? parse_date(text).has_value()
                          : node.function == Function::timestamp ? parse_instant(text).has_value()
                                                                 : parse_duration(text).has_value();
    if (!readable) {
      complain(ProblemNumber::bad_literal, from, "'" + text + "' is not a " + kind_name(node.type.kind),
               node.function == Function::date ? "write '2026-01-31'"
               : node.function == Function::timestamp
                   ? "write '2026-01-31' or '2026-01-31T08:30:00Z'"
                   : "write '30d', '12h', '15m', '20s' or '500ms', also joined: '1d12h'");
      return false;
    }
  }
  return true;
}

NodePtr Checker::unknown_function(const Syntax& syntax, const std::string& name) {
  std::vector<std::string> known = known_function_names();
  std::string shown = name;
  std::size_t begin = syntax.word_begin;
  if (syntax.has_target) {
    Chain chain;
    Resolved found;
    Failure failure;
    // A qualified name that leads nowhere was meant as a plugin's function.
    if (chain_of(*syntax.parts[0], chain) && !known_opening(chain) &&
        !resolve(chain.parts, 0, scope_.record_type, found, failure)) {
      const std::string front = chain.parts.front().name;
      const std::vector<std::string> functions = names_.function_names();
      const bool bundle = std::any_of(functions.begin(), functions.end(), [&](const std::string& f) {
        return f.compare(0, front.size() + 1, front + ".") == 0;
      });
      if (bundle || advice_for(name).empty()) {
        shown = front;
        for (std::size_t i = 1; i < chain.parts.size(); ++i) shown += "." + chain.parts[i].name;
        shown += "." + name;
        begin = chain.begin;
        known = functions;
      }
    }
  }
  std::string fix = advice_for(name);
  if (fix.empty()) fix = did_you_mean(shown, known);
  if (fix.empty()) fix = listed(known);
  complain(ProblemNumber::unknown_function, begin, syntax.word_end, "unknown function '" + shown + "'", std::move(fix));
  for (std::size_t i = syntax.has_target ? 1 : 0; i < syntax.parts.size(); ++i) check(*syntax.parts[i]);
  return failed(syntax);
}

}  // namespace kith::internal::expr
