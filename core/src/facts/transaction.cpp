#include "facts/transaction.hpp"

#include <boost/json.hpp>

#include "access/policy.hpp"
#include "base/problem/limits.hpp"
#include "facts/lifecycle/follow.hpp"
#include "facts/lifecycle/lifecycle.hpp"
#include "facts/people/contact_points.hpp"
#include "facts/people/relationships.hpp"
#include "facts/read/shown.hpp"
#include "facts/save/pipeline.hpp"

namespace kith::internal::facts {

namespace {

/// What is derived follows what is written.
class DerivationsFollower final : public Follower {
 public:
  explicit DerivationsFollower(derive::Engine& derivations) : derivations_(derivations) {}
  void writing(const Write& write) override {
    derivations_.touching(write.record_type, write.id, write.before, write.after, write.changed);
  }
  void written(const Write& write) override {
    derivations_.touched(write.record_type, write.id, write.before, write.after, write.rid);
  }
  void relating(const store::Edge& edge) override { derivations_.relating(edge); }
  void related(const store::Edge& edge) override { derivations_.related(edge); }

 private:
  derive::Engine& derivations_;
};

}  // namespace

struct Transaction::Body {
  Body(access::Unit& unit, derive::Engine& derivations) : pipeline(unit, derivations) {
    pipeline.followers.add(std::make_unique<DerivationsFollower>(derivations));
    pipeline.followers.add(contact_points_follower(pipeline));
  }

  /// Runs one operation. Checks come before the first write of an operation, so that a refused one leaves nothing
  /// behind; one that fails after it began to write can't be taken back here, and the whole transaction is lost.
  template <typename Work>
  auto run(Work&& work) {
    if (broken) throw Error(ProblemNumber::misuse, "this transaction failed half-way", "roll back and begin again");
    const std::int64_t writes_before = pipeline.writes;
    try {
      return work();
    } catch (...) {
      broken = pipeline.writes != writes_before;
      throw;
    }
  }

  Pipeline pipeline;
  bool broken = false;
  std::int64_t writes_at_start = 0;  ///< of the present piece of work
};

Transaction::Transaction(access::Unit& unit, derive::Engine& derivations)
    : body_(std::make_unique<Body>(unit, derivations)) {}
Transaction::~Transaction() = default;

Saved Transaction::create(std::string_view record_type, const std::vector<Input>& inputs, const WriteOptions& options) {
  return body_->run([&] {
    Pipeline& pipeline = body_->pipeline;
    return pipeline.create(pipeline.catalog.type(record_type), inputs, options);
  });
}

Saved Transaction::update(std::string_view record_type, const RecordId& id, std::int64_t version,
                          const std::vector<Input>& inputs) {
  return body_->run([&] {
    Pipeline& pipeline = body_->pipeline;
    return pipeline.update(pipeline.catalog.type(record_type), id, version, inputs);
  });
}

void Transaction::remove(std::string_view record_type, const RecordId& id, std::int64_t version) {
  body_->run([&] {
    Pipeline& pipeline = body_->pipeline;
    pipeline.remove(pipeline.catalog.type(record_type), id, version);
  });
}

Saved Transaction::transition(std::string_view record_type, const RecordId& id, std::string_view lifecycle,
                              std::string_view event, const std::vector<Input>& inputs) {
  return body_->run([&] {
    Pipeline& pipeline = body_->pipeline;
    return facts::transition(pipeline, pipeline.catalog.type(record_type), id, lifecycle, event, inputs);
  });
}

bool Transaction::begin(std::string_view record_type, const RecordId& id, std::string_view lifecycle) {
  return body_->run([&] {
    Pipeline& pipeline = body_->pipeline;
    return facts::begin(pipeline, pipeline.catalog.type(record_type), id, lifecycle);
  });
}

bool Transaction::follow(std::string_view record_type, const RecordId& id, std::string_view lifecycle,
                         const StateSaid& said) {
  return body_->run([&] {
    Pipeline& pipeline = body_->pipeline;
    return facts::follow(pipeline, pipeline.catalog.type(record_type), id, lifecycle, said);
  });
}

void Transaction::relate(std::string_view from_type, const RecordId& from, std::string_view relationship,
                         std::string_view to_type, const RecordId& to, const std::vector<Input>& inputs) {
  body_->run([&] {
    const catalog::Catalog& catalog = body_->pipeline.catalog;
    facts::relate(body_->pipeline, {&catalog.type(from_type), from, relationship, &catalog.type(to_type), to}, inputs);
  });
}

void Transaction::unrelate(std::string_view from_type, const RecordId& from, std::string_view relationship,
                           std::string_view to_type, const RecordId& to) {
  body_->run([&] {
    const catalog::Catalog& catalog = body_->pipeline.catalog;
    facts::unrelate(body_->pipeline, {&catalog.type(from_type), from, relationship, &catalog.type(to_type), to});
  });
}

void Transaction::emit(std::string_view name, std::string_view record_type, const RecordId& about,
                       std::string payload_json) {
  body_->run([&] {
    Pipeline& pipeline = body_->pipeline;
    if (name.empty()) throw Error(ProblemNumber::usage, "an event needs a name");
    check_limit(Limit::name, name.size(), " of an event");
    check_limit(Limit::event_payload, payload_json.size());
    const catalog::RecordType& type = pipeline.catalog.type(record_type);
    pipeline.load(type.number, about);
    boost::system::error_code error;
    const boost::json::value payload = boost::json::parse(payload_json.empty() ? "{}" : payload_json, error);
    if (error || !payload.is_object()) {
      throw Error(ProblemNumber::value_invalid, "the payload of event " + std::string(name) + " must be a JSON object");
    }
    store::Event event;
    event.at_us = pipeline.unit.now;
    event.kind = store::EventKind::emitted;
    event.record_type = type.number;
    event.record = about;
    event.name = std::string(name);
    event.payload_json = boost::json::serialize(payload);
    event.cause = pipeline.unit.cause;
    pipeline.changes.note(std::move(event));
  });
}

bool Transaction::would_change(std::string_view record_type, const RecordId& id, const std::vector<Input>& inputs) {
  return body_->run([&] {
    Pipeline& pipeline = body_->pipeline;
    const catalog::RecordType& type = pipeline.catalog.type(record_type);
    access::require(pipeline.unit, access::Operation::read, type.number);
    const Touched& touched = pipeline.load(type.number, id);
    Draft draft;
    draft.row = touched.current;
    Problems problems;
    // On creation a state may be named; on what is there already it says nothing about fields.
    pipeline.apply(type, inputs, true, draft, problems);
    problems.throw_if_any();
    return draft.row != touched.current;
  });
}

std::optional<RecordId> Transaction::find(std::string_view record_type, const std::vector<Input>& fields) {
  return body_->run([&]() -> std::optional<RecordId> {
    Pipeline& pipeline = body_->pipeline;
    const catalog::RecordType& type = pipeline.catalog.type(record_type);
    access::require(pipeline.unit, access::Operation::read, type.number);
    Draft draft;
    draft.row.resize(type.members.size());
    Problems problems;
    pipeline.apply(type, fields, false, draft, problems);
    problems.throw_if_any();
    std::vector<Value> values;
    for (const std::int32_t member : draft.given) {
      values.push_back(draft.row[static_cast<std::size_t>(member)]);
      if (values.back().is_null()) return std::nullopt;
    }
    return pipeline.unit.reads.find(access::Operation::check, type.number, draft.given, values);
  });
}

std::optional<Transaction::Written> Transaction::written(std::int32_t record_type, const RecordId& id) const {
  const Touched* touched = body_->pipeline.changes.find(record_type, id);
  if (touched == nullptr || !touched->written) return std::nullopt;
  return Written{touched->committed ? &*touched->committed : nullptr, touched->live ? &touched->current : nullptr};
}

void Transaction::finish() {
  if (body_->broken)
    throw Error(ProblemNumber::misuse, "this transaction failed half-way", "roll back and begin again");
  body_->broken = true;
  body_->pipeline.finish();
  body_->broken = false;
  body_->writes_at_start = body_->pipeline.writes;
}

bool Transaction::has_written() const { return body_->pipeline.writes != body_->writes_at_start; }

void Transaction::abandon() {
  body_->pipeline.changes.clear();
  body_->broken = false;
  body_->writes_at_start = body_->pipeline.writes;
}

}  // namespace kith::internal::facts
