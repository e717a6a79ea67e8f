// The shop of tests/unit/access with an engine: writes through the store and touched(), as the save pipeline does them.
#pragma once
#include <boost/json.hpp>

#include <optional>
#include <random>

#include "derive/engine.hpp"
#include "unit/access/world.hpp"

namespace kith::internal::testing {

class Bench : public World {
 public:
  using World::World;
  using InEngine = std::function<void(access::Unit&, derive::Engine&)>;

  void writing(const InEngine& body, const store::Cause& cause = {"call", 0, true, {}});
  void reading(const InEngine& body);
  std::optional<std::size_t> most_marks;  ///< of the engines to come
  bool lazy = true;                       ///< they settle what somebody waits for, and leave the rest to due work

  // One transaction each.
  RecordId create(const std::string& type_name, const Fields& fields);
  void update(const std::string& type_name, const RecordId& id, const Fields& fields,
              const store::Cause& cause = {"call", 0, true, {}});
  void remove(const std::string& type_name, const RecordId& id);
  // Inside of one.
  RecordId create(access::Unit& unit, derive::Engine& engine, const std::string& type_name, const Fields& fields);
  void update(access::Unit& unit, derive::Engine& engine, const std::string& type_name, const RecordId& id,
              const Fields& fields);
  void remove(access::Unit& unit, derive::Engine& engine, const std::string& type_name, const RecordId& id);

  std::int64_t settle(std::int64_t limit = 1'000'000);
  Value value(const std::string& derivation_name, const RecordId& id);  ///< in a writing unit
  std::string band(const std::string& derivation_name, const RecordId& id);
  bool fresh(const std::string& derivation_name, const RecordId& id);
  derive::Stored stored(const std::string& derivation_name, const RecordId& id);
  std::vector<store::Event> events();
  /// An engine that believes nothing stored: what it gives is computed from facts.
  void from_facts(std::int64_t at, const std::function<void(derive::Engine&)>& body);
  expr::Timed truth(const std::string& derivation_name, const RecordId& id, std::int64_t at);
  Value ref(const std::string& type_name, const RecordId& id) const { return Value::ref(type(type_name), id); }

 private:
  std::unique_ptr<store::Layout> disbelieving_;
};

/// KITH_FULL=1 asks for the long run.
int repetitions(int quick, int full);

}  // namespace kith::internal::testing
