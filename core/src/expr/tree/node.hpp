// The checked tree: names resolved, types known, constants folded. Evaluation and lowering both walk it.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "expr/names.hpp"
#include "expr/program.hpp"

namespace kith::internal::expr {

enum class Op : std::uint8_t {
  constant,   ///< `constant`
  parameter,  ///< $name
  setting,    ///< setting('name')
  published,  ///< param('name', 'detail')
  self,       ///< the record at the end of `path`, as a ref
  member,     ///< `member` of the record at the end of `path`
  now,
  logic_not,
  logic_and,
  logic_or,  ///< and, or: two or more parts
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in_values,  ///< parts[0] in [parts[1], ...]
  in_list,    ///< parts[0] in parts[1], a list
  add,
  subtract,
  multiply,
  divide,
  modulo,
  negate,
  conditional,
  coalesce,
  has,
  changed,   ///< parts[0] now and before differ
  became,    ///< parts[0] is true now and was not before
  over_set,  ///< `aggregate` of `set` of the record at the end of `path`: parts are the condition, then what is taken
  function,  ///< `function` of ours
  plugin,    ///< a plugin's function, `number`
  brought    ///< parts[0], a parameter or an address, brought to `type` and to the form in which texts are stored
};

enum class Function : std::uint8_t {
  days_since,
  days_between,
  today,
  date,
  timestamp,
  duration,
  to_int,
  to_double,
  to_string,
  size,
  contains,
  starts_with,
  ends_with,
  lower_ascii,
  fold,
  year,
  month,
  day,
  least,
  greatest,
  trim,
  upper,
  lower,
  replace,
  substring,
  split,
  round,
  absolute,
  floor,
  power,
  logarithm,  ///< natural
  exponential,
  money,
  civil_date,  ///< date(year, month, day)
  next_anniversary
};

/// Records that a name can begin at besides the record itself and the one before the change: what the macros around it
/// run through, and who asks.
inline constexpr std::int8_t kNestedMacros = 2;
inline constexpr std::int8_t kActorSlot =
    kNestedMacros + 1;  ///< the slot before is for macros that the language makes itself
inline constexpr std::size_t kSlots = kNestedMacros + 2;

/// One hop of a path, with what lowering has to know of it.
struct Step {
  Hop hop;
  bool derived = false;       ///< the ref itself is a derivation
  std::int32_t target = -1;   ///< record type that is reached
  std::int32_t set_ref = -1;  ///< to the children of a set: the child's field that leads back
};

struct Quick;

struct Node {
  // What an evaluation reads of every node comes first and lies together.
  Op op = Op::constant;
  Function function = Function::days_since;
  std::uint8_t now_side = 0;  ///< comparisons: 1, 2 = that side is now() +- durations, and the other has no raw now()
  bool old = false;           ///< self, member: of the record before the change
  bool derived = false;       ///< member: a derivation
  Aggregate aggregate = Aggregate::exists;
  std::int8_t slot = -1;      ///< self, member, over_set: where `path` begins; -1: the record itself
  std::int8_t binds = -1;     ///< over_set: the slot of its variable
  bool nullable = false;      ///< may be null
  bool fallible = false;      ///< may be unknown
  bool reads_record = false;  ///< reads the record, the old one included
  bool reads_old = false;
  bool uses_now = false;           ///< anywhere below
  bool keyed = false;              ///< brought: to the email_key of the text
  TextForm form = TextForm::none;  ///< brought: of the text
  bool raw_now = false;  ///< now() below that is not inside of days_since(), today() or a comparison with now() +- d
  std::int32_t number = -1;      ///< member: its number; plugin: the function's number
  const Quick* quick = nullptr;  ///< the compiled form, where there is one (quick.hpp); owned by the program
  std::vector<std::unique_ptr<Node>> parts;
  std::vector<Step> path;
  Type type;
  Value constant;
  std::string name, detail;
  Step set;                        ///< over_set
  std::int32_t record_type = -1;   ///< member: the type on which it stands; self: its own type
  std::size_t begin = 0, end = 0;  ///< bytes of the source
};
using NodePtr = std::unique_ptr<Node>;

constexpr bool is_comparison(Op op) { return op >= Op::equal && op <= Op::greater_equal; }
constexpr bool is_calculation(Op op) { return op >= Op::add && op <= Op::modulo; }
constexpr bool is_ordering(Op op) { return op >= Op::less && op <= Op::greater_equal; }

inline bool may_be_dead(const Node& node) { return node.nullable || node.fallible; }

/// Of a member: a stored field of the record itself.
inline bool is_own_fact(const Node& node) { return !node.derived && !node.old && node.slot == -1 && node.path.empty(); }
inline bool is_own_field(const Node& node) { return node.op == Op::member && is_own_fact(node); }

/// The place of an enum value in declared order; -1 = not among them.
std::int64_t rank_of(const EnumValues& values, std::string_view id);

}  // namespace kith::internal::expr
