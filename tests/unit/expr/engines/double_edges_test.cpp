// PostgreSQL stops at a double that is too large or too small; our SQL goes around it, and must give the machine's
// result to the last bit. Random pairs would not meet the edges, so pairs are made at them.
#include <gtest/gtest.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <random>

#include "expr/sql/dialect.hpp"
#include "unit/expr/engines/postgresql.hpp"
#include "unit/expr/worlds/generator.hpp"

namespace kith::internal::expr::testing {
namespace {

using Pair = std::pair<double, double>;

class Edges {
 public:
  explicit Edges(std::uint64_t seed) : random_(seed) {}

  // a * b beside 2^-1075 (half of the smallest double), beside 2^1024, and anywhere.
  Pair product() {
    const double a = mantissa();
    switch (random_() % 5) {
      case 0: return signs({std::ldexp(a, -538), std::ldexp(near(1 / a), -537)});
      case 1: {
        const double steps = static_cast<double>(1 + random_() % 4096);
        return signs({std::ldexp(steps, -1074), near(std::ldexp(1 / steps, -1))});
      }
      case 2: return signs({std::ldexp(a, 511 + static_cast<int>(random_() % 3)), std::ldexp(near(1 / a), 512)});
      case 3: return signs({std::ldexp(a, exponent()), std::ldexp(mantissa(), exponent())});
      default: return signs({pick(), pick()});
    }
  }
  Pair quotient() {
    const double a = mantissa();
    switch (random_() % 5) {
      case 0: return signs({std::ldexp(a, 500), std::ldexp(near(a), -524)});
      case 1: return signs({std::ldexp(a, -1040), std::ldexp(near(a), 34 + static_cast<int>(random_() % 3))});
      case 2: return signs({std::ldexp(a, -30), std::ldexp(static_cast<double>(1 + random_() % 4096), -1074)});
      case 3: return signs({std::ldexp(a, exponent()), std::ldexp(mantissa(), exponent())});
      default: return signs({pick(), pick()});
    }
  }
  Pair sum() {
    if (random_() % 2 == 0)
      return signs({std::ldexp(mantissa(), 1023 - static_cast<int>(random_() % 3)),
                    std::ldexp(mantissa(), 1023 - static_cast<int>(random_() % 6))});
    return signs({pick(), pick()});
  }

 private:
  double mantissa() { return 1 + static_cast<double>(random_() % (1ULL << 52)) * std::ldexp(1.0, -52); }
  double near(double value) {
    return std::array{std::nextafter(value, 0.0), value, std::nextafter(value, 2 * value + 1)}[random_() % 3];
  }
  int exponent() { return static_cast<int>(random_() % 2046) - 1022; }
  double pick() {
    static const std::array<double, 12> values = {0.0,
                                                  5e-324,
                                                  1e-323,
                                                  2.2250738585072014e-308,
                                                  2.225073858507201e-308,
                                                  0.1,
                                                  1.0,
                                                  1.5,
                                                  1e154,
                                                  1.3407807929942597e154,
                                                  1e308,
                                                  1.7976931348623157e308};
    return values[random_() % values.size()];
  }
  Pair signs(Pair pair) {
    if (random_() % 4 == 0) pair.first = -pair.first;
    if (random_() % 4 == 0) pair.second = -pair.second;
    return pair;
  }
  std::mt19937_64 random_;
};

std::string shortest_digits(double value) {
  std::array<char, 40> out{};
  return {out.data(), std::to_chars(out.data(), out.data() + out.size(), value).ptr};
}

double machine(Op op, const Pair& pair) {
  switch (op) {
    case Op::add: return pair.first + pair.second;
    case Op::subtract: return pair.first - pair.second;
    case Op::multiply: return pair.first * pair.second;
    default: return pair.second == 0 ? std::nan("") : pair.first / pair.second;
  }
}

TEST(DoubleEdgesTest, PostgresqlGivesTheResultOfTheMachineAndNeverStops) {
  if (const std::string why = Postgresql::missing(); !why.empty()) GTEST_SKIP() << why;
  Postgresql database;
  Edges edges(first_seed());
  const std::int64_t count = case_count(3'000, 100'000);
  for (const Op op : {Op::add, Op::subtract, Op::multiply, Op::divide}) {
    std::vector<Pair> pairs;
    std::string a = "{", b = "{";
    for (std::int64_t i = 0; i < count; ++i) {
      pairs.push_back(op == Op::multiply ? edges.product() : op == Op::divide ? edges.quotient() : edges.sum());
      a += (i == 0 ? "" : ",") + shortest_digits(pairs.back().first);
      b += (i == 0 ? "" : ",") + shortest_digits(pairs.back().second);
    }
    const Sql result = postgresql_dialect().arithmetic(op, true, literally("q.x"), literally("q.y"));
    const auto rows = database.query(
        {"SELECT " + result.text + " FROM unnest(?::float8[], ?::float8[]) WITH ORDINALITY AS q(x, y, n) ORDER BY q.n",
         {Value::text(a + "}"), Value::text(b + "}")}});
    ASSERT_EQ(rows.size(), pairs.size());
    std::int64_t beyond = 0, zero = 0, wrong = 0;
    for (std::size_t i = 0; i < pairs.size() && wrong < 5; ++i) {
      const double expected = machine(op, pairs[i]);
      beyond += std::isfinite(expected) ? 0 : 1;
      zero += expected == 0 ? 1 : 0;
      const bool same =
          std::isfinite(expected) ? rows[i][0] && std::strtod(rows[i][0]->c_str(), nullptr) == expected : !rows[i][0];
      if (same) continue;
      ++wrong;
      ADD_FAILURE() << shortest_digits(pairs[i].first) << arithmetic_sign(op) << shortest_digits(pairs[i].second)
                    << " is " << shortest_digits(expected) << ", PostgreSQL gives " << rows[i][0].value_or("null");
    }
    EXPECT_GT(beyond, count / 50) << arithmetic_sign(op);
    if (op == Op::multiply || op == Op::divide) {
      EXPECT_GT(zero, count / 20) << arithmetic_sign(op);
    }
  }
}

}  // namespace
}  // namespace kith::internal::expr::testing
