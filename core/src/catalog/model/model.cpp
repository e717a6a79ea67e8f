#include "catalog/model/model.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <mutex>

#include "base/time/time.hpp"
#include "catalog/model/catalog_names.hpp"

namespace kith::internal::catalog {
namespace {

template <class Things>
auto by_name(const Things& things, std::string_view name) -> decltype(things.data()) {
  const auto found = std::find_if(things.begin(), things.end(), [&](const auto& thing) { return thing.name == name; });
  return found == things.end() ? nullptr : &*found;
}

std::vector<std::string> shown_members(const RecordType& type) {
  std::vector<std::string> out;
  for (const Member& member : type.members)
    if (!is_hidden(member)) out.push_back(member.name);
  return out;
}

constexpr std::array kCategoryNames = {"open", "active", "on_hold", "won", "lost", "closed"};
constexpr std::array<std::pair<std::string_view, Aggregate>, 7> kAggregates = {{{"count", Aggregate::count},
                                                                                {"sum", Aggregate::sum},
                                                                                {"min", Aggregate::min},
                                                                                {"max", Aggregate::max},
                                                                                {"avg", Aggregate::avg},
                                                                                {"median", Aggregate::median},
                                                                                {"latest", Aggregate::latest}}};
constexpr std::array kDerivationKindNames = {"formula", "rollup", "segment", "score", "trigger", "automatic"};

}  // namespace

struct Catalog::Index {
  explicit Index(const Catalog& catalog) : names(catalog) {}
  CatalogNames names;
  std::map<std::string, std::int32_t, std::less<>> types;
  std::map<std::string, std::int32_t, std::less<>> derivations;
  std::map<std::pair<std::int32_t, std::int32_t>, std::vector<Reader>> readers;  ///< by (record type, member)
  std::map<std::int32_t, std::vector<EdgeReader>> edge_readers;
  std::deque<expr::EnumValues> enums;  ///< a deque: addresses stay
  std::mutex made_mutex;
  std::map<std::type_index, std::shared_ptr<const void>> made;
};

Catalog::Catalog() : index_(std::make_unique<Index>(*this)) {}
Catalog::~Catalog() = default;

// Made outside the lock, so that what is made may ask for something else. Two threads may both make it; one is kept.
const void* Catalog::kept(std::type_index what, const std::function<std::shared_ptr<const void>()>& make) const {
  {
    const std::lock_guard lock(index_->made_mutex);
    if (const auto found = index_->made.find(what); found != index_->made.end()) return found->second.get();
  }
  std::shared_ptr<const void> made = make();
  const std::lock_guard lock(index_->made_mutex);
  return index_->made.emplace(what, std::move(made)).first->second.get();
}

const std::string& Label::in(std::string_view language) const {
  static const std::string kNone;
  auto found = texts.find(language);
  // "zh-Hant" falls back to "zh" before "en".
  if (found == texts.end() && language.find('-') != std::string_view::npos)
    found = texts.find(language.substr(0, language.find('-')));
  if (found == texts.end()) found = texts.find("en");
  return found == texts.end() ? kNone : found->second;
}

const Member* RecordType::find(std::string_view member_name) const {
  const auto found = by_name.find(member_name);
  return found == by_name.end() ? nullptr : &members[static_cast<std::size_t>(found->second)];
}

const State* Lifecycle::state(std::string_view id) const {
  const auto found = std::find_if(states.begin(), states.end(), [&](const State& s) { return s.id == id; });
  return found == states.end() ? nullptr : &*found;
}

std::int32_t Lifecycle::rank(std::string_view id) const {
  const auto found = std::find(order.begin(), order.end(), id);
  return found == order.end() ? -1 : static_cast<std::int32_t>(found - order.begin());
}

std::string Automatic::text() const {
  if (after_us) return "after " + format_duration(*after_us);
  return when ? when->source : std::string();
}

RecordType& Catalog::add_type(RecordType type) {
  type.number = static_cast<std::int32_t>(record_types.size());
  index_->types.emplace(type.name, type.number);
  return record_types.emplace_back(std::move(type));
}

const expr::EnumValues* Catalog::keep(expr::EnumValues values) {
  return &index_->enums.emplace_back(std::move(values));
}

const RecordType* Catalog::find_type(std::string_view name) const {
  const auto found = index_->types.find(name);
  return found == index_->types.end() ? nullptr : &type(found->second);
}

const RecordType& Catalog::type(std::string_view name) const {
  if (const RecordType* found = find_type(name)) return *found;
  std::vector<std::string> names;
  for (const RecordType& known : record_types) names.push_back(known.name);
  throw Error(ProblemNumber::unknown_record_type, "there is no record type \"" + std::string(name) + "\"",
              did_you_mean(name, names));
}

const Member& Catalog::member(const RecordType& type, std::string_view name) const {
  const Member* found = type.find(name);
  if (found && !is_hidden(*found)) return *found;
  Problem problem;
  problem.number = ProblemNumber::unknown_field;
  problem.message = "there is no field \"" + std::string(name) + "\" on " + type.name;
  problem.field = std::string(name);
  problem.fix = did_you_mean(name, shown_members(type));
  throw Error(std::move(problem));
}

std::int32_t Catalog::member_index(const RecordType& type, std::string_view name) const {
  return static_cast<std::int32_t>(&member(type, name) - type.members.data());
}

const Derivation* Catalog::find_derivation(std::string_view name) const {
  const auto found = index_->derivations.find(name);
  if (found != index_->derivations.end()) return &derivations[static_cast<std::size_t>(found->second)];
  return index_->derivations.empty() ? by_name(derivations, name) : nullptr;
}

const Lifecycle* Catalog::find_lifecycle(std::int32_t record_type, std::string_view name) const {
  const auto found = std::find_if(lifecycles.begin(), lifecycles.end(), [&](const Lifecycle& lifecycle) {
    return lifecycle.record_type == record_type && lifecycle.name == name;
  });
  return found == lifecycles.end() ? nullptr : &*found;
}

const Relationship* Catalog::find_relationship(std::string_view name) const {
  const auto found = std::find_if(relationships.begin(), relationships.end(), [&](const Relationship& relationship) {
    return relationship.name == name || relationship.inverse == name;
  });
  return found == relationships.end() ? nullptr : &*found;
}

std::int32_t Catalog::target_of(const expr::Hop& hop) const {
  if (hop.relationship < 0) return type(hop.record_type).members[static_cast<std::size_t>(hop.member)].type.record_type;
  const Relationship& relationship = relationships[static_cast<std::size_t>(hop.relationship)];
  return hop.inverse ? relationship.from.record_type : relationship.to.record_type;
}

std::string Catalog::set_text(const expr::Hop& set) const {
  if (set.relationship < 0) return type(set.record_type).members[static_cast<std::size_t>(set.member)].name;
  const Relationship& relationship = relationships[static_cast<std::size_t>(set.relationship)];
  return "rel('" + (set.inverse ? relationship.inverse : relationship.name) + "')";
}

const Setting* Catalog::find_setting(std::string_view name) const { return by_name(settings, name); }
const ParameterSet* Catalog::find_parameter_set(std::string_view name) const { return by_name(parameter_sets, name); }
const Job* Catalog::find_job(std::string_view name) const { return by_name(jobs, name); }
const Action* Catalog::find_action(std::string_view name) const { return by_name(actions, name); }
const expr::Names& Catalog::names() const { return index_->names; }

const std::vector<Catalog::Reader>& Catalog::readers(std::int32_t record_type, std::int32_t member) const {
  static const std::vector<Reader> kNone;
  const auto found = index_->readers.find({record_type, member});
  return found == index_->readers.end() ? kNone : found->second;
}

const std::vector<Catalog::EdgeReader>& Catalog::edge_readers(std::int32_t relationship) const {
  static const std::vector<EdgeReader> kNone;
  const auto found = index_->edge_readers.find(relationship);
  return found == index_->edge_readers.end() ? kNone : found->second;
}

void Catalog::index_readers() {
  index_->readers.clear();
  index_->edge_readers.clear();
  index_->derivations.clear();
  for (const Derivation& derivation : derivations) {
    index_->derivations.emplace(derivation.name, derivation.number);
    for (const expr::Read& read : derivation.reads) {
      Reader reader{derivation.number, read.path};
      if (read.relationship >= 0)
        index_->edge_readers[read.relationship].push_back({std::move(reader), read.record_type});
      else
        index_->readers[{read.record_type, read.member}].push_back(std::move(reader));
    }
  }
}

std::string category_name(Category c) { return kCategoryNames.at(static_cast<std::size_t>(c)); }

std::string_view aggregate_name(Aggregate aggregate) {
  if (aggregate == Aggregate::count_distinct) return aggregate_name(Aggregate::count);
  const auto found =
      std::find_if(kAggregates.begin(), kAggregates.end(), [&](const auto& one) { return one.second == aggregate; });
  return found == kAggregates.end() ? std::string_view{} : found->first;
}
std::optional<Aggregate> aggregate_named(std::string_view name) {
  const auto found =
      std::find_if(kAggregates.begin(), kAggregates.end(), [&](const auto& one) { return one.first == name; });
  return found == kAggregates.end() ? std::nullopt : std::optional(found->second);
}

std::string derivation_kind_name(DerivationKind k) { return kDerivationKindNames.at(static_cast<std::size_t>(k)); }

}  // namespace kith::internal::catalog
