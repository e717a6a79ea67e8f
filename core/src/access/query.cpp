#include "access/query.hpp"

#include <algorithm>
#include <map>

#include "access/policy.hpp"
#include "access/prepared_queries.hpp"
#include "access/query_body.hpp"
#include "access/query_limits.hpp"
#include "base/problem/error.hpp"
#include "base/text/text.hpp"
#include "expr/evaluate/json_list.hpp"

namespace kith::internal::access {
namespace {

std::string plain_name(const std::string& parameter) {
  return parameter.rfind('$', 0) == 0 ? parameter.substr(1) : parameter;
}

/// A list is known by its elements: all texts, or all whole numbers; null may stand among them.
expr::Type type_of_list(const Value& value, const std::string& name) {
  const auto element = expr::list_kind(value.s);
  if (!element) {
    throw Error(
        ProblemNumber::query_invalid, "$" + name + " is neither one value nor a list that can be looked in",
        "pass a JSON array of texts, such as [\"a\", \"b\"], or one of whole numbers; references are texts too: "
        "[\"customer/ID\"]");
  }
  expr::Type type = expr::Type::of(Kind::json);
  type.element = *element;
  return type;
}

expr::Type type_of(const Value& value, const std::string& name) {
  if (value.kind == Kind::json) return type_of_list(value, name);
  if (value.kind == Kind::unknown) {
    throw Error(ProblemNumber::query_invalid, "$" + name + " can't be a " + kind_name(value.kind),
                "pass a bool, number, text, date, timestamp, money, a reference or a list");
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
  scope.parameters = parameter_types(request.parameters);
  return expr::compile_or_throw(request.where, scope);
}

}  // namespace

std::vector<expr::ParameterType> parameter_types(const std::vector<std::pair<std::string, Value>>& parameters) {
  std::vector<expr::ParameterType> types;
  for (const auto& [name, value] : parameters) types.push_back({name, type_of(value, name)});
  return types;
}

void add_derivation(std::vector<std::int32_t>& derivations, const catalog::Member* member) {
  if (member == nullptr || member->role != catalog::Role::derived) return;
  if (std::find(derivations.begin(), derivations.end(), member->derivation) == derivations.end()) {
    derivations.push_back(member->derivation);
  }
}

expr::Env Query::Body::env(const Unit& unit, bool evaluated) const {
  expr::Env env = unit.env();
  env.parameters = request.parameters;
  if (!evaluated && !prepared->residual()) return env;
  for (const auto& [name, value] : request.parameters) {
    if (value.kind != Kind::json) continue;
    if (auto items = expr::ListItems::read(value.s))
      env.lists.emplace_back(name, std::make_shared<const expr::ListItems>(std::move(*items)));
  }
  return env;
}

namespace {

/// A ref that is itself derived lies in a derived table.
bool leads_over_derived(const catalog::Catalog& catalog, const Prepared& query) {
  const auto derived = [&](std::int32_t type, std::int32_t member) {
    return catalog.type(type).members[static_cast<std::size_t>(member)].role == catalog::Role::derived;
  };
  const auto over = [&](const store::Place& place) {
    std::int32_t type = query.record_type;
    return std::any_of(place.refs.begin(), place.refs.end(), [&](std::int32_t ref) {
      const bool found = derived(type, ref);
      type = catalog.type(type).members[static_cast<std::size_t>(ref)].type.record_type;
      return found;
    });
  };
  if (std::any_of(query.select.begin(), query.select.end(), over)) return true;
  if (std::any_of(query.order.begin(), query.order.end(), [&](const store::Sorting& term) { return over(term.by); }))
    return true;
  if (query.filter == nullptr) return false;
  if (expr::needs_derived(*query.filter)) return true;
  return std::any_of(query.filter->reads.begin(), query.filter->reads.end(), [&](const expr::Read& read) {
    return std::any_of(read.path.begin(), read.path.end(), [&](const expr::Hop& hop) {
      return hop.relationship < 0 && !hop.through_set && derived(hop.record_type, hop.member);
    });
  });
}

std::shared_ptr<const Prepared> prepare(const catalog::Catalog& catalog, const QueryRequest& request) {
  auto made = std::make_shared<Prepared>();
  Prepared& body = *made;
  body.record_type = catalog.type(request.record_type).number;
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
    body.undecided = expr::undecided(*body.filter);
    body.reads_derived = expr::needs_derived(*body.filter);
    for (const expr::Read& read : body.filter->reads) {
      if (read.member >= 0)
        add_derivation(body.derivations,
                       &catalog.type(read.record_type).members[static_cast<std::size_t>(read.member)]);
    }
  }
  for (const store::Sorting& term : body.order) add_derivation(body.derivations, member_of(catalog, term.by));
  body.deciding = body.derivations;
  for (const Selected& selected : body.select) add_derivation(body.derivations, member_of(catalog, selected));
  body.needs_flush = !body.derivations.empty() || leads_over_derived(catalog, body);
  return made;
}

/// Requests of one key differ in values, page and limit only.
std::string key_of(const QueryRequest& request) {
  std::string key;
  const auto add = [&](std::string_view piece) { key.append(std::to_string(piece.size())).append(":").append(piece); };
  add(request.record_type);
  add(request.where);
  add(request.order_by);
  for (const std::string& name : request.select) add(name);
  key.push_back('$');
  for (const auto& [name, value] : request.parameters) {
    const expr::Type type = type_of(value, name);
    add(name);
    add(std::to_string(static_cast<int>(type.kind)) + "," + std::to_string(static_cast<int>(type.element)) + "," +
        std::to_string(type.record_type) + "," + type.currency.text() + std::to_string(type.currency.scale));
  }
  return key;
}

}  // namespace

std::shared_ptr<const Prepared> PreparedQueries::find(const std::string& key) const {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(key);
  return found == kept_.end() ? nullptr : found->second;
}

void PreparedQueries::keep(const std::string& key, std::shared_ptr<const Prepared> prepared) {
  const std::scoped_lock lock(mutex_);
  // A program has some dozens of them. One that makes new ones without end does not fill the memory with them.
  if (kept_.size() >= kMost) kept_.clear();
  kept_.insert_or_assign(key, std::move(prepared));
}

Query::Query(const Unit& unit, QueryRequest request) : Query(unit.catalog(), nullptr, std::move(request)) {
  require(unit, Operation::read, body_->prepared->record_type);
}

Query::Query(const catalog::Catalog& catalog, PreparedQueries* kept, QueryRequest request)
    : body_(std::make_unique<Body>()) {
  check_limits(request);
  if (request.limit < 1) {
    throw Error(ProblemNumber::query_invalid, "a limit of " + std::to_string(request.limit),
                "ask for at least one row");
  }
  request.limit = std::min(request.limit, kMaxPage);
  for (auto& [name, value] : request.parameters) name = plain_name(name);
  const std::string key = kept == nullptr ? std::string() : key_of(request);
  if (kept != nullptr) body_->prepared = kept->find(key);
  if (body_->prepared == nullptr) {
    body_->prepared = prepare(catalog, request);
    if (kept != nullptr) kept->keep(key, body_->prepared);
  }
  body_->request = std::move(request);
}

Query::~Query() = default;
Query::Query(Query&&) noexcept = default;

const std::vector<std::int32_t>& Query::derivations() const { return body_->prepared->derivations; }
const std::vector<std::int32_t>& Query::deciding() const { return body_->prepared->deciding; }
bool Query::reads_derived_tables() const { return body_->prepared->needs_flush; }

std::vector<Query::Shown> Query::shown(const catalog::Catalog& catalog) const {
  std::vector<Shown> found;
  for (std::size_t i = 0; i < body_->prepared->select.size(); ++i) {
    const Selected& selected = body_->prepared->select[i];
    const catalog::Member* member = member_of(catalog, selected);
    if (member != nullptr && member->role == catalog::Role::derived)
      found.push_back({i, selected.refs, selected.member, member->derivation});
  }
  return found;
}

const QueryRequest& Query::request() const { return body_->request; }

Page Query::run(Unit& unit, const ViewMaker& view) const {
  const Prepared& prepared = *body_->prepared;
  require(unit, Operation::read, prepared.record_type);
  Page page;
  for (const Selected& selected : prepared.select) page.columns.push_back({selected.name, selected.type});
  PageKey after;
  const bool first = body_->request.after.empty();
  if (!first) {
    after = decode_cursor(prepared.identity, body_->request.after);
    // The id itself ends an order, and is in every key.
    const auto id = std::find_if(prepared.order.begin(), prepared.order.end(),
                                 [](const store::Sorting& term) { return term.by.refs.empty() && term.by.member < 0; });
    if (after.order.size() != static_cast<std::size_t>(id - prepared.order.begin())) {
      throw Error(ProblemNumber::query_invalid, "the cursor belongs to another query",
                  "pass the cursor of the page before, with the same filter and order");
    }
  }
  // One row more than asked for tells whether there is a next page.
  const auto limit = static_cast<std::size_t>(body_->request.limit);
  PageKey last;
  Reading(*body_, unit).page(first ? nullptr : &after, body_->request.limit + 1, view, [&](FoundRow&& row) {
    if (page.rows.size() == limit) {
      page.cursor = encode_cursor(prepared.identity, last);
      return false;
    }
    page.ids.push_back(row.key.id);
    page.rows.push_back(std::move(row.values));
    last = std::move(row.key);
    return true;
  });
  return page;
}

std::int64_t Query::count(Unit& unit, const ViewMaker& view) const {
  require(unit, Operation::read, body_->prepared->record_type);
  const Reading reading(*body_, unit);
  if (!body_->prepared->residual()) return reading.count();
  std::int64_t counted = 0;
  reading.all({}, view, [&](FoundRow&&) {
    ++counted;
    return true;
  });
  return counted;
}

std::vector<std::pair<Value, std::int64_t>> Query::count_by(Unit& unit, const std::string& member,
                                                            const ViewMaker& view) const {
  require(unit, Operation::read, body_->prepared->record_type);
  const Selected by = resolve(unit.catalog(), body_->prepared->record_type, member);
  const Reading reading(*body_, unit);
  std::vector<std::pair<Value, std::int64_t>> counts;
  if (body_->prepared->residual()) {
    std::map<std::string, std::size_t> known;
    reading.all({&by}, view, [&](FoundRow&& row) {
      const std::string text = std::string(row.values[0].is_null() ? "n" : "v") + to_text(row.values[0]);
      const auto [at, added] = known.emplace(text, counts.size());
      if (added) counts.emplace_back(std::move(row.values[0]), 0);
      ++counts[at->second].second;
      return true;
    });
  } else {
    counts = reading.count_by(by);
  }
  std::stable_sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    if (a.second != b.second) return a.second > b.second;
    return to_text(a.first) < to_text(b.first);
  });
  return counts;
}

std::string Query::sql(Unit& unit) const { return Reading(*body_, unit).first_statement(); }

}  // namespace kith::internal::access
