// One row of a file applied: its records in order, then its relationships, all through the save pipeline.
#pragma once
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "facts/import/mapping/mapping.hpp"
#include "facts/import/mapping/row_values.hpp"
#include "facts/transaction.hpp"

namespace kith::internal::facts {

/// Keys of records that rows of this run have made or met, with the line of each: 64 bits stand for a key.
using SeenKeys = std::unordered_map<std::uint64_t, std::int64_t>;

struct RowOutcome {
  bool created = false, updated = false;
  bool state_differs = false;       ///< the source says another state, and the mapping doesn't follow it
  std::vector<Problem> parts;       ///< records of the row that were left out (on_error: reject_part)
  std::vector<std::uint64_t> keys;  ///< to be put into SeenKeys once the row has landed
};

/// Whether a problem is the row's own. Others (the disk, a deadline, a plugin) concern the import as a whole.
bool is_rows_own(ProblemNumber number);

class RowApplier {
 public:
  explicit RowApplier(const Mapping& mapping) : mapping_(mapping) {}
  /// Throws Error with the row's problems; `field` of each names the column where one is known. The caller takes back
  /// what was written.
  RowOutcome apply(access::Unit& unit, Transaction& transaction, RowView& row, const SeenKeys& seen) const;
  /// The keys of a row that was handled by an earlier part of a resumed run, as far as their records are there.
  std::vector<std::uint64_t> keys_of(access::Unit& unit, Transaction& transaction, RowView& row) const;
  bool has_create_keys() const;

 private:
  const Mapping& mapping_;
};

}  // namespace kith::internal::facts
