// kith.hpp - the embedder's C++ face: header-only over kith.h. Links nothing but libkith. Since 0.1.
#pragma once
#include <kith/kith.h>
#include <kith/session.hpp>

#include <chrono>
#include <functional>
#include <limits>

namespace kith {

/// The table of this process's libkith.
inline const kith_api& api() {
  static const kith_api table = [] {
    kith_api t{};
    t.struct_size = sizeof t;
    kith_api_copy(&t);
    return t;
  }();
  return table;
}

namespace detail {
/// `error` by reference: the call that sets it may be evaluated after this argument is.
inline void check(std::int32_t code, kith_error* const& error) {
  if (code != KITH_OK && code != KITH_END) raise(api(), code, error);
}
/// As a call takes a time: what is negative is none, what is too long the longest.
inline std::uint32_t milliseconds(std::chrono::milliseconds time) {
  constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
  const std::int64_t count = time.count();
  return static_cast<std::uint32_t>(count < 0 ? 0 : count > most ? most : count);
}
inline std::string take(kith_text* text) {
  std::string out(view(kith_text_str(text)));
  kith_text_free(text);
  return out;
}
}  // namespace detail

/// A session that is closed with this object: what is open is rolled back. Move-only; one thread at a time. Queries and
/// rows made from it may outlive it: the handle then lives as long as they do.
class OwnedSession : public Session {
 public:
  explicit OwnedSession(kith_session* session)
      : Session(kith::api(), std::shared_ptr<kith_session>(session, kith_session_close)) {}
  OwnedSession(OwnedSession&&) noexcept = default;
  OwnedSession& operator=(OwnedSession&& other) noexcept {
    if (this != &other) {
      kith_session_rollback(session_.get());
      Session::operator=(std::move(other));
    }
    return *this;
  }
  OwnedSession(const OwnedSession&) = delete;
  OwnedSession& operator=(const OwnedSession&) = delete;
  ~OwnedSession() { kith_session_rollback(session_.get()); }
  /// [any] Ends the running call with KITH_CANCELLED.
  void cancel() { kith_session_cancel(session_.get()); }
};

struct SessionOptions {
  std::string_view tenant = "default";
  std::string_view actor;
};

/// How to open a core. Callbacks come on any thread, return soon and never call the core. What a clock throws fails the
/// call that asked it (KITH_MISUSE, with its words); what a log throws is lost.
struct Options {
  std::string config_path;  ///< kith.json; or
  std::string config_json;  ///< its text
  bool read_only = false;   ///< beside a process that holds the file
  std::chrono::milliseconds lock_wait{0};
  std::function<void(std::int32_t level, std::string_view text)> log;
  std::function<std::int64_t()> now_us;  ///< empty: the system's clock
};

/// One opened database with its plugins. [any]; closed with the last copy.
class Core {
 public:
  static Core open(std::string config_path) {
    Options options;
    options.config_path = std::move(config_path);
    return open(std::move(options));
  }
  static Core open(Options options) {
    Core core;
    core.body_ = std::make_shared<Body>();
    core.body_->options = std::move(options);
    const kith_options raw = core.body_->raw();
    kith_error* error = nullptr;
    detail::check(kith_core_open(&raw, &core.body_->core, &error), error);
    return core;
  }
  /// Config, manifests and expressions without opening a database: the report in JSON; throws with all problems.
  static std::string check(Options options) {
    Body body;
    body.options = std::move(options);
    const kith_options raw = body.raw();
    kith_text* text = nullptr;
    kith_error* error = nullptr;
    detail::check(kith_check(&raw, &text, &error), error);
    return detail::take(text);
  }

  OwnedSession session(const SessionOptions& options) {
    kith_session_options raw{sizeof raw, 0, str(options.tenant), str(options.actor)};
    kith_session* session = nullptr;
    kith_error* error = nullptr;
    detail::check(kith_session_open(body_->core, &raw, &session, &error), error);
    return OwnedSession(session);
  }
  /// Does due work for at most `budget`; returns when there is work again (nothing = none is planned).
  std::optional<Timestamp> run_due(std::chrono::milliseconds budget) {
    std::int64_t next = 0;
    kith_error* error = nullptr;
    detail::check(kith_run_due(body_->core, detail::milliseconds(budget), &next, &error), error);
    if (next == std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return Timestamp{next};
  }
  /// A document about the core: "doctor", "plugins", "catalog", "pending".
  std::string run(std::string_view verb, std::string_view args_json = "{}") {
    kith_text* text = nullptr;
    kith_error* error = nullptr;
    detail::check(kith_core_run(body_->core, str(verb), str(args_json), &text, &error), error);
    return detail::take(text);
  }
  Rows events_next(std::string_view consumer, std::uint32_t max = 100) {
    kith_rows* rows = nullptr;
    kith_error* error = nullptr;
    detail::check(kith_events_next(body_->core, str(consumer), max, &rows, &error), error);
    return {kith::api(), nullptr, rows};
  }
  void events_ack(std::string_view consumer, std::int64_t position) {
    kith_error* error = nullptr;
    detail::check(kith_events_ack(body_->core, str(consumer), static_cast<std::uint64_t>(position), &error), error);
  }
  kith_core* raw() const noexcept { return body_->core; }

 private:
  struct Body {
    Options options;
    kith_core* core = nullptr;
    Body() = default;
    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;
    ~Body() { kith_core_close(core); }
    kith_options raw() {
      kith_options o{};
      o.struct_size = sizeof o, o.read_only = options.read_only ? 1 : 0, o.user = &options;
      o.config_path = str(options.config_path), o.config_json = str(options.config_json);
      o.lock_wait_ms = detail::milliseconds(options.lock_wait);
      if (options.log)
        o.log = [](void* user, std::int32_t level, kith_str text) {
          static_cast<Options*>(user)->log(level, view(text));
        };
      if (options.now_us) o.now_us = [](void* user) { return static_cast<Options*>(user)->now_us(); };
      return o;
    }
  };
  std::shared_ptr<Body> body_;
};

inline std::string_view version() { return view(kith_version()); }

}  // namespace kith
