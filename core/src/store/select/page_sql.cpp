#include "store/select/page_sql.hpp"

#include "expr/sql/sql_text.hpp"

namespace kith::internal::store {
namespace {

void add(expr::Sql& to, const std::string& text, const std::vector<Value>& binds = {}) {
  to.text += text;
  to.binds.insert(to.binds.end(), binds.begin(), binds.end());
}
void add(expr::Sql& to, const expr::Sql& piece) { add(to, piece.text, piece.binds); }

}  // namespace

PageSql::PageSql(const Layout& layout, Allowed allowed, std::int32_t record_type, std::vector<const Place*> columns,
                 const std::vector<Sorting>& sorting, bool derived)
    : layout_(&layout),
      allowed_(std::move(allowed)),
      record_type_(record_type),
      columns_(std::move(columns)),
      sorting_(&sorting),
      derived_(derived) {
  Joins joins(*layout_, allowed_, record_type_);
  for (const Sorting& term : *sorting_) {
    order_.id_descending = term.descending;
    if (term.by.refs.empty() && term.by.member < 0) break;
    order_.keys.push_back(joins.sort_key(term.by));
    order_.columns.push_back(sort_column(layout, term.by));
    order_.descending.push_back(term.descending);
  }
  first_key_ = 2;
  for (const Place* column : columns_) first_key_ += is_any_ref(*column) ? 2 : 1;
}

template <class What>
expr::Sql PageSql::arm(const Arm& arm, const Range& range, const What& what) const {
  Joins joins(*layout_, allowed_, record_type_, arm.index);
  expr::Sql sql{"SELECT " + what(joins), {}};
  if (derived_) joins.need_derived();
  sql.text += " FROM ";
  if (!arm.listed.empty()) {
    // CROSS JOIN keeps the list first: each of its values is then one seek.
    add(sql, "(");
    add(sql, *expr::rows_of(expr::Dialect::sqlite, arm.values));
    add(sql, ") AS l CROSS JOIN ");
  }
  add(sql, joins.from());
  add(sql, " WHERE ");
  add(sql, allowed_(record_type_, "t"));
  if (!arm.listed.empty()) add(sql, " AND t." + arm.listed + " = l.value");
  if (!expr::is_word(arm.where, "TRUE")) {
    add(sql, " AND (");
    add(sql, arm.where);
    add(sql, ")");
  }
  if (const expr::Sql where = range.where(); !where.text.empty()) {
    add(sql, " AND ");
    add(sql, where);
  }
  return sql;
}

expr::Sql PageSql::page(const Path& path, const Range& range, std::optional<std::int64_t> limit, bool sorted) const {
  const auto what = [&](Joins& joins) {
    std::string list = "t.id";
    for (const Place* column : columns_) list += ", " + joins.columns(*column);
    for (std::size_t i = 0; i < order_.keys.size(); ++i) list += ", " + joins.sort_key((*sorting_)[i].by);
    return list;
  };
  expr::Sql sql;
  for (const Arm& one : path.arms) {
    if (!sql.text.empty()) sql.text += " UNION ALL ";
    add(sql, arm(one, range, what));
  }
  if (sorted) {
    // Of several arms SQL knows the columns by their ordinals only.
    const bool ordinals = path.arms.size() > 1;
    sql.text += " ORDER BY ";
    for (std::size_t i = range.from; i < order_.keys.size(); ++i) {
      sql.text += (ordinals ? std::to_string(first_key_ + i) : order_.keys[i]) +
                  (order_.descending[i] ? " DESC" : " ASC") +
                  (range.not_null && i == range.from ? ", " : " NULLS LAST, ");
    }
    sql.text += std::string(ordinals ? "1" : "t.id") + (order_.id_descending ? " DESC" : "");
  }
  if (limit) add(sql, " LIMIT ?", {Value::integer(*limit)});
  return sql;
}

expr::Sql PageSql::first_group(const Path& path, const Range& range) const {
  const Place& by = (*sorting_)[range.from].by;
  expr::Sql sql;
  for (const Arm& one : path.arms) {
    if (!sql.text.empty()) sql.text += " UNION ALL ";
    add(sql, arm(one, range, [&](Joins& joins) { return joins.sort_key(by); }));
  }
  sql.text += " ORDER BY " + (path.arms.size() > 1 ? std::string("1") : order_.keys[range.from]) +
              (order_.descending[range.from] ? " DESC LIMIT 1" : " LIMIT 1");
  return sql;
}

expr::Sql PageSql::record() const {
  Arm one;
  one.where = expr::literally("t.id = ?");
  return arm(one, {}, [&](Joins& joins) {
    std::string list = "t.id";
    for (const Place* column : columns_) list += ", " + joins.columns(*column);
    return list;
  });
}

expr::Sql PageSql::count(const Path& path) const {
  if (path.arms.size() == 1) return arm(path.arms.front(), {}, [](Joins&) { return std::string("count(*)"); });
  expr::Sql sql{"SELECT count(*) FROM (", {}};
  for (const Arm& one : path.arms) {
    if (&one != &path.arms.front()) sql.text += " UNION ALL ";
    add(sql, arm(one, {}, [](Joins&) { return std::string("1"); }));
  }
  sql.text += ")";
  return sql;
}

expr::Sql PageSql::groups(const Path& path, const Place& by) const {
  std::string columns;
  const auto what = [&](Joins& joins) { return columns = joins.columns(by); };
  expr::Sql rows;
  for (const Arm& one : path.arms) {
    if (!rows.text.empty()) rows.text += " UNION ALL ";
    add(rows, arm(one, {}, what));
  }
  const bool two = is_any_ref(by);
  // The columns are named by the first arm; a name of two parts loses its first.
  expr::Sql sql{std::string("WITH found(v") + (two ? ", w" : "") + ") AS (", {}};
  add(sql, rows);
  sql.text += two ? ") SELECT count(*), v, w FROM found GROUP BY v, w" : ") SELECT count(*), v FROM found GROUP BY v";
  return sql;
}

}  // namespace kith::internal::store
