// The steps that every write shares, over one open transaction: load, apply input, validate, write, note.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "facts/save/changes.hpp"
#include "facts/save/followers.hpp"
#include "facts/save/type_facts.hpp"
#include "facts/transaction.hpp"

namespace kith::internal::facts {

/// A row with input applied to it, not yet checked.
struct Draft {
  store::Row row;
  std::vector<std::int32_t> given;                     ///< members that the input named
  std::set<std::int32_t> failed;                       ///< of these, the ones that were refused
  std::map<std::int32_t, std::string> initial_states;  ///< create: state member -> state asked for
  std::map<std::int32_t, std::int64_t> since;  ///< create: since member -> when the state was entered, brought in
};

class Pipeline {
 public:
  Pipeline(access::Unit& unit, derive::Engine& derivations);

  const TypeFacts& facts(std::int32_t record_type) const { return types_.of(record_type); }
  /// The record as this transaction sees it. Throws record_not_found, record_removed.
  Touched& load(std::int32_t record_type, const RecordId& id);
  /// Throws version_conflict, naming both. 0: any version.
  void expect_version(const Touched& touched, std::int64_t version);
  /// Puts input into the draft; what is refused goes to `problems`. `creating` allows an initial state to be named.
  void apply(const catalog::RecordType& type, const std::vector<Input>& inputs, bool creating, Draft& draft,
             Problems& problems);
  /// One input, as the member will hold it: coerced, references found, normalised.
  Value accept(const catalog::Member& member, const Value& value);

  Saved create(const catalog::RecordType& type, const std::vector<Input>& inputs, const WriteOptions& options);
  Saved update(const catalog::RecordType& type, const RecordId& id, std::int64_t version,
               const std::vector<Input>& inputs);
  void remove(const catalog::RecordType& type, const RecordId& id, std::int64_t version);
  /// Validates and writes `row` as the record's new state, with stamps. False: nothing differs. Throws all problems.
  bool rewrite(Touched& touched, store::Row row, const std::set<std::int32_t>& failed, Problems& problems);
  void finish();

  access::Unit& unit;
  derive::Engine& derivations;
  const catalog::Catalog& catalog;
  ChangeSet changes;
  Followers followers;
  std::int64_t writes = 0;  ///< primitive writes so far

 private:
  void apply_one(const catalog::RecordType& type, std::int32_t number, const Input& input, bool creating, Draft& draft);
  void fill_new(const TypeFacts& facts, const RecordId& id, Draft& draft, const WriteOptions& options,
                Problems& problems);
  void write_removal(Touched& touched);

  const AllTypeFacts& types_;
};

}  // namespace kith::internal::facts
