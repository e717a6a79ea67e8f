#include "store/connection/sqlite_error.hpp"

#include <sqlite3.h>

#include <new>

#include "base/problem/error.hpp"
#include "store/connection/sqlite_functions.hpp"

namespace kith::internal::store {
namespace {

struct Meaning {
  int primary;
  ProblemNumber number;
  const char* message;
  const char* fix;
};

constexpr Meaning kMeanings[] = {
    {SQLITE_FULL, ProblemNumber::storage_full, "there is no room left for the database",
     "free some disk space and try again; nothing was changed"},
    {SQLITE_CORRUPT, ProblemNumber::storage_corrupt, "the database file is damaged",
     "restore it from a backup; keep the damaged file for an examination"},
    {SQLITE_NOTADB, ProblemNumber::storage_corrupt, "the database file is damaged or no database",
     "restore it from a backup; keep the damaged file for an examination"},
    {SQLITE_BUSY, ProblemNumber::writer_busy, "the database is busy with another writer",
     "try again; allow a longer wait"},
    {SQLITE_LOCKED, ProblemNumber::writer_busy, "a table is busy with another statement", "try again"},
    {SQLITE_INTERRUPT, ProblemNumber::cancelled, "the operation was cancelled", ""},
    {SQLITE_READONLY, ProblemNumber::storage_failed, "the database can't be written",
     "check the permissions of the file and its folder, or open it read-only (kith --read-only, read_only of the "
     "options)"},
    {SQLITE_CANTOPEN, ProblemNumber::storage_failed, "the database can't be opened",
     "check that the folder exists and may be read and written"},
    {SQLITE_PERM, ProblemNumber::storage_failed, "the database may not be accessed",
     "check the permissions of the file and its folder"},
    {SQLITE_IOERR, ProblemNumber::storage_failed, "reading or writing the database failed",
     "check the disk and the file system"},
    {SQLITE_TOOBIG, ProblemNumber::storage_failed, "a value is too large for the database",
     "store large content elsewhere and keep a reference to it"},
};

// A constraint other than uniqueness says that a wrong value reached the tables: the floors above should have seen it.
Error constraint(int extended, const std::string& detail) {
  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return {ProblemNumber::not_unique, "a value that must be unique is there already" + detail};
    default: return {ProblemNumber::bug, "the database refused a value" + detail, "report this as a bug"};
  }
}

}  // namespace

std::string operation_of(std::string_view sql) {
  constexpr std::size_t kLongest = 72;
  std::string out;
  for (const char c : sql) {
    if (c == '(' || c == ';' || out.size() >= kLongest) break;
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out.push_back(blank ? ' ' : c);
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

void throw_sqlite(int code, std::string_view says, std::string_view sql) {
  const int primary = code & 0xff;
  if (primary == SQLITE_NOMEM) throw std::bad_alloc();
  if (says.starts_with(kLookedAtTooMany)) {
    throw Error(ProblemNumber::budget_exceeded,
                "an expression looked at " + std::string(says.substr(std::string_view("kith: ").size())) +
                    " related records of one record",
                "count them in a rollup, which is kept, instead of in the expression");
  }
  const std::string detail = " (" + std::string(says) + ", in: " + operation_of(sql) + ")";
  if (primary == SQLITE_CONSTRAINT) throw constraint(code, detail);
  for (const Meaning& meaning : kMeanings) {
    if (meaning.primary == primary) throw Error(meaning.number, meaning.message + detail, meaning.fix);
  }
  throw Error(ProblemNumber::bug, "the database did not understand a statement" + detail, "report this as a bug");
}

bool has_failed(sqlite3* handle) {
  const int primary = sqlite3_errcode(handle) & 0xff;
  return primary != SQLITE_OK && primary != SQLITE_ROW && primary != SQLITE_DONE;
}

void throw_sqlite(sqlite3* handle, std::string_view sql) {
  // The text belongs to the connection and goes with its next call, so it is copied first.
  const std::string says = sqlite3_errmsg(handle);
  throw_sqlite(sqlite3_extended_errcode(handle), says, sql);
}

}  // namespace kith::internal::store
