// What one transaction has done so far: each record with its committed and its present row, and what happened besides,
// in its order. Written out once, at the end: one change per record.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "access/unit.hpp"
#include "facts/save/type_facts.hpp"

namespace kith::internal::facts {

/// One record as this transaction knows it.
struct Touched {
  std::int32_t record_type = -1;
  RecordId id;
  std::optional<store::Row> committed;  ///< as it was before the transaction; nullopt: it was made here
  store::Row current;
  bool live = true;
  bool written = false;
  bool transitioned = false;
  std::vector<store::EnteredState> states;  ///< entered in this transaction, in their order
};

class ChangeSet {
 public:
  Touched* find(std::int32_t record_type, const RecordId& id);
  /// Keeps a record that was just loaded or made.
  Touched& keep(Touched touched);
  /// Notes that the record was written; its change stands where it was first written.
  void written(Touched& touched);
  /// What is no change of a record. Dropped when its record is both made and removed in this transaction.
  void note(store::Event event);
  /// A change besides the coalesced one: relate, unrelate.
  void note(store::Change change);

  template <typename Visit>
  void for_each_written(Visit&& visit) {
    for (auto& [key, touched] : records_) {
      if (touched.written) visit(touched);
    }
  }
  /// Writes everything to the log, and begins anew.
  void write_out(access::Unit& unit, const AllTypeFacts& facts);
  void clear();

 private:
  struct Entry {
    Touched* touched = nullptr;  ///< its coalesced change; else:
    std::optional<store::Event> event;
    std::optional<store::Change> change;
  };
  bool is_void(std::int32_t record_type, const RecordId& id);

  std::map<std::pair<std::int32_t, RecordId>, Touched> records_;
  std::vector<Entry> entries_;
};

}  // namespace kith::internal::facts
