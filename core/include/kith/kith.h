/* kith.h - the embedder's door: open a core, open sessions, let due work run, read events. Since 0.1.
 *
 *   kith_core* core = NULL; kith_session* me = NULL; kith_error* error = NULL;
 *   kith_options o = {.struct_size = sizeof o, .config_path = {"kith.json", 9}};
 *   if (kith_core_open(&o, &core, &error) != KITH_OK) { ... kith_error_text(error) ... }
 *   kith_session_options so = {.struct_size = sizeof so, .tenant = {"acme", 4}, .actor = {"alice", 5}};
 *   kith_session_open(core, &so, &me, &error);
 *
 * The library makes no thread, installs no signal handler, writes to no stream, and keeps nothing beyond its cores but
 * the list of the plugin libraries that are mapped. */
#ifndef KITH_H
#define KITH_H
#include <kith/session.h>
#ifdef __cplusplus
extern "C" {
#endif
#define KITH_DECLARE(ret, name, args) ret kith_##name args;
KITH_SESSION_API(KITH_DECLARE)
#undef KITH_DECLARE

enum { KITH_LOG_DEBUG = 1, KITH_LOG_INFO = 2, KITH_LOG_WARNING = 3, KITH_LOG_ERROR = 4 };

typedef struct kith_options {
  uint32_t struct_size;
  /* 1: read beside a process that holds the file; writing calls are KITH_BUSY. Lists filter and order by derived values
     as they were last stored; the log says when that matters. */
  uint32_t read_only;
  /* kith.json (sdk/schema/kith.schema.json); paths inside are relative to it. This or the next one. */
  kith_str config_path;
  kith_str config_json; /* the same as text; paths inside are relative to the working directory */
  void* user;           /* given to the callbacks. They come on any thread, must return soon, let no exception out and
                           must not call this core (KITH_MISUSE). */
  void (*log)(void* user, int32_t level, kith_str text);
  void (*wake)(void* user);      /* work or an event is there: call kith_run_due / kith_events_next soon */
  int64_t (*now_us)(void* user); /* NULL: the system's clock. The only clock of this core; microseconds UTC */
  /* Not called yet: kith.json has no secrets in 0.1. */
  int32_t (*secret)(void* user, kith_str name, uint8_t* out, uint64_t capacity, uint64_t* size);
  uint32_t lock_wait_ms; /* how long to wait for another process to let go of the file; 0 = not at all */
  uint32_t reserved;
} kith_options;
typedef struct kith_session_options {
  uint32_t struct_size, reserved;
  kith_str tenant; /* an id of kith.json's "tenants"; "default" where none are configured */
  kith_str actor;  /* who asks; written to every change */
} kith_session_options;

/* [any] "0.1.0" */
kith_str kith_version(void);
/* [any] Fills min(out->struct_size, own size) of the table and zeroes the rest. */
void kith_api_copy(kith_api* out);
/* [any] Reads config and manifests, checks the whole catalog, loads plugins, brings the file to the catalog (or says
 * what is to be done). All problems at once. KITH_INVALID, KITH_PLUGIN, KITH_BUSY, KITH_CONFLICT, KITH_IO,
 * KITH_CORRUPT. */
int32_t kith_core_open(const kith_options* o, kith_core** out, kith_error** error);
/* [any] Waits for running calls; later calls on its sessions return KITH_CLOSED. Its sessions and rows may be freed
 * later. */
void kith_core_close(kith_core* core);
/* [any] Config, manifests and every expression, without opening a database or loading a library:
 * {"bundles":[...],"expressions":n,...}. Fails with all problems at once. */
int32_t kith_check(const kith_options* o, kith_text** out, kith_error** error);
/* [any] Documents about the core: "doctor", "plugins", "catalog", "pending", "clock.set". See core/src/core/README.md.
 */
int32_t kith_core_run(kith_core* core, kith_str verb, kith_str args_json, kith_text** out, kith_error** error);

/* [any] */
int32_t kith_session_open(kith_core* core, const kith_session_options* o, kith_session** out, kith_error** error);
/* [any] Rolls back; results of it may be freed later. A call that runs on another thread ends with KITH_CANCELLED. */
void kith_session_close(kith_session* session);
/* [any] The running call, also one that waits, ends with KITH_CANCELLED, soon and as if it had not been made; a
 * transaction that is open is rolled back with it. Where none runs, nothing happens. The session can be used on. */
void kith_session_cancel(kith_session* session);

/* [any] Does what is due (events to workflows, stale derivations) for at most `budget_ms`; `next_due_us` is the instant
 * at which there is work again: now or earlier = more is waiting, INT64_MAX = nothing is planned. */
int32_t kith_run_due(kith_core* core, uint32_t budget_ms, int64_t* next_due_us, kith_error** error);
/* [any] Events after the consumer's position, oldest first: columns position (int), tenant (text), at (timestamp), kind
 * (text), type (text), record (text), name (text), payload (json). At least once: they come again until
 * acknowledged. */
int32_t kith_events_next(kith_core* core, kith_str consumer, uint32_t max, kith_rows** out, kith_error** error);
/* [any] Everything up to and including `position` was dealt with. KITH_INVALID: no event has come so far yet. */
int32_t kith_events_ack(kith_core* core, kith_str consumer, uint64_t position, kith_error** error);
#ifdef __cplusplus
}
#endif
#endif
