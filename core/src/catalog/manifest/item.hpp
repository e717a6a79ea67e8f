// A manifest being read, and one object in it. Getters never complain: shapes were checked before (shape.hpp), and what
// is missing or wrong reads as empty, so that everything else can still be looked at in the same run.
#pragma once
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/json_document.hpp"
#include "catalog/build.hpp"
#include "catalog/manifest/places.hpp"
#include "catalog/model/model.hpp"

namespace kith::internal::catalog {

/// One manifest with its head.
struct Source {
  const JsonDocument* document = nullptr;
  bool is_core = false;
  ManifestHead head;
  std::set<std::string, std::less<>> present;  ///< all bundles of this catalog: what `needs` is asked of
  /// bundles whose names may be used anywhere in it: itself, the core, requires.plugins
  std::set<std::string, std::less<>> required;

  std::shared_ptr<const PlaceIndex> places;  ///< nullptr while only the head is read

  const std::string& id() const { return head.id; }
  Place place(std::string_view pointer) const { return places ? places->value(pointer) : document->place(pointer); }
  Place key_place(std::string_view pointer) const {
    return places ? places->key(pointer) : document->key_place(pointer);
  }
  /// "retail.tier"; a core's name stays bare.
  std::string qualified(std::string_view name) const;
};

/// An object of a manifest; borrowed from its document.
struct Item {
  const Source* source = nullptr;
  const boost::json::object* object = nullptr;
  std::string pointer;
  std::vector<std::string> granted;  ///< optional bundles that it or an object around it needs

  const boost::json::value* find(std::string_view key) const;  ///< nullptr: absent
  bool has(std::string_view key) const { return find(key) != nullptr; }
  std::string text(std::string_view key) const;  ///< "" where absent or no text
  bool flag(std::string_view key, bool otherwise = false) const;
  std::optional<std::int64_t> integer(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;
  Label label(std::string_view key, std::string_view otherwise = {}) const;  ///< "en" is `otherwise` where absent
  std::vector<Item> list(std::string_view key) const;     ///< the objects of a list, sleeping ones left out
  std::optional<Item> child(std::string_view key) const;  ///< an object
  std::vector<std::string> needs() const;
  bool awake() const;  ///< all bundles that it needs are there

  bool may_use(std::string_view bundle) const;  ///< its manifest requires the bundle, or the item needs it

  std::string at(std::string_view key) const { return pointer_join(pointer, key); }
  Place place() const { return source->place(pointer); }
  Place place(std::string_view key) const { return source->place(at(key)); }
  Place key_place(std::string_view key) const { return source->key_place(at(key)); }
};

Item root_item(const Source& source);
/// The items of "fields", "formulas", "rollups": with the record type that they stand under.
std::vector<std::pair<std::string, Item>> items_by_type(const Source& source, std::string_view section);

Label read_label(const boost::json::value* value, std::string_view otherwise);

}  // namespace kith::internal::catalog
