// Macros over sets as sub-queries, each with the tenant and the liveness of its own records. Conditions are T(p), so
// that only what is true counts; values are computed in a query within, so that an aggregate is never one of the outer
// query.
#include "expr/sql/lowerer.hpp"
#include "expr/sql/sql_class.hpp"

namespace kith::internal::expr {
namespace {

Sql not_true(const Sql& predicate) {
  if (is_word(predicate, "TRUE")) return sql_false();
  if (is_word(predicate, "FALSE")) return sql_true();
  return cat("(", predicate, ") IS NOT TRUE");
}

}  // namespace

Sql SqlSchema::related(const Hop&, const Sql&, std::int64_t, std::int64_t) const {
  throw Error(ProblemNumber::bug, "a relationship was lowered for tables that have no edges",
              "report this with the expression");
}

// The id of the record that has the set.
Sql Lowerer::owner(const Node& node) {
  return node.path.empty() ? literally(alias_of(node) + ".id") : at_end(node, ".id");
}

// "FROM child AS ... WHERE it is in the set and live", to be followed by " AND ...". Its alias is put into the slot.
Sql Lowerer::open_set(const Node& node) {
  const SqlSchema& schema = *how_.schema;
  const Sql of = owner(node);
  const std::string alias = how_.alias + "s" + std::to_string(++aliases_);
  slots_[static_cast<std::size_t>(node.binds)] = alias;
  const std::int32_t type = node.set.target;
  Sql out = literally(" FROM " + schema.facts_table(type) + " AS " + alias);
  bool derived = false;
  for (const NodePtr& part : node.parts) derived = derived || reads_derived_of(*part, node.binds);
  if (derived)
    out = cat(out, " LEFT JOIN ", schema.derived_table(type), " AS ", alias, "d ON ",
              schema.derived_join(alias, alias + "d"));
  out = cat(out, " WHERE ", alias, ".tenant = ", bind(Value::integer(how_.tenant)), " AND ");
  const Hop& hop = node.set.hop;
  if (hop.relationship >= 0) {
    out = cat(out, alias, ".id IN (", schema.related(hop, of, how_.tenant, env_.now), ")");
  } else {
    out = cat(out, alias, ".", schema.column(type, node.set.set_ref), " = ", of);
  }
  const std::string live = schema.live_condition(type, alias);
  if (!live.empty()) out = cat(out, " AND ", live);
  // Records of a set within a set grow as their product; those of one set are as many as there are.
  if (node.binds > 0 && how_.counts_work)
    out = cat(out, " AND kith_looked_at(", how_.alias, ".rid, ", std::to_string(env_.most_related), ")");
  return out;
}

Sql Lowerer::set_truth(const Node& node, bool wanted) {
  const Node& condition = *node.parts[0];
  if (node.type.kind == Kind::boolean && node.aggregate == Aggregate::latest)
    return cat(set_value(node), wanted ? " = TRUE" : " = FALSE");
  const Sql rows = open_set(node);
  const auto some = [&](const Sql& predicate) {
    if (is_word(predicate, "FALSE")) return sql_false();
    return cat("EXISTS (SELECT 1", rows, is_word(predicate, "TRUE") ? literally("") : cat(" AND ", predicate), ")");
  };
  const auto none = [&](const Sql& predicate) {
    const Sql found = some(predicate);
    return is_word(found, "FALSE") ? sql_true() : cat("NOT ", found);
  };
  if (node.aggregate == Aggregate::exists)
    return wanted ? some(truth(condition, true)) : none(not_true(truth(condition, false)));
  if (node.aggregate == Aggregate::all)
    return wanted ? none(not_true(truth(condition, true))) : some(truth(condition, false));
  // exists_one: every record must be decided, and one must be true.
  const Sql fulfilled = truth(condition, true);
  const Sql undecided =
      (condition.nullable || condition.fallible) ? not_true(any_of({fulfilled, truth(condition, false)})) : sql_false();
  const Sql count =
      is_word(fulfilled, "FALSE") ? literally("0") : cat("(SELECT count(*)", rows, " AND ", fulfilled, ")");
  return all_of({none(undecided), cat(count, wanted ? " = 1" : " <> 1")});
}

// TRUE where the value of a record that counts is unknown, rather than null.
Sql Lowerer::unknown_in(const Node& of) {
  if (!of.fallible) return sql_false();
  return all_of({cat(value(of), " IS NULL"), not_true(is_null(of))});
}

// The records that count are all there are to look at: null where each of them has a null, which is known to be one.
Sql Lowerer::set_is_null(const Node& node) {
  const Sql rows = open_set(node);
  const Sql counted = truth(*node.parts[0], true);
  if (is_word(counted, "FALSE")) return sql_true();
  return cat("NOT EXISTS (SELECT 1", rows, " AND ", all_of({counted, not_true(is_null(*node.parts[1]))}), ")");
}

Sql Lowerer::set_value(const Node& node) {
  switch (node.aggregate) {
    case Aggregate::sum: return sum_of(node, false);
    case Aggregate::avg: return sum_of(node, true);
    case Aggregate::latest: return latest(node);
    default: break;
  }
  const Sql rows = open_set(node);
  const Sql counted = truth(*node.parts[0], true);
  if (node.aggregate == Aggregate::count) return cat("(SELECT count(*)", rows, " AND ", counted, ")");
  const Node& what = *node.parts[1];
  const std::string_view aggregate = node.aggregate == Aggregate::min   ? "min(a.v)"
                                     : node.aggregate == Aggregate::max ? "max(a.v)"
                                                                        : "count(DISTINCT a.v)";
  const Sql inner = cat("(SELECT ", compared(what), " AS v, CASE WHEN ", unknown_in(what), " THEN 1 END AS u", rows,
                        " AND ", counted, ") AS a");
  return cat("(SELECT CASE WHEN count(a.u) = 0 THEN ", aggregate, " END FROM ", inner, ")");
}

// In two halves of 32 bits, which can't overflow, and put together where the whole fits.
Sql Lowerer::sum_of(const Node& node, bool average) {
  const Sql rows = open_set(node);
  const Sql counted = truth(*node.parts[0], true);
  const Node& what = *node.parts[1];
  const Sql inner = cat("(SELECT ", value(what), " AS v, CASE WHEN ", unknown_in(what), " THEN 1 END AS u", rows,
                        " AND ", counted, ") AS a");
  const Sql halves =
      cat("(SELECT CAST(COALESCE(sum(a.v >> 32), 0) AS BIGINT) AS h, CAST(COALESCE(sum(a.v & 4294967295), 0) AS "
          "BIGINT) AS l, "
          "count(a.v) AS n, count(a.u) AS u FROM ",
          inner, ") AS b");
  const Sql carried =
      cat("(SELECT b.h + (b.l >> 32) AS h, b.l & 4294967295 AS l, b.n AS n, b.u AS u FROM ", halves, ") AS c");
  if (average) {
    const auto real = [&](std::string_view column) { return dialect_.int_to_real(literally(column)); };
    return cat("(SELECT CASE WHEN c.u = 0 AND c.n > 0 THEN (", real("c.h"), " * ", real("4294967296"), " + ",
               real("c.l"), ") / ", real("c.n"), " END FROM ", carried, ")");
  }
  return cat(
      "(SELECT CASE WHEN c.u = 0 AND c.h BETWEEN -2147483648 AND 2147483647 THEN c.h * 4294967296 + c.l END FROM ",
      carried, ")");
}

Sql Lowerer::latest(const Node& node) {
  const Sql rows = open_set(node);
  const std::string alias = slots_[static_cast<std::size_t>(node.binds)];
  const Sql counted = truth(*node.parts[0], true);
  const Sql at = value(*node.parts[1]);
  const Sql what = value(*node.parts[2]);
  return cat("(SELECT ", what, rows, " AND ", counted, " AND ", at, " IS NOT NULL ORDER BY ", at, " DESC, ", alias,
             ".id DESC LIMIT 1)");
}

// A key that is read from a record: each entry of the table is a case.
Sql Lowerer::keyed_setting(const Node& node) {
  const auto* table = env_.surroundings == nullptr ? nullptr : env_.surroundings->setting_table(node.name);
  if (table == nullptr || table->empty()) return dialect_.null_of(node.type);
  Sql out = cat("(CASE ", compared(*node.parts[0]));
  for (const auto& [key, entry] : *table) {
    out = cat(out, " WHEN ", bind(key), " THEN ", entry.is_dead() ? dialect_.null_of(node.type) : bind(entry));
  }
  return cat(out, " END)");
}

}  // namespace kith::internal::expr
