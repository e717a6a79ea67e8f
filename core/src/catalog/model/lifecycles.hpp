// States and what leads from one to another, and the rules that every write of a record must keep.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/model/record_types.hpp"
#include "expr/program.hpp"

namespace kith::internal::catalog {

enum class Category : std::uint8_t { open, active, on_hold, won, lost, closed };
struct State {
  std::string id;
  Label label;
  Category category = Category::open;
  std::vector<std::int32_t> required;  ///< members
  expr::ProgramPtr enter_guard;
  Label deny;
};
/// What makes a transition fire by itself. It is due when `when` holds or `after_us` have passed in its state; it fires
/// when it is due and the guards hold too.
struct Automatic {
  expr::ProgramPtr when;                 ///< null: `after_us` says it
  std::optional<std::int64_t> after_us;  ///< since the state was entered
  std::optional<std::int64_t> order;     ///< among those that leave one state: the lowest that is due wins
  expr::ProgramPtr guard, enter_guard;   ///< the transition's and its target's, as a stored derivation may read them
  std::string text() const;              ///< "after 30d", or the text of `when`
};
struct Transition {
  std::string event;
  Label label;
  std::vector<std::string> from;
  std::string to;
  expr::ProgramPtr guard;
  Label deny;
  bool reason_required = false;
  std::optional<Automatic> automatic;
  Place place;
};
/// Entering `state` lifts another lifecycle of the same record to `target`, where it stands lower in that one's order.
struct Raise {
  std::string state;
  std::int32_t lifecycle = -1;
  std::string target;
};
struct Lifecycle {
  std::int32_t number = -1;
  std::string name;  ///< "customer.lifecycle", "retail.shopper_state"
  std::string owner, owner_version;
  Label label;
  std::int32_t record_type = -1;
  std::int32_t state_member = -1, since_member = -1;
  std::vector<std::string> initial;  ///< the first is the default
  std::vector<State> states;
  std::vector<Transition> transitions;
  std::vector<std::string> order;  ///< lowest first: what "raises" of other lifecycles goes by; empty = can't be raised
  std::vector<Raise> raises;
  std::string slot;                           ///< those of one slot exclude each other; "" = none
  std::vector<std::int32_t> earlier_in_slot;  ///< lifecycles that are asked before this one
  expr::ProgramPtr applies_when;              ///< null = always
  expr::ProgramPtr begin_guard;  ///< enter_guard of the first state, for a record to which it comes to apply
  std::int32_t automatic = -1;   ///< the hidden derivation that says what fires; -1 = nothing ever does
  const State* state(std::string_view id) const;
  /// Its place in the order; -1 = not in it.
  std::int32_t rank(std::string_view state) const;
  bool always_applies() const { return !applies_when && earlier_in_slot.empty(); }
};

std::string category_name(Category c);

struct Validation {
  std::string id, owner;  ///< id is "bundle.id"
  std::int32_t record_type = -1;
  std::int32_t field_member = -1;  ///< -1 = the record
  expr::ProgramPtr reject_when;
  bool reject_on_unknown = false;
  Label text;
};

}  // namespace kith::internal::catalog
