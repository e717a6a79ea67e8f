// A small catalog made by hand, and a real file with its tables.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "store/connection/database.hpp"
#include "store/rows/records.hpp"

namespace kith::internal::store::testing {

/// A folder that goes with the test.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// Members of `customer` in the sample catalog, by number.
enum CustomerMember : std::int32_t {
  kName,
  kEmail,
  kSize,
  kRating,
  kActive,
  kBorn,
  kSeen,
  kLimit,
  kKind,
  kTags,
  kParent,
  kSubject,
  kWait,
  kOrders,
  kTier,
  kSpend,
  kValue,
  kValueBand
};
/// Members of `retail.order`.
enum OrderMember : std::int32_t { kNumber, kCustomer, kTotal };
enum SampleType : std::int32_t { kCustomerType, kOrderType };
enum SampleDerivation : std::int32_t { kSpendRollup, kValueScore, kHiddenTrigger };

inline const Currency kEuro{{'E', 'U', 'R'}, 2};
inline constexpr std::int64_t kNow = 1'700'000'000'000'000;
inline constexpr std::int64_t kWaitUs = 5'000'000;

/// What differs between the sample catalogs.
struct Sample {
  bool retail = true;  ///< the bundle with retail.order, retail.tier and the derivations
  std::string retail_version = "0.1.0";
  bool with_note = false;  ///< customer.retail.note besides
  bool unique_email = true;
  bool size_is_double = false;
  Kind tier_kind = Kind::text;
  std::string spend_fingerprint = "sum(total)";
  Kind spend_kind = Kind::money;
};
std::shared_ptr<catalog::Catalog> sample_catalog(const Sample& sample = {});

StoreOptions options_of(const std::string& path);

/// A database with the tables of a catalog and one tenant.
class Store {
 public:
  explicit Store(const std::string& path, const Sample& sample = {});
  Writer write() { return database->write(kWaitUs); }
  Reader read() { return database->read(kWaitUs); }
  Records records(Connection& connection) const { return {connection, *layout, tenant}; }
  Records records(const Writer& writer) const { return records(writer.connection()); }
  Records records(const Reader& reader) const { return records(reader.connection()); }
  /// A customer with a name and an e-mail address ("" = none), written and committed.
  RecordId add_customer(const std::string& name, const std::string& email = "");

  Log log;
  std::unique_ptr<Database> database;
  std::shared_ptr<catalog::Catalog> catalog;
  std::unique_ptr<Layout> layout;
  std::int64_t tenant = 0;
};

RecordId new_id();
Row empty_row(const catalog::RecordType& type);
std::int64_t integer(Connection& connection, const std::string& sql);
std::string text(Connection& connection, const std::string& sql);
/// The number of the problem that the call ends in; bug when it ends in none.
template <typename Call>
ProblemNumber problem_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.number();
  }
  return ProblemNumber::bug;
}

}  // namespace kith::internal::store::testing
