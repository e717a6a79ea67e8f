#include <algorithm>
#include <deque>
#include <utility>

#include "access/policy.hpp"
#include "access/query_body.hpp"
#include "access/seen_row.hpp"
#include "base/problem/error.hpp"

namespace kith::internal::access {
namespace {

bool by_rank(const store::Place& by) {
  return by.type.kind == Kind::text && by.type.values != nullptr && by.type.values->ordered;
}

/// The page's order, for rows that are kept here.
bool comes_before(const FoundRow& a, const FoundRow& b, const store::Order& order) {
  for (std::size_t i = 0; i < order.keys.size(); ++i) {
    const Value &x = a.key.order[i], &y = b.key.order[i];
    if (x.is_null() || y.is_null()) {
      if (x.is_null() != y.is_null()) return y.is_null();
      continue;
    }
    const int compared = expr::compare(x, y);
    if (compared != 0) return order.descending[i] ? compared > 0 : compared < 0;
  }
  return order.id_descending ? b.key.id < a.key.id : a.key.id < b.key.id;
}

}  // namespace

Reading::Reading(const Query::Body& body, Unit& unit)
    : body_(&body),
      prepared_(body.prepared.get()),
      unit_(&unit),
      allowed_([&unit](std::int32_t type, std::string_view alias) { return readable(unit, type, alias); }),
      env_(body.env(unit)) {
  if (prepared_->filter == nullptr) return;
  expr::Lowering how;
  how.schema = &unit.layout;
  how.tenant = unit.principal.tenant_number;
  how.counts_work = true;
  condition_ = expr::lower_parts(*prepared_->filter, env_, how);
}

store::PageSql Reading::shown() const {
  std::vector<const store::Place*> columns;
  for (const Selected& selected : prepared_->select) columns.push_back(&selected);
  return {unit_->layout,      allowed_,         prepared_->record_type,
          std::move(columns), prepared_->order, prepared_->reads_derived};
}

store::StatementPtr Reading::run(const expr::Sql& sql) const {
  store::StatementPtr statement = unit_->connection.prepare(sql.text);
  for (std::size_t i = 0; i < sql.binds.size(); ++i) statement->bind(static_cast<int>(i), sql.binds[i]);
  return statement;
}

Value Reading::read(store::Statement& statement, int& column, const store::Place& place) const {
  const int at = column++;
  if (store::is_any_ref(place)) {
    const int type_at = column++;
    if (statement.is_null(at)) return Value::null();
    return Value::ref(unit_->layout.numbers().type_of(statement.integer(type_at)), statement.id(at));
  }
  if (statement.is_null(at)) return Value::null();
  if (place.member < 0) return Value::ref(place.record_type, statement.id(at));
  return statement.value(at, place.type);
}

Value Reading::read_key(store::Statement& statement, int column, const store::Place& by) const {
  if (statement.is_null(column)) return Value::null();
  return by_rank(by) ? Value::integer(statement.integer(column)) : statement.value(column, by.type);
}

void Reading::take(const expr::Sql& sql, const store::Order& order, const Visit& visit) const {
  const store::StatementPtr statement = run(sql);
  while (statement->step()) {
    FoundRow row;
    row.key.id = statement->id(0);
    int column = 1;
    row.values.reserve(prepared_->select.size());
    for (const Selected& selected : prepared_->select) row.values.push_back(read(*statement, column, selected));
    row.key.order.reserve(order.keys.size());
    for (std::size_t i = 0; i < order.keys.size(); ++i)
      row.key.order.push_back(read_key(*statement, column++, prepared_->order[i].by));
    if (!visit(std::move(row))) return;
  }
}

void Reading::page(const PageKey* after, std::int64_t rows, const Query::ViewMaker& view, const Visit& visit) const {
  if (prepared_->residual()) return page_by_judging(after, rows, view, visit);
  const store::PageSql pages = shown();
  std::int64_t left = rows;
  each_range(pages, finder(condition_).for_page(pages.order(), rows), after,
             [&](const store::Path& path, const store::Range& range) {
               bool more = true;
               take(pages.page(path, range, left), pages.order(), [&](FoundRow&& row) {
                 --left;
                 return more = visit(std::move(row));
               });
               return more && left > 0;
             });
}

store::PathFinder Reading::finder(const expr::Condition& condition) const {
  return {unit_->connection, unit_->layout, unit_->principal.tenant_number, prepared_->record_type, condition};
}

// The ranges of a page, until one says false. A range of many groups is read as one, and each of its groups sorted by
// itself: that they are small is known when some did not fill the page.
void Reading::each_range(const store::PageSql& pages, const store::Path& path, const PageKey* after,
                         const std::function<bool(const store::Path&, const store::Range&)>& read) const {
  const store::Order& order = pages.order();
  if (!path.in_order) {
    read(path, store::whole_range(order, after));
    return;
  }
  constexpr int kMostGroups = 4;
  int groups = 0;
  const std::vector<store::Range> first = store::ranges(order, after, !path.of_nulls.empty());
  std::deque<store::Range> todo(first.begin(), first.end());
  while (!todo.empty()) {
    const store::Range range = std::move(todo.front());
    todo.pop_front();
    if (store::has_groups(order, range) && groups < kMostGroups) {
      ++groups;
      const store::StatementPtr found = run(pages.first_group(path, range));
      if (!found->step()) continue;
      const Value value = read_key(*found, 0, prepared_->order[range.from].by);
      const std::vector<store::Range> parts = store::split(order, range, value);
      todo.insert(todo.begin(), parts.begin(), parts.end());
      continue;
    }
    const bool nulls = !path.of_nulls.empty() && !range.not_null && range.from > 0;
    if (!read(nulls ? path.nulls() : path, range)) return;
  }
}

/// Rows of a statement that has the facts which the evaluator reads, judged one by one.
struct Reading::Judge {
  Judge(const Reading& reading, const Query::ViewMaker& view)
      : of(reading), row(reading.unit_->catalog(), reading.prepared_->record_type, view) {
    const Prepared& prepared = *reading.prepared_;
    if (!view) {
      throw Error(ProblemNumber::misuse, "the filter \"" + prepared.filter->source +
                                             "\" needs the evaluator, and no view of records was given");
    }
    const catalog::RecordType& type = reading.unit_->catalog().type(prepared.record_type);
    for (const std::int32_t fact : prepared.undecided.facts) {
      facts.push_back({{}, prepared.record_type, fact, type.members[static_cast<std::size_t>(fact)].type});
      row.know(fact);
    }
  }
  /// Reads the facts from `column` on.
  bool passes(store::Statement& statement, const RecordId& id, int& column) {
    row.turn_to(id);
    for (const store::Place& fact : facts) row.put(fact.member, of.read(statement, column, fact));
    return expr::holds(of.prepared_->undecided, row, of.env_);
  }
  std::vector<const store::Place*> places() const {
    std::vector<const store::Place*> out;
    for (const store::Place& fact : facts) out.push_back(&fact);
    return out;
  }

  const Reading& of;
  SeenRow row;
  std::vector<store::Place> facts;
};

// One statement gives the rows in order, with no more than what is needed to judge them, and is read until the page is
// full. Where no index has the order, the best rows are kept here instead of sorting all that are yet to be judged.
void Reading::page_by_judging(const PageKey* after, std::int64_t rows, const Query::ViewMaker& view,
                              const Visit& visit) const {
  Judge judge(*this, view);
  const store::PageSql pages(unit_->layout, allowed_, prepared_->record_type, judge.places(), prepared_->order,
                             prepared_->reads_derived);
  const store::Order& order = pages.order();
  // Of the rows that are found only some pass, so that more than a page of them will be looked at.
  constexpr std::int64_t kJudgedForOne = 32;
  const store::Path path = finder(condition_).for_page(order, rows * kJudgedForOne);
  const expr::Sql by_id = shown().record();
  const auto show = [&](FoundRow&& row) {
    const store::StatementPtr record = unit_->connection.prepare(by_id.text);
    int position = 0;
    for (const Value& value : by_id.binds) record->bind(position++, value);
    record->bind(position, row.key.id);
    if (!record->step()) return true;
    int column = 1;
    for (const Selected& selected : prepared_->select) row.values.push_back(read(*record, column, selected));
    return visit(std::move(row));
  };
  const auto passing = [&](const expr::Sql& sql, const Visit& found) {
    const store::StatementPtr statement = run(sql);
    while (statement->step()) {
      FoundRow row;
      row.key.id = statement->id(0);
      int column = 1;
      if (!judge.passes(*statement, row.key.id, column)) continue;
      for (std::size_t i = 0; i < order.keys.size(); ++i)
        row.key.order.push_back(read_key(*statement, column++, prepared_->order[i].by));
      if (!found(std::move(row))) return false;
    }
    return true;
  };
  if (path.in_order) {
    each_range(pages, path, after, [&](const store::Path& along, const store::Range& range) {
      return passing(pages.page(along, range, std::nullopt), show);
    });
    return;
  }
  std::vector<FoundRow> best;  // a heap with the last row of the page on top
  const auto before = [&](const FoundRow& a, const FoundRow& b) { return comes_before(a, b, order); };
  passing(pages.page(path, store::whole_range(order, after), std::nullopt, false), [&](FoundRow&& row) {
    if (static_cast<std::int64_t>(best.size()) == rows) {
      if (!before(row, best.front())) return true;
      std::pop_heap(best.begin(), best.end(), before);
      best.pop_back();
    }
    best.push_back(std::move(row));
    std::push_heap(best.begin(), best.end(), before);
    return true;
  });
  std::sort_heap(best.begin(), best.end(), before);
  for (FoundRow& row : best) {
    if (!show(std::move(row))) return;
  }
}

void Reading::all(const std::vector<const store::Place*>& select, const Query::ViewMaker& view,
                  const Visit& visit) const {
  Judge judge(*this, view);
  std::vector<const store::Place*> columns = judge.places();
  columns.insert(columns.end(), select.begin(), select.end());
  scan(columns, [&](store::Statement& statement, const RecordId& id, int column) {
    if (!judge.passes(statement, id, column)) return true;
    FoundRow row;
    row.key.id = id;
    for (const store::Place* place : select) row.values.push_back(read(statement, column, *place));
    return visit(std::move(row));
  });
}

void Reading::scan(const std::vector<const store::Place*>& columns, const VisitColumns& visit) const {
  std::vector<std::string> looked_at;
  for (const store::Place* place : columns) {
    const std::string column = store::is_any_ref(*place) ? std::string() : store::sort_column(unit_->layout, *place);
    looked_at.push_back(column.empty() ? "?" : column);  // what no index can have
  }
  static const std::vector<store::Sorting> kAnyOrder;
  const store::PageSql pages(unit_->layout, allowed_, prepared_->record_type, columns, kAnyOrder,
                             prepared_->reads_derived);
  const store::Path path = finder(condition_).for_all(looked_at);
  const store::StatementPtr statement = run(pages.page(path, {}, std::nullopt, false));
  while (statement->step()) {
    if (!visit(*statement, statement->id(0), 1)) return;
  }
}

std::int64_t Reading::count() const {
  const store::Path path = finder(condition_).for_all({});
  const store::StatementPtr statement = run(shown().count(path));
  return statement->step() ? statement->integer(0) : 0;
}

std::vector<std::pair<Value, std::int64_t>> Reading::count_by(const store::Place& place) const {
  const std::string column = store::is_any_ref(place) ? std::string() : store::sort_column(unit_->layout, place);
  const store::Path path = finder(condition_).for_all({column.empty() ? "?" : column});
  const store::StatementPtr statement = run(shown().groups(path, place));
  std::vector<std::pair<Value, std::int64_t>> counts;
  while (statement->step()) {
    int at = 1;
    const std::int64_t count = statement->integer(0);
    counts.emplace_back(read(*statement, at, place), count);
  }
  return counts;
}

std::string Reading::first_statement() const {
  const store::PageSql pages = shown();
  const store::Path path = finder(condition_).for_page(pages.order(), body_->request.limit + 1);
  return pages.page(path, {}, body_->request.limit + 1).text;
}

}  // namespace kith::internal::access
