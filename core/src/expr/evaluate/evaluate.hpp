// Evaluation on one record: a value, and the earliest instant at which it can differ with no write (valid_until).
// The rule for each form is in design/derivations.md.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/problem/stop.hpp"
#include "base/time/time.hpp"
#include "base/value/value.hpp"
#include "expr/program.hpp"

namespace kith::internal::expr {

/// Holds on [now, until).
struct Timed {
  Value value;
  std::int64_t until = kForever;
};

class RecordView;

/// A record of a set, or one whose dated edge is over or has not begun.
struct Related {
  RecordView* record = nullptr;
  bool inside = true;
  std::int64_t until = kForever;  ///< of `inside`, with no write
};

/// A record as an evaluation sees it. Views are owned by their maker and outlive the evaluation.
class RecordView {
 public:
  RecordView() = default;
  // What is shown belongs to one view: a copy shows nothing until it shows its own.
  RecordView(const RecordView&) noexcept {}
  RecordView& operator=(const RecordView&) noexcept { return *this; }
  virtual ~RecordView() = default;
  virtual Value self() = 0;                             ///< Kind::ref
  virtual Timed get(std::int32_t member) = 0;           ///< a field or a derivation; null where unset, never unknown
  virtual RecordView* follow(std::int32_t member) = 0;  ///< the record that a ref names; nullptr: unset or not live
  /// Adds the live records of a set, each once, in the order of their ids. A view that has no sets throws.
  virtual void related(const Hop& set, std::vector<Related>& out);
  /// A stored field where it stands; nullptr: ask get(). Never asked for a derivation.
  const Value* fact(std::int32_t member) const noexcept { return facts_ == nullptr ? nullptr : facts_ + member; }

 protected:
  /// Views that keep their row in memory show it here, one value for each member by its number, so that reading a field
  /// is neither a call nor a copy. It stays in place for as long as the view does.
  void show_facts(const Value* facts) noexcept { facts_ = facts; }

 private:
  const Value* facts_ = nullptr;
};

/// What an evaluation may ask besides the record.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  virtual Value setting(std::string_view name) const = 0;
  virtual Timed parameter(std::string_view set, std::string_view name) const = 0;  ///< null: not yet published
  virtual Value call(std::int32_t function, const std::vector<Value>& arguments) const = 0;
  /// The same for many rows, a column for each argument; row by row unless overridden.
  virtual std::vector<Value> call_batch(std::int32_t function, const std::vector<std::vector<Value>>& columns,
                                        std::size_t rows) const;
  /// The entries of a keyed setting; nullptr: it has none.
  virtual const std::vector<std::pair<Value, Value>>* setting_table(std::string_view /*name*/) const { return nullptr; }
  virtual RecordView* actor() const { return nullptr; }  ///< the record of who asks; nullptr: nobody that is known
};

class ListItems;  // expr/evaluate/json_list.hpp

struct Env {
  std::int64_t now = 0;                                   ///< microseconds UTC; one value per transaction attempt
  const Surroundings* surroundings = nullptr;             ///< may be null where the expression asks nothing of it
  RecordView* old = nullptr;                              ///< the record before the change; null: it did not exist
  std::vector<std::pair<std::string, Value>> parameters;  ///< $name
  /// Those of them that are lists, read once for all records that are asked.
  std::vector<std::pair<std::string, std::shared_ptr<const ListItems>>> lists;
  const Stop* stop = nullptr;             ///< asked in long loops; requested: the evaluation throws `cancelled`
  std::int64_t most_related = 1'000'000;  ///< related records that one evaluation may look at; beyond: budget_exceeded
};

Timed evaluate(const Program& program, RecordView& record, const Env& env);
/// true only when the value is true: what a filter, a segment or a trigger asks.
bool holds(const Program& program, RecordView& record, const Env& env);

/// A term with what it came to; `parts` in the order of evaluation.
struct Explained {
  std::string source;  ///< the piece of text
  Value value;         ///< may be unknown
  std::int64_t until = kForever;
  std::vector<Explained> parts;
  bool of_set = false;         ///< a macro: `parts` are records of the set, each with what was asked of it
  const Node* node = nullptr;  ///< of the program, as long as that lives; nullptr: a record of a set, or words about it
};
Explained explain(const Program& program, RecordView& record, const Env& env);

/// Whether a term reads a member for which `wanted(record type, member)` is true, of whatever record, before the change
/// or after it; refs on the way to it count too.
using MemberTest = std::function<bool(std::int32_t record_type, std::int32_t member)>;
bool reads_any(const Node& term, const MemberTest& wanted);
bool reads_any(const Program& program, const MemberTest& wanted);
/// Whether the term is nothing but a member, or a record.
bool is_plain(const Node& term);

/// One value compared as the language compares (numbers by value, text by code point). Both of one kind, not null.
int compare(const Value& a, const Value& b);

}  // namespace kith::internal::expr
