// A core with customers and their orders, and what is known of them without asking it.
#pragma once
#include <random>

#include "aggregates/plain.hpp"
#include "world.hpp"

namespace kith_test::aggregates {

class Shop {
 public:
  Shop(const std::string& zone, std::uint64_t seed);
  /// Something that derived members hang on.
  void change();
  kith::Session& session() { return *me_; }
  const std::vector<Order>& orders() const { return orders_; }
  const std::vector<Customer>& customers() const { return customers_; }
  const std::string& zone() const { return zone_; }
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n)); }
  bool chance(std::int64_t one_of) { return below(one_of) == 0; }

  // What members are, plainly.
  const Customer* customer(const Order& order) const { return order.customer ? &customers_[*order.customer] : nullptr; }
  Plain points(const Order& order) const;
  Plain gross(const Order& order) const;    ///< a formula; where it is unknown it is stored as null
  Plain ordered(const Order& order) const;  ///< a rollup, of the customer

 private:
  void fill(kith::Session& tx);
  Customer new_customer(kith::Session& tx, const std::vector<kith::Ref>& groups);
  std::int64_t instant();
  Order new_order(kith::Session& tx);

  std::mt19937_64 random_;
  std::string zone_;
  World world_;
  std::optional<kith::Core> core_;
  std::optional<kith::OwnedSession> me_;
  std::vector<Customer> customers_;
  std::vector<Order> orders_;
};

}  // namespace kith_test::aggregates
