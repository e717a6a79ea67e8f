// plugin.hpp - write a plugin in ordinary typed C++. Header-only over plugin.h; no exception leaves the library. Since
// 0.1.
//
//   #include <kith/plugin.hpp>
//   KITH_PLUGIN(retail) {
//     plugin.function("days_between", [](std::optional<kith::Timestamp> a, std::optional<kith::Timestamp> b)
//                                         -> std::optional<double> { ... });
//     plugin.action("issue_voucher", [](kith::ActionContext& action) { action.session().create("retail.voucher",
//     {...}); }); plugin.job("rfm", [](kith::JobContext& job) { ... });
//   }
//
// Types of a function: bool, std::int64_t, double, std::string_view or std::string, kith::Date, Timestamp, Duration,
// Money; std::optional of these where null is meant to arrive or to be returned. A row with a null for an argument that
// is not optional has a null result, and the body is not called. A function is pure, may run on any thread and several
// at once. For speed a function may take whole columns: [](kith::Column<double> a, kith::Output<double> out) { ... }.
//
// Throw to fail: kith::Error keeps its code, any other exception is KITH_PLUGIN. What a lambda captures lives as long
// as the plugin is open in one core; it is shared by all threads.
#pragma once
#include <kith/plugin.h>
#include <kith/arguments.hpp>
#include <kith/bodies.hpp>
#include <kith/columns.hpp>
#include <kith/contexts.hpp>
#include <kith/session.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

namespace kith {

/// What KITH_PLUGIN's block fills. Lives until the core closes the plugin; it is the state that bodies are given.
class Plugin {
 public:
  Plugin(const kith_host& host, std::string_view settings_json) : host_(&host), settings_(settings_json) {}
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  /// [setup] Binds a function of the manifest. `body` is a lambda without `mutable`, or a function.
  template <class F>
  Plugin& function(std::string_view name, F body) {
    using Type = typename detail::BodyShape<F>::Type;
    const kith_function bound{text(name), text(Type::signature()), &Plugin::template run_function<F>};
    keep(name, std::move(body));
    functions_.push_back(bound);
    return *this;
  }
  /// [setup] Binds a database action: a body that takes ActionContext&.
  template <class F>
  Plugin& action(std::string_view name, F body) {
    static_assert(std::is_invocable_v<const F&, ActionContext&>, "an action takes kith::ActionContext&");
    keep(name, std::move(body));
    actions_.push_back({text(name), &Plugin::template run_action<F>});
    return *this;
  }
  /// [setup] Binds a job: a body that takes JobContext&.
  template <class F>
  Plugin& job(std::string_view name, F body) {
    static_assert(std::is_invocable_v<const F&, JobContext&>, "a job takes kith::JobContext&");
    keep(name, std::move(body));
    jobs_.push_back({text(name), &Plugin::template run_job<F>});
    return *this;
  }

  /// By their unqualified names; they do not change while the plugin is open.
  const Arguments& settings() const noexcept { return settings_; }
  /// 1 debug, 2 info, 3 warning, 4 error. No personal data.
  void log(std::int32_t level, std::string_view line) const { host_->log(host_, level, str(line)); }

  /// [setup] Called by KITH_PLUGIN's entry.
  static std::int32_t enter(const char* id, const char* version, const kith_host* host, kith_call* call,
                            kith_str settings_json, kith_plugin* out, void (*setup)(Plugin&)) noexcept {
    kith_plugin table{};
    table.struct_size = std::min<std::uint32_t>(out->struct_size, sizeof table);
    table.abi_minor = table.abi_minor_least = KITH_ABI_MINOR;
    table.id = str(id);
    table.version = str(version);
    std::int32_t code = KITH_OK;
    // With another minor the host's table can't be used; the host sees which one it is and refuses.
    if (host->abi_minor == KITH_ABI_MINOR) {
      code = guarded(*host, call, [&] {
        auto plugin = std::make_unique<Plugin>(*host, view(settings_json));
        setup(*plugin);
        plugin->fill(table);
        table.state = plugin.release();
        table.close = [](void* state) { delete static_cast<Plugin*>(state); };
      });
    }
    std::memcpy(out, &table, table.struct_size);
    return code;
  }

 private:
  template <class F>
  static constexpr bool stateless = std::is_empty_v<F>&& std::is_default_constructible_v<F>;

  struct Kept {
    virtual ~Kept() = default;
  };
  template <class F>
  struct KeptBody : Kept {
    explicit KeptBody(F&& f) : body(std::move(f)) {}
    const F body;
  };

  /// A body that captures nothing is made anew for each call; another one is found by its type, as the C signature has
  /// room for one state only, the plugin's.
  template <class F>
  void keep(std::string_view name, F&& body) {
    if constexpr (!stateless<F>) {
      const bool added =
          kept_.emplace(std::type_index(typeid(F)), std::make_unique<KeptBody<F>>(std::move(body))).second;
      if (!added)
        throw Error(KITH_MISUSE,
                    "'" + std::string(name) + "' is bound to a body that was bound before: write a lambda for each");
    }
  }
  template <class F, class Use>
  void with_body(Use&& use) const {
    if constexpr (stateless<F>) {
      const F body{};
      use(body);
    } else {
      use(static_cast<const KeptBody<F>&>(*kept_.at(std::type_index(typeid(F)))).body);
    }
  }

  template <class Step>
  static std::int32_t guarded(const kith_host& host, kith_call* call, Step&& step) noexcept {
    try {
      step();
      return KITH_OK;
    } catch (const Error& error) {
      return host.fail(call, error.code(), str(error.what()));
    } catch (const std::bad_alloc&) {
      return host.fail(call, KITH_NO_MEMORY, str("out of memory"));
    } catch (const std::exception& error) {
      return host.fail(call, KITH_PLUGIN, str(error.what()));
    } catch (...) {
      return host.fail(call, KITH_PLUGIN, str("an exception that is not a std::exception"));
    }
  }

  template <class F>
  static std::int32_t run_function(void* state, kith_call* call, const kith_column* in, std::uint32_t given,
                                   kith_output* out) noexcept {
    const auto& plugin = *static_cast<const Plugin*>(state);
    return guarded(*plugin.host_, call, [&] {
      plugin.with_body<F>(
          [&](const F& body) { detail::BodyShape<F>::Type::run(body, *plugin.host_, call, in, given, *out); });
    });
  }
  template <class F>
  static std::int32_t run_action(void* state, kith_call* call, kith_session* session,
                                 const kith_action_input* in) noexcept {
    const auto& plugin = *static_cast<const Plugin*>(state);
    return guarded(*plugin.host_, call, [&] {
      ActionContext context(*plugin.host_, plugin.settings_, session, *in);
      plugin.with_body<F>([&](const F& body) { body(context); });
    });
  }
  template <class F>
  static std::int32_t run_job(void* state, kith_call* call, kith_session* session, kith_str args_json) noexcept {
    const auto& plugin = *static_cast<const Plugin*>(state);
    return guarded(*plugin.host_, call, [&] {
      JobContext context(*plugin.host_, plugin.settings_, call, session, view(args_json));
      plugin.with_body<F>([&](const F& body) { body(context); });
    });
  }

  kith_str text(std::string_view copied) { return str(texts_.emplace_back(copied)); }
  void fill(kith_plugin& table) const {
    table.functions = functions_.data();
    table.actions = actions_.data();
    table.jobs = jobs_.data();
    table.function_count = static_cast<std::uint32_t>(functions_.size());
    table.action_count = static_cast<std::uint32_t>(actions_.size());
    table.job_count = static_cast<std::uint32_t>(jobs_.size());
  }

  const kith_host* host_;
  Arguments settings_;
  std::deque<std::string> texts_;  // a deque: what the tables point to never moves
  std::map<std::type_index, std::unique_ptr<Kept>> kept_;
  std::vector<kith_function> functions_;
  std::vector<kith_action> actions_;
  std::vector<kith_job> jobs_;
};

}  // namespace kith

/// The library's only exported symbol, and the block that binds its bodies. kith_add_plugin defines KITH_PLUGIN_VERSION
/// as the version of plugin.json; without it, define it as a string before including this header.
#define KITH_PLUGIN(plugin_id)                                                                                        \
  static void kith_plugin_setup(::kith::Plugin& plugin);                                                              \
  extern "C" KITH_PLUGIN_EXPORT std::int32_t kith_plugin_entry_v0(const kith_host* host, kith_call* call,             \
                                                                  kith_str settings_json, kith_plugin* out) {         \
    return ::kith::Plugin::enter(#plugin_id, KITH_PLUGIN_VERSION, host, call, settings_json, out, kith_plugin_setup); \
  }                                                                                                                   \
  static void kith_plugin_setup([[maybe_unused]] ::kith::Plugin& plugin)
