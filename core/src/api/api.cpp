// The session functions: handles in, handles out, no logic.
#include <algorithm>
#include <boost/json.hpp>
#include <cstring>

#include "api/functions.hpp"
#include "api/handles.hpp"
#include "base/problem/limits.hpp"
#include "core/aggregate/request.hpp"
#include "core/verbs.hpp"

using namespace kith::internal;       // NOLINT(google-build-using-namespace)
using namespace kith::internal::api;  // NOLINT(google-build-using-namespace)

namespace {

RecordId id_of(const kith_ref& r) {
  RecordId id;
  std::memcpy(id.bytes.data(), r.id.bytes, 16);
  return id;
}

/// One public call on a session: handle checked, entered, nothing thrown out.
template <class Body>
std::int32_t on_session(kith_session* s, kith_error** e, Body&& body) noexcept {
  return guarded(e, [&] {
    need(s != nullptr, "the session handle");
    const std::shared_ptr<Session> session = s->session;  // the handle may be closed meanwhile, by another thread
    const Session::Use use(*session);
    body(*session);
  });
}

std::int64_t version_of(std::uint64_t version) {
  if (version <= static_cast<std::uint64_t>(INT64_MAX)) return static_cast<std::int64_t>(version);
  throw Error(ProblemNumber::misuse, std::to_string(version) + " is no version of a record",
              "give the one that was read, or 0 for any");
}

kith_rows* rows_handle(std::unique_ptr<ResultRows> result) {
  auto handle = std::make_unique<kith_rows>();
  handle->result = std::move(result);
  return handle.release();
}

std::vector<std::string> names_of(const kith_str* names, std::uint64_t count) {
  check_limit(Limit::select, count);
  std::vector<std::string> out;
  if (count > 0) need(names != nullptr, "the array of names");
  for (std::uint64_t i = 0; i < count; ++i) out.emplace_back(in(names[i], "a selected name"));
  return out;
}

/// A document that goes in; an empty text is an empty object.
JsonDocument document_of(kith_str text, std::string_view name, std::string_view what) {
  const std::string_view given = in(text, "the " + std::string(name));
  check_limit(Limit::verb_arguments, given.size());
  JsonDocument document = JsonDocument::parse(std::string(given.empty() ? "{}" : given), std::string(name));
  if (!document.root().is_object()) throw Error(ProblemNumber::usage, std::string(what) + " are a JSON object");
  return document;
}

access::AggregationRequest aggregation_of(const kith_query& query, kith_str groups_json) {
  if (query.select_count > 0 || query.after.len > 0)
    throw Error(ProblemNumber::misuse, "an aggregate selects no members and has no cursor",
                "leave select and after empty: its columns are what it groups by, and its figures");
  access::AggregationRequest request;
  request.record_type = in(query.record_type, "the record type");
  request.where = in(query.where, "where");
  request.order_by = in(query.order_by, "order_by");
  request.limit = query.limit;
  for (facts::Input& input : inputs_of(query.params, query.param_count))
    request.parameters.emplace_back(std::move(input.name), std::move(input.value));
  const JsonDocument document = document_of(groups_json, "groups", "the groups of an aggregate");
  const boost::json::object& groups = document.root().as_object();
  require_known_keys("the groups", groups, "by figures having");
  read_groups(groups, request);
  return request;
}

}  // namespace

extern "C" {

int32_t kith_session_begin(kith_session* s, kith_error** error) {
  return on_session(s, error, [](Session& session) { session.begin(); });
}
int32_t kith_session_commit(kith_session* s, kith_error** error) {
  return on_session(s, error, [](Session& session) { session.commit(); });
}
void kith_session_rollback(kith_session* s) {
  if (s) on_session(s, nullptr, [](Session& session) { session.rollback(); });
}

int32_t kith_record_create(kith_session* s, kith_str type, const kith_field* f, uint64_t n, kith_ref* out_ref,
                           kith_error** e) {
  if (out_ref) *out_ref = kith_ref{};
  return on_session(s, e, [&](Session& session) {
    const catalog::RecordType& record_type = session.core().catalog().type(in(type, "the record type"));
    const facts::Saved saved = session.create(record_type.name, inputs_of(f, n));
    if (!out_ref) return;
    out_ref->type = out(record_type.name);
    std::memcpy(out_ref->id.bytes, saved.id.bytes.data(), 16);
  });
}
int32_t kith_record_update(kith_session* s, const kith_ref* r, uint64_t version, const kith_field* f, uint64_t n,
                           kith_error** e) {
  return on_session(s, e, [&](Session& session) {
    need(r != nullptr, "the record's ref");
    session.update(in(r->type, "the ref's type"), id_of(*r), version_of(version), inputs_of(f, n));
  });
}
int32_t kith_record_remove(kith_session* s, const kith_ref* r, uint64_t version, kith_error** e) {
  return on_session(s, e, [&](Session& session) {
    need(r != nullptr, "the record's ref");
    session.remove(in(r->type, "the ref's type"), id_of(*r), version_of(version));
  });
}
int32_t kith_record_transition(kith_session* s, const kith_ref* r, kith_str lifecycle, kith_str event,
                               const kith_field* f, uint64_t n, kith_error** e) {
  return on_session(s, e, [&](Session& session) {
    need(r != nullptr, "the record's ref");
    session.transition(in(r->type, "the ref's type"), id_of(*r), in(lifecycle, "the lifecycle"), in(event, "the event"),
                       inputs_of(f, n));
  });
}
int32_t kith_record_relate(kith_session* s, const kith_ref* from, kith_str relationship, const kith_ref* to,
                           const kith_field* f, uint64_t n, kith_error** e) {
  return on_session(s, e, [&](Session& session) {
    need(from != nullptr && to != nullptr, "a ref");
    session.relate(in(from->type, "the ref's type"), id_of(*from), in(relationship, "the relationship"),
                   in(to->type, "the ref's type"), id_of(*to), inputs_of(f, n));
  });
}
int32_t kith_record_unrelate(kith_session* s, const kith_ref* from, kith_str relationship, const kith_ref* to,
                             kith_error** e) {
  return on_session(s, e, [&](Session& session) {
    need(from != nullptr && to != nullptr, "a ref");
    session.unrelate(in(from->type, "the ref's type"), id_of(*from), in(relationship, "the relationship"),
                     in(to->type, "the ref's type"), id_of(*to));
  });
}
int32_t kith_record_get(kith_session* s, const kith_ref* r, const kith_str* select, uint64_t n, kith_rows** rows,
                        kith_error** e) {
  if (rows) *rows = nullptr;
  return on_session(s, e, [&](Session& session) {
    need(r != nullptr && rows != nullptr, "the ref, or the place for the rows,");
    *rows = rows_handle(session.get(in(r->type, "the ref's type"), id_of(*r), names_of(select, n)));
  });
}
int32_t kith_session_query(kith_session* s, const kith_query* q, kith_rows** rows, kith_error** e) {
  if (rows) *rows = nullptr;
  return on_session(s, e, [&](Session& session) {
    need(q != nullptr && rows != nullptr, "the query, or the place for the rows,");
    const auto query = copied(*q, offsetof(kith_query, where), "kith_query");
    access::QueryRequest request;
    request.record_type = in(query.record_type, "the record type");
    request.where = in(query.where, "where");
    request.order_by = in(query.order_by, "order_by");
    request.limit = query.limit;
    request.after = in(query.after, "after");
    request.select = names_of(query.select, query.select_count);
    for (facts::Input& input : inputs_of(query.params, query.param_count))
      request.parameters.emplace_back(std::move(input.name), std::move(input.value));
    *rows = rows_handle(session.query(std::move(request), query.as_stored != 0));
  });
}
int32_t kith_session_aggregate(kith_session* s, const kith_query* q, kith_str groups_json, kith_rows** rows,
                               kith_error** e) {
  if (rows) *rows = nullptr;
  return on_session(s, e, [&](Session& session) {
    need(q != nullptr && rows != nullptr, "the query, or the place for the rows,");
    const auto query = copied(*q, offsetof(kith_query, where), "kith_query");
    access::Aggregated found = session.aggregate(aggregation_of(query, groups_json), query.as_stored != 0);
    auto result = std::make_unique<ResultRows>();
    result->columns = std::move(found.columns);
    result->rows = std::move(found.rows);
    result->session = session.shared_from_this();
    *rows = rows_handle(std::move(result));
  });
}
int32_t kith_session_run(kith_session* s, kith_str verb, kith_str args_json, kith_text** text, kith_error** e) {
  if (text) *text = nullptr;
  return on_session(s, e, [&](Session& session) {
    need(text != nullptr, "the place for the text");
    const JsonDocument document = document_of(args_json, "arguments", "the arguments of a verb");
    auto made = std::make_unique<kith_text>();
    made->text = boost::json::serialize(session.run(in(verb, "the verb"), document.root().as_object()));
    *text = made.release();
  });
}
int32_t kith_record_find(kith_session* s, kith_str type, kith_str key, kith_ref* out_ref, kith_error** e) {
  if (out_ref) *out_ref = kith_ref{};
  return on_session(s, e, [&](Session& session) {
    need(out_ref != nullptr, "the place for the ref");
    const catalog::RecordType& record_type = session.core().catalog().type(in(type, "the record type"));
    const RecordId id = session.find(record_type.name, in(key, "the key"));
    out_ref->type = out(record_type.name);
    std::memcpy(out_ref->id.bytes, id.bytes.data(), 16);
  });
}
kith_str kith_session_type_name(kith_session* s, uint32_t record_type) {
  if (!s || record_type >= s->session->core().catalog().record_types.size()) return {"", 0};
  return out(s->session->core().catalog().record_types[record_type].name);
}
uint32_t kith_session_type_number(kith_session* s, kith_str type) {
  if (!s || (type.len > 0 && !type.ptr)) return UINT32_MAX;
  const catalog::RecordType* found =
      s->session->core().catalog().find_type({type.ptr, static_cast<std::size_t>(type.len)});
  return found ? static_cast<std::uint32_t>(found->number) : UINT32_MAX;
}
int64_t kith_session_now(kith_session* s) {
  std::int64_t now = 0;
  on_session(s, nullptr, [&](Session& session) { now = session.now(); });
  return now;
}
int32_t kith_record_explain(kith_session* s, const kith_ref* r, kith_str name, kith_rows** rows, kith_error** e) {
  if (rows) *rows = nullptr;
  return on_session(s, e, [&](Session& session) {
    need(r != nullptr && rows != nullptr, "the ref, or the place for the rows,");
    *rows = rows_handle(session.explain(in(r->type, "the ref's type"), id_of(*r), in(name, "the name")));
  });
}
int32_t kith_session_emit(kith_session* s, kith_str name, const kith_ref* about, kith_str payload_json,
                          kith_error** e) {
  return on_session(s, e, [&](Session& session) {
    need(about != nullptr, "the ref of the record that the event is about");
    const std::string_view payload = in(payload_json, "the payload");
    check_limit(Limit::event_payload, payload.size());
    if (!payload.empty()) JsonDocument::parse(std::string(payload), "payload");
    session.emit(in(name, "the event's name"), in(about->type, "the ref's type"), id_of(*about), payload);
  });
}

}  // extern "C"
