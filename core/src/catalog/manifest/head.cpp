// The head of a manifest: who it is and what it needs.
#include <boost/json.hpp>

#include "catalog/manifest/item.hpp"
#include "catalog/manifest/shape.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;
namespace {

std::map<std::string, std::string> ranges(const std::optional<Item>& from, std::string_view key) {
  std::map<std::string, std::string> out;
  if (!from) return out;
  const auto object = from->child(key);
  if (!object) return out;
  for (const auto& [bundle, range] : *object->object)
    if (range.is_string())
      out.emplace(std::string(bundle), std::string(range.get_string().data(), range.get_string().size()));
  return out;
}

void missing(const JsonDocument& document, std::string_view pointer, std::string message, std::string fix,
             Problems& problems) {
  Problem problem;
  problem.number = ProblemNumber::missing_key;
  problem.message = std::move(message);
  problem.where = document.place(pointer);
  problem.fix = std::move(fix);
  problems.add(std::move(problem));
}

void check_head(const JsonDocument& document, const json::object& object, Problems& problems) {
  for (const std::string_view name : {"id", "version", "label", "overlay", "library", "requires"}) {
    const Key& key = *manifest_table().find(name);
    if (const json::value* value = object.if_contains({name.data(), name.size()}))
      check_key(document, *value, pointer_join("", name), key, problems);
    else if (key.presence == Presence::required)
      missing(document, "", "a manifest has no \"" + std::string(name) + "\"", "add \"" + std::string(name) + "\"",
              problems);
  }
}

}  // namespace

ManifestHead read_head(const JsonDocument& document, Problems& problems) {
  ManifestHead head;
  if (!document.root().is_object()) {
    check_shape(document, document.root(), "", manifest_table(), problems);
    return head;
  }
  check_head(document, document.root().get_object(), problems);
  Source source;
  source.document = &document;
  const Item root = root_item(source);
  head.id = root.text("id");
  head.version = root.text("version");
  head.library = root.text("library");
  head.label = root.label("label", head.id);
  head.overlay = root.flag("overlay");
  const auto needed = root.child("requires");
  if (needed) {
    head.kith_range = needed->text("kith");
    head.abi_range = needed->text("abi");
  }
  head.needs = ranges(needed, "plugins");
  head.needs_optional = ranges(needed, "optional");
  if (!head.library.empty() && head.abi_range.empty())
    missing(document, needed ? "/requires" : "/library", "a bundle with a library must say which ABI it was built for",
            "add \"abi\" to \"requires\"", problems);
  return head;
}

}  // namespace kith::internal::catalog
