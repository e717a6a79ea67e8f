// One plugin, built by several compilers, against several standard libraries and in two languages, in one process: all
// give the same bits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "base/text/text.hpp"
#include "bundles/bundles.hpp"

namespace kith::internal::bundles {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kRows = 10'000;
const Log kQuiet;

const kith_api& empty_api() {
  static const kith_api api = [] {
    kith_api table{};
    table.struct_size = sizeof table;
    table.minor = KITH_ABI_MINOR;
    return table;
  }();
  return api;
}

/// The probe as one of the builds has it.
struct Build {
  explicit Build(const std::string& build) : name(build) {
    const std::string folder = std::string(KITH_ABI_FOLDER) + "/" + build;
    config = read_config(JsonDocument::parse(R"({"database": {"url": "sqlite:x"}, "plugin_folders": [")" + folder +
                                                 R"("], "plugins": {"abi_probe": {}}})",
                                             "kith.json"),
                         "/");
    found = find_bundles(config, kQuiet);
    catalog = catalog::build_catalog({{&catalog::core_manifest(), true}, {found.documents.front().get(), false}},
                                     config.locale);
    plugins = Plugins::load(found, *catalog, empty_api(), kQuiet);
  }
  std::string name;
  Config config;
  Found found;
  catalog::CatalogPtr catalog;
  std::unique_ptr<Plugins> plugins;
};

const std::vector<std::unique_ptr<Build>>& builds() {
  static const std::vector<std::unique_ptr<Build>> all = [] {
    std::vector<std::unique_ptr<Build>> list;
    for (const std::string& name : split(KITH_ABI_BUILDS, ',')) list.push_back(std::make_unique<Build>(name));
    return list;
  }();
  return all;
}

Value random_value(Kind kind, std::mt19937_64& random, const Currency& currency) {
  if (random() % 9 == 0) return Value::null();
  const auto number = static_cast<std::int64_t>(random() % 2'000'000'007) - 1'000'000'003;
  switch (kind) {
    case Kind::boolean: return Value::boolean(number % 2 == 0);
    case Kind::real: return Value::real(static_cast<double>(number) / 7.0);
    case Kind::text:
      return Value::text(std::string(static_cast<std::size_t>(random() % 5), 'a') + (number % 3 == 0 ? "娜" : "é"));
    case Kind::money: return Value::money(number, currency);
    default: return Value::with(kind, number);
  }
}

std::vector<std::vector<Value>> random_columns(const catalog::Function& function, const Currency& currency) {
  std::mt19937_64 random(static_cast<std::uint64_t>(function.number) + 1);
  std::vector<std::vector<Value>> columns(function.arguments.size());
  for (std::size_t row = 0; row < kRows; ++row)
    for (std::size_t i = 0; i < columns.size(); ++i) {
      Value value = random_value(function.arguments[i].type.kind, random, currency);
      if (function.name == "abi_probe.refuses" && value.i == 13) value = Value::null();
      columns[i].push_back(std::move(value));
    }
  return columns;
}

bool same_bits(const Value& a, const Value& b) {
  if (a.kind == Kind::real && b.kind == Kind::real) return std::memcmp(&a.d, &b.d, sizeof a.d) == 0;
  return a == b;
}

TEST(AbiTest, HasBuildsToCompare) {
  EXPECT_GE(builds().size(), 2U) << "only " << KITH_ABI_BUILDS << ": install g++, clang and libc++";
  RecordProperty("builds", KITH_ABI_BUILDS);
}

TEST(AbiTest, GivesTheSameBitsInEveryBuild) {
  const Build& first = *builds().front();
  for (const catalog::Function& function : first.catalog->functions) {
    const auto columns = random_columns(function, first.catalog->currency);
    const std::vector<Value> expected = first.plugins->call_batch(function.number, columns, kRows);
    std::size_t set = 0;
    for (const Value& value : expected) set += value.is_null() ? 0U : 1U;
    EXPECT_GT(set, kRows / 2) << function.name << " answers";
    for (const auto& build : builds()) {
      const std::vector<Value> found = build->plugins->call_batch(function.number, columns, kRows);
      ASSERT_EQ(found.size(), expected.size());
      for (std::size_t row = 0; row < kRows; ++row)
        ASSERT_TRUE(same_bits(found[row], expected[row])) << function.name << " row " << row << " by " << build->name;
    }
  }
}

TEST(AbiTest, FailsInTheSameWordsInEveryBuild) {
  for (const auto& build : builds()) {
    const auto& functions = build->catalog->functions;
    try {
      build->plugins->functions()(functions.back().number, {Value::integer(13)});
      FAIL() << build->name;
    } catch (const Error& error) {
      EXPECT_EQ(error.number(), ProblemNumber::plugin_body_failed) << build->name;
      EXPECT_EQ(error.first().message,
                "function 'abi_probe.refuses' of plugin abi_probe 0.1.0 failed: 13 brings bad luck")
          << build->name;
    }
  }
}

TEST(AbiTest, ReportsAndCancelsJobsInEveryBuild) {
  for (const auto& build : builds()) {
    std::uint64_t last = 0;
    const JobProgress progress{[&](std::uint64_t done, std::uint64_t) { last = done; }, [&] { return last == 4; }};
    try {
      build->plugins->run_job(build->catalog->jobs.front(), nullptr, "{}", progress);
      FAIL() << build->name;
    } catch (const Error& error) {
      EXPECT_EQ(error.number(), ProblemNumber::cancelled) << build->name;
    }
    EXPECT_EQ(last, 4U) << build->name;
  }
}

}  // namespace
}  // namespace kith::internal::bundles
