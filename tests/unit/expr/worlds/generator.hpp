// Random, typed source texts over the names of a World, and random records full of edge values.
#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {

inline const std::vector<std::string> kComparisons = {" < ", " <= ", " > ", " >= ", " == ", " != "};

/// Which terms are made.
struct Taste {
  bool vm_only = false;    ///< fold(), upper(), split(), pow(), zoned dates, text conversions
  bool now_forms = true;   ///< comparisons with now() +- d
  bool bare_now = false;   ///< now() anywhere
  bool much_time = false;  ///< most comparisons are about now
  bool sets = true;        ///< macros over sets of related records
};

class Generator {
 public:
  Generator(std::uint64_t seed, Taste taste) : random_(seed), taste_(taste) {}
  std::string boolean(int depth);
  std::string of(Kind kind, int depth);
  Kind any_kind();
  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }
  bool chance(int percent) { return below(100) < percent; }
  template <class T>
  const T& pick(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(below(static_cast<std::int64_t>(list.size())))];
  }
  /// An edge value of the member's type, sometimes null.
  Value value_for(const Member& member, std::int64_t now);
  std::int64_t moment(std::int64_t now);

 private:
  std::string comparison(int depth);
  std::string bare_comparison(int depth);
  std::string zoned_comparison(int depth);
  std::string address_test();
  std::string text_test(int depth);
  std::string integer(int depth);
  std::string real(int depth);
  std::string text(int depth);
  std::string money(int depth);
  std::string date(int depth);
  std::string timestamp(int depth);
  std::string duration(int depth);
  std::string choice(Kind kind, int depth);
  std::string membership(int depth);
  std::string literal_text();

  // generator_functions.cpp
  std::string text_function(int depth);
  std::string integer_function(int depth);
  std::string real_function(int depth);
  std::string money_function(int depth);
  std::string date_function(int depth);
  std::string rounded_comparison(int depth);

  // generator_sets.cpp
  enum class About { customer, order, region };
  struct Set {
    std::string text;
    About about;
  };
  Set any_set(const std::string& variable);
  std::string set_test(int depth);
  std::string set_value(Kind kind);
  std::string condition(About about, const std::string& variable, int depth);
  std::string element(About about, const std::string& variable, Kind kind);

  std::mt19937_64 random_;
  Taste taste_;
  int nested_ = 0;  ///< macros around
};

/// 5,000 cases, or `full` when KITH_FULL is set; KITH_CASES says otherwise.
std::int64_t case_count(std::int64_t few, std::int64_t full);
/// KITH_SEED, or a fixed one.
std::uint64_t first_seed();

}  // namespace kith::internal::expr::testing
