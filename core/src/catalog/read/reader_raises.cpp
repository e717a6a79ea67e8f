// The order of a lifecycle's states, and what entering a state raises in other lifecycles of the same record.
#include <algorithm>
#include <boost/json.hpp>

#include "base/text/text.hpp"
#include "catalog/read/lifecycle_rules.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;
namespace {

std::string expected_states(const Lifecycle& lifecycle) {
  std::vector<std::string> ids;
  for (const State& state : lifecycle.states) ids.push_back(state.id);
  return "one of " + join(ids, ", ");
}

const Lifecycle* find_target(Builder& builder, const Item& item, const Lifecycle& lifecycle, const std::string& name,
                             const Place& place) {
  const RecordType& type = builder.catalog.type(lifecycle.record_type);
  const Lifecycle* target = builder.catalog.find_lifecycle(type.number, name);
  if (!target) {
    builder.report(ProblemNumber::unknown_reference,
                   quoted(lifecycle.name) + " raises " + quoted(name) + ", which is no lifecycle of " + type.name,
                   place, suggest(name, builder.catalog.names().lifecycle_names(type.number)),
                   "a lifecycle of the same record type");
    return nullptr;
  }
  if (target->number == lifecycle.number) {
    builder.report(ProblemNumber::not_allowed_here, quoted(lifecycle.name) + " can't raise itself", place,
                   "use an automatic transition");
    return nullptr;
  }
  if (!item.may_use(target->owner)) {
    builder.report(ProblemNumber::unknown_reference,
                   quoted(lifecycle.name) + " raises " + quoted(name) + ", but " + item.source->id() +
                       " does not require " + quoted(target->owner),
                   place, "add " + quoted(target->owner) + " to \"requires\": {\"plugins\": ...}");
    return nullptr;
  }
  if (target->order.empty()) {
    builder.report(ProblemNumber::not_allowed_here,
                   quoted(name) + " of " + owner_text(target->owner) + " can't be raised by " + quoted(lifecycle.name) +
                       " of " + owner_text(lifecycle.owner) + ": it declares no order of its states",
                   place, "its owner adds \"order\": [states, lowest first]");
    return nullptr;
  }
  return target;
}

}  // namespace

void read_lifecycle_order(Builder& builder, const Item& item, Lifecycle& lifecycle) {
  std::size_t index = 0;
  for (const std::string& id : item.texts("order")) {
    const Place place = item.source->place(pointer_join(item.at("order"), index++));
    if (!lifecycle.state(id))
      builder.report(
          ProblemNumber::unknown_reference,
          "the order of " + quoted(lifecycle.name) + " names the state " + quoted(id) + ", which is not there", place,
          {}, expected_states(lifecycle));
    else if (lifecycle.rank(id) >= 0)
      builder.report(ProblemNumber::duplicate_name,
                     "the order of " + quoted(lifecycle.name) + " has the state " + quoted(id) + " twice", place);
    else
      lifecycle.order.push_back(id);
  }
}

void resolve_raises(Builder& builder, const Item& item, Lifecycle& lifecycle) {
  const json::value* raises = item.find("raises");
  if (!raises || !raises->is_object()) return;
  for (const auto& [name, states] : raises->get_object()) {
    const std::string pointer = pointer_join(item.at("raises"), name);
    const Lifecycle* target = find_target(builder, item, lifecycle, std::string(name), item.source->key_place(pointer));
    if (!target || !states.is_object()) continue;
    for (const auto& [own, raised] : states.get_object()) {
      const Place place = item.source->place(pointer_join(pointer, own));
      const std::string to(raised.is_string() ? std::string_view(raised.get_string()) : std::string_view());
      if (!lifecycle.state(own))
        builder.report(ProblemNumber::unknown_reference,
                       quoted(lifecycle.name) + " has no state " + quoted(std::string(own)), place, {},
                       expected_states(lifecycle));
      else if (!target->state(to))
        builder.report(ProblemNumber::unknown_reference, quoted(target->name) + " has no state " + quoted(to), place,
                       {}, expected_states(*target));
      else if (target->rank(to) < 0)
        builder.report(
            ProblemNumber::not_allowed_here,
            quoted(to) + " has no place in the order of " + quoted(target->name) + ", so nothing can be raised to it",
            place, {}, "one of " + join(target->order, ", "));
      else
        lifecycle.raises.push_back({std::string(own), target->number, to});
    }
  }
}

}  // namespace kith::internal::catalog
