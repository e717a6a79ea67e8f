// The counts and reasons of an import run, and how they are kept in its bookkeeping row.
#pragma once
#include <boost/json/fwd.hpp>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "base/problem/error.hpp"
#include "store/rows/work_rows.hpp"

namespace kith::internal::facts {

/// Rows that were refused for one thing: what is wrong with which field, and what was expected there.
struct Reason {
  struct Sample {
    std::int64_t line = 0;
    std::string text, fix;
  };
  std::int64_t count = 0;
  std::string field, code, expected;
  std::string fix;              ///< of all of them; "" = they differ, or there is none
  bool part = false;            ///< the rest of the row landed
  bool same = true;             ///< all have the text of the first sample
  std::vector<Sample> samples;  ///< the first ones, of different texts
};

class Reasons {
 public:
  static Reasons parse(const std::string& text);
  std::string to_json() const;  ///< a list of objects as in list()
  /// [{"text","count","first_line","field","code","part","expected","fix","samples":[{"line","text","fix"?}]}], most
  /// frequent first; "samples" only where texts differ.
  boost::json::array list() const;
  void add(const Problem& problem, std::int64_t line, bool part);
  std::int64_t partial() const;  ///< rows that landed in part

 private:
  using Key = std::tuple<std::string, std::string, std::string, bool>;  ///< field, code, expected, part
  std::map<Key, Reason> reasons_;
};

/// What a look through a whole file tells.
struct FileLook {
  std::string fingerprint;  ///< tells one content from another: size, hash of the beginning, hash of the whole
  std::string start_hash;
  std::int64_t size = 0;
  std::int64_t bad_line = 0;  ///< the first with bytes that are no UTF-8; 0 = none
};
FileLook look_through(const std::string& path);
/// Of a file whose fingerprint is another now: it seems to be the same one, edited, rather than a new one of its name.
bool is_edited(const std::string& fingerprint, const FileLook& now);

}  // namespace kith::internal::facts
