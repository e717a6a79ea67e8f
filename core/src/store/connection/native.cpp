#include "store/connection/native.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "base/problem/error.hpp"
#include "base/text/text.hpp"
#include "store/connection/sqlite_error.hpp"

namespace kith::internal::store {
namespace {

constexpr int kPlainError = 1;   // SQLITE_ERROR
constexpr int kCannotOpen = 14;  // SQLITE_CANTOPEN; SOCI keeps the code only in the text

// RFC 3986: everything but unreserved characters and the slash.
std::string uri_of(const std::string& path) {
  std::string out = "file:";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/-._~").find(c) != std::string_view::npos;
    if (plain)
      out += c;
    else
      out.append("%").append(hex(std::string_view(&c, 1)));
  }
  return out;
}

// SOCI reads "key=value" pairs; a quoted value may hold blanks and equal signs, but no quote.
std::string connection_string(const std::string& path, NativeSession::Access access) {
  if (path.find('"') != std::string::npos) {
    throw Error(ProblemNumber::storage_failed, "the path of a database can't hold a double quote: " + path,
                "rename the file or its folder");
  }
  switch (access) {
    case NativeSession::Access::write: return "dbname=\"" + path + "\"";
    case NativeSession::Access::read: return "dbname=\"" + path + "\" readonly=true";
    case NativeSession::Access::frozen: break;
  }
  // SOCI can't ask for it, but SQLite takes names for URIs where it was built to (Debian's is).
  if (sqlite_api::sqlite3_compileoption_used("USE_URI") == 0) {
    throw Error(
        ProblemNumber::storage_unsupported,
        "this SQLite can't read a database in a folder that can't be written: it was built without SQLITE_USE_URI",
        "copy the file into a folder that can be written");
  }
  return "dbname=\"" + uri_of(path) + "?immutable=1\" readonly=true";
}

// The connection still knows what went wrong last; SOCI's own error type hides behind its library's visibility.
[[noreturn]] void translate(sqlite3* handle, const std::exception& error, const std::string& sql) {
  if (has_failed(handle)) throw_sqlite(handle, sql);
  throw_sqlite(kPlainError, error.what(), sql);
}

}  // namespace

struct NativeSession::Body {
  soci::session session;
};

NativeSession::NativeSession(const std::string& path, Access access) : body_(std::make_unique<Body>()) {
  try {
    body_->session.open(*soci::factory_sqlite3(), connection_string(path, access));
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw_sqlite(kCannotOpen, std::string(error.what()) + " (" + path + ")", "open");
  } catch (...) {
    // In a program of another C++ runtime SOCI throws by that runtime, and its types are not seen here.
    throw_sqlite(kCannotOpen, "the file can't be opened (" + path + ")", "open");
  }
  if (body_->session.get_backend_name() != "sqlite3")
    throw Error(ProblemNumber::bug, "SOCI opened another backend than SQLite's");
  // No dynamic_cast here: libsoci_sqlite3.so hides the type information of its session backend.
  auto* backend = static_cast<soci::sqlite3_session_backend*>(body_->session.get_backend());
  handle_ = reinterpret_cast<sqlite3*>(backend->conn_);
}

NativeSession::~NativeSession() = default;

void NativeSession::run(const std::string& sql) {
  try {
    body_->session << sql;
  } catch (const std::exception& error) {
    translate(handle_, error, sql);
  } catch (...) {
    throw_sqlite(kPlainError, "the statement failed", sql);
  }
}

std::string NativeSession::text(const std::string& sql) {
  try {
    std::string out;
    soci::indicator indicator = soci::i_null;
    body_->session << sql, soci::into(out, indicator);
    return indicator == soci::i_ok ? out : std::string{};
  } catch (const std::exception& error) {
    translate(handle_, error, sql);
  } catch (...) {
    throw_sqlite(kPlainError, "the statement failed", sql);
  }
}

std::int64_t NativeSession::integer(const std::string& sql) {
  try {
    long long out = 0;
    soci::indicator indicator = soci::i_null;
    body_->session << sql, soci::into(out, indicator);
    return indicator == soci::i_ok ? out : 0;
  } catch (const std::exception& error) {
    translate(handle_, error, sql);
  } catch (...) {
    throw_sqlite(kPlainError, "the statement failed", sql);
  }
}

}  // namespace kith::internal::store
