// aggregates.hpp - records in groups, with figures of each: part of session.hpp. Since 0.1.
#pragma once
#include <kith/lists.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace kith {

namespace detail {
/// A text as JSON has it.
inline std::string quoted(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte < 0x20)
      out += std::string("\\u00") + digits[byte >> 4] + digits[byte & 15];
    else
      out += c;
  }
  return out + "\"";
}
}  // namespace detail

/// Runs when it is iterated. The columns are what it groups by, then the figures, in the order in which they were asked
/// for; without a figure there is "count". A figure that is unknown (an element is, or the sum is too large) is null.
///
///   for (auto row : session.aggregate("retail.order").by("channel").by("placed_at", "month").sum("total"))
///     std::cout << row["channel"] << " " << row["placed_at_month"] << " " << row["sum_total"] << "\n";
class Aggregate {
 public:
  Aggregate(const kith_api& api, std::shared_ptr<kith_session> session, std::string_view type)
      : api_(&api), session_(std::move(session)), type_(type) {}
  /// As of a list; the parameters are also those of having() and of the figures' expressions.
  Aggregate& where(std::string_view expression, Fields parameters = {}) & {
    where_ = expression;
    parameters_ = std::move(parameters);
    return *this;
  }
  /// A member or a path through refs; of a date or instant also by "day", "week", "month", "quarter" or "year".
  Aggregate& by(std::string_view member, std::string_view bucket = {}) & { return add_by(member, bucket, ""); }
  /// The same with the buckets that have no rows, from the first to the last that has any.
  Aggregate& by_filled(std::string_view member, std::string_view bucket) & {
    return add_by(member, bucket, R"(, "fill": true)");
  }
  /// Each element of a list by itself.
  Aggregate& by_each(std::string_view list) & { return add_by(list, {}, R"(, "unnest": true)"); }
  /// "count", "count_distinct", "sum", "min", "max", "avg" or "median" of a member, path or expression; only of the
  /// rows for which `where` holds. The column is called `name`, else as the figure: sum_total.
  Aggregate& figure(std::string_view fn, std::string_view of = {}, std::string_view name = {},
                    std::string_view where = {}) & {
    figures_ += (figures_.empty() ? "{" : ", {") + member("fn", fn) + ", " + member("of", of) + ", " +
                member("name", name) + ", " + member("where", where) + "}";
    return *this;
  }
  Aggregate& count() & { return figure("count"); }
  Aggregate& sum(std::string_view of, std::string_view name = {}) & { return figure("sum", of, name); }
  Aggregate& avg(std::string_view of, std::string_view name = {}) & { return figure("avg", of, name); }
  Aggregate& min(std::string_view of, std::string_view name = {}) & { return figure("min", of, name); }
  Aggregate& max(std::string_view of, std::string_view name = {}) & { return figure("max", of, name); }
  /// An expression over the columns: "sum_total > 1000".
  Aggregate& having(std::string_view expression) & { return having_ = expression, *this; }
  Aggregate& order_by(std::string_view order) & { return order_ = order, *this; }
  Aggregate& limit(std::uint32_t rows) & { return limit_ = rows, *this; }
  Aggregate& as_stored() & { return as_stored_ = 1, *this; }

  Aggregate where(std::string_view expression, Fields parameters = {}) && {
    return std::move(where(expression, std::move(parameters)));
  }
  Aggregate by(std::string_view member, std::string_view bucket = {}) && { return std::move(by(member, bucket)); }
  Aggregate by_filled(std::string_view member, std::string_view bucket) && {
    return std::move(by_filled(member, bucket));
  }
  Aggregate by_each(std::string_view list) && { return std::move(by_each(list)); }
  Aggregate figure(std::string_view fn, std::string_view of = {}, std::string_view name = {},
                   std::string_view where = {}) && {
    return std::move(figure(fn, of, name, where));
  }
  Aggregate count() && { return std::move(count()); }
  Aggregate sum(std::string_view of, std::string_view name = {}) && { return std::move(sum(of, name)); }
  Aggregate avg(std::string_view of, std::string_view name = {}) && { return std::move(avg(of, name)); }
  Aggregate min(std::string_view of, std::string_view name = {}) && { return std::move(min(of, name)); }
  Aggregate max(std::string_view of, std::string_view name = {}) && { return std::move(max(of, name)); }
  Aggregate having(std::string_view expression) && { return std::move(having(expression)); }
  Aggregate order_by(std::string_view order) && { return std::move(order_by(order)); }
  Aggregate limit(std::uint32_t rows) && { return std::move(limit(rows)); }
  Aggregate as_stored() && { return std::move(as_stored()); }

  Rows run() const {
    kith_query q{};
    q.struct_size = sizeof q, q.limit = limit_, q.record_type = str(type_), q.where = str(where_),
    q.order_by = str(order_), q.as_stored = as_stored_;
    const detail::RawFields parameters(parameters_);
    q.params = parameters.data(), q.param_count = parameters.size();
    const std::string groups =
        R"({"by": [)" + by_ + R"(], "figures": [)" + figures_ + "], " + member("having", having_) + "}";
    kith_rows* rows = nullptr;
    call(*api_, &kith_api::session_aggregate, session_.get(), static_cast<const kith_query*>(&q), str(groups), &rows);
    return {*api_, session_, rows};
  }
  Rows::Iterator begin() { return run().begin(); }
  Rows::End end() const { return {}; }

 private:
  static std::string member(std::string_view name, std::string_view value) {
    return detail::quoted(name) + ": " + detail::quoted(value);
  }
  Aggregate& add_by(std::string_view path, std::string_view bucket, std::string_view more) {
    by_ += (by_.empty() ? "{" : ", {") + member("member", path) + ", " + member("bucket", bucket);
    by_ += std::string(more) + "}";
    return *this;
  }

  const kith_api* api_;
  std::shared_ptr<kith_session> session_;
  std::string type_, where_, by_, figures_, having_, order_;
  Fields parameters_;
  std::uint32_t limit_ = 0, as_stored_ = 0;
};

}  // namespace kith
