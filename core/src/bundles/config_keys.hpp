// The keys of kith.json as tables, in the same form as those of a manifest: the reader checks against these, and a test
// holds sdk/schema/kith.schema.json equal to them.
#pragma once
#include "catalog/manifest/tables.hpp"

namespace kith::internal::bundles {

const catalog::Table& config_table();         ///< the top of kith.json
const catalog::Table& plugin_config_table();  ///< one entry of "plugins"
const catalog::Table& tenant_config_table();  ///< one entry of "tenants"

}  // namespace kith::internal::bundles
