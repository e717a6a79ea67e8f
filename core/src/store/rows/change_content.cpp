#include "store/rows/change_content.hpp"

#include <algorithm>

#include "base/value/money.hpp"
#include "store/layout/physical.hpp"
#include "store/rows/binary.hpp"

namespace kith::internal::store {
namespace {

/// What a value is, in half a byte. Never reuse a number.
enum class Tag : std::uint8_t {
  none = 0,
  no = 1,
  yes = 2,
  whole = 3,
  real = 4,
  text = 5,
  date = 6,
  timestamp = 7,
  duration = 8,
  money = 9,  ///< of the member's currency
  ref = 10,   ///< to the member's type
  json = 11,
  ref_to_any = 12
};

Tag tag_of(const Value& value, bool names_its_type) {
  switch (value.kind) {
    case Kind::null:
    case Kind::unknown: return Tag::none;
    case Kind::boolean: return value.i != 0 ? Tag::yes : Tag::no;
    case Kind::integer: return Tag::whole;
    case Kind::real: return Tag::real;
    case Kind::text: return Tag::text;
    case Kind::date: return Tag::date;
    case Kind::timestamp: return Tag::timestamp;
    case Kind::duration: return Tag::duration;
    case Kind::money: return Tag::money;
    case Kind::ref: return names_its_type ? Tag::ref_to_any : Tag::ref;
    case Kind::json: return Tag::json;
  }
  return Tag::none;
}

void put(BinaryWriter& out, Tag tag, const Value& value, const Layout* layout) {
  switch (tag) {
    case Tag::none:
    case Tag::no:
    case Tag::yes: return;
    case Tag::whole:
    case Tag::date:
    case Tag::timestamp:
    case Tag::duration:
    case Tag::money: return out.whole(value.i);
    case Tag::real: return out.real(value.d);
    case Tag::text:
    case Tag::json: return out.text(value.s);
    case Tag::ref_to_any:
      out.number(static_cast<std::uint64_t>(layout->lasting_type(value.record_type)));
      [[fallthrough]];
    case Tag::ref: return out.id(value.id);
  }
}

/// What reading a value needs to know of its member.
struct Meaning {
  Currency currency{};
  std::int32_t record_type = -1;
  bool as_real = false;  ///< declared a double since
};

Meaning meaning_of_member(const LastingMember& member, const catalog::Catalog& catalog) {
  if (member.member >= 0) {
    const expr::Type& type = catalog.type(member.type).members[static_cast<std::size_t>(member.member)].type;
    return {type.currency, type.record_type, type.kind == Kind::real};
  }
  Meaning out;
  const auto word = [&](std::size_t index) {
    std::size_t begin = 0;
    for (; index > 0 && begin != std::string::npos; --index) begin = member.meaning.find(' ', begin + 1);
    if (begin == std::string::npos) return std::string();
    const std::size_t from = begin == 0 ? 0 : begin + 1;
    return member.meaning.substr(from, member.meaning.find(' ', from) - from);
  };
  if (word(0) == "money")
    if (const auto known = currency_of(word(1))) out.currency = *known;
  if (word(0) == "ref")
    for (const catalog::RecordType& type : catalog.record_types)
      if (type.name == word(1)) out.record_type = type.number;
  return out;
}

Value get(BinaryReader& in, Tag tag, const Meaning& meaning, const Layout* layout) {
  switch (tag) {
    case Tag::none: return Value::null();
    case Tag::no: return Value::boolean(false);
    case Tag::yes: return Value::boolean(true);
    case Tag::whole: {
      const std::int64_t value = in.whole();
      return meaning.as_real ? Value::real(static_cast<double>(value)) : Value::integer(value);
    }
    case Tag::real: return Value::real(in.real());
    case Tag::text: return Value::text(in.text());
    case Tag::date: return Value::date(in.whole());
    case Tag::timestamp: return Value::timestamp(in.whole());
    case Tag::duration: return Value::duration(in.whole());
    case Tag::money: return Value::money(in.whole(), meaning.currency);
    case Tag::ref: return Value::ref(meaning.record_type, in.id());
    case Tag::json: return Value::json(in.text());
    case Tag::ref_to_any: {
      const std::int64_t type = static_cast<std::int64_t>(in.number());
      return Value::ref(layout == nullptr ? -1 : layout->numbers().type_of(type), in.id());
    }
  }
  BinaryReader::damaged();
}

void put_pair(BinaryWriter& out, const Value& before, const Value& after, bool any_ref, const Layout* layout) {
  const Tag old_tag = tag_of(before, any_ref), new_tag = tag_of(after, any_ref);
  out.byte(static_cast<std::uint8_t>(static_cast<unsigned>(old_tag) | static_cast<unsigned>(new_tag) << 4U));
  put(out, old_tag, before, layout);
  put(out, new_tag, after, layout);
}

void get_pair(BinaryReader& in, const Meaning& meaning, const Layout* layout, Value& before, Value& after) {
  const std::uint8_t tags = in.byte();
  before = get(in, static_cast<Tag>(tags & 0x0FU), meaning, layout);
  after = get(in, static_cast<Tag>(tags >> 4U), meaning, layout);
}

/// A state's id; "" where it is what the change's member says anyway.
void put_state_id(BinaryWriter& out, const std::string& id, const Value* said) {
  const bool same = said != nullptr && (said->is_null() ? id.empty() : said->s == id);
  out.byte(same ? 1 : 0);
  if (!same) out.text(id);
}

std::string get_state_id(BinaryReader& in, const Value* said) {
  if (in.byte() == 0) return in.text();
  if (said == nullptr) BinaryReader::damaged();
  return said->is_null() ? std::string() : said->s;
}

void put_states(BinaryWriter& out, const Change& change, const Layout& layout) {
  out.number(change.states.size());
  for (const EnteredState& state : change.states) {
    const catalog::Lifecycle* lifecycle = layout.catalog().find_lifecycle(change.record_type, state.lifecycle);
    const std::int32_t member = lifecycle == nullptr ? -1 : lifecycle->state_member;
    const MemberChange* said = change.find(member);
    out.number(member < 0 ? 0 : static_cast<std::uint64_t>(layout.lasting_member(change.record_type, member)));
    if (member < 0) out.text(state.lifecycle);
    put_state_id(out, state.from, said == nullptr ? nullptr : &said->before);
    put_state_id(out, state.to, said == nullptr ? nullptr : &said->after);
    out.text(state.event);
    out.text(state.by);
  }
}

/// Where its bundle is not loaded: lifecycles of a plugin are named "plugin.name", also where the member is not.
std::string lifecycle_name(const LastingMember& member, const catalog::Catalog& catalog) {
  if (member.member >= 0) {
    for (const std::int32_t number : catalog.type(member.type).lifecycles) {
      const catalog::Lifecycle& lifecycle = catalog.lifecycles[static_cast<std::size_t>(number)];
      if (lifecycle.state_member == member.member) return lifecycle.name;
    }
  }
  return member.name.find('.') == std::string::npos ? member.owner + "." + member.name : member.name;
}

void get_states(BinaryReader& in, std::int64_t lasting_type, const Layout& layout, Change& change,
                const std::vector<std::int64_t>& numbers) {
  const std::uint64_t count = in.number();
  for (std::uint64_t i = 0; i < count; ++i) {
    EnteredState state;
    const MemberChange* said = nullptr;
    const auto number = static_cast<std::int64_t>(in.number());
    if (number == 0) {
      state.lifecycle = in.text();
    } else {
      state.lifecycle = lifecycle_name(layout.numbers().member_of(lasting_type, number), layout.catalog());
      const auto found = std::find(numbers.begin(), numbers.end(), number);
      if (found != numbers.end()) said = &change.members[static_cast<std::size_t>(found - numbers.begin())];
    }
    state.from = get_state_id(in, said == nullptr ? nullptr : &said->before);
    state.to = get_state_id(in, said == nullptr ? nullptr : &said->after);
    state.event = in.text();
    state.by = in.text();
    change.states.push_back(std::move(state));
  }
}

void put_edge(BinaryWriter& out, const Edge& edge, const Layout& layout) {
  out.text(edge.relationship);
  out.number(static_cast<std::uint64_t>(layout.lasting_type(edge.to_type)));
  out.id(edge.to);
  out.whole(edge.from_on);
  out.byte(edge.to_on ? 1 : 0);
  if (edge.to_on) out.whole(*edge.to_on);
  out.text(edge.attributes_json);
}

Edge get_edge(BinaryReader& in, const Layout& layout, const Change& change) {
  Edge edge;
  edge.relationship = in.text();
  edge.from_type = change.record_type;
  edge.from = change.record;
  edge.to_type = layout.numbers().type_of(static_cast<std::int64_t>(in.number()));
  edge.to = in.id();
  edge.from_on = in.whole();
  if (in.byte() != 0) edge.to_on = in.whole();
  edge.attributes_json = in.text();
  return edge;
}

}  // namespace

std::string encode_content(const Change& change, const Layout& layout) {
  BinaryWriter out;
  if (change.edge) {
    put_edge(out, *change.edge, layout);
    return out.bytes();
  }
  const catalog::RecordType& type = layout.catalog().type(change.record_type);
  out.number(change.members.size());
  for (const MemberChange& each : change.members) {
    out.number(static_cast<std::uint64_t>(layout.lasting_member(change.record_type, each.member)));
    const bool any_ref = is_any_ref(type.members[static_cast<std::size_t>(each.member)].type);
    put_pair(out, each.before, each.after, any_ref, &layout);
  }
  put_states(out, change, layout);
  return out.bytes();
}

void decode_content(std::string_view content, std::int64_t lasting_type, const Layout& layout, Change& change) {
  BinaryReader in(content);
  if (change.kind == ChangeKind::relate || change.kind == ChangeKind::unrelate) {
    change.edge = get_edge(in, layout, change);
    return;
  }
  const std::uint64_t count = in.number();
  if (count > content.size()) BinaryReader::damaged();
  std::vector<std::int64_t> numbers;
  change.members.reserve(count);
  numbers.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    numbers.push_back(static_cast<std::int64_t>(in.number()));
    const LastingMember& member = layout.numbers().member_of(lasting_type, numbers.back());
    MemberChange& each = change.members.emplace_back();
    each.member = member.member;
    if (member.member < 0) each.name = member.name;
    get_pair(in, meaning_of_member(member, layout.catalog()), &layout, each.before, each.after);
  }
  get_states(in, lasting_type, layout, change, numbers);
}

std::string encode_values(const Value& before, const Value& after) {
  BinaryWriter out;
  put_pair(out, before, after, false, nullptr);
  return out.bytes();
}

void decode_values(std::string_view content, Value& before, Value& after) {
  BinaryReader in(content);
  get_pair(in, {}, nullptr, before, after);
}

}  // namespace kith::internal::store
