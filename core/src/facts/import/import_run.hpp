// The counts and reasons of an import run, and how they are kept in its bookkeeping row.
#pragma once
#include <boost/json/fwd.hpp>
#include <map>
#include <string>

#include "base/problem/error.hpp"
#include "store/rows/work_rows.hpp"

namespace kith::internal::facts {

struct Reason {
  std::int64_t count = 0, first_line = 0;
  std::string field, code;
  bool part = false;  ///< the rest of the row landed
};

class Reasons {
 public:
  static Reasons parse(const std::string& text);
  std::string to_json() const;      ///< {"reason text": {"count","first_line","field","code","part"?}}
  boost::json::array list() const;  ///< [{"text",...}], most frequent first
  void add(const Problem& problem, std::int64_t line, bool part);
  std::int64_t partial() const;  ///< rows that landed in part

 private:
  std::map<std::string, Reason> reasons_;
};

/// What tells one content of a file from another: its size and the hash of its first mebibyte.
std::string file_fingerprint(const std::string& path);

}  // namespace kith::internal::facts
