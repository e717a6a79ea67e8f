/* session.h - what embedder and plugin share. One list makes both the exported kith_* functions (kith.h) and the table
 * that a plugin receives (kith_api). Since 0.1.
 *
 * int32_t results are KITH_* codes. `error` may be NULL; it is set only on failure and is freed with error_free. Out
 * handles are NULL on failure. Freeing NULL is allowed. Strings and arrays that go in are borrowed for the call. No
 * callback is ever made from these functions except a plugin's own bodies. Entries are only added at the end. */
#ifndef KITH_SESSION_H
#define KITH_SESSION_H
#include <kith/types.h>
#ifdef __cplusplus
extern "C" {
#endif

/* clang-format off */
#define KITH_SESSION_API(X) \
  /* [any] its class, KITH_*. NULL: KITH_OK. */ \
  X(int32_t, error_code, (const kith_error* error)) \
  /* [any] for people: every problem with what was expected, found and what to do. Valid until error_free. */ \
  X(kith_str, error_text, (const kith_error* error)) \
  /* [any] {"problems":[{"code":"KITH-1301","message","where","field","expected","found","fix"}]}. Valid until \
     error_free. */ \
  X(kith_str, error_json, (const kith_error* error)) \
  /* [any] */ \
  X(void, error_free, (kith_error * error)) \
  /* [session] Takes the writer; everything until commit is one transaction and one now. Inside one: KITH_MISUSE. \
     Waits its turn, in the end KITH_BUSY, which names who holds the writer. The transaction is the session's, \
     whichever thread calls. It may be open for 5 s: then whoever waits for the writer rolls it back, and the \
     session's next call is KITH_TIMEOUT. */ \
  X(int32_t, session_begin, (kith_session * s, kith_error * *error)) \
  /* [session] Durable when it returns KITH_OK. KITH_RETRY: rolled back, begin again. Any failure: rolled back. */ \
  X(int32_t, session_commit, (kith_session * s, kith_error * *error)) \
  /* [session] Does nothing when no transaction is open. */ \
  X(void, session_rollback, (kith_session * s)) \
  /* [session] Through the whole save pipeline. Text is accepted for every field type where exact. KITH_INVALID \
     lists all fields that are wrong; KITH_CONFLICT: not unique. */ \
  X(int32_t, record_create, (kith_session * s, kith_str type, const kith_field* f, uint64_t n, kith_ref* out, \
    kith_error** e)) \
  /* [session] `version` 0: any; else KITH_CONFLICT when the record has another. A write that changes nothing leaves \
     no trace. */ \
  X(int32_t, record_update, (kith_session * s, const kith_ref* r, uint64_t version, const kith_field* f, uint64_t n, \
    kith_error** e)) \
  /* [session] The record is no longer live; its row and history stay. */ \
  X(int32_t, record_remove, (kith_session * s, const kith_ref* r, uint64_t version, kith_error** e)) \
  /* [session] Fields: "reason" and what the new state requires. KITH_INVALID: no such transition from here (lists \
     those there are), a guard that denies (says what it asks and what it found; where that is unknown, the empty \
     field), or a field that the new state requires and has not. */ \
  X(int32_t, record_transition, (kith_session * s, const kith_ref* r, kith_str lifecycle, kith_str event, const \
    kith_field* f, uint64_t n, kith_error** e)) \
  /* [session] By name or inverse name. Fields: attributes, from_on, to_on. */ \
  X(int32_t, record_relate, (kith_session * s, const kith_ref* from, kith_str relationship, const kith_ref* to, \
    const kith_field* f, uint64_t n, kith_error** e)) \
  /* [session] Ends it today; its history stays. */ \
  X(int32_t, record_unrelate, (kith_session * s, const kith_ref* from, kith_str relationship, const kith_ref* to, \
    kith_error** e)) \
  /* [session] One row; derived values are fresh. n = 0: all members. */ \
  X(int32_t, record_get, (kith_session * s, const kith_ref* r, const kith_str* select, uint64_t n, kith_rows** out, \
    kith_error** e)) \
  /* [session] KITH_INVALID with carets for a wrong expression; KITH_TIMEOUT with the count when too much is stale \
     to be made fresh at once. */ \
  X(int32_t, session_query, (kith_session * s, const kith_query* q, kith_rows** out, kith_error** e)) \
  /* [session] KITH_OK or KITH_END. The row is valid until the next call on these rows. Holds no lock between calls: \
     writing inside the loop is allowed. */ \
  X(int32_t, rows_next, (kith_rows * r, const kith_value** row, kith_error** e)) \
  /* [any] */ \
  X(uint64_t, rows_width, (const kith_rows* r)) \
  /* [any] its name; valid until rows_free. */ \
  X(kith_str, rows_column, (const kith_rows* r, uint64_t i)) \
  /* [session] for kith_query.after: goes on behind the last row given. Valid until the next call. */ \
  X(kith_str, rows_cursor, (const kith_rows* r)) \
  /* [any] */ \
  X(void, rows_free, (kith_rows * r)) \
  /* [session] "explain", "timeline", "import.step", ...: documents in JSON. The verbs are listed in \
     core/src/core/README.md. */ \
  X(int32_t, session_run, (kith_session * s, kith_str verb, kith_str args_json, kith_text** out, kith_error** e)) \
  /* [any] valid until text_free. */ \
  X(kith_str, text_str, (const kith_text* t)) \
  /* [any] */ \
  X(void, text_free, (kith_text * t)) \
  /* [session] By UUID, "@source:external id" or the type's key field. KITH_NOT_FOUND. */ \
  X(int32_t, record_find, (kith_session * s, kith_str type, kith_str key, kith_ref* out, kith_error** e)) \
  /* [session] of the number in a KITH_REF value; empty: none. Lives as long as the core. */ \
  X(kith_str, session_type_name, (kith_session * s, uint32_t record_type)) \
  /* [session] microseconds UTC: the transaction's now, or the core's clock. */ \
  X(int64_t, session_now, (kith_session * s)) \
  /* [session] Why a score, segment, formula or rollup has its value, fresh. Columns: rule, dimension (text), points \
     (double), text, value (text: what was seen), unknown (bool). A score's points add up to its last row, whose \
     rule is "total" and whose text is the band. */ \
  X(int32_t, record_explain, (kith_session * s, const kith_ref* r, kith_str name, kith_rows** out, kith_error** e)) \
  /* [session] An event for the host (kith_events_next) and for workflows; part of the transaction. */ \
  X(int32_t, session_emit, (kith_session * s, kith_str name, const kith_ref* about, kith_str payload_json, \
    kith_error** e)) \
  /* [session] The number of a record type in a KITH_REF value; UINT32_MAX: there is no such type. */ \
  X(uint32_t, session_type_number, (kith_session * s, kith_str type)) \
  /* [any] The type of a column, KITH_*: its values are of it, or KITH_NULL. KITH_NULL: it has only these, or there is \
     no such column. */ \
  X(uint32_t, rows_type, (const kith_rows* r, uint64_t i)) \
  /* [session] How many rows the result has, those that were given included; UINT64_MAX: not known yet, because it \
     goes on behind a page that is still to be read. */ \
  X(uint64_t, rows_count, (const kith_rows* r)) \
  /* [session] The records of `q` (type, where, params, as_stored) in groups, with figures of each. groups_json is \
     {"by": [...], "figures": [...], "having": "..."} as of the verb "aggregate"; order_by names columns of the \
     result, limit 0 is all, `select` and `after` must be empty. KITH_INVALID for what can't be asked, and beyond \
     100,000 groups; KITH_TIMEOUT as session_query. A figure that is unknown is KITH_NULL; the verb says why. */ \
  X(int32_t, session_aggregate, (kith_session * s, const kith_query* q, kith_str groups_json, kith_rows** out, \
    kith_error** e))
/* clang-format on */

#define KITH_MEMBER(ret, name, args) ret(*name) args;
typedef struct kith_api {
  uint32_t struct_size; /* bytes that the giver filled; entries beyond are absent */
  uint32_t minor;       /* KITH_ABI_MINOR of the core */
  KITH_SESSION_API(KITH_MEMBER)
} kith_api;
#undef KITH_MEMBER

#ifdef __cplusplus
}
#endif
#endif
