#include "core/session.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "access/policy.hpp"
#include "base/text/text.hpp"
#include "core/explain.hpp"
#include "core/verbs.hpp"
#include "facts/read/timeline.hpp"

namespace kith::internal {
namespace {

/// Records that a query may have made fresh before it answers; beyond it says STALE with the count.
constexpr std::int64_t kSettleForQuery = 50'000;

}  // namespace

facts::Saved Session::create(std::string_view type, const std::vector<facts::Input>& inputs) {
  facts::Saved saved;
  writing([&](access::Unit&, derive::Engine&, facts::Transaction& facts) { saved = facts.create(type, inputs); });
  return saved;
}

facts::Saved Session::update(std::string_view type, const RecordId& id, std::int64_t version,
                             const std::vector<facts::Input>& inputs) {
  facts::Saved saved;
  writing([&](access::Unit&, derive::Engine&, facts::Transaction& facts) {
    saved = facts.update(type, id, version, inputs);
  });
  return saved;
}

void Session::remove(std::string_view type, const RecordId& id, std::int64_t version) {
  writing([&](access::Unit&, derive::Engine&, facts::Transaction& facts) { facts.remove(type, id, version); });
}

facts::Saved Session::transition(std::string_view type, const RecordId& id, std::string_view lifecycle,
                                 std::string_view event, const std::vector<facts::Input>& inputs) {
  facts::Saved saved;
  writing([&](access::Unit&, derive::Engine&, facts::Transaction& facts) {
    saved = facts.transition(type, id, lifecycle, event, inputs);
  });
  return saved;
}

void Session::relate(std::string_view from_type, const RecordId& from, std::string_view relationship,
                     std::string_view to_type, const RecordId& to, const std::vector<facts::Input>& inputs) {
  writing([&](access::Unit&, derive::Engine&, facts::Transaction& facts) {
    facts.relate(from_type, from, relationship, to_type, to, inputs);
  });
}

void Session::unrelate(std::string_view from_type, const RecordId& from, std::string_view relationship,
                       std::string_view to_type, const RecordId& to) {
  writing([&](access::Unit&, derive::Engine&, facts::Transaction& facts) {
    facts.unrelate(from_type, from, relationship, to_type, to);
  });
}

void Session::emit(std::string_view name, std::string_view type, const RecordId& about, std::string_view payload_json) {
  writing([&](access::Unit&, derive::Engine&, facts::Transaction& facts) {
    facts.emit(name, type, about, std::string(payload_json.empty() ? "{}" : payload_json));
  });
}

/// `body` sees these derivations fresh, in the snapshot in which they were found or made so.
void Session::fresh(const std::vector<std::int32_t>& derivations, const InReading& body) try {
  if (derivations.empty()) return reading(body);
  if (in_transaction()) {
    return reading([&](access::Unit& unit, derive::Engine& engine) {
      engine.for_query(derivations, kSettleForQuery, [&] { body(unit, engine); });
    });
  }
  bool done = false;
  reading([&](access::Unit& unit, derive::Engine& engine) {
    done = core_->read_only() || engine.settled(derivations);
    if (done) body(unit, engine);
    if (done && core_->read_only() && !engine.settled(derivations))
      core_->log().warning(
          "derived values are as they were last stored: the file is open for reading only, and who writes keeps them "
          "fresh");
  });
  if (done) return;
  Writing work(*core_, tenant_, actor_, store::Cause{"call", 0, true, {}}, writer_use());
  work.derivations().for_query(derivations, kSettleForQuery, [&] { body(work.unit(), work.derivations()); });
  keep_answered(work);
} catch (const Error& error) {
  throw_if_stopped(error);
  throw;
}

/// What was computed for a question that is answered now. That the disk does not take it is no fault of the question.
void Session::keep_answered(Writing& work) try { work.commit_without_facts(); } catch (const Error& error) {
  if (error.number() != ProblemNumber::storage_full && error.number() != ProblemNumber::storage_failed) throw;
  core_->log().warning(std::string("what was computed for a list could not be kept: ") + reason_of(error));
}

/// What a page shows and nothing decides by is made fresh for its rows alone, in the page's own snapshot. Returns what
/// was computed and could be kept.
std::vector<derive::Wanted> Session::freshen(const access::Query& query, access::Page& page, access::Unit& unit,
                                             derive::Engine& engine) {
  std::vector<derive::Wanted> computed;
  const std::vector<access::Query::Shown> shown = query.shown(unit.catalog());
  std::vector<std::int32_t> derivations;
  for (const access::Query::Shown& one : shown) derivations.push_back(one.derivation);
  if (shown.empty() || engine.settled(derivations)) return computed;
  const std::int32_t type = unit.catalog().type(query.request().record_type).number;
  for (std::size_t row = 0; row < page.rows.size(); ++row) {
    for (const access::Query::Shown& one : shown) {
      expr::RecordView* record = engine.view(type, page.ids[row]);
      for (const std::int32_t ref : one.refs) record = record == nullptr ? nullptr : record->follow(ref);
      if (record == nullptr) continue;
      const RecordId id = record->self().id;
      if (engine.fresh(one.derivation, id)) continue;
      page.rows[row][one.column] = record->get(one.member).value;
      computed.push_back({one.derivation, id});
    }
  }
  return computed;
}

/// For whoever asks next. That it could not be done (the disk is full, the writer busy) is no fault of the question.
void Session::keep_computed(const std::vector<derive::Wanted>& computed) try {
  if (computed.empty() || in_transaction() || core_->read_only()) return;
  Writing work(*core_, tenant_, actor_, store::Cause{"call", 0, true, {}}, writer_use());
  work.derivations().settle(computed);
  work.commit_without_facts();
} catch (const Error& error) {
  core_->log().info(std::string("what was computed for a list could not be kept: ") + reason_of(error));
}

access::Page Session::page(const access::Query& query, bool as_stored) {
  access::Page page;
  const auto view_of = [](derive::Engine& derivations) {
    return [&](std::int32_t type, const RecordId& id) { return derivations.view(type, id); };
  };
  if (as_stored) {
    reading([&](access::Unit& unit, derive::Engine& derivations) {
      if (query.reads_derived_tables()) derivations.flush();
      page = query.run(unit, view_of(derivations));
    });
    return page;
  }
  std::vector<derive::Wanted> computed;
  fresh(query.deciding(), [&](access::Unit& unit, derive::Engine& derivations) {
    if (query.reads_derived_tables()) derivations.flush();
    page = query.run(unit, view_of(derivations));
    computed = freshen(query, page, unit, derivations);
  });
  keep_computed(computed);
  return page;
}

namespace {

/// Turns texts of the form "type/id" among the parameters into refs. False: there was none.
bool read_refs(const catalog::Catalog& catalog, std::vector<std::pair<std::string, Value>>& parameters) {
  bool any = false;
  for (auto& [name, value] : parameters) {
    const std::size_t slash = value.kind == Kind::text ? value.s.find('/') : std::string::npos;
    if (slash == std::string::npos) continue;
    const catalog::RecordType* type = catalog.find_type(std::string_view(value.s).substr(0, slash));
    const auto id = RecordId::parse(std::string_view(value.s).substr(slash + 1));
    if (!type || !id) continue;
    value = Value::ref(type->number, *id);
    any = true;
  }
  return any;
}

}  // namespace

template <class Checked, class Request>
std::unique_ptr<Checked> Session::checked(Request& request) try {
  const auto make = [&] { return std::make_unique<Checked>(core_->catalog(), &core_->prepared_queries(), request); };
  try {
    return make();
  } catch (const Error& error) {
    // A host holds refs as text: where an expression compares such a parameter with a ref, it is read as one.
    if (error.number() != ProblemNumber::type_mismatch || !read_refs(core_->catalog(), request.parameters)) throw;
    try {
      return make();
    } catch (const Error&) {
      throw error;  // the refs were not what was wrong
    }
  }
} catch (const Error& error) {
  throw_with_owner(*core_, error);
  throw;
}

std::unique_ptr<access::Query> Session::prepare(access::QueryRequest& request) {
  return checked<access::Query>(request);
}

access::Aggregated Session::aggregate(access::AggregationRequest request, bool as_stored) {
  const auto aggregation = checked<access::Aggregation>(request);
  access::Aggregated result;
  const InReading answer = [&](access::Unit& unit, derive::Engine& derivations) {
    derivations.flush();
    result = aggregation->run(unit, [&](std::int32_t type, const RecordId& id) { return derivations.view(type, id); });
  };
  as_stored ? reading(answer) : fresh(aggregation->derivations(), answer);
  return result;
}

std::unique_ptr<ResultRows> Session::query(access::QueryRequest request, bool as_stored) {
  std::int64_t left = request.limit > 0 ? request.limit : 100;
  request.limit = std::min(left, access::kMaxPage);
  auto rows = std::make_unique<ResultRows>();
  const std::unique_ptr<access::Query> first = prepare(request);
  access::Page page = this->page(*first, as_stored);
  left -= static_cast<std::int64_t>(page.rows.size());
  rows->columns = std::move(page.columns);
  rows->rows = std::move(page.rows);
  rows->cursor = std::move(page.cursor);
  rows->complete = left <= 0 || rows->cursor.empty();
  rows->session = shared_from_this();
  // Further pages are new statements behind the cursor: nothing is held between calls.
  rows->more = [this, request, as_stored, left](ResultRows& result) mutable {
    if (left <= 0 || result.cursor.empty()) return false;
    request.after = result.cursor;
    request.limit = std::min(left, access::kMaxPage);
    const std::unique_ptr<access::Query> next = prepare(request);
    access::Page following = this->page(*next, as_stored);
    left -= static_cast<std::int64_t>(following.rows.size());
    result.before += result.rows.size();
    result.rows = std::move(following.rows);
    result.cursor = std::move(following.cursor);
    result.complete = left <= 0 || result.cursor.empty();
    result.next = 0;
    return !result.rows.empty();
  };
  return rows;
}

std::unique_ptr<ResultRows> Session::get(std::string_view type_name, const RecordId& id,
                                         const std::vector<std::string>& select) {
  const catalog::RecordType& type = core_->catalog().type(type_name);
  auto rows = std::make_unique<ResultRows>();
  rows->session = shared_from_this();
  std::vector<std::string> names = select;
  if (names.empty()) {
    names.emplace_back("id");
    for (const catalog::Member& m : type.members)
      if (m.role != catalog::Role::child_set && !is_hidden(core_->catalog(), m)) names.push_back(m.name);
  }
  reading([&](access::Unit& unit, derive::Engine& derivations) {
    access::require(unit, access::Operation::read, type.number);
    expr::RecordView* view = derivations.view(type.number, id);
    if (!view) throw_not_found(type, id);
    std::vector<Value> row;
    for (const std::string& name : names) {
      if (name == "id") {
        rows->columns.push_back({name, expr::Type::of(Kind::ref)});
        row.push_back(Value::ref(type.number, id));
        continue;
      }
      if (const catalog::Member* member = type.find(name); member && member->role != catalog::Role::child_set) {
        rows->columns.push_back({name, member->type});
        row.push_back(view->get(static_cast<std::int32_t>(member - type.members.data())).value);
        continue;
      }
      expr::Scope scope;  // a path through refs
      scope.names = &core_->catalog().names();
      scope.record_type = type.number;
      const expr::ProgramPtr program = expr::compile_or_throw(name, scope);
      Value value = expr::evaluate(*program, *view, unit.env()).value;
      if (value.is_unknown()) value = Value::null();
      rows->columns.push_back({name, program->type});
      row.push_back(std::move(value));
    }
    rows->rows.push_back(std::move(row));
  });
  return rows;
}

RecordId Session::find(std::string_view type, std::string_view key) {
  const std::int32_t number = core_->catalog().type(type).number;
  RecordId id;
  reading([&](access::Unit& unit, derive::Engine&) { id = facts::find_by_key(unit, number, key); });
  return id;
}

std::unique_ptr<ResultRows> Session::explain(std::string_view type_name, const RecordId& id, std::string_view name) {
  const catalog::RecordType& type = core_->catalog().type(type_name);
  std::unique_ptr<ResultRows> rows;
  reading([&](access::Unit& unit, derive::Engine& derivations) {
    access::require(unit, access::Operation::read, type.number);
    rows = explain_rows(unit, derivations, type, id, name);
  });
  rows->session = shared_from_this();
  return rows;
}

boost::json::object Session::run(std::string_view verb, const boost::json::object& args) {
  return run_verb(*this, verb, args);
}

std::int64_t Session::now() {
  if (leased_) return leased_->unit->now;
  if (open_) return open_->unit().now;
  if (lost_) return Reading(*core_, tenant_, actor_).unit().now;  // the loss is told by a call that can fail
  std::int64_t now = 0;
  reading([&](access::Unit& unit, derive::Engine&) { now = unit.now; });
  return now;
}

}  // namespace kith::internal
