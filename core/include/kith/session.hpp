// session.hpp - the C++ face shared by embedder and plugin: header-only C++20 over a kith_api table, no undefined
// symbols. Every failure is a kith::Error thrown here, in the caller's own code. Since 0.1.
#pragma once
#include <kith/session.h>
#include <kith/aggregates.hpp>
#include <kith/lists.hpp>
#include <kith/values.hpp>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith {

/// One line of an explanation.
struct Reason {
  std::string rule, dimension, text, value;
  double points = 0;
  bool unknown = false;
};
/// Why a derivation has its value. The reasons' points add up to `points`.
struct Explanation {
  double points = 0;
  std::string band;
  std::vector<Reason> reasons;
};

/// A borrowed session: copy it freely, use it on one thread at a time. kith::OwnedSession (kith.hpp) closes it.
class Session {
 public:
  /// Lent, as to a plugin's body: whoever lends it says how long it lives.
  Session(const kith_api& api, kith_session* session)
      : api_(&api), session_(std::shared_ptr<kith_session>(), session) {}
  /// Shared: it lives as long as its copies, queries and rows.
  Session(const kith_api& api, std::shared_ptr<kith_session> session) : api_(&api), session_(std::move(session)) {}

  Ref create(std::string_view type, const Fields& fields) { return create_of(type, fields); }
  Ref create(std::string_view type, std::initializer_list<Field> fields) { return create_of(type, fields); }
  void update(const Ref& record, const Fields& fields, std::uint64_t version = 0) {
    update_of(record, fields, version);
  }
  void update(const Ref& record, std::initializer_list<Field> fields, std::uint64_t version = 0) {
    update_of(record, fields, version);
  }
  void remove(const Ref& record, std::uint64_t version = 0) {
    const kith_ref r = record.raw();
    call(*api_, &kith_api::record_remove, session_.get(), &r, version);
  }
  void transition(const Ref& record, std::string_view lifecycle, std::string_view event, const Fields& fields = {}) {
    const kith_ref r = record.raw();
    const detail::RawFields f(fields);
    call(*api_, &kith_api::record_transition, session_.get(), &r, str(lifecycle), str(event), f.data(), f.size());
  }
  void relate(const Ref& from, std::string_view relationship, const Ref& to, const Fields& fields = {}) {
    const kith_ref a = from.raw(), b = to.raw();
    const detail::RawFields f(fields);
    call(*api_, &kith_api::record_relate, session_.get(), &a, str(relationship), &b, f.data(), f.size());
  }
  void unrelate(const Ref& from, std::string_view relationship, const Ref& to) {
    const kith_ref a = from.raw(), b = to.raw();
    call(*api_, &kith_api::record_unrelate, session_.get(), &a, str(relationship), &b);
  }
  /// One row; `auto rows = s.get(ada); auto row = rows.next();`
  Rows get(const Ref& record, std::initializer_list<std::string_view> select = {}) {
    std::vector<kith_str> columns;
    for (std::string_view c : select) columns.push_back(str(c));
    const kith_ref r = record.raw();
    kith_rows* rows = nullptr;
    call(*api_, &kith_api::record_get, session_.get(), &r, static_cast<const kith_str*>(columns.data()),
         std::uint64_t{columns.size()}, &rows);
    return {*api_, session_, rows};
  }
  /// By UUID, "@source:external id" or the type's key.
  Ref find(std::string_view type, std::string_view key) {
    kith_ref out{};
    call(*api_, &kith_api::record_find, session_.get(), str(type), str(key), &out);
    return Ref(out);
  }
  /// A ref as a value, for parameters of expressions: where("customer == $who", {{"who", session.value(ada)}}).
  Value value(const Ref& record) {
    kith_value v{};
    if (record.is_null()) return v;
    const std::uint32_t number = api_->session_type_number(session_.get(), str(record.type()));
    v.type = KITH_REF, v.as.id = record.id(), v.scale = static_cast<std::uint8_t>(number >> 24);
    for (int i = 0; i < 3; ++i) v.currency[i] = static_cast<std::uint8_t>(number >> (8 * i) & 255u);
    return v;
  }
  Query query(std::string_view type) { return {*api_, session_, type}; }
  /// Records in groups, with figures of each. Since 0.1.
  Aggregate aggregate(std::string_view type) { return {*api_, session_, type}; }
  Explanation explain(const Ref& record, std::string_view name) {
    const kith_ref r = record.raw();
    kith_rows* raw = nullptr;
    call(*api_, &kith_api::record_explain, session_.get(), &r, str(name), &raw);
    Rows rows(*api_, session_, raw);
    Explanation out;
    while (auto row = rows.next()) {
      Reason reason{
          (*row)[0].str(),    (*row)[1].str(), (*row)[3].str(), (*row)[4].str(), (*row)[2] ? (*row)[2].real() : 0.0,
          (*row)[5].boolean()};
      if (reason.rule == "total")
        out.points = reason.points, out.band = reason.text;
      else
        out.reasons.push_back(std::move(reason));
    }
    return out;
  }
  void emit(std::string_view name, const Ref& about, std::string_view payload_json = "{}") {
    const kith_ref r = about.raw();
    call(*api_, &kith_api::session_emit, session_.get(), str(name), &r, str(payload_json));
  }
  /// A document in JSON: see the verbs in core/src/core/README.md.
  std::string run(std::string_view verb, std::string_view args_json = "{}") {
    kith_text* text = nullptr;
    call(*api_, &kith_api::session_run, session_.get(), str(verb), str(args_json), &text);
    std::unique_ptr<kith_text, void (*)(kith_text*)> owned(text, api_->text_free);
    return std::string(view(api_->text_str(text)));
  }
  Timestamp now() { return {api_->session_now(session_.get())}; }
  /// Runs body(session) in a transaction; again from the start when the core asks for it. Nothing stays if it throws.
  template <class Body>
  void transact(Body&& body) {
    for (;;) {
      call(*api_, &kith_api::session_begin, session_.get());
      try {
        body(*this);
        call(*api_, &kith_api::session_commit, session_.get());
        return;
      } catch (const Error& error) {
        api_->session_rollback(session_.get());
        if (error.code() != KITH_RETRY) throw;
      } catch (...) {
        api_->session_rollback(session_.get());
        throw;
      }
    }
  }
  const kith_api& api() const noexcept { return *api_; }
  kith_session* raw() const noexcept { return session_.get(); }

 protected:
  const kith_api* api_;
  std::shared_ptr<kith_session> session_;

 private:
  Ref create_of(std::string_view type, std::span<const Field> fields) {
    const detail::RawFields f(fields);
    kith_ref out{};
    call(*api_, &kith_api::record_create, session_.get(), str(type), f.data(), f.size(), &out);
    return Ref(out);
  }
  void update_of(const Ref& record, std::span<const Field> fields, std::uint64_t version) {
    const detail::RawFields f(fields);
    const kith_ref r = record.raw();
    call(*api_, &kith_api::record_update, session_.get(), &r, version, f.data(), f.size());
  }
};

}  // namespace kith
