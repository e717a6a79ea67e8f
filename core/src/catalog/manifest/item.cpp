#include "catalog/manifest/item.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace kith::internal::catalog {
namespace json = boost::json;

std::string Source::qualified(std::string_view name) const {
  return is_core ? std::string(name) : head.id + "." + std::string(name);
}

const json::value* Item::find(std::string_view key) const { return object->if_contains({key.data(), key.size()}); }

std::string Item::text(std::string_view key) const {
  const json::value* value = find(key);
  return value && value->is_string() ? std::string(value->get_string().data(), value->get_string().size())
                                     : std::string();
}

bool Item::flag(std::string_view key, bool otherwise) const {
  const json::value* value = find(key);
  return value && value->is_bool() ? value->get_bool() : otherwise;
}

std::optional<std::int64_t> Item::integer(std::string_view key) const {
  const json::value* value = find(key);
  return value && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

std::optional<double> Item::number(std::string_view key) const {
  const json::value* value = find(key);
  if (!value || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

std::vector<std::string> Item::texts(std::string_view key) const {
  std::vector<std::string> out;
  const json::value* value = find(key);
  if (!value || !value->is_array()) return out;
  for (const json::value& element : value->get_array())
    if (element.is_string()) out.emplace_back(element.get_string().data(), element.get_string().size());
  return out;
}

Label read_label(const json::value* value, std::string_view otherwise) {
  Label label;
  if (value && value->is_object())
    for (const auto& [language, text] : value->get_object())
      if (text.is_string())
        label.texts.insert_or_assign(std::string(language),
                                     std::string(text.get_string().data(), text.get_string().size()));
  label.texts.try_emplace("en", otherwise);
  return label;
}

Label Item::label(std::string_view key, std::string_view otherwise) const { return read_label(find(key), otherwise); }

std::vector<Item> Item::list(std::string_view key) const {
  std::vector<Item> out;
  const json::value* value = find(key);
  if (!value || !value->is_array()) return out;
  const std::string base = at(key);
  std::size_t index = 0;
  for (const json::value& element : value->get_array()) {
    const std::string inner = pointer_join(base, index++);
    if (!element.is_object()) continue;
    Item item{source, &element.get_object(), inner, granted};
    const std::vector<std::string> more = item.needs();
    item.granted.insert(item.granted.end(), more.begin(), more.end());
    if (item.awake()) out.push_back(std::move(item));
  }
  return out;
}

std::optional<Item> Item::child(std::string_view key) const {
  const json::value* value = find(key);
  if (!value || !value->is_object()) return std::nullopt;
  return Item{source, &value->get_object(), at(key), granted};
}

std::vector<std::string> Item::needs() const {
  const std::string one = text("needs");
  return one.empty() ? texts("needs") : std::vector<std::string>{one};
}

bool Item::awake() const {
  const std::vector<std::string> bundles = needs();
  return std::all_of(bundles.begin(), bundles.end(),
                     [&](const std::string& id) { return source->present.contains(id); });
}

bool Item::may_use(std::string_view bundle) const {
  return source->required.contains(bundle) || std::find(granted.begin(), granted.end(), bundle) != granted.end();
}

Item root_item(const Source& source) {
  static const json::object kEmpty;
  const json::value& root = source.document->root();
  return Item{&source, root.is_object() ? &root.get_object() : &kEmpty, "", {}};
}

std::vector<std::pair<std::string, Item>> items_by_type(const Source& source, std::string_view section) {
  std::vector<std::pair<std::string, Item>> out;
  const auto lists = root_item(source).child(section);
  if (!lists) return out;
  for (const auto& [type, list] : *lists->object)
    for (Item& item : lists->list({type.data(), type.size()})) out.emplace_back(std::string(type), std::move(item));
  return out;
}

}  // namespace kith::internal::catalog
