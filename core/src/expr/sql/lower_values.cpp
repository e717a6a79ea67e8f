#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "expr/evaluate/arithmetic.hpp"
#include "expr/evaluate/evaluation.hpp"
#include "expr/sql/lowerer.hpp"
#include "expr/sql/sql_class.hpp"

namespace kith::internal::expr {
namespace {

constexpr std::string_view kDay = "86400000000";

bool is_arithmetic(const Node& node) {
  return node.op >= Op::add && node.op <= Op::negate && node.type.kind != Kind::text;
}

}  // namespace

// A term that reads no record is computed here and bound: settings, parameters, now() and all that is made of them.
Value Lowerer::fixed(const Node& node) const { return Evaluator(env_, nullptr).run(node).value; }

Sql Lowerer::value(const Node& node) {
  if (is_fixed(node)) {
    Value constant = fixed(node);
    return constant.is_dead() ? dialect_.null_of(node.type) : bind(std::move(constant));
  }
  if (node.type.kind == Kind::null) return literally("NULL");
  switch (node.op) {
    case Op::self: return literally(alias_of(node) + ".id");
    case Op::setting: return keyed_setting(node);
    case Op::over_set:
      if (node.type.kind == Kind::boolean && node.aggregate <= Aggregate::exists_one) break;
      return set_value(node);
    case Op::member: return member(node);
    case Op::brought: return stored_key(*node.parts[0]);
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::modulo:
    case Op::negate: return arithmetic(node);
    case Op::conditional:
      return cat("(CASE WHEN ", truth(*node.parts[0], true), " THEN ", value(*node.parts[1]), " WHEN ",
                 truth(*node.parts[0], false), " THEN ", value(*node.parts[2]), " END)");
    case Op::coalesce: {
      Sql out = literally("COALESCE(");
      for (std::size_t i = 0; i < node.parts.size(); ++i) out = cat(out, i == 0 ? "" : ", ", value(*node.parts[i]));
      return cat(out, ")");
    }
    case Op::function:
      if (node.type.kind != Kind::boolean) return function(node);
      break;
    default: break;
  }
  return cat("(CASE WHEN ", truth(node, true), " THEN TRUE WHEN ", truth(node, false), " THEN FALSE END)");
}

Sql Lowerer::compared(const Node& node) {
  return node.type.kind == Kind::text ? dialect_.collated(value(node)) : value(node);
}

Sql Lowerer::arithmetic(const Node& node) {
  if (node.type.kind == Kind::text) return cat("(", value(*node.parts[0]), " || ", value(*node.parts[1]), ")");
  return node.type.kind == Kind::real ? dialect_.checked_real(raw(node)) : dialect_.checked_int(raw(node));
}

// Arithmetic whose range may not be checked yet (SQLite). What went out of range stays so through + - and *, and
// through / as a dividend; where it would be lost, by % and as a double's divisor, it is checked before.
Sql Lowerer::raw(const Node& node) {
  if (is_fixed(node) || !is_arithmetic(node)) return value(node);
  const bool real = node.type.kind == Kind::real;
  if (node.op == Op::negate) return dialect_.negative(real, raw(*node.parts[0]));
  const bool modulo = node.op == Op::modulo;
  const bool divisor = modulo || node.op == Op::divide;
  const Sql a = modulo ? value(*node.parts[0]) : raw(*node.parts[0]);
  const Sql b = divisor ? value(*node.parts[1]) : raw(*node.parts[1]);
  return dialect_.arithmetic(node.op, real, a, b);
}

// A field behind refs is a scalar sub-select with the same tenant and liveness as the records themselves.
Sql Lowerer::member(const Node& node) { return column_of(node, how_.schema->column(node.record_type, node.number)); }

// What an address is told apart by lies beside it.
Sql Lowerer::stored_key(const Node& node) {
  return column_of(node, how_.schema->key_column(node.record_type, node.number));
}

Sql Lowerer::column_of(const Node& node, const std::string& column) {
  if (node.path.empty()) return literally(alias_of(node) + (node.derived ? "d." : ".") + column);
  return at_end(node, (node.derived ? "d." : ".") + column);
}

// What stands behind the alias of the record at the end of a path.
Sql Lowerer::at_end(const Node& node, const std::string& wanted) {
  const SqlSchema& schema = *how_.schema;
  const auto column = [&](const std::string& alias, bool derived, std::int32_t type, std::int32_t number) {
    return alias + (derived ? "d." : ".") + schema.column(type, number);
  };
  std::string alias = alias_of(node);
  Sql from;
  Sql where;
  for (std::size_t i = 0; i < node.path.size(); ++i) {
    const Step& step = node.path[i];
    const std::string link = column(alias, step.derived, step.hop.record_type, step.hop.member);
    const std::string next = how_.alias + "r" + std::to_string(++aliases_);
    const std::string live = schema.live_condition(step.target, next);
    const Sql join = cat(next, ".tenant = ", bind(Value::integer(how_.tenant)), " AND ", next, ".id = ", link,
                         live.empty() ? "" : " AND ", live);
    const std::string table = schema.facts_table(step.target) + " AS " + next;
    if (i == 0) {
      from = literally(table);
      where = join;
    } else {
      from = cat(from, " JOIN ", table, " ON ", join);
    }
    const bool derived_next = i + 1 < node.path.size() ? node.path[i + 1].derived : node.derived;
    if (derived_next)
      from = cat(from, " JOIN ", schema.derived_table(step.target), " AS ", next, "d ON ",
                 schema.derived_join(next, next + "d"));
    alias = next;
  }
  return cat("(SELECT ", alias + wanted, " FROM ", from, " WHERE ", where, ")");
}

Sql Lowerer::rank(const Sql& value, const EnumValues& values) {
  Sql out = cat("(CASE ", dialect_.collated(value));
  for (std::size_t i = 0; i < values.ids.size(); ++i) {
    out = cat(out, " WHEN ", bind(Value::text(values.ids[i])), " THEN ", std::to_string(i));
  }
  return cat(out, " END)");
}

// SQL's division rounds towards zero; days before 1970 need the floor.
Sql Lowerer::floor_day(const Sql& timestamp) {
  return cat("(CASE WHEN ", timestamp, " >= 0 THEN ", timestamp, " / ", kDay, " ELSE (", timestamp, " + 1) / ", kDay,
             " - 1 END)");
}

// The number of the day of a date, or of a timestamp in UTC.
Sql Lowerer::day(const Node& node) {
  if (is_fixed(node)) {
    const Value constant = fixed(node);
    if (constant.is_dead()) return dialect_.null_of(Type::of(Kind::date));
    return bind(Value::integer(constant.kind == Kind::timestamp ? floor_div(constant.i, kMicrosPerDay) : constant.i));
  }
  return node.type.kind == Kind::timestamp ? floor_day(value(node)) : value(node);
}

// days_since in full, for places that are no comparison: the days between, less one where the hour is not yet reached.
Sql Lowerer::whole_days(const Node& moment) {
  const std::int64_t today = floor_div(env_.now, kMicrosPerDay);
  const Sql here = bind(Value::integer(today));
  const Sql t = value(moment);
  if (moment.type.kind == Kind::date) return dialect_.saturated_difference(here, t);
  const Sql hour = bind(Value::integer(env_.now - today * kMicrosPerDay));
  return cat("(", here, " - ", floor_day(t), " - CASE WHEN ", hour, " < ((", t, " % ", kDay, ") + ", kDay, ") % ", kDay,
             " THEN 1 ELSE 0 END)");
}

Sql Lowerer::function(const Node& node) {
  const auto first = [&] { return value(*node.parts[0]); };
  switch (node.function) {
    case Function::days_since: return whole_days(*node.parts[0]);
    case Function::days_between:
      return dialect_.checked_int(dialect_.arithmetic(Op::subtract, false, day(*node.parts[1]), day(*node.parts[0])));
    case Function::size:
      return node.parts[0]->type.kind == Kind::json ? dialect_.list_size(first()) : dialect_.text_length(first());
    case Function::lower_ascii: return dialect_.lower_ascii(first());
    case Function::year:
    case Function::month:
    case Function::day: return dialect_.date_part(node.function, day(*node.parts[0]));
    case Function::least:
    case Function::greatest: {
      std::vector<Sql> values;
      for (const NodePtr& part : node.parts) values.push_back(compared(*part));
      return dialect_.extreme(node.function == Function::least, values);
    }
    case Function::trim: return dialect_.trimmed(first(), kBlankCharacters);
    case Function::replace: return replaced(node);
    case Function::substring: return piece_of(node);
    case Function::round: return rounded(node);
    case Function::floor: return floored(node);
    case Function::absolute: return absolute(node);
    case Function::money: return amount(node);
    case Function::civil_date: return civil_date(node);
    case Function::next_anniversary: return next_anniversary(node);
    default: return conversion(node);
  }
}

Sql Lowerer::conversion(const Node& node) {
  const Node& from = *node.parts[0];
  const Kind kind = from.type.kind;
  if (kind == node.type.kind) return value(from);
  switch (node.function) {
    case Function::date: return day(from);
    case Function::timestamp:
      return dialect_.checked_int(dialect_.arithmetic(Op::multiply, false, value(from), literally(kDay)));
    case Function::to_int: return dialect_.real_to_int(value(from));
    case Function::to_double: {
      const Sql real = dialect_.int_to_real(value(from));
      if (kind != Kind::money) return real;
      return cat("(", real, " / ", std::to_string(static_cast<std::int64_t>(power_of_ten(from.type.currency.scale))),
                 ".0)");
    }
    case Function::to_string:
      if (kind == Kind::integer) return dialect_.int_to_text(value(from));
      return cat("(CASE WHEN ", truth(from, true), " THEN 'true' WHEN ", truth(from, false), " THEN 'false' END)");
    default: throw Error(ProblemNumber::bug, "a function without SQL was lowered", "report this with the expression");
  }
}

}  // namespace kith::internal::expr
