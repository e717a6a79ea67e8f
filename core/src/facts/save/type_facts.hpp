// What the pipeline asks of a record type again and again, looked up once.
#pragma once
#include <vector>

#include "catalog/model/model.hpp"

namespace kith::internal::facts {

struct TypeFacts {
  TypeFacts(const catalog::Catalog& catalog, const catalog::RecordType& type);

  const catalog::RecordType* type;
  std::int32_t version = -1, created_at = -1, created_by = -1, updated_at = -1, updated_by = -1;
  std::vector<std::vector<std::int32_t>> unique_sets;      ///< single unique fields included
  std::vector<const catalog::Validation*> own_rules;       ///< read the record's own fields only: checked at the write
  std::vector<const catalog::Validation*> deferred_rules;  ///< read other records or derivations: checked at the end
  std::vector<bool> left_out;                              ///< by member: a change row doesn't speak of it
};

/// Those of all record types; made once for a catalog.
class AllTypeFacts {
 public:
  explicit AllTypeFacts(const catalog::Catalog& catalog) {
    for (const catalog::RecordType& type : catalog.record_types) types_.emplace_back(catalog, type);
  }
  const TypeFacts& of(std::int32_t record_type) const { return types_[static_cast<std::size_t>(record_type)]; }

 private:
  std::vector<TypeFacts> types_;
};

}  // namespace kith::internal::facts
