// What the differential test is worth: rules broken on purpose, each of which it must find.
#include <gtest/gtest.h>

#include "unit/expr/engines/differential.hpp"

namespace kith::internal::expr::testing {
namespace {

/// Passes everything on; a mutant overrides one rule.
class Forwarding : public SqlDialect {
 public:
  explicit Forwarding(const SqlDialect& right) : right_(right) {}
  Sql parameter(Value value) const override { return right_.parameter(std::move(value)); }
  Sql null_of(const Type& type) const override { return right_.null_of(type); }
  Sql collated(const Sql& text) const override { return right_.collated(text); }
  Sql arithmetic(Op op, bool real, const Sql& a, const Sql& b) const override {
    return right_.arithmetic(op, real, a, b);
  }
  Sql negative(bool real, const Sql& value) const override { return right_.negative(real, value); }
  Sql checked_int(const Sql& raw) const override { return right_.checked_int(raw); }
  Sql checked_real(const Sql& raw) const override { return right_.checked_real(raw); }
  Sql saturated_difference(const Sql& a, const Sql& b) const override { return right_.saturated_difference(a, b); }
  Sql int_to_real(const Sql& value) const override { return right_.int_to_real(value); }
  Sql real_to_int(const Sql& value) const override { return right_.real_to_int(value); }
  Sql int_to_text(const Sql& value) const override { return right_.int_to_text(value); }
  Sql text_length(const Sql& text) const override { return right_.text_length(text); }
  Sql first_of(const Sql& text, const Sql& length) const override { return right_.first_of(text, length); }
  Sql from_place(const Sql& text, const Sql& place) const override { return right_.from_place(text, place); }
  Sql position(const Sql& text, const Sql& part) const override { return right_.position(text, part); }
  Sql lower_ascii(const Sql& text) const override { return right_.lower_ascii(text); }
  Sql trimmed(const Sql& text, std::string_view characters) const override { return right_.trimmed(text, characters); }
  Sql replaced(const Sql& text, const Sql& what, const Sql& by, std::uint64_t most) const override {
    return right_.replaced(text, what, by, most);
  }
  Sql substring(const Sql& text, const Sql& start, const std::optional<Sql>& length) const override {
    return right_.substring(text, start, length);
  }
  Sql floor_real(const Sql& value) const override { return right_.floor_real(value); }
  Sql round_real(const Sql& value) const override { return right_.round_real(value); }
  Sql civil_date(const Sql& year, const Sql& month, const Sql& day) const override {
    return right_.civil_date(year, month, day);
  }
  Sql named(const std::vector<std::pair<Sql, std::string_view>>& values) const override { return right_.named(values); }
  Sql extreme(bool least, const std::vector<Sql>& values) const override { return right_.extreme(least, values); }
  Sql date_part(Function part, const Sql& day) const override { return right_.date_part(part, day); }
  Sql list_size(const Sql& json) const override { return right_.list_size(json); }
  Sql list_has(const Sql& json, Kind kind, const Sql& element, bool wanted) const override {
    return right_.list_has(json, kind, element, wanted);
  }
  Sql list_has_null(const Sql& json, bool wanted) const override { return right_.list_has_null(json, wanted); }
  std::optional<Sql> rows_of(const std::vector<Value>& values) const override { return right_.rows_of(values); }

 private:
  const SqlDialect& right_;
};

struct ContainsByLike : Forwarding {
  using Forwarding::Forwarding;
  Sql position(const Sql& text, const Sql& part) const override {
    return cat("(", text, " LIKE '%' || ", part, " || '%')");
  }
};
struct Overflows : Forwarding {
  using Forwarding::Forwarding;
  Sql checked_int(const Sql& raw) const override { return raw; }
};
struct PlainArithmetic : Forwarding {
  using Forwarding::Forwarding;
  Sql arithmetic(Op op, bool, const Sql& a, const Sql& b) const override {
    return cat("(", a, arithmetic_sign(op), b, ")");
  }
};
struct ExtremeOverNulls : Forwarding {
  using Forwarding::Forwarding;
  Sql extreme(bool least, const std::vector<Sql>& values) const override {
    return cat("COALESCE(", Forwarding::extreme(least, values), ", ", values[0], ", ", values[1], ")");
  }
};
struct ListsWithoutGuard : Forwarding {
  using Forwarding::Forwarding;
  Sql list_has(const Sql& json, Kind kind, const Sql& element, bool wanted) const override {
    const Sql has = Forwarding::list_has(json, kind, element, true);
    return wanted ? has : cat("(NOT ", has, ")");
  }
};
struct LengthInBytes : Forwarding {
  using Forwarding::Forwarding;
  Sql text_length(const Sql& text) const override { return cat("length(CAST(", text, " AS BLOB))"); }
};
struct BlanksOfAscii : Forwarding {
  using Forwarding::Forwarding;
  Sql trimmed(const Sql& text, std::string_view) const override { return Forwarding::trimmed(text, " "); }
};
struct HalvesByAddition : Forwarding {
  using Forwarding::Forwarding;
  Sql round_real(const Sql& value) const override { return Forwarding::floor_real(cat("(", value, " + 0.5)")); }
};
struct PlacesFromOne : Forwarding {
  using Forwarding::Forwarding;
  Sql substring(const Sql& text, const Sql& start, const std::optional<Sql>& length) const override {
    return length ? cat("substr(", text, ", ", start, ", ", *length, ")") : cat("substr(", text, ", ", start, ")");
  }
};
struct MonthsOf31Days : Forwarding {
  using Forwarding::Forwarding;
  Sql civil_date(const Sql& year, const Sql& month, const Sql& day) const override {
    return cat("(julianday(printf('%04d-%02d-%02d', ", year, ", ", month, ", ", day, ")) - 2440587.5)");
  }
};
struct NothingReplacesAll : Forwarding {
  using Forwarding::Forwarding;
  Sql replaced(const Sql& text, const Sql& what, const Sql& by, std::uint64_t) const override {
    return cat("replace(COALESCE(", text, ", ''), ", what, ", COALESCE(", by, ", ''))");
  }
};
struct OrderOfTheLocale : Forwarding {
  using Forwarding::Forwarding;
  Sql collated(const Sql& text) const override { return text; }
};

// The account of the first failure within so many cases; "" when none was found.
std::string first_failure(Engine& engine, std::int64_t most) {
  Referee referee(engine);
  for (std::int64_t done = 0; done < most; done += 250) {
    Scene scene(first_seed() + static_cast<std::uint64_t>(done / 250));
    referee.load(scene);
    Generator make(scene.seed, Taste{});
    for (int query = 0; query < 5; ++query) {
      std::vector<std::string> sources;
      for (int i = 0; i < 50; ++i) sources.push_back(make.boolean(static_cast<int>(1 + make.below(4))));
      const std::vector<std::string> wrong = referee.judge(sources, 1);
      if (!wrong.empty()) return wrong[0];
    }
  }
  return {};
}

// The expression after "seed | " in an account.
std::string expression_of(const std::string& account) {
  const std::size_t begin = account.find(" | ") + 3;
  return account.substr(begin, account.find('\n', begin) - begin);
}

void forget_nulls(Sql& when_false) {
  static const std::string is_null = " IS NULL";
  for (std::size_t at = when_false.text.find(is_null); at != std::string::npos;
       at = when_false.text.find(is_null, at + 1)) {
    when_false.text.insert(at + is_null.size(), " AND FALSE");
  }
}

void expect_caught(std::unique_ptr<Engine> engine, const std::string& what) {
  const std::string account = first_failure(*engine, 5'000);
  ASSERT_NE(account, "") << what << " was not found";
  EXPECT_LT(expression_of(account).size(), 90U) << what << " was not made small: " << account;
}

TEST(MutationTest, ABrokenRuleOfSqliteIsFoundAndMadeSmall) {
  const SqlDialect& right = sqlite_dialect();
  expect_caught(sqlite_engine({nullptr, forget_nulls}), "F(a == b) without the cases of one null");
  const ContainsByLike by_like(right);
  expect_caught(sqlite_engine({&by_like, {}}), "contains() by LIKE");
  const Overflows overflows(right);
  expect_caught(sqlite_engine({&overflows, {}}), "an int that overflows to a REAL");
  const ExtremeOverNulls extreme(right);
  expect_caught(sqlite_engine({&extreme, {}}), "least() that passes over null");
  const ListsWithoutGuard lists(right);
  expect_caught(sqlite_engine({&lists, {}}), "x in list, false where there is no list");
  const LengthInBytes length(right);
  expect_caught(sqlite_engine({&length, {}}), "size() in bytes");
  const BlanksOfAscii blanks(right);
  expect_caught(sqlite_engine({&blanks, {}}), "trim() of ASCII's blank only");
  const HalvesByAddition halves(right);
  expect_caught(sqlite_engine({&halves, {}}), "round() of -2.5 to -2");
  const PlacesFromOne places(right);
  expect_caught(sqlite_engine({&places, {}}), "substring() that counts from 1");
  const MonthsOf31Days months(right);
  expect_caught(sqlite_engine({&months, {}}), "date(2024, 2, 31) that is 2 March");
  const NothingReplacesAll nothing(right);
  expect_caught(sqlite_engine({&nothing, {}}), "replace() that takes null for ''");
}

TEST(MutationTest, ABrokenRuleOfPostgresqlIsFoundAndMadeSmall) {
  std::string why;
  const SqlDialect& right = postgresql_dialect();
  auto engine = postgresql_engine(why, {nullptr, forget_nulls});
  if (!engine) GTEST_SKIP() << why;
  expect_caught(std::move(engine), "F(a == b) without the cases of one null");
  const OrderOfTheLocale order(right);
  expect_caught(postgresql_engine(why, {&order, {}}), "order by the locale");
  const PlainArithmetic plain(right);
  expect_caught(postgresql_engine(why, {&plain, {}}), "a query that an overflow stops");
}

TEST(MutationTest, TheRulesAsTheyAreAreNotAccused) { EXPECT_EQ(first_failure(*sqlite_engine(), 500), ""); }

}  // namespace
}  // namespace kith::internal::expr::testing
