// What is said of plugins, loaded or gone, in JSON.
#pragma once
#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "core/core.hpp"

namespace kith::internal {

/// A configured bundle in a line: id, version, state, paths, needs, what it adds in numbers.
boost::json::object bundle_document(const catalog::Catalog& catalog, const bundles::BundleInfo& info);
/// Those of `bundle`, or all with "".
boost::json::array sleeping_documents(const std::vector<catalog::SleepingItem>& items, std::string_view bundle);
/// "workflows recall of retail sleeps without insight"
std::string sleeping_text(const catalog::SleepingItem& item);

boost::json::object verb_plugins(Core& core);
boost::json::object verb_plugin(Core& core, const boost::json::object& args);

}  // namespace kith::internal
