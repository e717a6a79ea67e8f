// A small office over a real SQLite file: the world of tests/unit/access with a bundle whose fields, rules and
// lifecycle reach every step of the save pipeline; and imports run as the core runs them.
#pragma once
#include <boost/json.hpp>

#include "facts/import/import.hpp"
#include "facts/read/host_events.hpp"
#include "facts/read/timeline.hpp"
#include "facts/transaction.hpp"
#include "unit/access/world.hpp"

namespace kith::internal::testing {

catalog::CatalogPtr build_office();

class Office : public World {
 public:
  Office() : World(build_office()) {}

  using InTransaction = std::function<void(facts::Transaction&, access::Unit&)>;
  /// One transaction: body, finish, commit. What it throws passes through, after a rollback.
  void save(const InTransaction& body, const store::Cause& cause = {"call", 0, true, {}});
  // One transaction each.
  RecordId create(const std::string& type_name, const std::vector<facts::Input>& inputs);
  facts::Saved update(const std::string& type_name, const RecordId& id, const std::vector<facts::Input>& inputs,
                      std::int64_t version = 0);
  void remove(const std::string& type_name, const RecordId& id);
  facts::Saved transition(const std::string& type_name, const RecordId& id, const std::string& lifecycle,
                          const std::string& event, const std::vector<facts::Input>& inputs = {});
  void relate(const std::string& from_type, const RecordId& from, const std::string& name, const std::string& to_type,
              const RecordId& to, const std::vector<facts::Input>& inputs = {});
  RecordId person(const std::string& name = "Ada Li");
  RecordId organization(const std::string& name = "Acme");

  Value get(const std::string& type_name, const RecordId& id, const std::string& member_name);  ///< as stored
  bool is_live(const std::string& type_name, const RecordId& id);
  std::vector<store::Change> changes(const std::string& type_name, const RecordId& id);  ///< oldest first
  std::string payload(const store::Change& change);  ///< what the host is told of its fields
  std::vector<store::Event> events();                ///< as the host sees them
  /// All live records of a type, as texts of the named members joined by "|", sorted: for comparing states.
  std::vector<std::string> contents(const std::string& type_name, const std::vector<std::string>& member_names);

  /// A file in the world's folder; returns its path.
  std::string file(const std::string& name, const std::string& text);
  std::string read_file(const std::string& name);
  /// Runs an import to its end, one transaction per batch.
  boost::json::object import(const facts::ImportRequest& request);
  /// Begins, runs this many batches and forgets the rest, as a killed process does. `lose_last`: the last batch's
  /// transaction is rolled back after its step.
  void import_some(const facts::ImportRequest& request, int batches, bool lose_last = false);
};

/// All problems of a call; empty when it throws none.
template <typename Call>
std::vector<Problem> problems_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.problems();
  }
  return {};
}
/// The problem of this field, or an empty one.
Problem problem_of_field(const std::vector<Problem>& problems, const std::string& field);
inline Value text(const std::string& s) { return Value::text(s); }

}  // namespace kith::internal::testing
