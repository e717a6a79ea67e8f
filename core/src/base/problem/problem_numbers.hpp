// The one list of problems. A number is never reused; add at the end of its block.
// X(number, name, class code, exit code)
#pragma once
#include <kith/types.h>

#include <cstdint>

// 10xx JSON and files of configuration, 12xx manifest and catalog, 13xx expressions, 20xx-21xx plugins,
// 30xx records and the save pipeline, 31xx import and export, 40xx data and migration, 50xx storage,
// 60xx busy and time, 70xx permission and misuse, 80xx not found, 90xx bugs.
#define KITH_PROBLEMS(X)                            \
  X(1001, json_syntax, KITH_INVALID, 3)             \
  X(1002, unknown_key, KITH_INVALID, 3)             \
  X(1003, missing_key, KITH_INVALID, 3)             \
  X(1004, wrong_type, KITH_INVALID, 3)              \
  X(1005, bad_value, KITH_INVALID, 3)               \
  X(1006, file_unreadable, KITH_IO, 3)              \
  X(1007, duplicate_key, KITH_INVALID, 3)           \
  X(1201, duplicate_name, KITH_INVALID, 3)          \
  X(1202, unknown_reference, KITH_INVALID, 3)       \
  X(1203, bad_name, KITH_INVALID, 3)                \
  X(1204, derivation_cycle, KITH_INVALID, 3)        \
  X(1205, not_allowed_here, KITH_INVALID, 3)        \
  X(1206, ambiguous_transition, KITH_INVALID, 3)    \
  X(1207, label_missing, KITH_INVALID, 3)           \
  X(1208, bad_setting, KITH_INVALID, 3)             \
  X(1209, too_large, KITH_INVALID, 3)               \
  X(1210, later_version, KITH_UNSUPPORTED, 3)       \
  X(1301, unknown_name, KITH_INVALID, 3)            \
  X(1302, type_mismatch, KITH_INVALID, 3)           \
  X(1303, expression_syntax, KITH_INVALID, 3)       \
  X(1304, unknown_function, KITH_INVALID, 3)        \
  X(1305, wrong_arguments, KITH_INVALID, 3)         \
  X(1306, bad_enum_value, KITH_INVALID, 3)          \
  X(1307, expression_too_large, KITH_INVALID, 3)    \
  X(1308, unknown_parameter, KITH_INVALID, 2)       \
  X(1309, now_not_allowed, KITH_INVALID, 3)         \
  X(1310, not_exact_in_sql, KITH_INVALID, 3)        \
  X(1311, bad_literal, KITH_INVALID, 3)             \
  X(2101, plugin_not_found, KITH_PLUGIN, 4)         \
  X(2102, plugin_id_mismatch, KITH_PLUGIN, 4)       \
  X(2103, plugin_folder_unsafe, KITH_PLUGIN, 4)     \
  X(2104, plugin_dependency, KITH_PLUGIN, 4)        \
  X(2105, plugin_cycle, KITH_PLUGIN, 4)             \
  X(2106, plugin_version, KITH_PLUGIN, 4)           \
  X(2120, plugin_abi, KITH_PLUGIN, 4)               \
  X(2121, plugin_library_missing, KITH_PLUGIN, 4)   \
  X(2122, plugin_not_a_library, KITH_PLUGIN, 4)     \
  X(2123, plugin_symbol_missing, KITH_PLUGIN, 4)    \
  X(2124, plugin_binding, KITH_PLUGIN, 4)           \
  X(2125, plugin_entry_failed, KITH_PLUGIN, 4)      \
  X(2126, plugin_body_failed, KITH_PLUGIN, 4)       \
  X(3001, value_invalid, KITH_INVALID, 1)           \
  X(3002, required_missing, KITH_INVALID, 1)        \
  X(3003, not_unique, KITH_CONFLICT, 1)             \
  X(3004, version_conflict, KITH_CONFLICT, 1)       \
  X(3005, validation_rejected, KITH_INVALID, 1)     \
  X(3006, unknown_field, KITH_INVALID, 2)           \
  X(3007, field_not_writable, KITH_INVALID, 1)      \
  X(3008, guard_denied, KITH_INVALID, 1)            \
  X(3009, no_such_transition, KITH_INVALID, 1)      \
  X(3010, reason_required, KITH_INVALID, 2)         \
  X(3011, relationship_invalid, KITH_INVALID, 1)    \
  X(3012, reference_invalid, KITH_INVALID, 1)       \
  X(3013, record_removed, KITH_NOT_FOUND, 8)        \
  X(3014, query_invalid, KITH_INVALID, 2)           \
  X(3015, append_only, KITH_INVALID, 1)             \
  X(3101, csv_invalid, KITH_INVALID, 1)             \
  X(3102, mapping_invalid, KITH_INVALID, 3)         \
  X(3103, column_missing, KITH_INVALID, 3)          \
  X(3104, too_many_rejects, KITH_INVALID, 1)        \
  X(3105, import_changed, KITH_CONFLICT, 1)         \
  X(3106, import_interrupted, KITH_CANCELLED, 9)    \
  X(3107, rows_rejected, KITH_INVALID, 1)           \
  X(3108, column_value, KITH_INVALID, 1)            \
  X(4001, newer_catalog, KITH_CONFLICT, 5)          \
  X(4002, migration_needed, KITH_CONFLICT, 5)       \
  X(4003, lossy_change, KITH_CONFLICT, 5)           \
  X(4004, orphaned_data, KITH_CONFLICT, 5)          \
  X(4005, not_a_kith_file, KITH_CORRUPT, 10)        \
  X(5001, storage_failed, KITH_IO, 10)              \
  X(5002, storage_full, KITH_IO, 10)                \
  X(5003, storage_corrupt, KITH_CORRUPT, 10)        \
  X(5004, storage_unsupported, KITH_UNSUPPORTED, 3) \
  X(6001, file_locked, KITH_BUSY, 6)                \
  X(6002, writer_busy, KITH_BUSY, 6)                \
  X(6003, deadline_passed, KITH_TIMEOUT, 6)         \
  X(6004, cancelled, KITH_CANCELLED, 9)             \
  X(6005, budget_exceeded, KITH_TIMEOUT, 6)         \
  X(7001, denied, KITH_DENIED, 7)                   \
  X(7002, misuse, KITH_MISUSE, 70)                  \
  X(7003, closed, KITH_CLOSED, 70)                  \
  X(7004, usage, KITH_INVALID, 2)                   \
  X(7005, unsupported, KITH_UNSUPPORTED, 70)        \
  X(8001, record_not_found, KITH_NOT_FOUND, 8)      \
  X(8002, unknown_record_type, KITH_NOT_FOUND, 8)   \
  X(8003, unknown_thing, KITH_NOT_FOUND, 8)         \
  X(9001, bug, KITH_BUG, 70)

namespace kith::internal {

/// A problem's number, printed as KITH-nnnn.
enum class ProblemNumber : std::int32_t {
#define KITH_PROBLEM_ENUM(number, name, code, exit) name = number,
  KITH_PROBLEMS(KITH_PROBLEM_ENUM)
#undef KITH_PROBLEM_ENUM
};

std::int32_t code_of(ProblemNumber number);  ///< its class, KITH_*
int exit_code_of(ProblemNumber number);      ///< what `kith` ends with

}  // namespace kith::internal
