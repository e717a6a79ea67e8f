// The keys of a mapping file, as tables of catalog/manifest/tables.hpp: one table per kind of object.
#pragma once
#include "catalog/manifest/tables.hpp"

namespace kith::internal::facts {

const catalog::Table& mapping_table();
const catalog::Table& mapping_transform_table();   ///< {"from": column, ...}
const catalog::Table& mapping_record_ref_table();  ///< {"record": id}

}  // namespace kith::internal::facts
