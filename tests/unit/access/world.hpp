// A small shop over a real SQLite file: groups of customers, customers, their orders; and units to read and write it
// in.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/unit.hpp"
#include "base/problem/error.hpp"
#include "base/time/time.hpp"
#include "catalog/build.hpp"
#include "store/connection/database.hpp"
#include "store/layout/layout.hpp"

namespace kith::internal::testing {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

/// The core's catalog with one bundle "shop" of these JSON sections.
catalog::CatalogPtr build_shop(const std::string& sections);
/// Record types, fields and a child set on each level, without derivations.
extern const char* const kShopFacts;

inline constexpr std::int64_t kStart = 1'767'225'600'000'000;  ///< 2026-01-01T00:00:00Z
inline constexpr std::int64_t kHour = 3'600 * kMicrosPerSecond;
inline constexpr std::int64_t kDay = kMicrosPerDay;

using Fields = std::map<std::string, Value>;

class World {
 public:
  explicit World(const std::string& sections) : World(build_shop(sections)) {}
  explicit World(catalog::CatalogPtr built);

  using InUnit = std::function<void(access::Unit&)>;
  void write(const InUnit& body, const store::Cause& cause = {"call", 0, true, {}});
  void read(const InUnit& body);
  void change_catalog(catalog::CatalogPtr next);  ///< as opening with other bundles does

  std::int32_t type(const std::string& name) const { return catalog->type(name).number; }
  std::int32_t member(const std::string& type_name, const std::string& name) const;
  std::int32_t derivation(const std::string& name) const;
  store::Row row(const std::string& type_name, const Fields& fields) const;
  Value money(std::int64_t minor) const { return Value::money(minor, catalog->currency); }

  TemporaryFolder folder;
  Log log;
  IdSource ids;
  catalog::CatalogPtr catalog;
  access::FunctionCaller functions;  ///< of plugins; empty: none is loaded
  std::unique_ptr<store::Database> database;
  std::unique_ptr<store::Layout> layout;
  access::Principal principal{"acme", -1, "alice"};
  std::int64_t now = kStart;
};

/// The first problem's number; bug when the call ends in none.
template <typename Call>
ProblemNumber problem_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.number();
  }
  return ProblemNumber::bug;
}

}  // namespace kith::internal::testing
