// The text of core/manifest/core.json, made into a source at build time.
#pragma once
#include <span>
#include <string_view>

namespace kith::internal::catalog {

std::span<const std::string_view> core_manifest_pieces();

}  // namespace kith::internal::catalog
