// Small manifests in texts, built into a catalog together with the core's own.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "catalog/build.hpp"

namespace kith::internal::catalog {

/// The outcome of a build: a catalog, or the problems.
struct Built {
  CatalogPtr catalog;
  std::vector<Problem> problems;

  /// Messages, places and fixes in one text, for matchers.
  std::string text() const {
    std::string out;
    for (const Problem& problem : problems) out += format_problem(problem) + "\n";
    return out;
  }
  const Catalog& operator*() const { return *catalog; }
  const Catalog* operator->() const { return catalog.get(); }
};

/// Bundle ids and JSON texts, dependencies first. The file of each is "<id>/plugin.json".
class Manifests {
 public:
  Manifests& add(const std::string& id, std::string text) {
    documents_.push_back(JsonDocument::parse(std::move(text), id + "/plugin.json"));
    return *this;
  }
  /// A manifest of `sections` ("\"fields\": {...}") with a head.
  Manifests& bundle(const std::string& id, const std::string& sections, const std::string& head = {}) {
    return add(id, "{\"id\": \"" + id + "\", \"version\": \"0.1.0\"" + head +
                       (sections.empty() ? "" : ",\n" + sections) + "}");
  }
  Built build(const CatalogConfig& config = {}) const {
    std::vector<ManifestSource> sources = {{&core_manifest(), true}};
    for (const JsonDocument& document : documents_) sources.push_back({&document, false});
    try {
      return {build_catalog(sources, config), {}};
    } catch (const Error& error) {
      return {nullptr, error.problems()};
    }
  }

 private:
  std::deque<JsonDocument> documents_;
};

inline Built build_bundle(const std::string& sections, const std::string& head = {}) {
  return Manifests().bundle("shop", sections, head).build();
}

/// A record type "order" with a set "shop.orders" on customer: what most tests need.
inline const char* const kOrders = R"("record_types": [
  {"name": "order", "label": {"en": "Order"}, "title": "number", "key": "number", "timeline": "customer", "fields": [
    {"name": "number", "type": "text", "required": true, "unique": true},
    {"name": "customer", "type": "ref", "to": "customer", "required": true, "index": true, "inverse": "orders"},
    {"name": "placed_at", "type": "timestamp"},
    {"name": "total", "type": "money"},
    {"name": "channel", "type": "enum", "values": ["web", "store"]}]}])";

#define EXPECT_BUILDS(built) EXPECT_TRUE((built).problems.empty()) << (built).text()
#define ASSERT_BUILDS(built) ASSERT_TRUE((built).problems.empty()) << (built).text()

}  // namespace kith::internal::catalog
