#include <algorithm>
#include <utility>

#include "access/policy.hpp"
#include "access/query_body.hpp"
#include "base/problem/error.hpp"

namespace kith::internal::access {
namespace {

void append(expr::Sql& to, const std::string& text, const std::vector<Value>& binds) {
  to.text += text;
  to.binds.insert(to.binds.end(), binds.begin(), binds.end());
}

/// "strictly after this value" in one order term, nulls last. "" = nothing is.
std::string beyond(const std::string& key, const Value& value, bool descending) {
  if (value.is_null()) return {};
  return "(" + key + (descending ? " < ?" : " > ?") + " OR " + key + " IS NULL)";
}

/// The rows after a key: equal in the first terms and beyond in the next one, for each number of first terms.
expr::Sql after_key(const std::vector<std::string>& keys, const std::vector<OrderTerm>& order, const PageKey& key) {
  expr::Sql result;
  expr::Sql equal;  // of the terms so far
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Value& value = key.order[i];
    if (const std::string further = beyond(keys[i], value, order[i].descending); !further.empty()) {
      append(result, "(" + equal.text + further + ") OR ", equal.binds);
      result.binds.push_back(value);
    }
    if (value.is_null()) {
      equal.text += keys[i] + " IS NULL AND ";
    } else {
      equal.text += keys[i] + " = ? AND ";
      equal.binds.push_back(value);
    }
  }
  append(result, "(" + equal.text + "t.id > ?)", equal.binds);
  result.binds.push_back(Value::ref(-1, key.id));
  return result;
}

Value read_sort_key(store::Statement& statement, int column, const Selected& by) {
  if (statement.is_null(column)) return Value::null();
  if (by.member < 0) return Value::ref(-1, statement.id(column));
  const bool rank = by.type.kind == Kind::text && by.type.values != nullptr && by.type.values->ordered;
  return rank ? Value::integer(statement.integer(column)) : statement.value(column, by.type);
}

bool any_type(const Selected& selected) {
  return selected.member >= 0 && selected.type.kind == Kind::ref && selected.type.record_type < 0;
}

std::string columns_of(Joins& joins, const Selected& selected) {
  const std::string column = joins.value(selected);
  return any_type(selected) ? column + ", " + type_column(column) : column;
}

}  // namespace

void Reading::add_where(Joins& joins, expr::Sql& where) const {
  const expr::Sql allowed = readable(*unit_, body_->record_type, "t");
  append(where, allowed.text, allowed.binds);
  if (body_->filter == nullptr || body_->filter->sql_class == expr::SqlClass::vm_only) return;
  if (expr::needs_derived(*body_->filter)) joins.need_derived();
  expr::Lowering how;
  how.schema = &unit_->layout;
  how.tenant = unit_->principal.tenant_number;
  const expr::Sql filter = expr::lower_true(*body_->filter, body_->env(*unit_), how);
  append(where, " AND (" + filter.text + ")", filter.binds);
}

expr::Sql Reading::statement(const Scan& scan, std::int64_t limit) const {
  Joins joins(*unit_, body_->record_type);
  expr::Sql sql, where;
  sql.text = "SELECT t.id";
  if (scan.select != nullptr) {
    for (const Selected& selected : *scan.select) sql.text += ", " + columns_of(joins, selected);
  }
  std::vector<std::string> keys;
  std::string order_by;
  if (scan.order != nullptr) {
    for (const OrderTerm& term : *scan.order) {
      keys.push_back(joins.sort_key(term.by));
      sql.text += ", " + keys.back();
      order_by += keys.back() + (term.descending ? " DESC NULLS LAST, " : " ASC NULLS LAST, ");
    }
  }
  add_where(joins, where);
  if (scan.after != nullptr) {
    static const std::vector<OrderTerm> kUnordered;
    const expr::Sql further = after_key(keys, scan.order != nullptr ? *scan.order : kUnordered, *scan.after);
    append(where, " AND (" + further.text + ")", further.binds);
  }
  append(sql, " FROM " + joins.from().text, joins.from().binds);
  append(sql, " WHERE " + where.text + " ORDER BY " + order_by + "t.id LIMIT ?", where.binds);
  sql.binds.push_back(Value::integer(limit));
  return sql;
}

expr::Sql Reading::counting() const {
  Joins joins(*unit_, body_->record_type);
  expr::Sql sql, where;
  add_where(joins, where);
  append(sql, "SELECT count(*) FROM " + joins.from().text, joins.from().binds);
  append(sql, " WHERE " + where.text, where.binds);
  return sql;
}

expr::Sql Reading::grouping(const Selected& by) const {
  Joins joins(*unit_, body_->record_type);
  expr::Sql sql, where;
  const std::string columns = columns_of(joins, by);
  add_where(joins, where);
  append(sql, "SELECT count(*), " + columns + " FROM " + joins.from().text, joins.from().binds);
  append(sql, " WHERE " + where.text + " GROUP BY " + columns, where.binds);
  return sql;
}

Value Reading::read(store::Statement& statement, int& column, const Selected& selected) const {
  const int at = column++;
  if (any_type(selected)) {
    const int type_at = column++;
    if (statement.is_null(at)) return Value::null();
    return Value::ref(unit_->layout.numbers().type_of(statement.integer(type_at)), statement.id(at));
  }
  if (statement.is_null(at)) return Value::null();
  if (selected.member < 0) return Value::ref(selected.record_type, statement.id(at));
  return statement.value(at, selected.type);
}

std::vector<FoundRow> Reading::fetch(const Scan& scan, std::int64_t limit) const {
  const expr::Sql sql = statement(scan, limit);
  store::StatementPtr prepared = unit_->connection.prepare(sql.text);
  for (std::size_t i = 0; i < sql.binds.size(); ++i) prepared->bind(static_cast<int>(i), sql.binds[i]);
  std::vector<FoundRow> rows;
  while (prepared->step()) {
    FoundRow row;
    row.key.id = prepared->id(0);
    int column = 1;
    if (scan.select != nullptr) {
      row.values.reserve(scan.select->size());
      for (const Selected& selected : *scan.select) row.values.push_back(read(*prepared, column, selected));
    }
    if (scan.order != nullptr) {
      for (const OrderTerm& term : *scan.order) row.key.order.push_back(read_sort_key(*prepared, column++, term.by));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void Reading::each(Scan scan, std::int64_t expected, const Query::ViewMaker& view,
                   const std::function<bool(FoundRow&&)>& visit) const {
  const bool residual = body_->residual();
  if (residual && !view) {
    throw Error(ProblemNumber::misuse,
                "the filter \"" + body_->filter->source + "\" needs the evaluator, and no view of records was given");
  }
  const expr::Env env = body_->env(*unit_);
  const std::int64_t chunk = residual ? std::clamp<std::int64_t>(2 * expected, 64, kMaxPage) : expected;
  PageKey last;
  for (;;) {
    // Rows are taken out before any is judged: a view may read, and in a writing unit settle, over the same connection.
    std::vector<FoundRow> rows = fetch(scan, chunk);
    const bool end = static_cast<std::int64_t>(rows.size()) < chunk;
    if (!rows.empty()) last = rows.back().key;
    for (FoundRow& row : rows) {
      if (residual) {
        expr::RecordView* record = view(body_->record_type, row.key.id);
        if (record == nullptr || !expr::holds(*body_->filter, *record, env)) continue;
      }
      if (!visit(std::move(row))) return;
    }
    if (end) return;
    scan.after = &last;
  }
}

}  // namespace kith::internal::access
