// The statements of a list: a page of it, one record of it, its count, its groups. Text and binds only; nothing is run.
#pragma once
#include <optional>
#include <vector>

#include "store/select/joins.hpp"
#include "store/select/path.hpp"
#include "store/select/ranges.hpp"

namespace kith::internal::store {

class PageSql {
 public:
  /// `columns` are what a page shows, borrowed. `derived`: the condition reads derived values of the record itself.
  PageSql(const Layout& layout, Allowed allowed, std::int32_t record_type, std::vector<const Place*> columns,
          const std::vector<Sorting>& sorting, bool derived);

  const Order& order() const noexcept { return order_; }
  /// Columns: the id, what is shown, the terms of the order. `limit`: nullopt = none. Unsorted where not `sorted`.
  expr::Sql page(const Path& path, const Range& range, std::optional<std::int64_t> limit, bool sorted = true) const;
  /// The first value of the range's first term: one column.
  expr::Sql first_group(const Path& path, const Range& range) const;
  /// What is shown of one record, behind its id. Binds behind those of the text: the record's id.
  expr::Sql record() const;
  expr::Sql count(const Path& path) const;
  /// The count, then the columns of what is counted by.
  expr::Sql groups(const Path& path, const Place& by) const;

 private:
  /// One arm: "SELECT <what> FROM ... WHERE ...", `what` being written by its caller on the joins.
  template <class What>
  expr::Sql arm(const Arm& arm, const Range& range, const What& what) const;

  const Layout* layout_;
  Allowed allowed_;
  std::int32_t record_type_;
  std::vector<const Place*> columns_;
  const std::vector<Sorting>* sorting_;
  bool derived_;
  Order order_;
  std::size_t first_key_ = 0;  ///< the ordinal of the first term of the order
};

}  // namespace kith::internal::store
