// The state of one build of a catalog: what was declared so far, what is still to be resolved, and every problem found.
//
// A build goes over all manifests several times. First it declares every name (sections.hpp, declare_*), so that the
// order of declarations never matters; then it resolves what points to names and compiles expressions (resolve_*).
#pragma once
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/build.hpp"
#include "catalog/manifest/item.hpp"
#include "catalog/model/model.hpp"

namespace kith::internal::catalog {

/// Something declared, with the object that declares it. `number` is its position in the catalog's vector.
struct Pending {
  std::int32_t number = -1;
  Item item;
};

struct Builder {
  Builder(Catalog& built, const CatalogConfig& configured) : catalog(built), config(configured) {}

  Catalog& catalog;
  const CatalogConfig& config;
  std::deque<Source> sources;
  Problems problems;

  std::vector<Pending> types, derivations, lifecycles, validations, workflows, actions, jobs;
  struct PendingRef {
    std::int32_t record_type = -1;
    std::int32_t member = -1;
    Item item;
  };
  std::vector<PendingRef> refs;
  std::map<std::string, std::int32_t> triggers;  ///< workflow id -> its hidden derivation

  void report(ProblemNumber number, std::string message, Place where, std::string fix = {}, std::string expected = {});
  /// False, with a problem that names both owners, when `what` ("workflow") of that name is already there.
  bool claim(const std::string& what, const std::string& name, const std::string& owner, const Place& place);
  /// The position of the new member, or -1, with a problem, when its name or column is taken.
  std::int32_t add_member(std::int32_t record_type, Member member);
  /// Declares a derivation that only the engine reads, with its column; name, owner, label, kind, record type and place
  /// are given. Its number, or -1 where its name was refused.
  std::int32_t add_hidden(Derivation derivation, Kind kind, const Item& item);

  /// The record type named by a key; -1, with a problem, when there is none or the manifest doesn't require its owner.
  std::int32_t record_type(const Item& item, std::string_view key);
  std::int32_t record_type(const Item& item, const std::string& name, const Place& place);
  /// A member's position, by its name as in expressions; -1, with a problem.
  std::int32_t member(std::int32_t record_type, const std::string& name, const Place& place);

  /// The name of a member that `source` declares on a type: bare on its own types, else "bundle.name".
  std::string member_name(const Source& source, std::int32_t record_type, std::string_view name) const;

 private:
  struct Claim {
    std::string owner;
    Place place;
  };
  std::map<std::string, Claim> claims_;
  std::set<std::int32_t> full_;  ///< record types of which a member too many was told
};

/// "retail.tier" -> "retail__tier"
std::string physical_name(std::string_view name);
/// "retail" of "retail.tier"; "" when bare.
std::string_view owner_part(std::string_view name);
/// "retail", or "the core".
std::string owner_text(std::string_view owner);
std::string quoted(std::string_view text);
/// What to write instead of an unknown name: the nearest, the same behind a bundle's id, or all where they are few.
std::string suggest(std::string_view wanted, const std::vector<std::string>& names);

}  // namespace kith::internal::catalog
