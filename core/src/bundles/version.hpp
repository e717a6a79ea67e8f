// The versions that bundles are checked against.
#pragma once
#include <kith/plugin.h>

#include <string>
#include <string_view>

namespace kith::internal::bundles {

inline constexpr std::string_view kKithVersion = KITH_VERSION;

/// "0.1": the major stands in the entry's name, the minor in every library.
inline std::string abi_version(std::uint32_t minor = KITH_ABI_MINOR) {
  return std::to_string(KITH_ABI_MAJOR) + "." + std::to_string(minor);
}

}  // namespace kith::internal::bundles
