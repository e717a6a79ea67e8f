// The walk that makes SQL. V(e) is NULL iff e is null or unknown; T, F and N are TRUE iff e is true, false, null.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/evaluate/arithmetic.hpp"
#include "expr/sql/dialect.hpp"
#include "expr/sql/reach.hpp"
#include "expr/tree/node.hpp"

namespace kith::internal::expr {

class Lowerer {
 public:
  Lowerer(const Env& env, const Lowering& how)
      : env_(env), how_(how), dialect_(how.rules != nullptr ? *how.rules : dialect_of(how.dialect)) {}

  Sql truth(const Node& node, bool wanted);  ///< T(e) or F(e)
  Sql value(const Node& node);               ///< V(e)
  Sql compared(const Node& node);            ///< V(e) as it stands beside a comparison
  Condition condition(const Node& node);     ///< T(e) in parts; those that SQL can't decide are left out

 private:
  Sql bind(Value value) const { return dialect_.parameter(std::move(value)); }
  Sql bound_list(const std::vector<Value>& values) const;

  // reach.cpp
  /// A field that is one of some values: the values alive, in order, each once.
  struct Membership {
    const Node* field = nullptr;
    std::vector<Value> values;
    bool or_null = false;
  };
  std::optional<Membership> membership(const Node& node);
  bool add_values(const Node& node, Membership& to);
  bool add_value(Value value, Membership& to) const;
  Sql one_of(const Node& field, const std::vector<Value>& values, bool or_null, bool wanted);
  std::optional<Reach> reach(const Node& node);
  std::optional<Reach> reach_of(const Node& field) const;
  void add_parts(const Node& node, Condition& to);

  // lower_sets.cpp
  const std::string& alias_of(const Node& node) const {
    return node.slot < 0 ? how_.alias : slots_[static_cast<std::size_t>(node.slot)];
  }
  Sql set_truth(const Node& node, bool wanted);
  Sql set_value(const Node& node);
  Sql set_is_null(const Node& node);
  Sql sum_of(const Node& node, bool average);
  Sql latest(const Node& node);
  Sql owner(const Node& node);
  Sql open_set(const Node& node);
  Sql unknown_in(const Node& value);
  Sql keyed_setting(const Node& node);

  // lower_predicates.cpp
  Sql is_null(const Node& node);  ///< N(e)
  Sql logic(const Node& node, bool wanted);
  Sql comparison(Op op, const Node& a, const Node& b);
  Sql equality(bool wanted, const Node& a, const Node& b);
  Sql equal_to_fixed(bool wanted, const Node& x, const Value& value);
  std::vector<Value> values_in_order(Op op, const Node& a, const Node& b);
  Sql enum_order(Op op, const Node& a, const Node& b);
  std::optional<Sql> days_since(Op op, const Node& a, const Node& b);
  Sql days_at_least(const Node& moment, bool at_least, const Value& days, bool one_more);
  Sql in_values(const Node& node, bool wanted);
  Sql in_list(const Node& node, bool wanted);
  Sql text_test(const Node& node, bool wanted);
  Sql starts_with(const Node& text, const Value& prefix, bool wanted);

  // lower_zones.cpp
  std::optional<Sql> zoned(Op op, const Node& a, const Node& b);
  Sql zoned_numbers(const Node& side, const Node& inner, std::string_view zone, Wide first, Wide last);
  Sql dates_within(const Node& instant, std::string_view zone, Wide first, Wide last);
  Sql days_within(const Node& date, std::string_view zone, Wide first, Wide last);

  // lower_functions.cpp
  Sql replaced(const Node& node);
  Sql piece_of(const Node& node);
  Sql rounded(const Node& node);
  Sql floored(const Node& node);
  Sql absolute(const Node& node);
  Sql amount(const Node& node);
  Sql civil_date(const Node& node);
  Sql next_anniversary(const Node& node);

  // lower_values.cpp
  Value fixed(const Node& node) const;
  Sql raw(const Node& node);
  Sql arithmetic(const Node& node);
  Sql member(const Node& node);
  Sql stored_key(const Node& node);
  Sql column_of(const Node& node, const std::string& column);
  Sql at_end(const Node& node, const std::string& wanted);
  Sql function(const Node& node);
  Sql conversion(const Node& node);
  Sql day(const Node& node);
  Sql whole_days(const Node& moment);
  Sql rank(const Sql& value, const EnumValues& values);
  static Sql floor_day(const Sql& timestamp);

  const Env& env_;
  const Lowering& how_;
  const SqlDialect& dialect_;
  std::array<std::string, kSlots> slots_;  ///< aliases of the records that the macros around run through
  int aliases_ = 0;
};

/// Reads a derivation of the record in a slot; -1: of the record itself.
bool reads_derived_of(const Node& node, std::int8_t slot);

}  // namespace kith::internal::expr
