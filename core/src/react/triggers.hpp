// Which workflows an event of the log sets off: a table by what happened, made once for a catalog.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/model/model.hpp"
#include "store/rows/change.hpp"

namespace kith::internal::react {

/// A workflow, and what of the record it asks.
struct Waiting {
  const catalog::Workflow* workflow = nullptr;
  bool reads_old = false;  ///< its condition or a value of its actions
};

class Triggers {
 public:
  explicit Triggers(const catalog::Catalog& catalog);

  /// In their running order.
  std::vector<const Waiting*> pulled(const store::Happening& happening) const;
  /// The lifecycle of which an announced value says that something is to fire; nullptr: it is no such value.
  const catalog::Lifecycle* automatic(const store::Happening& happening) const;
  const Waiting* workflow(std::string_view id) const;
  /// By the name of its runs, "<lifecycle>#auto".
  const catalog::Lifecycle* automatic(std::string_view name) const;

 private:
  using Positions = std::vector<std::size_t>;
  const Positions* candidates(const store::Happening& happening) const;

  const catalog::Catalog* catalog_;
  std::vector<Waiting> all_;                                                       ///< in running order
  std::map<std::pair<std::int32_t, store::ChangeKind>, Positions> changed_;        ///< by record type: created, updated
  std::map<std::pair<std::int32_t, std::string>, Positions, std::less<>> states_;  ///< by record type and lifecycle
  std::map<std::string, Positions, std::less<>> derived_;
  std::map<std::string, std::int32_t, std::less<>> automatic_;
};

}  // namespace kith::internal::react
