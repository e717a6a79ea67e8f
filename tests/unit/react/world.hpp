// A database with the core's record types and one bundle, "shop", a clock that stands where it is put, and the engine's
// floors up to this one.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/time/time.hpp"
#include "catalog/build.hpp"
#include "facts/transaction.hpp"
#include "react/reactions.hpp"
#include "store/connection/database.hpp"

namespace kith::internal::react::testing {

class World {
 public:
  /// `sections` of shop's manifest: "\"workflows\": [...]". shop also has a record type "item" (see world.cpp) and the
  /// action "poke"; `lifecycles` come beside its own.
  explicit World(const std::string& sections, const std::string& lifecycles = {});
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// One transaction of a person: body(unit, transaction).
  template <class Body>
  void write(Body&& body, const store::Cause& cause = {"call", 0, true, {}}) {
    store::Writer writer = database_->write(kWaitUs);
    access::Unit unit(writer.connection(), *layout_, {"default", tenant_, "ada"}, now, true, ids_, nullptr, cause);
    derive::Engine& derivations = derive::Engine::of(unit);
    facts::Transaction transaction(unit, derivations);
    body(unit, transaction);
    transaction.finish();
    derivations.finish_step();
    derivations.flush();
    writer.commit();
  }
  template <class Body>
  void read(Body&& body) {
    store::Reader reader = database_->read(kWaitUs);
    access::Unit unit(reader.connection(), *layout_, {"default", tenant_, "ada"}, now, false, ids_, nullptr);
    body(unit);
  }

  RecordId create(const std::string& type, const std::vector<facts::Input>& fields);
  void update(const std::string& type, const RecordId& id, const std::vector<facts::Input>& fields);
  /// Settles derivations and reacts until nothing is left at this now.
  Progress run();
  /// One turn of both; what the reactions leave behind is not settled.
  Progress turn();
  void advance(const std::string& duration) { now += *parse_duration(duration); }

  std::int64_t count(const std::string& type);
  Value value(const std::string& type, const RecordId& id, const std::string& member);
  /// Of the newest record of the type.
  Value newest(const std::string& type, const std::string& member);
  std::vector<store::WorkflowRun> runs(const RecordId& record);
  std::string trace(const store::WorkflowRun& run);  ///< the whole of it
  std::vector<store::Event> events();                ///< as the host sees them
  std::vector<store::TransitionRow> transitions(const std::string& type, const RecordId& record);
  void transition(const std::string& type, const RecordId& id, const std::string& lifecycle, const std::string& event);
  std::optional<std::int64_t> next_due();

  std::int64_t now = 20'000 * kMicrosPerDay;
  ActionCaller poke;            ///< what the action shop.poke does
  std::int64_t window = 50;     ///< rows of the log in one transaction of reactions
  std::function<bool()> go_on;  ///< whether there is time left

 private:
  static constexpr std::int64_t kWaitUs = 5'000'000;
  std::filesystem::path folder_;
  JsonDocument document_;
  catalog::CatalogPtr catalog_;
  Log log_;
  IdSource ids_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<store::Layout> layout_;
  std::int64_t tenant_ = -1;
};

}  // namespace kith::internal::react::testing
