// The hand-written shop: what somebody would write who needs only this day, and needs it fast.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "book.hpp"

namespace kith::bench::hand {

/// Orders and ledger entries of one customer, added up.
struct Account {
  std::int64_t orders_ever = 0, net_orders_12m = 0, net_spend_12m = 0, returns_12m = 0;
  std::optional<std::int64_t> first_order_at, last_order_at, last_value_on;
  std::int64_t value_count = 0, net_value = 0;
  std::int64_t open_deals = 0, open_amount = 0, won_deals = 0, won_amount = 0, lost_deals = 0;
  bool operator==(const Account&) const = default;
};

/// The bounds between the five classes of each measure.
struct Bounds {
  std::array<double, 4> r{}, f{}, m{};
};

/// What follows from the account and the bounds.
struct Standing {
  std::optional<std::int64_t> average_gap_days, expected_by, lapses_at;
  bool active_shopper = false;
  std::optional<double> win_rate;
  std::optional<std::int64_t> recency_days, r, f, m;
  std::optional<std::string_view> segment;
  double value = 0;
  std::string_view band;
  bool win_back = false;
  bool operator==(const Standing&) const = default;
};
/// `inbound`: contacts from the customer in 90 days; `as_of`: the day of the bounds.
Standing standing_of(const Account& account, std::int64_t inbound, const std::optional<Bounds>& bounds,
                     std::int64_t as_of);

/// One import of a file; returns how many rows were taken.
std::int64_t import_customers(Database& database, Book& book, const std::filesystem::path& file);
std::int64_t import_orders(Database& database, Book& book, const std::filesystem::path& file);
/// Writes the ledger entry of each order that the change log has since the last time.
void post_orders(Database& database, Book& book);
/// Adds up what the customers have, writes what changed of their derived values, and does what follows.
void settle_all(Database& database, Book& book);
/// Publishes the bounds as of a day, scores everybody by them, and does what follows.
void publish_rfm(Database& database, Book& book, std::int64_t as_of);

/// Fields of change rows.
enum Field {
  kKind = 1,
  kName,
  kGivenName,
  kFamilyName,
  kEmail,
  kPhone,
  kLanguage,
  kPreferredChannel,
  kLifecycle,
  kShopperState,
  kCustomer,
  kValue,
  kVerified,
  kPrimary,
  kOrderedAt,
  kChannel,
  kCategory,
  kTotal,
  kOccurredOn,
  kUnits,
  kNet,
  kSource,
  kTitle,
  kAbout,
  kStatus,
  kPriority,
  kDueOn,
};

}  // namespace kith::bench::hand
