// The walk over the checked tree. Rules of valid_until: design/derivations.md, first table.
#pragma once
#include <array>
#include <cstddef>
#include <forward_list>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include "expr/evaluate/arithmetic.hpp"
#include "expr/evaluate/evaluate.hpp"
#include "expr/tree/node.hpp"

namespace kith::internal::expr {

/// Where a condition is asked, null and unknown are the same.
enum class Truth : std::uint8_t { no, yes, unknown };
inline Truth truth_of(bool yes) { return yes ? Truth::yes : Truth::no; }
inline Truth truth_of(const Value& value) { return value.is_dead() ? Truth::unknown : truth_of(value.i != 0); }
inline Truth opposite(Truth truth) { return truth == Truth::unknown ? truth : truth_of(truth == Truth::no); }

/// A condition, and until when it holds.
struct Judged {
  Truth truth = Truth::unknown;
  std::int64_t until = kForever;
};

/// false decides an &&, true an ||: then the latest of those that decide; otherwise every part matters.
class LogicRule {
 public:
  LogicRule(Truth deciding, bool timed) : deciding_(deciding), timed_(timed) {}
  /// Takes the next part; true: nothing that follows matters.
  bool takes(const Judged& part) {
    if (part.truth == deciding_) {
      decided_ = true;
      latest_ = latest_ < part.until ? part.until : latest_;
      return latest_ == kForever || !timed_;
    }
    dead_ = dead_ || part.truth == Truth::unknown;
    earliest_ = part.until < earliest_ ? part.until : earliest_;
    return false;
  }
  Judged result() const {
    if (decided_) return {deciding_, latest_};
    return {dead_ ? Truth::unknown : opposite(deciding_), earliest_};
  }

 private:
  Truth deciding_;
  bool timed_;
  bool decided_ = false;
  bool dead_ = false;
  std::int64_t latest_ = INT64_MIN;
  std::int64_t earliest_ = kForever;
};

/// A value that is looked at where it stands: in the record, among the literals, or in the evaluator's scratch space.
struct Look {
  const Value* value;
  std::int64_t until;
};

/// Holds what an evaluation computes until it ends, without allocating for the first few.
class Scratch {
 public:
  Scratch() = default;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { release({0, 0}); }
  const Value* keep(Value&& value) {
    if (used_ < slots_.size()) return ::new (static_cast<void*>(slots_[used_++].bytes)) Value(std::move(value));
    ++more_used_;
    return &more_.emplace_front(std::move(value));
  }
  /// Where it stands now, to be given back what is kept from here on: each record of a set needs its space only once.
  struct Mark {
    std::size_t slots, more;
  };
  Mark mark() const { return {used_, more_used_}; }
  void release(const Mark& mark) {
    while (used_ > mark.slots) std::launder(reinterpret_cast<Value*>(slots_[--used_].bytes))->~Value();
    for (; more_used_ > mark.more; --more_used_) more_.pop_front();
  }

 private:
  struct Slot {
    alignas(Value) std::byte bytes[sizeof(Value)];
  };
  std::array<Slot, 8> slots_;  // not initialised on purpose: most evaluations use none
  std::size_t used_ = 0;
  std::forward_list<Value> more_;
  std::size_t more_used_ = 0;
};

/// What the variables of macros stand for, by slot.
using Bound = std::array<RecordView*, kSlots>;

class Evaluator {
 public:
  /// `record` may be null: it does not exist, and every field of it is null. Where `timed` is false nobody asks until
  /// when the result holds: then a condition ends with the first part that decides it.
  Evaluator(const Env& env, RecordView* record, bool timed = true) : env_(env), record_(record), timed_(timed) {}
  Evaluator(const Env& env, RecordView* record, bool timed, const Bound& bound)
      : env_(env), record_(record), timed_(timed), bound_(bound) {}
  Timed run(const Node& node);  ///< a value that outlives this evaluator
  Judged judge(const Node& node);
  Look look(const Node& node) {
    if (node.op == Op::constant) return {&node.constant, kForever};
    if (node.op == Op::member && is_own_fact(node) && record_ != nullptr) {
      if (const Value* fact = record_->fact(node.number)) return {fact, kForever};
    }
    return find(node);
  }

  /// The record at which `node.path` begins, and the one at its end.
  RecordView* root(const Node& node) const;
  RecordView* reach(const Node& node, std::int64_t& until);
  /// What the variable in a slot stands for.
  void bind(std::int8_t slot, RecordView* record) { bound_[static_cast<std::size_t>(slot)] = record; }

 private:
  friend class BatchWalk;
  Look find(const Node& node);
  Look quick_number(const Node& node);
  Look keep(Value&& value, std::int64_t until) { return {scratch_.keep(std::move(value)), until}; }
  Look member(const Node& node);
  Look parameter(const Node& node) const;
  const Surroundings& surroundings() const;

  // evaluate_operators.cpp
  Judged logic(const Node& node);
  Judged comparison(const Node& node);
  Judged in_values(const Node& node);
  Judged in_list(const Node& node);
  Judged change(const Node& node);
  Look arithmetic(const Node& node);
  Look negate(const Node& node);
  Look conditional(const Node& node);
  Look coalesce(const Node& node);

  // evaluate_time.cpp
  /// now() +- durations.
  struct Clock {
    bool dead = false;  ///< a duration is null or unknown, or the sum is out of range
    std::int64_t at = 0;
    std::int64_t furthest = 0;      ///< the largest sum on the way
    std::int64_t until = kForever;  ///< of the durations
    std::int64_t range_end(
        std::int64_t now) const;  ///< when now() + c leaves the range of timestamps and becomes unknown
  };
  Judged against_now(const Node& node);
  Judged days_compared(const Node& node, std::size_t side);
  Judged dates_compared(const Node& node);
  Clock clock(const Node& node);

  // evaluate_sets.cpp
  Look over_set(const Node& node);
  Timed quantified(const Node& node, const std::vector<Related>& rows);
  Timed only_one(const Node& node, const std::vector<Related>& rows);
  Timed aggregated(const Node& node, const std::vector<Related>& rows);
  Timed latest(const Node& node, const std::vector<Related>& rows);
  void turn_to(const Node& node, const Related& row, const Scratch::Mark& mark);
  bool counts(const Node& node, const Related& row, std::int64_t& until);
  Look setting(const Node& node);

  // evaluate_functions.cpp
  Judged text_test(const Node& node);
  Look function(const Node& node);
  Look plugin(const Node& node);

  const Env& env_;
  RecordView* record_;
  bool timed_;
  Scratch scratch_;
  Bound bound_{};
  std::int64_t looked_at_ = 0;  ///< related records so far
  std::uint32_t turns_ = 0;     ///< rows of sets, to look for a request to stop every so often
};

/// "Any operand dead: the latest of the dead ones; else the earliest": while one operand stays dead, nothing else
/// matters.
struct Fate {
  bool dead = false;
  std::int64_t until = kForever;
};
Fate fate_of(const Look& a, const Look& b, bool null_is_dead);

// What the forms come to once their parts are known; one record and a row of a batch share them.

/// `a op b`, as written: neither against now() nor with days_since().
Judged judge_comparison(Op op, const Type& a_type, const Type& b_type, const Look& a, const Look& b);
/// days_since(t) op e.
Judged judge_days(Op op, const Look& t, const Look& e, std::int64_t now);
Judged judge_in_list(const Look& x, const Look& list);
/// A function of ours, other than the tests of texts.
Timed apply(const Node& node, std::span<const Look> arguments, std::int64_t now);
/// What a plugin's function gave; unknown, with its reason, where that is no value of its kind.
Value given_by_plugin(const Node& node, Value value);
/// + - * / % of values that are alive.
Value calculate(const Node& node, const Value& a, const Value& b);
bool is_text_test(const Node& node);
bool test_text(Function function, std::string_view text, std::string_view part);

/// `a op b` of two values that are alive and of one kind, with the types of the nodes that gave them.
Truth compare_alive(Op op, const Type& a_type, const Type& b_type, const Value& a, const Value& b);
/// x == y as the language means it: null equals null; unknown when a side is unknown or amounts of two currencies meet.
Truth equal_values(const Value& a, const Value& b);
/// `a op b` of plain values that have an order.
template <class T>
bool decide(Op op, const T& a, const T& b) {
  switch (op) {
    case Op::less: return a < b;
    case Op::less_equal: return a <= b;
    case Op::greater: return a > b;
    case Op::greater_equal: return a >= b;
    case Op::not_equal: return a != b;
    default: return a == b;
  }
}
/// `op` with its sides exchanged.
Op mirrored(Op op);

/// The instant from which days are counted, in microseconds.
Wide start_of(Kind kind, std::int64_t start);
bool days_compare(Op op, Wide start, std::int64_t days, std::int64_t now);
/// Until when days_since(start) compares with `days` as it does now.
std::int64_t days_until(Op op, Wide start, std::int64_t days, std::int64_t now);
/// Which side of a comparison is days_since(), 0 or 1; -1: none.
int days_since_side(const Node& node);
/// A comparison with today(), or with days_between() of it.
bool is_against_today(const Node& node);
/// E op now() + c holds until then, where both are alive; `until`: what E and c hold, and the range of instants.
std::int64_t flip_of(Op op, std::int64_t e, std::int64_t clock, std::int64_t now, std::int64_t until);

}  // namespace kith::internal::expr
