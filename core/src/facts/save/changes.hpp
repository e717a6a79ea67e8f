// What one transaction has done so far: each record with its committed and its present row, and the events in the order
// in which things happened. Written out once, at the end: one change row and one event per record.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "access/unit.hpp"

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
};

class ChangeSet {
 public:
  Touched* find(std::int32_t record_type, const RecordId& id);
  /// Keeps a record that was just loaded or made.
  Touched& keep(Touched touched);
  /// Notes that the record was written; its event stands where it was first written.
  void written(Touched& touched);
  /// An event besides "changed". Dropped when its record is both made and removed in this transaction.
  void note(store::Event event);
  /// A change row besides the coalesced one: relate, unrelate.
  void note(store::Change change);

  template <typename Visit>
  void for_each_written(Visit&& visit) {
    for (auto& [key, touched] : records_) {
      if (touched.written) visit(touched);
    }
  }
  /// Writes change rows and events; `left_out` says which members a change row doesn't speak of.
  template <typename LeftOut>
  void write_out(access::Unit& unit, LeftOut&& left_out) {
    for (const Entry& entry : entries_)
      write_entry(unit, entry, entry.touched ? &left_out(entry.touched->record_type) : nullptr);
    clear();
  }
  void clear();

 private:
  struct Entry {
    Touched* touched = nullptr;  ///< its coalesced change; else:
    std::optional<store::Event> event;
    std::optional<store::Change> change;
  };
  void write_entry(access::Unit& unit, const Entry& entry, const std::vector<bool>* left_out);
  void write_change(access::Unit& unit, const Touched& touched, const std::vector<bool>& left_out);

  std::map<std::pair<std::int32_t, RecordId>, Touched> records_;
  std::vector<Entry> entries_;
};

}  // namespace kith::internal::facts
