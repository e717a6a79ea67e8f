// Who follows the writes of a transaction: what is derived, contact points, later search and audit. The pipeline calls
// all that are registered, in their order, and knows none of them.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/problem/error.hpp"
#include "catalog/model/model.hpp"
#include "store/rows/journal.hpp"

namespace kith::internal::facts {

struct Draft;

/// One primitive write of a record, with both of its rows.
struct Write {
  std::int32_t record_type = -1;
  RecordId id;
  const store::Row* before = nullptr;  ///< null: the record is being created
  const store::Row* after = nullptr;   ///< null: it is being removed
  /// Members that differ; of a record that comes or goes, those that are filled.
  std::span<const std::int32_t> changed;
  std::int64_t rid = 0;  ///< of a new row, once it is written
};

class Follower {
 public:
  virtual ~Follower() = default;
  /// Input was applied to a row that is not yet checked: the follower may bring it to its form.
  virtual void drafted(const catalog::RecordType&, Draft&, Problems&) {}
  /// Before the row is written: the database is as it was.
  virtual void writing(const Write&) {}
  /// After it is written and noted. What a follower writes here passes the pipeline, and is followed in its turn.
  virtual void written(const Write&) {}
  /// An edge that is about to begin or end, and one that has.
  virtual void relating(const store::Edge&) {}
  virtual void related(const store::Edge&) {}
  /// All is written, checked and logged: the transaction, or this part of it, is about to end.
  virtual void finishing() {}
};

class Followers {
 public:
  void add(std::unique_ptr<Follower> follower) { all_.push_back(std::move(follower)); }
  void drafted(const catalog::RecordType& type, Draft& draft, Problems& problems) {
    for (const auto& each : all_) each->drafted(type, draft, problems);
  }
  void writing(const Write& write) {
    for (const auto& each : all_) each->writing(write);
  }
  void written(const Write& write) {
    for (const auto& each : all_) each->written(write);
  }
  void relating(const store::Edge& edge) {
    for (const auto& each : all_) each->relating(edge);
  }
  void related(const store::Edge& edge) {
    for (const auto& each : all_) each->related(edge);
  }
  void finishing() {
    for (const auto& each : all_) each->finishing();
  }

 private:
  std::vector<std::unique_ptr<Follower>> all_;
};

}  // namespace kith::internal::facts
