#include "catalog/manifest/sleeping.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>

#include "catalog/manifest/item.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;
namespace {

class Walk {
 public:
  Walk(const Source& source, std::vector<SleepingItem>& into) : source_(source), into_(into) {}

  /// `inside`: the names of the items around, so that a rule is "value/recency" of the section "scores".
  void visit(const json::value& value, const std::string& pointer, const std::string& section,
             const std::string& inside) {
    if (value.is_array()) {
      std::size_t index = 0;
      for (const json::value& element : value.get_array())
        visit(element, pointer_join(pointer, index++), section, inside);
    }
    if (!value.is_object()) return;
    const Item item{&source_, &value.get_object(), pointer, {}};
    const std::string path = path_of(item, inside);
    SleepingItem asleep{source_.id(), section, path.empty() ? pointer : path, {}, {}};
    for (const std::string& id : item.needs())
      if (!source_.present.contains(id)) asleep.missing.push_back(id);
    // What lies inside a sleeping item sleeps with it.
    if (!asleep.missing.empty()) {
      asleep.place = item.place();  // looked for from the file's start: only where it is needed
      return into_.push_back(std::move(asleep));
    }
    // An addition to an enum is called by the field, which is its key.
    const bool names_fields = pointer == "/enums";
    for (const auto& [key, inner] : value.get_object())
      if (key != "requires" && key != "needs")
        visit(inner, pointer_join(pointer, key), section.empty() ? std::string(key) : section,
              names_fields ? std::string(key) : path);
  }

 private:
  static std::string path_of(const Item& item, const std::string& inside) {
    if (item.pointer.empty()) return {};
    constexpr std::array<std::string_view, 4> keys = {"name", "id", "event", "set"};
    for (const std::string_view key : keys)
      if (const std::string name = item.text(key); !name.empty()) return inside.empty() ? name : inside + "/" + name;
    return inside;
  }

  const Source& source_;
  std::vector<SleepingItem>& into_;
};

}  // namespace

std::vector<SleepingItem> sleeping_items(const std::vector<ManifestSource>& manifests) {
  std::vector<SleepingItem> out;
  std::set<std::string, std::less<>> present;
  std::vector<Source> sources;
  for (const ManifestSource& manifest : manifests) {
    Problems ignored;  // the catalog's build tells them
    Source source;
    source.document = manifest.document;
    source.is_core = manifest.is_core;
    source.head = read_head(*manifest.document, ignored);
    present.insert(source.head.id);
    sources.push_back(std::move(source));
  }
  for (Source& source : sources) {
    source.present = present;
    Walk(source, out).visit(source.document->root(), "", "", "");
  }
  return out;
}

}  // namespace kith::internal::catalog
