// One figure of one group, row by row.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "expr/evaluate/arithmetic.hpp"
#include "expr/program.hpp"

namespace kith::internal::access {

/// Digits that a mean of money keeps behind those of its currency.
inline constexpr std::uint8_t kMeanDigits = 4;

/// What a figure asks, and of values of which type.
struct FigureKind {
  expr::Aggregate fn = expr::Aggregate::count;
  expr::Type of;        ///< of the values; Kind::null: none, rows are counted
  expr::Type type;      ///< of the result
  bool by_key = false;  ///< count_distinct of addresses: two spellings of one are one
};
/// nullopt: no figure has that name.
std::optional<expr::Aggregate> figure_named(std::string_view name);
std::vector<std::string> figure_names();
std::string_view figure_name(expr::Aggregate fn);
/// `of` as in FigureKind. Throws query_invalid where such values have no such figure; `what` names them.
FigureKind figure_kind(expr::Aggregate fn, const expr::Type& of, std::string_view what);

/// Adds the value's content to a key: two values of one column have the same bytes where they are the same.
void add_key(const Value& value, std::string& key);

class Tally {
 public:
  /// Null is skipped. One that is unknown makes the result unknown, with its reason.
  void add(const FigureKind& kind, const Value& value);
  void add_row() { ++count_; }
  /// Nothing counted: 0 of counts and sums, else null.
  Value result(const FigureKind& kind) const;

 private:
  /// What only some figures keep.
  struct Kept {
    std::vector<std::int64_t> whole;
    std::vector<double> real;
    std::unordered_set<std::string> seen;
    std::string reason;
  };
  Kept& kept();
  void make_unknown(std::string reason);
  void add_amount(const Value& value);
  void add_real(double value);
  Value amount(const expr::Type& type, std::int64_t whole) const;
  Value sum(const FigureKind& kind) const;
  Value mean(const FigureKind& kind) const;
  Value median(const FigureKind& kind) const;

  std::int64_t count_ = 0;
  expr::Wide whole_ = 0;
  double real_ = 0, lost_ = 0;  ///< a sum of doubles, and what rounding took of it
  Value best_;
  Currency currency_{};
  bool unknown_ = false;
  std::shared_ptr<Kept> kept_;  ///< of this tally alone; shared only so that groups can be moved and copied
};

}  // namespace kith::internal::access
