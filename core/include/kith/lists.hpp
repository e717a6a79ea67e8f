// lists.hpp - lists of records and their rows: part of session.hpp. Since 0.1.
#pragma once
#include <kith/session.h>
#include <kith/values.hpp>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith {

/// A result. One pass: `for (auto row : session.query("customer"))`. Holds no lock between rows. It keeps its session
/// alive, and so does each of its rows.
class Rows {
  /// What the rows of a result share. A session that is only lent (to a plugin's body) is not kept: it ends with the
  /// body.
  struct Body {
    Body(const kith_api& a, std::shared_ptr<kith_session> s, kith_rows* r) : api(&a), session(std::move(s)), rows(r) {}
    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;
    ~Body() { api->rows_free(rows); }

    std::uint64_t width() const { return api->rows_width(rows); }
    std::string_view column(std::uint64_t i) const { return view(api->rows_column(rows, i)); }
    std::uint64_t index(std::string_view name) const {
      for (std::uint64_t i = 0; i < width(); ++i)
        if (column(i) == name) return i;
      throw Error(KITH_MISUSE, "the result has no column '" + std::string(name) + "': name it in select()");
    }
    std::string_view type_name(const kith_value& v) const {
      const std::uint32_t number =
          static_cast<std::uint32_t>(v.currency[0]) | static_cast<std::uint32_t>(v.currency[1]) << 8 |
          static_cast<std::uint32_t>(v.currency[2]) << 16 | static_cast<std::uint32_t>(v.scale) << 24;
      return session ? view(api->session_type_name(session.get(), number)) : std::string_view();
    }

    const kith_api* api;
    std::shared_ptr<kith_session> session;
    kith_rows* rows;
  };

 public:
  Rows(const kith_api& api, std::shared_ptr<kith_session> session, kith_rows* rows)
      : body_(std::make_shared<Body>(api, std::move(session), rows)) {}
  /// Of a session that is only lent: whoever lends it says how long it lives.
  Rows(const kith_api& api, kith_session* session, kith_rows* rows)
      : Rows(api, std::shared_ptr<kith_session>(std::shared_ptr<kith_session>(), session), rows) {}

  /// A row. Its cells are valid until the next one is asked for.
  class Row {
   public:
    Cell operator[](std::uint64_t column) const {
      if (column >= body_->width())
        throw Error(KITH_MISUSE, "the result has no column " + std::to_string(column) + ": it has " +
                                     std::to_string(body_->width()) + ", counted from 0");
      const kith_value& v = values_[column];
      return {v, v.type == KITH_REF ? body_->type_name(v) : std::string_view()};
    }
    Cell operator[](std::string_view column) const { return (*this)[body_->index(column)]; }

   private:
    friend class Rows;
    Row(std::shared_ptr<const Body> body, const kith_value* values) : body_(std::move(body)), values_(values) {}
    std::shared_ptr<const Body> body_;
    const kith_value* values_;
  };
  /// The next row, or nothing.
  std::optional<Row> next() { return next_of(body_); }
  std::uint64_t width() const { return body_->width(); }
  std::string_view column(std::uint64_t i) const { return body_->column(i); }
  std::uint64_t index(std::string_view name) const { return body_->index(name); }
  /// KITH_INT, ...: the values of a column are of it, or null. KITH_NULL: it has only nulls, or is not there. Since
  /// 0.1.
  std::uint32_t type(std::uint64_t i) const { return detail::entry(*body_->api, &kith_api::rows_type)(body_->rows, i); }
  /// How many rows there are, those that were given included; nothing while a page is still to be read. Since 0.1.
  std::optional<std::uint64_t> count() const {
    const std::uint64_t rows = detail::entry(*body_->api, &kith_api::rows_count)(body_->rows);
    return rows == UINT64_MAX ? std::nullopt : std::optional(rows);
  }
  std::string cursor() const { return std::string(view(body_->api->rows_cursor(body_->rows))); }

  struct End {};
  class Iterator {
   public:
    Row operator*() const { return *row_; }
    Iterator& operator++() { return row_ = next_of(body_), *this; }
    bool operator==(End) const { return !row_; }

   private:
    friend class Rows;
    explicit Iterator(std::shared_ptr<Body> body) : body_(std::move(body)), row_(next_of(body_)) {}
    std::shared_ptr<Body> body_;
    std::optional<Row> row_;
  };
  Iterator begin() { return Iterator(body_); }
  End end() const { return {}; }

 private:
  static std::optional<Row> next_of(const std::shared_ptr<Body>& body) {
    const kith_value* values = nullptr;
    if (call(*body->api, &kith_api::rows_next, body->rows, &values) == KITH_END) return std::nullopt;
    return Row(body, values);
  }

  std::shared_ptr<Body> body_;
};

/// What to list; runs when it is iterated. Host values enter only by name: where("total > $least", {{"least", 10}}).
/// Each setter has two forms: a temporary is moved along, so that `for (auto row : session.query(...).where(...))`
/// iterates a query that is still there.
class Query {
 public:
  Query(const kith_api& api, std::shared_ptr<kith_session> session, std::string_view type)
      : api_(&api), session_(std::move(session)), type_(type) {}
  Query& where(std::string_view expression, Fields parameters = {}) & {
    where_ = expression;
    parameters_ = std::move(parameters);
    return *this;
  }
  Query& select(std::initializer_list<std::string_view> columns) & {
    return select_.assign(columns.begin(), columns.end()), *this;
  }
  Query& order_by(std::string_view order) & { return order_ = order, *this; }
  Query& limit(std::uint32_t rows) & { return limit_ = rows, *this; }
  Query& after(std::string_view cursor) & { return after_ = cursor, *this; }
  Query& as_stored() & { return as_stored_ = 1, *this; }
  Query where(std::string_view expression, Fields parameters = {}) && {
    return std::move(where(expression, std::move(parameters)));
  }
  Query select(std::initializer_list<std::string_view> columns) && { return std::move(select(columns)); }
  Query order_by(std::string_view order) && { return std::move(order_by(order)); }
  Query limit(std::uint32_t rows) && { return std::move(limit(rows)); }
  Query after(std::string_view cursor) && { return std::move(after(cursor)); }
  Query as_stored() && { return std::move(as_stored()); }
  Rows run() const {
    std::vector<kith_str> columns;
    for (const std::string& c : select_) columns.push_back(str(c));
    kith_query q{};
    q.struct_size = sizeof q, q.limit = limit_, q.record_type = str(type_), q.where = str(where_),
    q.order_by = str(order_);
    const detail::RawFields parameters(parameters_);
    q.params = parameters.data(), q.param_count = parameters.size();
    q.select = columns.data(), q.select_count = columns.size(), q.after = str(after_), q.as_stored = as_stored_;
    kith_rows* rows = nullptr;
    call(*api_, &kith_api::session_query, session_.get(), static_cast<const kith_query*>(&q), &rows);
    return {*api_, session_, rows};
  }
  Rows::Iterator begin() { return run().begin(); }
  Rows::End end() const { return {}; }

 private:
  const kith_api* api_;
  std::shared_ptr<kith_session> session_;
  std::string type_, where_, order_, after_;
  std::vector<std::string> select_;
  Fields parameters_;
  std::uint32_t limit_ = 0, as_stored_ = 0;
};

}  // namespace kith
