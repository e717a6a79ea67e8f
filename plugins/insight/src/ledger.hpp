// The value ledger of one population, summed up per customer while it streams by. Knows nothing of Kith.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <unordered_map>
#include <vector>

namespace insight {

using CustomerId = std::array<std::uint8_t, 16>;

/// What the three scores are made from, one element per customer, in no particular order.
struct Measures {
  std::vector<std::int64_t> recency;    ///< whole days from the last purchase to the day asked for
  std::vector<std::int64_t> frequency;  ///< purchases
  std::vector<std::int64_t> monetary;   ///< purchases less returns, in the currency's smallest units
};

class Ledger {
 public:
  enum class Kind : std::uint8_t { revenue, returned };

  /// `day` counts from 1970-01-01; `net` is in smallest units, negative for a return. Throws std::overflow_error when a
  /// customer's sum does not fit.
  void add(const CustomerId& customer, Kind kind, std::int64_t day, std::int64_t net);
  std::size_t entries() const noexcept { return entries_; }
  /// At the day `as_of`. Who only returned things, and never bought, is no customer of the population.
  Measures measures(std::int64_t as_of) const;

 private:
  struct Account {
    std::int64_t last_day = 0, purchases = 0, net = 0;
  };
  struct Hash {
    std::size_t operator()(const CustomerId& id) const noexcept {
      std::size_t random = 0;  // the second half of a UUIDv7 is random
      std::memcpy(&random, id.data() + sizeof random, sizeof random);
      return random;
    }
  };
  std::unordered_map<CustomerId, Account, Hash> accounts_;
  std::size_t entries_ = 0;
};

}  // namespace insight
