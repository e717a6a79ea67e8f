// A core with the six bundles and so many customers, settled, and the same customers in a file written by hand.
#pragma once
#include <functional>
#include <optional>

#include "../lib/core_file.hpp"
#include "../lib/process.hpp"
#include "../lib/sqlite.hpp"

namespace kith::bench {

class Base {
 public:
  explicit Base(std::int64_t customers);
  Base(const Base&) = delete;
  Base& operator=(const Base&) = delete;

  std::int64_t customers() const { return customers_; }
  Core& core() { return *core_; }
  Session& session() { return *session_; }
  /// A connection that only reads, on the product's own file.
  Database& raw() { return *raw_; }
  std::filesystem::path file() const { return folder_.path() / "crm.kith"; }
  std::filesystem::path hand_file() const { return folder_.path() / "hand.db"; }
  /// Of customers scattered over the file.
  const std::vector<Ref>& some() const { return some_; }
  const std::vector<std::string>& emails() const { return emails_; }
  /// Closes and opens the core, as a host that starts anew.
  void reopen();

  double import_kith_s = 0, import_hand_s = 0, settle_s = 0;

 private:
  void open();
  std::int64_t customers_;
  TemporaryFolder folder_;
  std::optional<Core> core_;
  std::optional<OwnedSession> session_;
  std::optional<Database> raw_;
  std::vector<Ref> some_;
  std::vector<std::string> emails_;
};

/// The median of so many runs, in microseconds.
double median_us(int runs, const std::function<void()>& body);

}  // namespace kith::bench
