// What exists: everything that the core and the loaded plugins declare, as one validated whole. Immutable once built;
// every floor above reads it, nobody writes it. All numbers (`index`, `record_type`, ...) are positions in the vectors
// here, valid for this catalog object only; what is stored uses names or the store's own lasting numbers.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

#include "catalog/model/bundle_parts.hpp"
#include "catalog/model/derivations.hpp"
#include "catalog/model/lifecycles.hpp"
#include "catalog/model/reactions.hpp"
#include "catalog/model/record_types.hpp"

namespace kith::internal::catalog {

class Catalog {
 public:
  Catalog();
  ~Catalog();
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  std::vector<Bundle> bundles;  ///< in dependency order; the core's own ("kith") first
  std::vector<RecordType> record_types;
  /// in dependency order: a derivation reads only earlier ones (of the same record or others)
  std::vector<Derivation> derivations;
  std::vector<Lifecycle> lifecycles;
  std::vector<Validation> validations;
  std::vector<Relationship> relationships;
  std::vector<Workflow> workflows;  ///< in running order: phase, priority, plugin id, workflow id
  std::vector<Function> functions;
  std::vector<Action> actions;
  std::vector<Job> jobs;
  std::vector<ParameterSet> parameter_sets;
  std::vector<Setting> settings;
  std::vector<Purpose> purposes;
  std::vector<RoleDeclaration> roles;
  Currency currency{};  ///< the tenants' (one for now)
  std::string language = "en", time_zone = "UTC", phone_region;

  const RecordType* find_type(std::string_view name) const;
  /// Throws unknown_record_type with a suggestion.
  const RecordType& type(std::string_view name) const;
  const RecordType& type(std::int32_t number) const { return record_types[static_cast<std::size_t>(number)]; }
  /// Throws unknown_field with a suggestion.
  const Member& member(const RecordType& type, std::string_view name) const;
  std::int32_t member_index(const RecordType& type, std::string_view name) const;
  const Derivation* find_derivation(std::string_view name) const;
  const Lifecycle* find_lifecycle(std::int32_t record_type, std::string_view name) const;
  const Relationship* find_relationship(std::string_view name) const;  ///< by name or inverse
  std::int32_t target_of(const expr::Hop& hop) const;                  ///< the record type to which it leads; -1 = any
  std::string set_text(const expr::Hop& set) const;  ///< as it is written: "retail.orders", "rel('works_for')"
  const Setting* find_setting(std::string_view name) const;
  const ParameterSet* find_parameter_set(std::string_view name) const;
  const Job* find_job(std::string_view name) const;
  const Action* find_action(std::string_view name) const;
  const expr::Names& names() const;  ///< for compiling expressions against this catalog
  /// Derivations that read (record_type, member) anywhere in a path; members that are derived included.
  struct Reader {
    std::int32_t derivation;
    std::vector<expr::Hop> path;  ///< from the derivation's record to the record that is read
  };
  /// A member of -1: those that ask only whether the record is there.
  const std::vector<Reader>& readers(std::int32_t record_type, std::int32_t member) const;
  /// Derivations that read the edges of a relationship: the path leads to the record at whose end they are looked for.
  struct EdgeReader {
    Reader reader;
    std::int32_t record_type;
  };
  const std::vector<EdgeReader>& edge_readers(std::int32_t relationship) const;
  /// What a floor above makes of the catalog alone (its plans, its tables of triggers): made by T(catalog) when it is
  /// first asked for, and kept as long as the catalog. [any]
  template <class T>
  const T& once() const {
    return *static_cast<const T*>(kept(typeid(T), [this] { return std::make_shared<const T>(*this); }));
  }
  void index_readers();  ///< called by the builder once all derivations are there
  /// Called by the builder: numbers the type and makes it findable.
  RecordType& add_type(RecordType type);
  /// Keeps the values of an enum that is no record's field (a setting's, an attribute's) as long as the catalog.
  const expr::EnumValues* keep(expr::EnumValues values);

 private:
  const void* kept(std::type_index what, const std::function<std::shared_ptr<const void>()>& make) const;
  struct Index;
  std::unique_ptr<Index> index_;
};
using CatalogPtr = std::shared_ptr<const Catalog>;

}  // namespace kith::internal::catalog
