// SOCI's session, and the native SQLite handle inside it.
// <soci/sqlite3/soci-sqlite3.h> includes <sqlite3.h> inside a namespace of its own, so the two headers can't share a
// translation unit in any order. native.cpp alone sees SOCI; all other files use the native handle or these functions.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

struct sqlite3;

namespace kith::internal::store {

/// An open SOCI session on a SQLite file. Errors of SOCI are translated (store/connection/sqlite_error.hpp).
class NativeSession {
 public:
  enum class Access : std::uint8_t {
    write,
    read,
    frozen  ///< read a file that nobody changes meanwhile: nothing is locked, nothing is made beside it
  };
  /// `path` must not hold a double quote: SOCI's connection strings can't carry one.
  NativeSession(const std::string& path, Access access);
  ~NativeSession();
  NativeSession(const NativeSession&) = delete;
  NativeSession& operator=(const NativeSession&) = delete;

  sqlite3* handle() const noexcept { return handle_; }
  void run(const std::string& sql);              ///< one statement without result
  std::string text(const std::string& sql);      ///< the first column of the first row, "" when there is none
  std::int64_t integer(const std::string& sql);  ///< likewise, 0 when there is none

 private:
  struct Body;
  std::unique_ptr<Body> body_;
  sqlite3* handle_ = nullptr;
};

}  // namespace kith::internal::store
