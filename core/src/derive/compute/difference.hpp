// Rollups by difference (design/derivations.md): a child adds its own part to a parent's value, or takes it away, so
// that a parent with very many children takes the next one at the price of the first.
#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "catalog/model/model.hpp"
#include "derive/plan/slots.hpp"
#include "expr/evaluate/evaluate.hpp"

namespace kith::internal::derive {

/// What one child is to a rollup: out, without a value, not to be decided, or in with a value.
struct Part {
  enum class Kind : std::uint8_t { out, null, unknown, in } kind = Kind::out;
  Value value;
  std::int64_t until = kForever;
};
Part part_of(const catalog::Derivation& rollup, expr::RecordView& child, const expr::Env& env);

/// The parts that came and went for one rollup of one parent.
struct Difference {
  std::int64_t count = 0;
  __extension__ typedef __int128 Wide;
  Wide sum = 0;
  std::vector<Value> added, taken;  ///< of min and max
  std::int64_t until = kForever;
};

class Differences {
 public:
  /// Whether all that has happened to the value since it was right is kept here.
  bool has(std::size_t position) const { return known_.has(position); }
  /// `before`, `after`: the child's part in the parent; nothing: it was, or is, no child of it.
  void note(std::size_t position, const catalog::Derivation& rollup, const std::optional<Part>& before,
            const std::optional<Part>& after);
  void forget(std::size_t position);
  void clear();
  /// The value with the parts added and taken; nothing: only its children can tell.
  std::optional<expr::Timed> apply(std::size_t position, const catalog::Derivation& rollup, const Value& value,
                                   std::int64_t until) const;

 private:
  const Difference* find(std::size_t position) const;
  Slots known_;
  std::vector<std::pair<std::size_t, Difference>> all_;
};

}  // namespace kith::internal::derive
