// Names of a query, resolved to columns: a member of the record, or one reached through refs ("customer.retail.tier").
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/unit.hpp"

namespace kith::internal::access {

struct Selected {
  std::string name;                ///< as asked for
  std::vector<std::int32_t> refs;  ///< ref members that lead from the query's type to `record_type`
  std::int32_t record_type = -1;
  std::int32_t member = -1;  ///< -1: the record's id
  expr::Type type;
};

/// Throws unknown_field with a suggestion, or query_invalid for what has no single value (a child set).
Selected resolve(const catalog::Catalog& catalog, std::int32_t record_type, std::string_view name);
/// The catalog's member behind a selection; nullptr for an id.
const catalog::Member* member_of(const catalog::Catalog& catalog, const Selected& selected);

struct OrderTerm {
  Selected by;
  bool descending = false;
};
/// "retail.net_spend_12m desc, name". Throws query_invalid, unknown_field.
std::vector<OrderTerm> parse_order(const catalog::Catalog& catalog, std::int32_t record_type, std::string_view text);

/// The FROM clause: facts `t`, its derived row `td`, and what refs lead to (`j1`, `j1d`, ...), each joined once.
class Joins {
 public:
  Joins(const Unit& unit, std::int32_t record_type);
  /// The SQL of a selected value; adds the joins that it needs.
  std::string value(const Selected& selected);
  /// The same as something to sort by: ordered enums by rank.
  std::string sort_key(const Selected& selected);
  void need_derived();  ///< of the record itself, under the alias td
  const expr::Sql& from() const noexcept { return from_; }

 private:
  struct Joined {
    std::vector<std::int32_t> refs;
    std::int32_t record_type;
    std::string alias;
    bool derived;
  };
  std::size_t reach(const std::vector<std::int32_t>& refs);
  void join_derived(Joined& joined);

  const Unit* unit_;
  std::vector<Joined> joined_;  ///< the first is the record itself
  expr::Sql from_;
};

/// "about" -> "about__type", also for quoted names: the second column of a ref to any type.
std::string type_column(const std::string& column);

}  // namespace kith::internal::access
