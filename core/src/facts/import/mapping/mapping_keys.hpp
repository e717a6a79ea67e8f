// The keys of a mapping file, as tables of catalog/manifest/tables.hpp: one table per kind of object.
#pragma once
#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/manifest/tables.hpp"

namespace kith::internal::facts {

const catalog::Table& mapping_table();
const catalog::Table& mapping_transform_table();   ///< {"from": column, ...}
const catalog::Table& mapping_record_ref_table();  ///< {"record": id}

// Values under a key, once the shape of the object is known to be right. Nothing: `otherwise`, or an empty list.
std::string text_under(const boost::json::object& object, std::string_view key, std::string otherwise = {});
std::vector<std::string> texts_under(const boost::json::object& object, std::string_view key);

}  // namespace kith::internal::facts
