// What the opaque handles of the C headers are. Children keep their parents' memory alive; they may be freed in any
// order.
#pragma once
#include "api/functions.hpp"  // before anything that brings kith.h, so that its functions are visible

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/core.hpp"
#include "core/session.hpp"

struct kith_core {
  std::shared_ptr<kith::internal::Core> core;
  kith_options callbacks{};  ///< user and function pointers, copied
};
struct kith_session {
  std::shared_ptr<kith::internal::Session> session;
};
struct kith_rows {
  std::unique_ptr<kith::internal::ResultRows> result;
  std::vector<kith_value> row;
};
struct kith_text {
  std::string text;
};
struct kith_error {
  std::int32_t code = KITH_OK;
  std::string text, json;
};

namespace kith::internal::api {

inline kith_str out(std::string_view s) { return {s.data(), s.size()}; }
/// Refuses a null pointer with a length, and text that is not UTF-8 or has U+0000.
std::string_view in(kith_str s, std::string_view what);

/// The one translation of exceptions to codes and error objects, of the one that is being caught. It is never kept in a
/// std::exception_ptr: beside libc++ that comes from another C++ runtime than the throw.
std::int32_t fail(kith_error** error) noexcept;

/// Runs a body so that nothing is thrown across the line.
template <class Body>
std::int32_t guarded(kith_error** error, Body&& body) noexcept {
  if (error) *error = nullptr;
  try {
    if constexpr (std::is_same_v<decltype(body()), std::int32_t>) {
      return body();
    } else {
      body();
      return KITH_OK;
    }
  } catch (...) {
    return fail(error);
  }
}

/// A null handle is the caller's mistake.
void need(bool there, std::string_view what);
/// Refuses a struct whose size its maker did not set, or set too small for what it can't do without.
void need_size(std::uint32_t struct_size, std::size_t least, std::string_view type);
/// As much of the caller's struct as this library knows, the rest zero.
template <class Struct>
Struct copied(const Struct& given, std::size_t least, std::string_view type) {
  need_size(given.struct_size, least, type);
  Struct out{};
  std::memcpy(&out, &given, std::min<std::size_t>(given.struct_size, sizeof out));
  out.struct_size = sizeof out;
  return out;
}

/// Values across the line. The kith_value borrows from `value`.
kith_value to_c(const Value& value);
std::uint32_t to_c_type(Kind kind);
/// Refuses what the type can't hold: value_invalid that names the value, the range and what was found.
Value from_c(const kith_value& value, std::string_view name);
std::vector<facts::Input> inputs_of(const kith_field* fields, std::uint64_t count);

}  // namespace kith::internal::api
