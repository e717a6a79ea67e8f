// A PostgreSQL of its own for a test program: made in a folder below /tmp, reached by a socket in it, gone at the end.
#pragma once
#include <string>

namespace kith::test {

class Postgres {
 public:
  /// The one of this program; started when it is first asked for, stopped when the program ends, however it ends.
  static Postgres& instance();
  /// Why there is none, in a sentence for GTEST_SKIP; "" when it runs.
  const std::string& missing() const { return missing_; }
  /// For PQconnectdb.
  const std::string& connection() const { return connection_; }

  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

 private:
  Postgres();
  ~Postgres();

  std::string missing_, connection_;
  int keeper_ = -1;    ///< process that holds the server and cleans up
  int lifeline_ = -1;  ///< closed when this program ends: then the keeper acts
};

}  // namespace kith::test
