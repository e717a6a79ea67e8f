#include "derive/engine.hpp"

#include <algorithm>

#include "derive/settle/settler.hpp"

namespace kith::internal::derive {

struct Engine::Body final : access::Cache {
  explicit Body(access::Unit& unit) : settler(unit) { unit.add_cache(this); }
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;
  ~Body() override { settler.unit().drop_cache(this); }
  void save() override { settler.save(); }
  void restore() override { settler.restore(); }
  void release() override { settler.release(); }
  Settler settler;
};

Engine::Engine(access::Unit& unit) : body_(std::make_unique<Body>(unit)) {
  unit.surroundings.find_actor_by(this, [this] { return actor(); });
}

Engine::~Engine() { body_->settler.unit().surroundings.forget_actor_of(this); }

// The member whose login is the session's actor.
expr::RecordView* Engine::actor() {
  access::Unit& unit = body_->settler.unit();
  const catalog::RecordType* members = unit.catalog().find_type("member");
  if (members == nullptr || members->find("login") == nullptr) return nullptr;
  const std::vector<std::int32_t> login{members->by_name.find("login")->second};
  const std::vector<Value> wanted{Value::text(unit.principal.actor)};
  const auto found = unit.reads.find(access::Operation::check, members->number, login, wanted);
  return found ? view(members->number, *found) : nullptr;
}

void Engine::touching(std::int32_t record_type, const RecordId& id, const store::Row* before, const store::Row* after,
                      std::span<const std::int32_t> changed) {
  body_->settler.touching({record_type, id, before, after}, changed);
}

void Engine::touched(std::int32_t record_type, const RecordId& id, const store::Row* before, const store::Row* after,
                     std::int64_t rid) {
  body_->settler.touched({record_type, id, before, after}, rid);
}

void Engine::relating(const store::Edge& edge) { body_->settler.relating(edge); }
void Engine::related(const store::Edge&) { body_->settler.related(); }
void Engine::finish_step() { body_->settler.finish_step(); }

void Engine::mark_at_most(std::size_t records) noexcept { body_->settler.mark_at_most(records); }

void Engine::leave_to_due_work() noexcept { body_->settler.leave_to_due_work(); }

void Engine::flush() { body_->settler.flush(); }
void Engine::forget() { body_->settler.forget(); }

expr::Timed Engine::value(std::int32_t derivation, const RecordId& id) {
  return body_->settler.value({derivation, id}, false);
}

std::string Engine::band(std::int32_t derivation, const RecordId& id) {
  const Value band = body_->settler.value({derivation, id}, true).value;
  return band.kind == Kind::text ? band.s : std::string();
}

Stored Engine::stored(std::int32_t derivation, const RecordId& id) { return body_->settler.stored({derivation, id}); }

bool Engine::fresh(std::int32_t derivation, const RecordId& id) { return body_->settler.fresh({derivation, id}); }

expr::RecordView* Engine::view(std::int32_t record_type, const RecordId& id) {
  return body_->settler.shelf().lend(record_type, id);
}

bool Engine::is_live(std::int32_t record_type, const RecordId& id) {
  return body_->settler.shelf().is_live(record_type, id);
}

const store::Row* Engine::row(std::int32_t record_type, const RecordId& id) {
  const RowView* view = body_->settler.shelf().live(record_type, id);
  return view == nullptr ? nullptr : &view->row();
}

std::unique_ptr<expr::RecordView> Engine::view_of(std::int32_t record_type, const RecordId& id, const store::Row& row) {
  return body_->settler.draft(record_type, id, row);
}

Settled Engine::settle_some(std::int64_t limit, const std::function<bool()>& in_time) {
  return body_->settler.settle_some(limit, in_time);
}

void Engine::settle(std::span<const Wanted> values) {
  std::vector<Slot> rows;
  for (const Wanted& wanted : values) rows.push_back({wanted.derivation, wanted.record});
  body_->settler.settle_rows(rows);
}

void Engine::for_query(std::span<const std::int32_t> derivations, std::int64_t limit,
                       const std::function<void()>& body) {
  body_->settler.for_query(derivations, limit, body);
}

bool Engine::settled(const std::vector<std::int32_t>& derivations) { return body_->settler.settled(derivations); }

std::int64_t Engine::pending() { return body_->settler.pending(); }

std::optional<std::int64_t> Engine::next_due() { return body_->settler.next_due(); }

void Engine::parameters_published(std::string_view set) {
  access::Unit& unit = body_->settler.unit();
  unit.surroundings.forget_parameters();
  body_->settler.scope(body_->settler.plan().readers_of_set(set), unit.cause);
}

void Engine::clock_set_back() {
  std::vector<std::int32_t> all;
  for (const catalog::Derivation& derivation : body_->settler.unit().catalog().derivations)
    all.push_back(derivation.number);
  body_->settler.scope(all, {"clock", 0, false, "the clock that was set back"});
}

}  // namespace kith::internal::derive
