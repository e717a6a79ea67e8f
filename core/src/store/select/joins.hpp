// The FROM clause of a list: facts `t`, their derived row `td`, and what refs lead to (`j1`, `j1d`, ...), each joined
// once.
#pragma once
#include <string>
#include <vector>

#include "store/layout/layout.hpp"
#include "store/layout/physical.hpp"
#include "store/select/place.hpp"

namespace kith::internal::store {

class Joins {
 public:
  /// `indexed`: the quoted name of the index by which the records are found; "": as the database likes.
  Joins(const Layout& layout, Allowed allowed, std::int32_t record_type, const std::string& indexed = {});
  /// The SQL of a value; adds the joins that it needs.
  std::string value(const Place& place);
  /// The same as something to sort by: ordered enums by rank.
  std::string sort_key(const Place& place);
  /// The columns of a value in a SELECT: two for a ref to any type.
  std::string columns(const Place& place);
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

  const Layout* layout_;
  Allowed allowed_;
  std::vector<Joined> joined_;  ///< the first is the record itself
  expr::Sql from_;
  std::size_t tables_ = 1;  ///< SQLite joins 64 at most
};

/// Two columns hold it: the id, and the type.
inline bool is_any_ref(const Place& place) { return place.member >= 0 && is_any_ref(place.type); }
/// The quoted column of the facts by which a list can be walked in this order; "" where it is no such column.
std::string sort_column(const Layout& layout, const Place& place);

}  // namespace kith::internal::store
