// One read, or one transaction: who asks, for which tenant, at which instant, over which connection. Everything above
// the store works inside a Unit, so that no read or write is without tenant and actor.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <typeindex>
#include <utility>
#include <vector>

#include "access/reads.hpp"
#include "base/problem/log.hpp"
#include "base/value/id.hpp"
#include "catalog/model/model.hpp"
#include "expr/evaluate/evaluate.hpp"
#include "store/rows/derived_rows.hpp"
#include "store/rows/journal.hpp"
#include "store/rows/records.hpp"
#include "store/rows/work_rows.hpp"

namespace kith::internal::access {

struct Principal {
  std::string tenant;
  std::int64_t tenant_number = -1;
  std::string actor;  ///< "alice", "system:retail"
};

/// Runs a plugin's function on one row of arguments; given by the floor that loads plugins.
using FunctionCaller = std::function<Value(std::int32_t function, const std::vector<Value>& arguments)>;

/// Settings from the catalog, parameter sets from the database (each read once per unit), functions from plugins.
class UnitSurroundings : public expr::Surroundings {
 public:
  UnitSurroundings(const catalog::Catalog& catalog, store::Records& records, const FunctionCaller* functions);
  Value setting(std::string_view name) const override;
  expr::Timed parameter(std::string_view set, std::string_view name) const override;
  Value call(std::int32_t function, const std::vector<Value>& arguments) const override;
  const std::vector<std::pair<Value, Value>>* setting_table(std::string_view name) const override;
  expr::RecordView* actor() const override { return actor_.empty() ? nullptr : actor_.back().second(); }
  void forget_parameters();  ///< after publishing inside this unit
  /// A plugin's function that fails on a row gives unknown; what was said of it since the last exchange is kept here.
  std::string exchange_failure(std::string failure = {}) const { return std::exchange(failure_, std::move(failure)); }
  /// Who makes views of records says how the session's actor is found, for as long as the views live.
  void find_actor_by(const void* owner, std::function<expr::RecordView*()> find) {
    actor_.emplace_back(owner, std::move(find));
  }
  void forget_actor_of(const void* owner);

 private:
  const catalog::Catalog* catalog_;
  store::Records* records_;
  const FunctionCaller* functions_;
  std::vector<std::pair<const void*, std::function<expr::RecordView*()>>> actor_;
  mutable std::map<std::string, std::map<std::string, Value, std::less<>>, std::less<>> sets_;
  mutable std::string failure_;
};

/// What a floor above keeps in memory of the database while a unit lasts: it goes back with the unit.
class Cache {
 public:
  virtual ~Cache() = default;
  /// Before a savepoint: what waits to be written is written, and what changes from now on can be taken back.
  virtual void save() = 0;
  virtual void restore() = 0;  ///< the database went back to the savepoint
  virtual void release() = 0;  ///< what was written since stays
};

class Unit {
 public:
  /// `now_us`: one value per transaction attempt: max(host clock, largest as_of committed) is the caller's business.
  Unit(store::Connection& connection, const store::Layout& layout, Principal principal, std::int64_t now_us,
       bool writable, IdSource& ids, const FunctionCaller* functions, store::Cause cause = {"call", 0, true, {}});
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;

  const catalog::Catalog& catalog() const { return layout.catalog(); }
  expr::Env env() const;  ///< now and surroundings

  /// A savepoint of the database and of every cache. One at a time; Savepoint does all three.
  void save();
  void restore();  ///< and releases it
  void release();
  void add_cache(Cache* cache) { caches_.push_back(cache); }
  void drop_cache(Cache* cache) { std::erase(caches_, cache); }
  /// What a floor above has one of for each unit: made of the unit when it is first asked for, gone before the unit.
  template <typename T>
  T& own() {
    std::shared_ptr<void>& place = owned_[typeid(T)];
    if (place == nullptr) place = std::make_shared<T>(*this);
    return *static_cast<T*>(place.get());
  }

  store::Connection& connection;
  const store::Layout& layout;
  Principal principal;
  std::int64_t now;
  bool writable;
  IdSource& ids;
  const FunctionCaller* functions;
  store::Cause cause;
  store::Records records;  ///< for who writes them; they are read by `reads`
  store::Journal journal;
  store::DerivedRows derived;
  UnitSurroundings surroundings;
  Reads reads;
  /// For the log, once the unit is committed.
  std::vector<std::string> warnings;

 private:
  std::vector<Cache*> caches_;
  std::map<std::type_index, std::shared_ptr<void>> owned_;
};

/// Goes back to where it was made, unless it was released.
class Savepoint {
 public:
  explicit Savepoint(Unit& unit) : unit_(unit) { unit_.save(); }
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  ~Savepoint();
  void release();

 private:
  Unit& unit_;
  bool open_ = true;
};

}  // namespace kith::internal::access
