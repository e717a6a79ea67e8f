// The formulas of the bundles sales, insight and retail, written out.
#include "../day.hpp"
#include "shop.hpp"

namespace kith::bench::hand {
namespace {

constexpr std::int64_t kAtRiskDays = 60, kLapseDays = 365;

std::int64_t falling(double measure, const std::array<double, 4>& bounds) {
  std::int64_t out = 5;
  for (const double bound : bounds) {
    if (measure < bound) return out;
    --out;
  }
  return 1;
}
std::int64_t rising(double measure, const std::array<double, 4>& bounds) { return 6 - falling(measure, bounds); }

std::string_view segment_of(std::int64_t r, std::int64_t f, std::int64_t m) {
  if (r == 5 && f == 5 && m == 5) return "champions";
  if (r >= 3 && f >= 3 && m >= 2) return "potential_loyalist";
  if (r >= 2 && r <= 4 && f >= 2 && f <= 4 && m >= 2 && m <= 4) return "loyal_customers";
  if (r >= 3 && r <= 4 && f <= 3 && m >= 3) return "promising";
  if (r >= 4 && f <= 3) return "new_customers";
  if (r <= 2 && f >= 3 && f <= 4 && m >= 4) return "cant_lose_them";
  if (r <= 2 && f >= 2 && m >= 4) return "at_risk";
  if (r <= 3 && f >= 3 && m >= 3) return "need_attention";
  if (r >= 2 && r <= 3 && f <= 3 && m <= 4) return "about_to_sleep";
  return r == 1 ? "lost" : "others";
}

void score(Standing& out, const Account& account, std::int64_t inbound) {
  const std::int64_t points =
      std::min<std::int64_t>(out.r.value_or(0) * 5, 25) + std::min<std::int64_t>(out.f.value_or(0) * 4, 20) +
      std::min<std::int64_t>(out.m.value_or(0) * 4, 20) + std::min<std::int64_t>(inbound * 2, 10) +
      std::max<std::int64_t>(account.returns_12m * -5, -15);
  out.value = static_cast<double>(std::clamp<std::int64_t>(points, 0, 75));
  out.band = out.value >= 55 ? "a" : out.value >= 30 ? "b" : "c";
}

}  // namespace

Standing standing_of(const Account& account, std::int64_t inbound, const std::optional<Bounds>& bounds,
                     std::int64_t as_of) {
  Standing out;
  if (account.orders_ever > 1)
    out.average_gap_days =
        (*account.last_order_at / kMicrosPerDay - *account.first_order_at / kMicrosPerDay) / (account.orders_ever - 1);
  if (account.last_order_at) {
    out.expected_by =
        *account.last_order_at + std::max(kAtRiskDays, 2 * out.average_gap_days.value_or(0)) * kMicrosPerDay;
    out.lapses_at = *account.last_order_at + kLapseDays * kMicrosPerDay;
  }
  out.active_shopper = account.net_orders_12m >= 2;
  if (const std::int64_t closed = account.won_deals + account.lost_deals; closed > 0)
    out.win_rate = static_cast<double>(account.won_deals) / static_cast<double>(closed);
  if (bounds && account.value_count > 0) {
    out.recency_days = as_of - *account.last_value_on;
    out.r = falling(static_cast<double>(*out.recency_days), bounds->r);
    out.f = rising(static_cast<double>(account.value_count), bounds->f);
    out.m = rising(static_cast<double>(account.net_value) / 100.0, bounds->m);
    out.segment = segment_of(*out.r, *out.f, *out.m);
    out.win_back = *out.r <= 2 && *out.m >= 4;
  }
  score(out, account, inbound);
  return out;
}

}  // namespace kith::bench::hand
