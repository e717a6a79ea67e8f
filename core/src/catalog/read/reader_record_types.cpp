#include <boost/json.hpp>

#include "base/text/text.hpp"
#include "catalog/builder/sections.hpp"
#include "catalog/manifest/shape.hpp"

namespace kith::internal::catalog {
namespace {

struct SystemMember {
  const char* name;
  Kind kind;
  const char* english;
  const char* chinese;
};
constexpr SystemMember kSystemMembers[] = {
    {"version", Kind::integer, "Version", "版本"},      {"created_at", Kind::timestamp, "Created at", "创建时间"},
    {"created_by", Kind::text, "Created by", "创建人"}, {"updated_at", Kind::timestamp, "Updated at", "更新时间"},
    {"updated_by", Kind::text, "Updated by", "更新人"},
};

void add_system_members(Builder& builder, std::int32_t type, const Place& place) {
  for (const SystemMember& system : kSystemMembers) {
    Member member;
    member.name = member.column = system.name;
    member.owner = std::string(kCoreBundle);
    member.label.texts = {{"en", system.english}, {"zh", system.chinese}};
    member.role = Role::system;
    member.type = expr::Type::of(system.kind);
    member.place = place;
    builder.add_member(type, std::move(member));
  }
}

std::vector<std::vector<std::int32_t>> read_member_sets(Builder& builder, const Item& item, std::string_view key,
                                                        std::int32_t type) {
  std::vector<std::vector<std::int32_t>> out;
  const boost::json::value* sets = item.find(key);
  if (!sets || !sets->is_array()) return out;
  std::size_t index = 0;
  for (const boost::json::value& set : sets->get_array()) {
    const std::string pointer = pointer_join(item.at(key), index++);
    std::vector<std::int32_t> members;
    std::size_t inner = 0;
    if (set.is_array())
      for (const boost::json::value& name : set.get_array()) {
        const Place place = item.source->place(pointer_join(pointer, inner++));
        if (!name.is_string()) continue;
        const std::int32_t member = builder.member(type, std::string(name.get_string().c_str()), place);
        const Role role =
            member < 0 ? Role::field : builder.catalog.type(type).members[static_cast<std::size_t>(member)].role;
        if (role == Role::derived || role == Role::child_set)
          builder.report(ProblemNumber::not_allowed_here,
                         quoted(name.get_string().c_str()) + " is no column of " + builder.catalog.type(type).name,
                         place, "only fields can be unique or indexed together");
        else if (member >= 0)
          members.push_back(member);
      }
    if (!members.empty()) out.push_back(std::move(members));
  }
  return out;
}

// The path to the customer on whose timeline the record shows: names of refs with dots between.
std::vector<std::int32_t> read_timeline(Builder& builder, const Item& item, std::int32_t type) {
  std::vector<std::int32_t> path;
  if (item.text("timeline").empty()) return path;
  const Place place = item.place("timeline");
  std::int32_t at = type;
  std::string name;
  for (const std::string& part : split(item.text("timeline"), '.')) {
    name += (name.empty() ? "" : ".") + part;
    const RecordType& here = builder.catalog.type(at);
    const Member* member = here.find(name);
    if (!member) continue;  // "retail.x" is one name of two parts
    if (member->type.kind != Kind::ref || member->role != Role::field || member->type.record_type < 0) break;
    path.push_back(here.by_name.find(name)->second);
    at = member->type.record_type;
    name.clear();
  }
  if (!name.empty() || builder.catalog.type(at).name != "customer" || path.empty()) {
    builder.report(ProblemNumber::unknown_reference,
                   "the timeline path " + quoted(item.text("timeline")) + " of " + builder.catalog.type(type).name +
                       " does not lead to a customer",
                   place, {}, "names of refs with dots between, the last to \"customer\"");
    path.clear();
  }
  return path;
}

void resolve_key(Builder& builder, const Item& item, RecordType& type) {
  if (item.has("title")) type.title_member = builder.member(type.number, item.text("title"), item.place("title"));
  if (!item.has("key")) return;
  type.key_member = builder.member(type.number, item.text("key"), item.place("key"));
  if (type.key_member < 0) return;
  const Member& member = type.members[static_cast<std::size_t>(type.key_member)];
  if (member.role == Role::field && member.type.kind == Kind::text && member.unique) return;
  builder.report(ProblemNumber::not_allowed_here,
                 "the key " + quoted(member.name) + " of " + type.name + " must be a unique text field",
                 item.place("key"), "add \"unique\": true to the field");
}

}  // namespace

void declare_record_types(Builder& builder, const Source& source) {
  for (Item& item : root_item(source).list("record_types")) {
    const std::string name = item.text("name");
    if (name.empty()) continue;
    RecordType type;
    type.name = source.qualified(name);
    type.owner = source.id();
    type.label = item.label("label", name);
    type.table = physical_name(type.name);
    type.append_only = item.flag("append_only");
    type.place = item.place();
    if (!builder.claim("record type", type.name, type.owner, type.place)) continue;
    if (!builder.claim("table", type.table, type.owner, type.place)) continue;
    const std::int32_t number = builder.catalog.add_type(std::move(type)).number;
    add_system_members(builder, number, item.place());
    builder.types.push_back({number, std::move(item)});
  }
}

void resolve_record_types(Builder& builder) {
  for (const Pending& pending : builder.types) {
    RecordType& type = builder.catalog.record_types[static_cast<std::size_t>(pending.number)];
    resolve_key(builder, pending.item, type);
    type.unique_sets = read_member_sets(builder, pending.item, "unique", type.number);
    type.index_sets = read_member_sets(builder, pending.item, "indexes", type.number);
    type.timeline_path = read_timeline(builder, pending.item, type.number);
  }
}

}  // namespace kith::internal::catalog
