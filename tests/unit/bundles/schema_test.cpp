#include "bundles/config_keys.hpp"
#include "facts/import/mapping/mapping_keys.hpp"
#include "unit/schema_match.hpp"

namespace kith::internal {
namespace {

TEST(SchemaTest, OfTheConfigurationDescribesExactlyTheKeysThatTheReaderKnows) {
  catalog::expect_schema_matches(catalog::read_schema("kith.schema.json"), bundles::config_table(),
                                 {&bundles::plugin_config_table(), &bundles::tenant_config_table()});
}

TEST(SchemaTest, OfAMappingDescribesExactlyTheKeysThatTheReaderKnows) {
  catalog::expect_schema_matches(catalog::read_schema("mapping.schema.json"), facts::mapping_table(),
                                 {&facts::mapping_transform_table(), &facts::mapping_record_ref_table()});
}

}  // namespace
}  // namespace kith::internal
