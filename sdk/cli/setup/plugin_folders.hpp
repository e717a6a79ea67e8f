// The plugins that came with this program, and what a plugin needs, read from its manifest.
#pragma once
#include <boost/json/fwd.hpp>
#include <string>

namespace kith::cli {

/// Beside the program: ../plugins in a build, ../<lib>/kith/plugins where it is installed. A Failure (exit 4) when
/// neither is there.
std::string shipped_plugin_folder();
/// Adds {"version": "^x.y"} for the plugin behind those that it needs. A Failure (exit 4) names what there is.
void add_with_needs(boost::json::object& plugins, const std::string& folder, const std::string& id);

}  // namespace kith::cli
