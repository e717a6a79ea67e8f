/* types.h - the values that cross the line. C11, also C++; 64-bit targets only. Since 0.1.
 *
 * FROZEN structs never change and carry no struct_size (they are put in arrays). All others start with struct_size, set
 * by whoever makes them to sizeof(the struct), else KITH_MISUSE; they grow at the end only. Text is UTF-8 without
 * U+0000.
 *
 * Thread tags, on every function of these headers:
 *   [any]      any thread, at any time, also while other threads are inside the same core
 *   [session]  one thread at a time for one session and everything made from it; else KITH_MISUSE
 *   [setup]    inside kith_plugin_entry only
 *   [call]     inside the body that was given the handle, on its thread, until the body returns
 */
#ifndef KITH_TYPES_H
#define KITH_TYPES_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

typedef struct kith_core kith_core;       /* one opened database with its plugins; [any] */
typedef struct kith_session kith_session; /* a core seen by one tenant and one actor; [session] */
typedef struct kith_rows kith_rows;       /* a result; [session]; free on any thread, in any order */
typedef struct kith_text kith_text;       /* an owned JSON document */
typedef struct kith_error kith_error;     /* made only on failure; owned by the caller */

/* What calls return. KITH_OK and KITH_END are no failures. A failure's exact problem is a number KITH-nnnn in the
 * error's JSON; these are its classes. Values are never reused. */
enum {
  KITH_OK = 0,
  KITH_END = 1,      /* no further row */
  KITH_INVALID = 10, /* the input, an expression or a declaration is wrong; the error says what and where */
  KITH_DENIED = 11,  /* the actor may not */
  KITH_NOT_FOUND = 12,
  KITH_CONFLICT = 13, /* another version, a duplicate, newer definitions */
  KITH_RETRY = 14,    /* the transaction was rolled back; begin again */
  KITH_BUSY = 15,     /* another process or thread holds what is needed */
  KITH_TIMEOUT = 16,
  KITH_CANCELLED = 17,
  KITH_MISUSE = 18, /* the calling program broke a rule of this header */
  KITH_CLOSED = 19,
  KITH_UNSUPPORTED = 20,
  KITH_PLUGIN = 21, /* a plugin was refused or its body failed */
  KITH_IO = 22,
  KITH_CORRUPT = 23,
  KITH_NO_MEMORY = 24,
  KITH_BUG = 25
};

/* Types of values. Enum fields travel as KITH_TEXT (the value's id). */
enum {
  KITH_NULL = 0,
  KITH_BOOL = 1,
  KITH_INT = 2,
  KITH_DOUBLE = 3, /* finite */
  KITH_TEXT = 4,
  KITH_DATE = 5,      /* days since 1970-01-01, of the years 1 to 9999; anything else is KITH_INVALID */
  KITH_TIMESTAMP = 6, /* microseconds since 1970-01-01T00:00:00Z, likewise */
  KITH_DURATION = 7,  /* microseconds; never stored */
  KITH_MONEY = 8,     /* minor units; `currency` is ISO 4217, `scale` its decimals */
  KITH_REF = 9,       /* as.id; the type is the 4 bytes of currency and scale, see kith_session_type_name */
  KITH_JSON = 10      /* as.s holds JSON text; lists too */
};

typedef struct kith_str {
  const char* ptr;
  uint64_t len;
} kith_str; /* FROZEN 16; borrowed */
typedef struct kith_id {
  uint8_t bytes[16];
} kith_id; /* FROZEN 16; UUIDv7, RFC 9562 */
typedef struct kith_ref {
  kith_str type;
  kith_id id;
} kith_ref;                 /* FROZEN 32; `type` lives as long as the core */
typedef struct kith_value { /* FROZEN 24 */
  uint32_t type;            /* KITH_NULL ... */
  uint8_t currency[3];      /* KITH_MONEY; KITH_REF: low three bytes of the record type's number */
  uint8_t scale;            /* KITH_MONEY; KITH_REF: its high byte */
  union {
    int64_t i; /* bool 0 or 1, int, date, timestamp, duration, money */
    double d;
    kith_str s; /* text, json; borrowed */
    kith_id id;
  } as;
} kith_value;
typedef struct kith_field {
  kith_str name;
  kith_value value;
} kith_field; /* FROZEN 40 */

/* What to list. All but struct_size and record_type may be zero. */
typedef struct kith_query {
  uint32_t struct_size;
  uint32_t limit; /* rows in all; 0 = 100; fetched in pages of at most 2,048 */
  kith_str record_type;
  kith_str where;           /* an expression of type bool; host values enter only as $name */
  kith_str order_by;        /* "name, retail.net_spend_12m desc"; nulls last; ties by id, as the last term is turned */
  const kith_field* params; /* $name -> value; a list, for `x in $name`, as KITH_JSON: ["a", "b"], [1, 2] */
  uint64_t param_count;
  const kith_str* select; /* member names, paths ("customer.name"), "id"; none = all members */
  uint64_t select_count;
  kith_str after; /* kith_rows_cursor of an earlier result */
  uint32_t
      as_stored; /* 0: derived values are made fresh first, where the core may write; 1: as they were last stored */
  uint32_t reserved;
} kith_query;

#ifdef __cplusplus
}
static_assert(sizeof(void*) == 8, "64-bit targets only");
static_assert(sizeof(kith_str) == 16 && sizeof(kith_id) == 16 && sizeof(kith_ref) == 32 && sizeof(kith_value) == 24 &&
                  sizeof(kith_field) == 40,
              "frozen sizes");
static_assert(offsetof(kith_value, currency) == 4 && offsetof(kith_value, scale) == 7 && offsetof(kith_value, as) == 8,
              "frozen offsets");
static_assert(sizeof(kith_query) == 112 && offsetof(kith_query, after) == 88, "kith_query only grows");
#else
_Static_assert(sizeof(void*) == 8, "64-bit targets only");
_Static_assert(sizeof(kith_str) == 16 && sizeof(kith_id) == 16 && sizeof(kith_ref) == 32 && sizeof(kith_value) == 24 &&
                   sizeof(kith_field) == 40,
               "frozen sizes");
_Static_assert(offsetof(kith_value, currency) == 4 && offsetof(kith_value, scale) == 7 && offsetof(kith_value, as) == 8,
               "frozen offsets");
#endif
#endif
