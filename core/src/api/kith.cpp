// The embedder's functions: open, sessions, due work, events.
#include <algorithm>
#include <boost/json.hpp>
#include <cstring>

#include "api/functions.hpp"
#include "api/handles.hpp"
#include "base/problem/limits.hpp"
#include "core/events.hpp"
#include "core/host_log.hpp"
#include "core/verbs.hpp"

using namespace kith::internal;       // NOLINT(google-build-using-namespace)
using namespace kith::internal::api;  // NOLINT(google-build-using-namespace)

namespace {

constexpr std::uint32_t kAbiMinor = 1;  // of the table; plugin.h's KITH_ABI_MINOR equals it (asserted in bundles)

const kith_api& table() {
  static const kith_api value = [] {
    kith_api t{};
    t.struct_size = sizeof t;
    t.minor = kAbiMinor;
#define KITH_FILL(ret, name, args) t.name = kith_##name;
    KITH_SESSION_API(KITH_FILL)
#undef KITH_FILL
    return t;
  }();
  return value;
}

Door door() {
  Door d;
  d.api = &table();
  d.handle_of = [](std::shared_ptr<Session> session) {
    return bundles::SessionLease(new kith_session{std::move(session)}, [](kith_session* s) { delete s; });
  };
  return d;
}

kith_options known_options(const kith_options* o) {
  need(o != nullptr, "the options");
  return copied(*o, offsetof(kith_options, config_json), "kith_options");
}

OpenOptions open_options(const kith_options& o) {
  OpenOptions options;
  options.config_path = in(o.config_path, "config_path");
  options.config_json = in(o.config_json, "config_json");
  options.read_only = o.read_only != 0;
  options.lock_wait_us = static_cast<std::int64_t>(o.lock_wait_ms) * 1000;
  if (o.log)
    options.log = [log = o.log, user = o.user](LogLevel level, std::string_view text) {
      log(user, static_cast<std::int32_t>(level), out(text));
    };
  if (o.wake) options.wake = [wake = o.wake, user = o.user] { wake(user); };
  if (o.now_us) options.clock = [now = o.now_us, user = o.user] { return now(user); };
  options.door = door();
  return options;
}

std::unique_ptr<kith_text> document(const boost::json::object& object) {
  auto made = std::make_unique<kith_text>();
  made->text = boost::json::serialize(object);
  return made;
}

std::unique_ptr<ResultRows> next_events(Core& core, std::string_view consumer, std::uint32_t max) {
  const std::int64_t limit = max == 0 ? 100 : std::min<std::int64_t>(max, access::kMaxPage);
  auto rows = std::make_unique<ResultRows>();
  const auto column = [&](const char* name, Kind kind) { rows->columns.push_back({name, expr::Type::of(kind)}); };
  column("position", Kind::integer), column("tenant", Kind::text), column("at", Kind::timestamp),
      column("kind", Kind::text);
  column("type", Kind::text), column("record", Kind::text), column("name", Kind::text), column("payload", Kind::json);
  for (const HostEvent& one : host_log(core, consumer, 0, limit, {}).events)
    rows->rows.push_back({Value::integer(one.event.sequence), Value::text(one.tenant->name),
                          Value::timestamp(one.event.at_us), Value::text(std::string(event_kind_name(one.event.kind))),
                          Value::text(one.type), Value::text(one.record), Value::text(one.event.name),
                          Value::json(one.event.payload_json)});
  return rows;
}

}  // namespace

extern "C" {

kith_str kith_version(void) { return out(KITH_VERSION); }

void kith_api_copy(kith_api* t) {
  if (!t) return;
  const std::uint32_t size = t->struct_size;
  std::memset(t, 0, size);
  std::memcpy(t, &table(), std::min<std::size_t>(size, sizeof(kith_api)));
  if (size >= sizeof(std::uint32_t)) t->struct_size = std::min<std::uint32_t>(size, sizeof(kith_api));
}

int32_t kith_core_open(const kith_options* o, kith_core** core, kith_error** error) {
  if (core) *core = nullptr;
  return guarded(error, [&] {
    need(core != nullptr, "the place for the core");
    const kith_options options = known_options(o);
    auto made = std::make_unique<kith_core>();
    made->core = Core::open(open_options(options));
    *core = made.release();
  });
}
void kith_core_close(kith_core* core) {
  if (!core) return;
  guarded(nullptr, [&] { core->core->close(); });
  delete core;
}
int32_t kith_check(const kith_options* o, kith_text** text, kith_error** error) {
  if (text) *text = nullptr;
  return guarded(error, [&] {
    need(text != nullptr, "the place for the text");
    const OpenOptions options = open_options(known_options(o));
    *text = document(describe_check(check(options.config_path, options.config_json, Log()))).release();
  });
}
int32_t kith_core_run(kith_core* core, kith_str verb, kith_str args_json, kith_text** text, kith_error** error) {
  if (text) *text = nullptr;
  return guarded(error, [&] {
    need(core != nullptr && text != nullptr, "the core, or the place for the text,");
    const std::string_view args = in(args_json, "the arguments");
    check_limit(Limit::verb_arguments, args.size());
    const JsonDocument arguments = JsonDocument::parse(std::string(args.empty() ? "{}" : args), "arguments");
    if (!arguments.root().is_object()) throw Error(ProblemNumber::usage, "the arguments of a verb are a JSON object");
    const std::shared_ptr<Core> opened = core->core;
    *text = document(run_core_verb(*opened, in(verb, "the verb"), arguments.root().as_object())).release();
  });
}

int32_t kith_session_open(kith_core* core, const kith_session_options* o, kith_session** session, kith_error** error) {
  if (session) *session = nullptr;
  return guarded(error, [&] {
    need(core != nullptr && o != nullptr && session != nullptr, "the core, the options or the place for the session");
    const std::shared_ptr<Core> opened = core->core;
    const Core::Call call(*opened);
    const auto options = copied(*o, offsetof(kith_session_options, actor), "kith_session_options");
    std::string_view tenant = in(options.tenant, "tenant");
    if (tenant.empty()) tenant = "default";
    auto made = std::make_unique<kith_session>();
    made->session = opened->session(tenant, in(options.actor, "actor"));
    *session = made.release();
  });
}
void kith_session_close(kith_session* session) {
  if (!session) return;
  session->session->close();
  delete session;
}
void kith_session_cancel(kith_session* session) {
  if (session) session->session->cancel();
}

int32_t kith_run_due(kith_core* core, uint32_t budget_ms, int64_t* next_due_us, kith_error** error) {
  if (next_due_us) *next_due_us = 0;
  return guarded(error, [&] {
    need(core != nullptr, "the core handle");
    const std::shared_ptr<Core> opened = core->core;  // the handle may be closed meanwhile, by another thread
    const std::int64_t next = opened->run_due(static_cast<std::int64_t>(budget_ms) * 1000);
    if (next_due_us) *next_due_us = next;
  });
}
int32_t kith_events_next(kith_core* core, kith_str consumer, uint32_t max, kith_rows** rows, kith_error** error) {
  if (rows) *rows = nullptr;
  return guarded(error, [&] {
    need(core != nullptr && rows != nullptr, "the core, or the place for the rows,");
    const std::shared_ptr<Core> opened = core->core;
    const Core::Call call(*opened);
    auto made = std::make_unique<kith_rows>();
    made->result = next_events(*opened, in(consumer, "the consumer"), max);
    *rows = made.release();
  });
}
int32_t kith_events_ack(kith_core* core, kith_str consumer, uint64_t position, kith_error** error) {
  return guarded(error, [&] {
    need(core != nullptr, "the core handle");
    const std::shared_ptr<Core> opened = core->core;
    const Core::Call call(*opened);
    acknowledge_events(*opened, consumer_key(in(consumer, "the consumer")), position);
  });
}

}  // extern "C"
