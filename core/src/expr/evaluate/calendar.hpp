// Days that a wall calendar shows, and when it turns to the next one.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time/time.hpp"  // kFirstDay, kLastDay

namespace kith::internal::expr {

/// The date in `zone` ("" = UTC) at an instant; nullopt: no such zone, or an instant outside of the years 1..9999 in a
/// zone.
std::optional<std::int64_t> date_at(std::int64_t us, std::string_view zone);
/// An instant after `us` up to which date_at stays the same; never late.
std::int64_t date_until(std::int64_t us, std::string_view zone);
/// An instant after `us` up to which it stays as it is whether the date has come to `day`; never late. Exact in UTC; in
/// a zone, where a clock may be moved and a date may come twice, it is asked anew from nearby.
std::int64_t reached_until(std::int64_t day, std::int64_t us, std::string_view zone);

}  // namespace kith::internal::expr
