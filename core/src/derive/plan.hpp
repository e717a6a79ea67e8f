// What follows from the catalog alone: who reads whom, over which paths. Made step by step, as it is asked for.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "catalog/model/model.hpp"

namespace kith::internal::derive {

using Path = std::vector<expr::Hop>;

/// A derivation at the other end of a path: an input (the path leads to it) or a reader (the path comes from it).
struct Link {
  std::int32_t derivation = -1;
  const Path* path = nullptr;  ///< from the reading derivation's record to the record that is read; the catalog's
};

class Plan {
 public:
  explicit Plan(const catalog::Catalog& catalog);
  const catalog::Catalog& catalog() const noexcept { return *catalog_; }
  const catalog::Derivation& derivation(std::int32_t number) const {
    return catalog_->derivations[static_cast<std::size_t>(number)];
  }
  const std::vector<Link>& inputs(std::int32_t derivation);
  const std::vector<Link>& readers(std::int32_t derivation);
  const std::vector<std::int32_t>& transitive_readers(std::int32_t derivation);  ///< without itself
  /// Everything that reads it, at any distance, stands on the same record.
  bool stays(std::int32_t derivation);
  const std::vector<std::int32_t>& of_type(std::int32_t record_type);
  /// Readers of any member of the type: what a new or removed record touches. Without duplicates.
  const std::vector<Link>& readers_of_type(std::int32_t record_type);
  /// The child sets on the ref's target that are its inverse, as (record type, member).
  const std::vector<std::pair<std::int32_t, std::int32_t>>& sets_of(std::int32_t record_type, std::int32_t ref_member);
  /// A change of its value is an event: segments and automatic transitions always, the others when a workflow waits for
  /// it.
  bool announced(std::int32_t derivation);
  /// Catalog numbers whose parameters include the set.
  std::vector<std::int32_t> readers_of_set(std::string_view parameter_set) const;

 private:
  struct Known {
    std::optional<std::vector<Link>> inputs, readers;
    std::optional<std::vector<std::int32_t>> transitive;
    std::optional<bool> stays, announced;
  };
  struct KnownType {
    std::optional<std::vector<std::int32_t>> derivations;
    std::optional<std::vector<Link>> readers;
    std::vector<std::optional<std::vector<std::pair<std::int32_t, std::int32_t>>>> sets;
  };
  const catalog::Catalog* catalog_;
  std::vector<Known> known_;
  std::vector<KnownType> types_;
};

}  // namespace kith::internal::derive
