#include "access/query.hpp"

#include <algorithm>
#include <map>

#include "access/policy.hpp"
#include "access/query_body.hpp"
#include "base/problem/error.hpp"
#include "base/text/text.hpp"

namespace kith::internal::access {
namespace {

std::string plain_name(const std::string& parameter) {
  return parameter.rfind('$', 0) == 0 ? parameter.substr(1) : parameter;
}

expr::Type type_of(const Value& value, const std::string& name) {
  if (value.kind == Kind::json || value.kind == Kind::unknown) {
    throw Error(ProblemNumber::query_invalid, "$" + name + " can't be a " + kind_name(value.kind),
                "pass a bool, number, text, date, timestamp, money or a reference");
  }
  expr::Type type = expr::Type::of(value.kind);
  if (value.kind == Kind::money) type.currency = value.currency;
  if (value.kind == Kind::ref) type.record_type = value.record_type;
  return type;
}

expr::ProgramPtr compile_filter(const catalog::Catalog& catalog, std::int32_t record_type,
                                const QueryRequest& request) {
  if (trim(request.where).empty()) return nullptr;
  expr::Scope scope;
  scope.names = &catalog.names();
  scope.record_type = record_type;
  scope.wanted = expr::Type::of(Kind::boolean);
  for (const auto& [name, value] : request.parameters) scope.parameters.push_back({name, type_of(value, name)});
  return expr::compile_or_throw(request.where, scope);
}

void note(std::vector<std::int32_t>& derivations, const catalog::Member* member) {
  if (member == nullptr || member->role != catalog::Role::derived) return;
  if (std::find(derivations.begin(), derivations.end(), member->derivation) == derivations.end()) {
    derivations.push_back(member->derivation);
  }
}

}  // namespace

expr::Env Query::Body::env(const Unit& unit) const {
  expr::Env env = unit.env();
  env.parameters = request.parameters;
  return env;
}

Query::Query(const Unit& unit, QueryRequest request) : body_(std::make_unique<Body>()) {
  const catalog::Catalog& catalog = unit.catalog();
  Body& body = *body_;
  body.record_type = catalog.type(request.record_type).number;
  require(unit, Operation::read, body.record_type);
  if (request.limit < 1) {
    throw Error(ProblemNumber::query_invalid, "a limit of " + std::to_string(request.limit),
                "ask for at least one row");
  }
  request.limit = std::min(request.limit, kMaxPage);
  for (auto& [name, value] : request.parameters) name = plain_name(name);
  body.filter = compile_filter(catalog, body.record_type, request);
  if (request.select.empty()) {
    for (const catalog::Member& member : catalog.type(body.record_type).members) {
      if (member.role != catalog::Role::child_set)
        body.select.push_back(resolve(catalog, body.record_type, member.name));
    }
  }
  for (const std::string& name : request.select) body.select.push_back(resolve(catalog, body.record_type, trim(name)));
  body.order = parse_order(catalog, body.record_type, request.order_by);
  body.identity = fnv1a(request.record_type + '\n' + request.where + '\n' + request.order_by);
  if (body.filter != nullptr) {
    for (const expr::Read& read : body.filter->reads) {
      if (read.member >= 0)
        note(body.derivations, &catalog.type(read.record_type).members[static_cast<std::size_t>(read.member)]);
    }
  }
  for (const Selected& selected : body.select) note(body.derivations, member_of(catalog, selected));
  for (const OrderTerm& term : body.order) note(body.derivations, member_of(catalog, term.by));
  body.request = std::move(request);
}

Query::~Query() = default;
Query::Query(Query&&) noexcept = default;

const std::vector<std::int32_t>& Query::derivations() const { return body_->derivations; }
const QueryRequest& Query::request() const { return body_->request; }

Page Query::run(Unit& unit, const ViewMaker& view) const {
  require(unit, Operation::read, body_->record_type);
  Page page;
  for (const Selected& selected : body_->select) page.columns.push_back({selected.name, selected.type});
  PageKey after;
  Scan scan{&body_->select, &body_->order, nullptr};
  if (!body_->request.after.empty()) {
    after = decode_cursor(body_->identity, body_->request.after);
    if (after.order.size() != body_->order.size()) {
      throw Error(ProblemNumber::query_invalid, "the cursor belongs to another query",
                  "pass the cursor of the page before, with the same filter and order");
    }
    scan.after = &after;
  }
  // One row more than asked for tells whether there is a next page.
  const auto limit = static_cast<std::size_t>(body_->request.limit);
  PageKey last;
  Reading(*body_, unit).each(scan, body_->request.limit + 1, view, [&](FoundRow&& row) {
    if (page.rows.size() == limit) {
      page.cursor = encode_cursor(body_->identity, last);
      return false;
    }
    last = row.key;
    page.ids.push_back(row.key.id);
    page.rows.push_back(std::move(row.values));
    return true;
  });
  return page;
}

std::int64_t Query::count(Unit& unit, const ViewMaker& view) const {
  require(unit, Operation::read, body_->record_type);
  const Reading reading(*body_, unit);
  std::int64_t counted = 0;
  if (body_->residual()) {
    reading.each({}, kMaxPage, view, [&](FoundRow&&) {
      ++counted;
      return true;
    });
    return counted;
  }
  const expr::Sql sql = reading.counting();
  store::StatementPtr statement = unit.connection.prepare(sql.text);
  for (std::size_t i = 0; i < sql.binds.size(); ++i) statement->bind(static_cast<int>(i), sql.binds[i]);
  if (statement->step()) counted = statement->integer(0);
  return counted;
}

std::vector<std::pair<Value, std::int64_t>> Query::count_by(Unit& unit, const std::string& member,
                                                            const ViewMaker& view) const {
  require(unit, Operation::read, body_->record_type);
  const Selected by = resolve(unit.catalog(), body_->record_type, member);
  const Reading reading(*body_, unit);
  std::vector<std::pair<Value, std::int64_t>> counts;
  if (body_->residual()) {
    const std::vector<Selected> select{by};
    std::map<std::string, std::size_t> known;
    reading.each({&select, nullptr, nullptr}, kMaxPage, view, [&](FoundRow&& row) {
      const std::string text = std::string(row.values[0].is_null() ? "n" : "v") + to_text(row.values[0]);
      const auto [at, added] = known.emplace(text, counts.size());
      if (added) counts.emplace_back(std::move(row.values[0]), 0);
      ++counts[at->second].second;
      return true;
    });
  } else {
    const expr::Sql sql = reading.grouping(by);
    store::StatementPtr statement = unit.connection.prepare(sql.text);
    for (std::size_t i = 0; i < sql.binds.size(); ++i) statement->bind(static_cast<int>(i), sql.binds[i]);
    while (statement->step()) {
      int column = 1;
      const std::int64_t count = statement->integer(0);
      counts.emplace_back(reading.read(*statement, column, by), count);
    }
  }
  std::stable_sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    if (a.second != b.second) return a.second > b.second;
    return to_text(a.first) < to_text(b.first);
  });
  return counts;
}

std::string Query::sql(Unit& unit) const {
  return Reading(*body_, unit).statement({&body_->select, &body_->order, nullptr}, body_->request.limit + 1).text;
}

}  // namespace kith::internal::access
