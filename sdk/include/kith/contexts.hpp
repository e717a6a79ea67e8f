// contexts.hpp - what a plugin's actions and jobs are given. Part of plugin.hpp. Since 0.1.
#pragma once
#include <kith/plugin.h>
#include <kith/arguments.hpp>
#include <kith/session.hpp>

#include <cstdint>
#include <string_view>

namespace kith {

/// What an action knows and may do. Valid during the call.
class ActionContext {
 public:
  ActionContext(const kith_host& host, const Arguments& settings, kith_session* session, const kith_action_input& input)
      : host_(&host), settings_(&settings), session_(*host.api, session), input_(&input), record_(*input.record) {}
  /// Inside the step's transaction: do not begin, commit or roll back.
  Session& session() { return session_; }
  const Ref& record() const noexcept { return record_; }
  /// Null when the workflow leaves it out.
  Cell arg(std::string_view name) const {
    for (std::uint64_t i = 0; i < input_->arg_count; ++i) {
      const kith_field& field = input_->args[i];
      if (view(field.name) == name)
        return {field.value, field.value.type == KITH_REF ? type_name(field.value) : std::string_view()};
    }
    return {kith_value{}, {}};
  }
  std::uint32_t attempt() const noexcept { return input_->attempt; }
  std::string_view idempotency_key() const noexcept { return view(input_->idempotency_key); }
  Timestamp now() const noexcept { return {input_->now_us}; }
  const Arguments& settings() const noexcept { return *settings_; }
  void log(std::int32_t level, std::string_view text) const { host_->log(host_, level, str(text)); }

 private:
  std::string_view type_name(const kith_value& value) const {
    std::uint32_t number = value.scale;
    for (int i = 2; i >= 0; --i) number = number << 8 | value.currency[i];
    return view(host_->api->session_type_name(session_.raw(), number));
  }
  const kith_host* host_;
  const Arguments* settings_;
  Session session_;
  const kith_action_input* input_;
  Ref record_;
};

/// What a job knows and may do. Valid during the call.
class JobContext {
 public:
  JobContext(const kith_host& host, const Arguments& settings, kith_call* call, kith_session* session,
             std::string_view args_json)
      : host_(&host),
        settings_(&settings),
        call_(call),
        session_(*host.api, session),
        args_json_(args_json),
        args_(args_json) {}
  /// Without a transaction: transact() as often as needed.
  Session& session() { return session_; }
  const Arguments& args() const noexcept { return args_; }
  std::string_view args_json() const noexcept { return args_json_; }
  const Arguments& settings() const noexcept { return *settings_; }
  /// total 0: not known.
  void progress(std::uint64_t done, std::uint64_t total) { host_->progress(call_, done, total); }
  bool cancelled() const { return host_->cancelled(call_) != 0; }
  /// Ends the job where the host wants it to.
  void stop_if_cancelled() const {
    if (cancelled()) throw Error(KITH_CANCELLED, "cancelled");
  }
  void log(std::int32_t level, std::string_view text) const { host_->log(host_, level, str(text)); }

 private:
  const kith_host* host_;
  const Arguments* settings_;
  kith_call* call_;
  Session session_;
  std::string_view args_json_;
  Arguments args_;
};

}  // namespace kith
