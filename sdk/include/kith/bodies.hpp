// bodies.hpp - from the parameters of a C++ function to its ABI signature and its loop over a batch. Part of
// plugin.hpp; nothing here is meant to be called by authors. Since 0.1.
#pragma once
#include <kith/columns.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace kith {
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
  static void run(F& body, const kith_host& host, kith_call* call, const kith_column* in, std::uint32_t given,
                  kith_output& out) {
    require_columns(in, given, {ColumnType<typename Unwrapped<A>::Type>::type...});
    loop(body, host, call, in, out, std::index_sequence_for<A...>{});
  }

 private:
  template <class F, std::size_t... I>
  static void loop(F& body, const kith_host& host, kith_call* call, [[maybe_unused]] const kith_column* in,
                   kith_output& out, std::index_sequence<I...>) {
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
  static void run(F& body, const kith_host& host, kith_call* call, const kith_column* in, std::uint32_t given,
                  kith_output& out) {
    require_columns(in, given, {ColumnType<A>::type...});
    spread(body, host, call, in, out, std::index_sequence_for<A...>{});
  }

 private:
  template <class F, std::size_t... I>
  static void spread(F& body, const kith_host& host, kith_call* call, [[maybe_unused]] const kith_column* in,
                     kith_output& out, std::index_sequence<I...>) {
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
}  // namespace kith
