// plugin.hpp - write a plugin in ordinary typed C++. Header-only over plugin.h; no exception leaves the library. Since 0.1.
//
//   #include <kith/plugin.hpp>
//   KITH_PLUGIN(retail) {
//     plugin.function("days_between", [](std::optional<kith::Timestamp> a, std::optional<kith::Timestamp> b)
//                                         -> std::optional<double> { ... });
//     plugin.action("issue_voucher", [](kith::ActionContext& action) { action.session().create("retail.voucher", {...}); });
//     plugin.job("rfm", [](kith::JobContext& job) { ... });
//   }
//
// Types of a function: bool, std::int64_t, double, std::string_view or std::string, kith::Date, Timestamp, Duration, Money;
// std::optional of these where null is meant to arrive or to be returned. A row with a null for an argument that is not
// optional has a null result, and the body is not called. A function is pure, may run on any thread and several at once.
// For speed a function may take whole columns: [](kith::Column<double> a, kith::Output<double> out) { ... }.
//
// Throw to fail: kith::Error keeps its code, any other exception is KITH_PLUGIN. What a lambda captures lives as long as
// the plugin is open in one core; it is shared by all threads.
#pragma once
#include <kith/arguments.hpp>
#include <kith/plugin.h>
#include <kith/session.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

namespace kith {

/// How a C++ type lies in a column. `Raw` is the type of the cells; text has none.
template <class T>
struct ColumnType {
  static constexpr bool known = false;
};
namespace detail {
template <class T, class RawT, std::uint32_t type_of>
struct PlainColumn {
  static constexpr bool known = true;
  static constexpr std::uint32_t type = type_of;
  using Raw = RawT;
};
struct TextColumn {
  static constexpr bool known = true;
  static constexpr std::uint32_t type = KITH_TEXT;
  static constexpr std::string_view name = "text";
};
}  // namespace detail
template <>
struct ColumnType<bool> : detail::PlainColumn<bool, std::uint8_t, KITH_BOOL> {
  static constexpr std::string_view name = "bool";
  static bool read(const kith_column&, Raw cell) { return cell != 0; }
  static Raw cell(bool value) { return value ? 1 : 0; }
};
template <>
struct ColumnType<std::int64_t> : detail::PlainColumn<std::int64_t, std::int64_t, KITH_INT> {
  static constexpr std::string_view name = "int";
  static std::int64_t read(const kith_column&, Raw cell) { return cell; }
  static Raw cell(std::int64_t value) { return value; }
};
template <>
struct ColumnType<double> : detail::PlainColumn<double, double, KITH_DOUBLE> {
  static constexpr std::string_view name = "double";
  static double read(const kith_column&, Raw cell) { return cell; }
  static Raw cell(double value) { return value; }
};
template <>
struct ColumnType<Date> : detail::PlainColumn<Date, std::int64_t, KITH_DATE> {
  static constexpr std::string_view name = "date";
  static Date read(const kith_column&, Raw cell) { return {cell}; }
  static Raw cell(Date value) { return value.days; }
};
template <>
struct ColumnType<Timestamp> : detail::PlainColumn<Timestamp, std::int64_t, KITH_TIMESTAMP> {
  static constexpr std::string_view name = "timestamp";
  static Timestamp read(const kith_column&, Raw cell) { return {cell}; }
  static Raw cell(Timestamp value) { return value.us; }
};
template <>
struct ColumnType<Duration> : detail::PlainColumn<Duration, std::int64_t, KITH_DURATION> {
  static constexpr std::string_view name = "duration";
  static Duration read(const kith_column&, Raw cell) { return {cell}; }
  static Raw cell(Duration value) { return value.us; }
};
template <>
struct ColumnType<Money> : detail::PlainColumn<Money, std::int64_t, KITH_MONEY> {
  static constexpr std::string_view name = "money";
  static Money read(const kith_column& column, Raw cell) {
    Money money{cell, {}, column.scale};
    std::memcpy(money.currency, column.currency, sizeof column.currency);
    return money;
  }
  static Raw cell(const Money& value) { return value.minor; }  // results are in the tenant's currency
};
template <>
struct ColumnType<std::string_view> : detail::TextColumn {};
template <>
struct ColumnType<std::string> : detail::TextColumn {};

/// One argument for all rows of a batch. Valid during the call.
template <class T>
class Column {
 public:
  explicit Column(const kith_column& raw) : raw_(&raw) {}
  std::uint64_t rows() const noexcept { return raw_->rows; }
  bool is_set(std::uint64_t row) const noexcept { return !raw_->valid || (raw_->valid[row / 64] >> (row % 64) & 1U) != 0; }
  /// Undefined where the row is not set.
  T operator[](std::uint64_t row) const {
    if constexpr (ColumnType<T>::type == KITH_TEXT) {
      const auto* bytes = static_cast<const char*>(raw_->data);
      return T(bytes + raw_->offsets[row], raw_->offsets[row + 1] - raw_->offsets[row]);
    } else {
      return ColumnType<T>::read(*raw_, static_cast<const typename ColumnType<T>::Raw*>(raw_->data)[row]);
    }
  }
  std::optional<T> get(std::uint64_t row) const { return is_set(row) ? std::optional<T>((*this)[row]) : std::nullopt; }
  /// All cells, also undefined ones; not for text.
  auto values() const {
    return std::span(static_cast<const typename ColumnType<T>::Raw*>(raw_->data), static_cast<std::size_t>(raw_->rows));
  }
  const kith_column& raw() const noexcept { return *raw_; }

 private:
  const kith_column* raw_;
};

/// Where a batch puts its results; every row is null until it is set.
template <class T>
class Output {
 public:
  Output(const kith_host& host, kith_call* call, kith_output& raw) : host_(&host), call_(call), raw_(&raw) {}
  std::uint64_t rows() const noexcept { return raw_->rows; }
  void set(std::uint64_t row, const T& value) {
    if constexpr (ColumnType<T>::type == KITH_TEXT) {
      host_->put_text(call_, raw_, row, str(value));
    } else {
      static_cast<typename ColumnType<T>::Raw*>(raw_->data)[row] = ColumnType<T>::cell(value);
      raw_->valid[row / 64] |= std::uint64_t{1} << (row % 64);
    }
  }

 private:
  const kith_host* host_;
  kith_call* call_;
  kith_output* raw_;
};

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
      if (view(field.name) == name) return {field.value, field.value.type == KITH_REF ? type_name(field.value) : std::string_view()};
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
  JobContext(const kith_host& host, const Arguments& settings, kith_call* call, kith_session* session, std::string_view args_json)
      : host_(&host), settings_(&settings), call_(call), session_(*host.api, session), args_json_(args_json), args_(args_json) {}
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

namespace detail {

template <class T>
struct Unwrapped {
  using Type = T;
  static constexpr bool optional = false;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using Type = T;
  static constexpr bool optional = true;
};

template <class T>
constexpr std::string_view type_name() {
  using Plain = typename Unwrapped<T>::Type;
  static_assert(ColumnType<Plain>::known,
                "a function takes and returns bool, std::int64_t, double, std::string_view, std::string, kith::Date, "
                "kith::Timestamp, kith::Duration, kith::Money, or std::optional of these");
  return ColumnType<Plain>::name;
}

/// One argument of a row-wise function.
template <class T>
T row_argument(const kith_column& column, std::uint64_t row) {
  const Column<typename Unwrapped<T>::Type> typed(column);
  if constexpr (Unwrapped<T>::optional)
    return typed.get(row);
  else
    return typed[row];
}
template <class T>
bool row_usable(const kith_column& column, std::uint64_t row) {
  return Unwrapped<T>::optional || Column<typename Unwrapped<T>::Type>(column).is_set(row);
}

inline std::string signature_text(std::initializer_list<std::string_view> arguments, std::string_view result) {
  std::string text = "(";
  for (const std::string_view argument : arguments) text.append(text.size() > 1 ? "," : "").append(argument);
  return text.append(")->").append(result);
}

inline void require_columns(const kith_column* in, std::uint32_t given, std::initializer_list<std::uint32_t> types) {
  bool same = given == types.size();
  for (std::uint32_t i = 0; same && i < given; ++i) same = in[i].type == types.begin()[i];
  if (!same) throw Error(KITH_MISUSE, "the host passed other columns than the function takes");
}

/// A row-wise body, R(A...): the glue loops over the batch.
template <class R, class... A>
struct RowWise {
  static std::string signature() { return signature_text({type_name<A>()...}, type_name<R>()); }
  template <class F>
  static void run(F& body, const kith_host& host, kith_call* call, const kith_column* in, std::uint32_t given, kith_output& out) {
    require_columns(in, given, {ColumnType<typename Unwrapped<A>::Type>::type...});
    loop(body, host, call, in, out, std::index_sequence_for<A...>{});
  }

 private:
  template <class F, std::size_t... I>
  static void loop(F& body, const kith_host& host, kith_call* call, [[maybe_unused]] const kith_column* in, kith_output& out,
                   std::index_sequence<I...>) {
    Output<typename Unwrapped<R>::Type> results(host, call, out);
    for (std::uint64_t row = 0; row < out.rows; ++row) {
      if (!(row_usable<A>(in[I], row) && ...)) continue;
      if constexpr (Unwrapped<R>::optional) {
        if (const R result = body(row_argument<A>(in[I], row)...)) results.set(row, *result);
      } else {
        results.set(row, body(row_argument<A>(in[I], row)...));
      }
    }
  }
};

/// A body over whole columns, void(Column<A>..., Output<R>).
template <class R, class... A>
struct ColumnWise {
  static std::string signature() { return signature_text({type_name<A>()...}, type_name<R>()); }
  template <class F>
  static void run(F& body, const kith_host& host, kith_call* call, const kith_column* in, std::uint32_t given, kith_output& out) {
    require_columns(in, given, {ColumnType<A>::type...});
    spread(body, host, call, in, out, std::index_sequence_for<A...>{});
  }

 private:
  template <class F, std::size_t... I>
  static void spread(F& body, const kith_host& host, kith_call* call, [[maybe_unused]] const kith_column* in, kith_output& out,
                     std::index_sequence<I...>) {
    body(Column<A>(in[I])..., Output<R>(host, call, out));
  }
};

template <class... T>
struct Types {};
/// Takes Column<A>... and Output<R> apart; no result for other parameters.
template <class Done, class... Rest>
struct ColumnShape {
  using Type = void;
};
template <class... A, class R>
struct ColumnShape<Types<A...>, Output<R>> {
  using Type = ColumnWise<R, A...>;
};
template <class... A, class T, class... Rest>
struct ColumnShape<Types<A...>, Column<T>, Rest...> : ColumnShape<Types<A..., T>, Rest...> {};

template <class R, class... P>
struct Shape {
  using Columns = typename ColumnShape<Types<>, std::remove_cvref_t<P>...>::Type;
  template <bool column_wise, class = void>
  struct Choose {
    using Type = Columns;
  };
  template <class Unused>
  struct Choose<false, Unused> {
    using Type = RowWise<std::remove_cvref_t<R>, std::remove_cvref_t<P>...>;
  };
  using Type = typename Choose<!std::is_void_v<Columns>>::Type;
};

template <class F>
struct BodyShape : BodyShape<decltype(&F::operator())> {};
template <class R, class... P>
struct BodyShape<R (*)(P...)> : Shape<R, P...> {};
template <class R, class... P>
struct BodyShape<R (*)(P...) noexcept> : Shape<R, P...> {};
template <class C, class R, class... P>
struct BodyShape<R (C::*)(P...) const> : Shape<R, P...> {};
template <class C, class R, class... P>
struct BodyShape<R (C::*)(P...) const noexcept> : Shape<R, P...> {};

}  // namespace detail

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
  static std::int32_t enter(const char* id, const char* version, const kith_host* host, kith_call* call, kith_str settings_json,
                            kith_plugin* out, void (*setup)(Plugin&)) noexcept {
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
  static constexpr bool stateless = std::is_empty_v<F> && std::is_default_constructible_v<F>;

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
      const bool added = kept_.emplace(std::type_index(typeid(F)), std::make_unique<KeptBody<F>>(std::move(body))).second;
      if (!added)
        throw Error(KITH_MISUSE, "'" + std::string(name) + "' is bound to a body that was bound before: write a lambda for each");
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
  static std::int32_t run_function(void* state, kith_call* call, const kith_column* in, std::uint32_t given, kith_output* out) noexcept {
    const auto& plugin = *static_cast<const Plugin*>(state);
    return guarded(*plugin.host_, call, [&] {
      plugin.with_body<F>([&](const F& body) { detail::BodyShape<F>::Type::run(body, *plugin.host_, call, in, given, *out); });
    });
  }
  template <class F>
  static std::int32_t run_action(void* state, kith_call* call, kith_session* session, const kith_action_input* in) noexcept {
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

/// The library's only exported symbol, and the block that binds its bodies. kith_add_plugin defines KITH_PLUGIN_VERSION as
/// the version of plugin.json; without it, define it as a string before including this header.
#define KITH_PLUGIN(plugin_id)                                                                                       \
  static void kith_plugin_setup(::kith::Plugin& plugin);                                                             \
  extern "C" KITH_PLUGIN_EXPORT std::int32_t kith_plugin_entry_v0(const kith_host* host, kith_call* call,            \
                                                                  kith_str settings_json, kith_plugin* out) {        \
    return ::kith::Plugin::enter(#plugin_id, KITH_PLUGIN_VERSION, host, call, settings_json, out, kith_plugin_setup); \
  }                                                                                                                  \
  static void kith_plugin_setup([[maybe_unused]] ::kith::Plugin& plugin)
