// Section "enums": values that a bundle adds to an extensible enum of another one. They are named "bundle.id", so that
// two bundles never mean different things by one value, and the field's owner may add to its own list at any time.
#include <algorithm>
#include <boost/json.hpp>

#include "base/text/text.hpp"
#include "catalog/builder/sections.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;
namespace {

/// "customer.hospitality.vip_code" is the field "hospitality.vip_code" of "customer". A record type of the core has one
/// name, that of a bundle two, and no bundle is called like a record type of the core.
struct FieldKey {
  std::string type, field;
};

FieldKey parts_of(const Catalog& catalog, const Source& source, const std::string& key) {
  std::size_t dot = key.find('.');
  const std::string first = key.substr(0, dot);
  if (dot != std::string::npos && !catalog.find_type(first) && source.present.contains(first))
    dot = key.find('.', dot + 1);
  if (dot == std::string::npos) return {key, {}};
  return {key.substr(0, dot), key.substr(dot + 1)};
}

std::vector<std::string> extensible_fields(const Catalog& catalog) {
  std::vector<std::string> out;
  for (const RecordType& type : catalog.record_types)
    for (const Member& member : type.members)
      if (member.values && member.values->extensible) out.push_back(type.name + "." + member.name);
  return out;
}

/// One value of an "add" list, which is an object or only an id.
struct Addition {
  Item item;
  std::string id;  ///< as it is written
  Place place;     ///< of the id
};

std::vector<Addition> additions_of(const Item& field) {
  static const json::object kNoKeys;
  std::vector<Addition> out;
  const json::value* list = field.find("add");
  if (!list || !list->is_array()) return out;
  std::size_t index = 0;
  for (const json::value& entry : list->get_array()) {
    const json::object* object = entry.if_object();
    Item item{field.source, object ? object : &kNoKeys, pointer_join(field.at("add"), index++), field.granted};
    const std::vector<std::string> needs = item.needs();
    item.granted.insert(item.granted.end(), needs.begin(), needs.end());
    if (!item.awake()) continue;
    std::string id = object ? item.text("id") : entry.is_string() ? std::string(entry.get_string()) : std::string();
    if (id.empty()) continue;  // the shape check has said so
    Place place = object ? item.place("id") : item.place();
    out.push_back({std::move(item), std::move(id), std::move(place)});
  }
  return out;
}

class EnumReader {
 public:
  EnumReader(Builder& builder, const Source& source) : builder_(builder), source_(source) {}

  void read() {
    const auto section = root_item(source_).child("enums");
    if (!section) return;
    for (const auto& [name, value] : *section->object) {
      auto field = section->child(name);
      if (!field) continue;
      const std::vector<std::string> needs = field->needs();
      field->granted.insert(field->granted.end(), needs.begin(), needs.end());
      if (!field->awake()) continue;
      key_ = name;
      if (Member* member = find(*field, section->key_place(name)))
        for (const Addition& addition : additions_of(*field)) add(*member, addition);
    }
  }

 private:
  /// The field that the key names; nullptr, with a problem, where nothing may be added.
  Member* find(const Item& item, const Place& place) {
    Catalog& catalog = builder_.catalog;
    const auto [type_name, field] = parts_of(catalog, source_, key_);
    const std::string meant = did_you_mean(key_, extensible_fields(catalog));
    if (field.empty()) {
      builder_.report(ProblemNumber::unknown_reference, quoted(key_) + " names no field", place,
                      meant.empty() ? suggest(key_, extensible_fields(catalog)) : meant,
                      "a record type and a field of it: \"interaction.channel\"");
      return nullptr;
    }
    if (!catalog.find_type(type_name) && !meant.empty()) {
      builder_.report(ProblemNumber::unknown_reference, "there is no record type " + quoted(type_name), place, meant);
      return nullptr;
    }
    const std::int32_t number = builder_.record_type(item, type_name, place);
    if (number < 0) return nullptr;
    RecordType& type = catalog.record_types[static_cast<std::size_t>(number)];
    const auto found = type.by_name.find(field);
    if (found == type.by_name.end()) {
      builder_.report(ProblemNumber::unknown_reference, "there is no field " + quoted(field) + " on " + type.name,
                      place, meant.empty() ? suggest(field, catalog.names().member_names(number)) : meant);
      return nullptr;
    }
    Member& member = type.members[static_cast<std::size_t>(found->second)];
    return may_add(item, member, place) ? &member : nullptr;
  }

  bool may_add(const Item& item, const Member& member, const Place& place) {
    const auto refuse = [&](ProblemNumber number, std::string message, std::string fix) {
      builder_.report(number, std::move(message), place, std::move(fix));
      return false;
    };
    if (!item.may_use(member.owner))
      return refuse(ProblemNumber::unknown_reference,
                    source_.id() + " adds to " + quoted(key_) + " but does not require " + quoted(member.owner),
                    "add " + quoted(member.owner) +
                        " to \"requires\": {\"plugins\": ...}; or to \"optional\" with \"needs\" on this item");
    if (!member.values)
      return refuse(
          ProblemNumber::type_mismatch,
          quoted(key_) + " has no values to add to: it is " +
              (member.role == Role::child_set ? "a set of records" : "of type " + expr::type_name(member.type)),
          "name a field of type enum, or a list of enum");
    if (member.role != Role::field)
      return refuse(ProblemNumber::not_allowed_here,
                    quoted(key_) + (member.role == Role::system ? " is the state of a lifecycle" : " is computed") +
                        " by " + owner_text(member.owner) + ", so nothing can be added to its values",
                    "name a field");
    if (member.owner == source_.id())
      return refuse(ProblemNumber::not_allowed_here, quoted(key_) + " is a field of " + source_.id() + " itself",
                    "write the values into \"values\" of the field");
    if (!member.values->extensible)
      return refuse(ProblemNumber::not_allowed_here,
                    quoted(key_) + " is not extensible: its values are those of " + owner_text(member.owner) + " alone",
                    "declare it \"extensible\": true in " + owner_text(member.owner) + ", or use a field of your own");
    return true;
  }

  void add(Member& member, const Addition& addition) {
    const std::string id = qualified(addition);
    if (id.empty() || !builder_.claim("value of " + key_, id, source_.id(), addition.place)) return;
    EnumValue value{id, addition.item.label("label", id), source_.id(), {}};
    std::vector<std::string>& ids = member.values->ids;
    std::size_t at = ids.size();
    if (const auto after = value_before(member, addition)) {
      value.after = ids[*after];
      at = behind(member, *after);
    }
    ids.insert(ids.begin() + static_cast<std::ptrdiff_t>(at), id);
    member.value_labels.insert(member.value_labels.begin() + static_cast<std::ptrdiff_t>(at), std::move(value));
  }

  /// "mine.value" of "value" or "mine.value"; "", with a problem, where it would be another bundle's.
  std::string qualified(const Addition& addition) {
    const std::string& id = addition.id;
    if (id.find('.') == std::string::npos) return source_.qualified(id);
    const std::string last = id.substr(id.rfind('.') + 1);
    if (id == source_.qualified(last)) return id;
    builder_.report(ProblemNumber::bad_name,
                    "the value " + quoted(id) + " would not be named as one of " + source_.id() + "'s", addition.place,
                    "write " + quoted(source_.qualified(last)) + ", or only " + quoted(last),
                    "\"" + source_.id() + ".\" and a name, or the name alone");
    return {};
  }

  /// The position of the value that "after" names; nullopt where there is no order, or, with a problem, no such value.
  std::optional<std::size_t> value_before(const Member& member, const Addition& addition) {
    const Item& item = addition.item;
    const std::vector<std::string>& ids = member.values->ids;
    const bool ordered = member.values->ordered;
    if (ordered && !item.has("after"))
      builder_.report(ProblemNumber::missing_key,
                      quoted(key_) + " is ordered, and " + quoted(addition.id) + " does not say where it stands",
                      item.place(), "add \"after\": the id of the value right below it", "one of " + join(ids, ", "));
    if (!ordered && item.has("after"))
      builder_.report(ProblemNumber::not_allowed_here,
                      quoted(key_) + " is not ordered, so " + quoted(addition.id) + " stands after nothing",
                      item.key_place("after"), "leave \"after\" out");
    const std::string written = item.text("after");
    if (!ordered || written.empty()) return std::nullopt;
    auto found = std::find(ids.begin(), ids.end(), written);
    if (found == ids.end()) found = std::find(ids.begin(), ids.end(), source_.qualified(written));
    if (found == ids.end()) {
      builder_.report(ProblemNumber::unknown_reference,
                      "there is no value " + quoted(written) + " of " + quoted(key_) + " to stand after",
                      item.place("after"), suggest(written, ids),
                      "a value of its owner, of a required bundle, or one added above");
      return std::nullopt;
    }
    if (const std::string owner(owner_part(*found)); !owner.empty() && !item.may_use(owner))
      builder_.report(ProblemNumber::unknown_reference,
                      quoted(addition.id) + " stands after a value of " + quoted(owner) + ", which " + source_.id() +
                          " does not require",
                      item.place("after"), "add " + quoted(owner) + " to \"requires\": {\"plugins\": ...}");
    return static_cast<std::size_t>(found - ids.begin());
  }

  /// Where the next value after the one at `first` goes: behind those that came before it, and what stands after these.
  static std::size_t behind(const Member& member, std::size_t first) {
    const std::vector<EnumValue>& values = member.value_labels;
    std::vector<std::string_view> taken = {values[first].id};
    std::size_t at = first + 1;
    for (; at < values.size() && !values[at].after.empty(); ++at) {
      if (std::find(taken.begin(), taken.end(), values[at].after) == taken.end()) break;
      taken.push_back(values[at].id);
    }
    return at;
  }

  Builder& builder_;
  const Source& source_;
  std::string key_;  ///< of the field at hand
};

}  // namespace

void declare_enum_values(Builder& builder, const Source& source) { EnumReader(builder, source).read(); }

}  // namespace kith::internal::catalog
