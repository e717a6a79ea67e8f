// A file that a result is written to: none of the core's own, and for its owner alone unless configured wider.
#pragma once
#include <cstdint>
#include <fstream>
#include <string>

#include <kith/kith.hpp>

namespace kith::cli {

/// Opened empty. Throws a Failure, and the core's Error when `path` is, by whatever name, its database, configuration,
/// manifest, library or log. `purpose` as in "the export". A device or a pipe with a reader is taken as it is.
std::ofstream open_output(Core& core, const std::string& path, const std::string& purpose);

/// A new file with `text`; throws a Failure when one of that name is there.
void write_new_file(const std::string& path, const std::string& text, std::uint32_t mode);

}  // namespace kith::cli
