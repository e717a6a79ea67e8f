#include <string>

#include "catalog/build.hpp"
#include "catalog/manifest/core_manifest_text.hpp"

namespace kith::internal::catalog {

const JsonDocument& core_manifest() {
  // Read once per process and never changed after: safe to share between cores.
  static const JsonDocument document = [] {
    std::string text;
    for (const std::string_view piece : core_manifest_pieces()) text += piece;
    return JsonDocument::parse(std::move(text), "core.json");
  }();
  return document;
}

}  // namespace kith::internal::catalog
