// What follows from the catalog alone: who reads whom over which paths, what a write reaches, what is watched. Made
// once for a catalog and never changed.
#pragma once
#include <cstdint>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

#include "catalog/model/model.hpp"
#include "derive/plan/slots.hpp"

namespace kith::internal::derive {

using Path = std::vector<expr::Hop>;

/// A derivation at the other end of a path: an input (the path leads to it) or a reader (the path comes from it).
struct Link {
  std::int32_t derivation = -1;
  const Path* path = nullptr;  ///< from the reading derivation's record to the record that is read
};

/// What a write to a record reaches over one path: derivations of the record from which the path leads to the written
/// one.
struct Reach {
  const Path* path = nullptr;
  std::int32_t record_type = -1;  ///< on which the derivations are
  Slots hard;                     ///< they read the written member themselves
  Slots soft;                     ///< they read what reads it, at any distance
};

/// A set of children in which records of a type stand, by one of their refs.
struct ParentSet {
  std::int32_t ref_member = -1;
  std::int32_t record_type = -1, member = -1;  ///< the set itself
};

struct TypePlan {
  std::vector<std::int32_t> derivations;  ///< catalog numbers by position, in the order of dependency
  Slots all;
  Slots watched;        ///< somebody waits for their changes
  Slots automatic;      ///< what a lifecycle does by itself: goes by what is, and is never watched
  Slots by_difference;  ///< rollups to which a child adds or takes away its own part
  /// Rollups and others that look through a set of children with nothing behind it: cheap where the set is small.
  Slots over_children;
  /// Those that look further: through relationships, or at what children derive.
  Slots far;
  std::vector<Slots> inputs;                 ///< by position: what it reads on its own record
  std::vector<std::vector<expr::Hop>> sets;  ///< by position: the sets of children that it looks through
  std::vector<ParentSet> parents;
  std::vector<Reach> whole;                 ///< reached by a record that is made or removed
  std::vector<std::vector<Reach>> members;  ///< reached by a member, by its number
};

/// What an edge of a relationship reaches from the record at one of its ends.
struct EdgeReach {
  std::int32_t end_type = -1;
  Reach reach;
};

class Plan {
 public:
  explicit Plan(const catalog::Catalog& catalog);
  /// The catalog's own, made when it is first asked for. [any]
  static const Plan& of(const catalog::Catalog& catalog) { return catalog.once<Plan>(); }

  const catalog::Derivation& derivation(std::int32_t number) const {
    return catalog_->derivations[static_cast<std::size_t>(number)];
  }
  const TypePlan& type(std::int32_t record_type) const { return types_[static_cast<std::size_t>(record_type)]; }
  std::size_t record_types() const noexcept { return types_.size(); }
  std::size_t position(std::int32_t derivation) const { return positions_[static_cast<std::size_t>(derivation)]; }
  bool watched(std::int32_t derivation) const {
    return type(this->derivation(derivation).record_type).watched.has(position(derivation));
  }
  const std::vector<Link>& inputs(std::int32_t derivation) const {
    return inputs_[static_cast<std::size_t>(derivation)];
  }
  const std::vector<Link>& readers(std::int32_t derivation) const {
    return readers_[static_cast<std::size_t>(derivation)];
  }
  const std::vector<EdgeReach>& edges(std::int32_t relationship) const {
    return edges_[static_cast<std::size_t>(relationship)];
  }
  /// The derivation and all that read it at any distance, by record type.
  std::vector<std::pair<std::int32_t, Slots>> closure(std::span<const std::int32_t> derivations) const;
  /// Catalog numbers whose parameters include the set.
  std::vector<std::int32_t> readers_of_set(std::string_view parameter_set) const;

 private:
  struct Full;
  void link(const catalog::Derivation& derivation, std::vector<std::vector<Full>>& full);
  void reach(const catalog::Derivation& derivation, const Full& read);
  void classify(const catalog::Derivation& derivation);
  const Path* keep(Path path);
  bool is_watched(const catalog::Derivation& derivation) const;

  const catalog::Catalog* catalog_;
  std::deque<Path> paths_;
  std::vector<TypePlan> types_;
  std::vector<std::size_t> positions_;
  std::vector<std::vector<Link>> inputs_, readers_;
  std::vector<std::vector<EdgeReach>> edges_;
};

}  // namespace kith::internal::derive
