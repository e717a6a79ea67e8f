// Requests that were checked and compiled, kept for the next ones that differ in values, page and limit only.
#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace kith::internal::access {

struct Prepared;  // access/query_body.hpp

/// Of one core: what is kept depends on its catalog. [any]
class PreparedQueries {
 public:
  std::shared_ptr<const Prepared> find(const std::string& key) const;  ///< null: not kept
  void keep(const std::string& key, std::shared_ptr<const Prepared> prepared);

 private:
  static constexpr std::size_t kMost = 256;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Prepared>> kept_;
};

}  // namespace kith::internal::access
