// "500ms", "20s", "4m", "2h" as on the command line.
#pragma once
#include <chrono>
#include <string>

namespace kith::cli {

/// Throws a usage Failure that names the flag.
std::chrono::milliseconds parse_duration(const std::string& flag, const std::string& text);
/// "0.4 s", "12 s", "3 min 20 s"
std::string duration_text(double seconds);

}  // namespace kith::cli
