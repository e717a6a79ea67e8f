#include "facts/import/row_applier.hpp"

#include <algorithm>

#include "base/problem/limits.hpp"
#include "base/text/text.hpp"
#include "facts/read/shown.hpp"
#include "facts/save/normalise.hpp"
#include "store/rows/source_states.hpp"

namespace kith::internal::facts {

namespace {

using catalog::Member;

const Member& member_of(const RecordPlan& plan, const FieldPlan& field) {
  return plan.type->members[static_cast<std::size_t>(field.member)];
}

std::uint64_t key_hash(const RecordPlan& plan, const std::string& key) { return fnv1a(plan.id + '\0' + key); }

bool names_a_key(const RecordPlan& plan) { return plan.has_external_id || !plan.key_fields.empty(); }

/// Whether a key that comes twice in a file is told with both lines.
bool keys_come_once(const RecordPlan& plan) { return plan.mode == ImportMode::create && names_a_key(plan); }

const FieldPlan* field_named(const RecordPlan& plan, std::string_view name) {
  for (const FieldPlan& field : plan.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

/// One record of the row on its way.
class RecordWork {
 public:
  RecordWork(access::Unit& unit, Transaction& transaction, const Mapping& mapping, const RecordPlan& plan, RowView& row,
             const RowRecords& records, const SeenKeys& seen, RowOutcome& outcome)
      : unit_(unit),
        transaction_(transaction),
        mapping_(mapping),
        plan_(plan),
        row_(row),
        records_(records),
        seen_(seen),
        outcome_(outcome) {}

  /// The record made, changed or met; nullopt: left out.
  std::optional<RecordId> apply();
  /// The record that the row's key names, as far as it is there; with nothing written.
  std::optional<RecordId> named();
  std::uint64_t key() const { return key_hash(plan_, key_text()); }

 private:
  bool gather();
  void gather_key();
  void read_external_id();
  bool give_up(const Error& error);
  std::optional<RecordId> save();
  void require_key_fields() const;
  std::optional<RecordId> existing();
  std::optional<RecordId> meet(const RecordId& id);
  RecordId make();
  RecordId change(const RecordId& id);
  void take_state(const FieldPlan& field, const Value& value, const RecordId& id);
  bool stands_elsewhere(const FieldPlan& field, const std::string& said, const RecordId& id) const;
  bool bring_to(const std::string& lifecycle, const std::string& said, const RecordId& id);
  bool is_reached_later(const Input& input) const;
  std::string key_text() const;
  std::string key_part(const Input& input) const;
  std::vector<Input> inputs_of(const std::vector<std::string>& names) const;
  [[noreturn]] void refuse_key(ProblemNumber number, std::string message, std::string fix,
                               std::string expected = {}) const;

  access::Unit& unit_;
  Transaction& transaction_;
  const Mapping& mapping_;
  const RecordPlan& plan_;
  RowView& row_;
  const RowRecords& records_;
  const SeenKeys& seen_;
  RowOutcome& outcome_;
  std::vector<Input> inputs_;  ///< without nulls: an empty cell says nothing, so that defaults and what is there stay
  std::vector<std::string> cleared_;  ///< whose empty cell empties the field of a record that is there
  std::string external_id_;
};

/// A problem of a field, told in the words of the file.
Problem in_columns(const RecordPlan& plan, Problem problem) {
  const FieldPlan* field = field_named(plan, problem.field);
  if (field != nullptr && !field->value.column_name.empty()) problem.field = field->value.column_name;
  return problem;
}

void RecordWork::refuse_key(ProblemNumber number, std::string message, std::string fix, std::string expected) const {
  Problem problem;
  problem.number = number;
  problem.expected = std::move(expected);
  problem.message = std::move(message);
  problem.fix = std::move(fix);
  if (plan_.has_external_id)
    problem.field = plan_.external_id.column_name;
  else if (!plan_.key_fields.empty())
    problem.field = plan_.key_fields.front();
  throw Error(in_columns(plan_, std::move(problem)));
}

void RecordWork::read_external_id() {
  external_id_ = to_text(value_of(unit_, mapping_, plan_.external_id, nullptr, row_, records_));
  // One key in two forms of Unicode is one.
  external_id_ = to_nfc(trim(external_id_));
  check_limit(Limit::external_id, external_id_.size());
}

/// What the key is made of, and nothing else.
void RecordWork::gather_key() {
  if (plan_.has_external_id) return read_external_id();
  for (const std::string& name : plan_.key_fields) {
    const FieldPlan* field = field_named(plan_, name);
    if (field == nullptr) continue;
    Value value = value_of(unit_, mapping_, field->value, &member_of(plan_, *field), row_, records_);
    if (!value.is_null()) inputs_.push_back({name, std::move(value)});
  }
}

/// Puts the mapping's values into inputs_. False: the record is left out.
bool RecordWork::gather() {
  Problems problems;
  for (const FieldPlan& field : plan_.fields) {
    try {
      Value value = value_of(unit_, mapping_, field.value, &member_of(plan_, field), row_, records_);
      if (!value.is_null())
        inputs_.push_back({field.name, std::move(value)});
      else if (field.clears)
        cleared_.push_back(field.name);
    } catch (const Error& error) {
      if (field.value.on_error == OnError::leave_empty) continue;
      if (field.value.on_error == OnError::reject_part) {
        outcome_.parts.push_back(error.first());
        return false;
      }
      for (const Problem& problem : error.problems()) problems.add(problem);
    }
  }
  if (plan_.has_external_id) read_external_id();
  problems.throw_if_any();
  return true;
}

std::vector<Input> RecordWork::inputs_of(const std::vector<std::string>& names) const {
  std::vector<Input> chosen;
  for (const std::string& name : names) {
    const auto found =
        std::find_if(inputs_.begin(), inputs_.end(), [&](const Input& input) { return input.name == name; });
    chosen.push_back(found == inputs_.end() ? Input{name, Value::null()} : *found);
  }
  return chosen;
}

/// As it would be stored and told apart: one key in two spellings is one. What can't be stored is refused later.
std::string RecordWork::key_part(const Input& input) const {
  const catalog::Member& member = unit_.catalog().member(*plan_.type, input.name);
  try {
    const Value value = normalise(unit_.catalog(), member, coerce(unit_.catalog(), member, input.value));
    return has_key(member.type.form) ? email_key(value.s) : to_text(value);
  } catch (const Error&) {
    return to_text(input.value);
  }
}

std::string RecordWork::key_text() const {
  if (plan_.has_external_id) return external_id_;
  std::string text;
  for (const Input& input : inputs_of(plan_.key_fields)) text += key_part(input) + '\x1f';
  return text;
}

/// An empty value is no key: such a row would make a new record each night.
void RecordWork::require_key_fields() const {
  std::vector<std::string> empty;
  for (const Input& input : inputs_of(plan_.key_fields))
    if (input.value.is_null() || (input.value.kind == Kind::text && trim(input.value.s).empty()))
      empty.push_back(input.name);
  if (empty.empty()) return;
  const FieldPlan* field = field_named(plan_, empty.front());
  Problem problem;
  problem.number = ProblemNumber::required_missing;
  problem.message = "the key of " + plan_.id + " is empty: " + join(empty, ", ");
  problem.fix = "fill in the column, or skip such rows: skip_when";
  problem.field = field != nullptr && !field->value.column_name.empty() ? field->value.column_name : empty.front();
  throw Error(std::move(problem));
}

std::optional<RecordId> RecordWork::existing() {
  if (plan_.has_external_id) {
    if (external_id_.empty())
      refuse_key(ProblemNumber::required_missing, "the key of " + plan_.id + " is empty",
                 "fill in the column, or skip such rows: skip_when");
    const auto id = unit_.journal.by_external_id(plan_.type->number, mapping_.source, external_id_);
    if (id && !unit_.reads.is_live(access::Operation::update, plan_.type->number, *id)) {
      refuse_key(ProblemNumber::record_removed, "the " + plan_.type->name + " of this key was removed here",
                 "leave the row out, or give it another key");
    }
    return id;
  }
  if (!plan_.key_fields.empty()) {
    require_key_fields();
    return transaction_.find(plan_.type->name, inputs_of(plan_.key_fields));
  }
  if (plan_.mode != ImportMode::append_if_changed) return std::nullopt;
  std::vector<Input> facts;
  for (const Input& input : inputs_) {
    if (field_named(plan_, input.name)->is_fact()) facts.push_back(input);
  }
  return facts.empty() ? std::nullopt : transaction_.find(plan_.type->name, facts);
}

/// The key is there already, and the record is only to be made: the same content is no news, other content is refused.
std::optional<RecordId> RecordWork::meet(const RecordId& id) {
  if (!names_a_key(plan_)) return id;
  if (const auto seen = seen_.find(key()); seen != seen_.end() && seen->second != row_.line()) {
    refuse_key(ProblemNumber::not_unique,
               "line " + std::to_string(row_.line()) + " has the same key of " + plan_.id + " as line " +
                   std::to_string(seen->second),
               "give each row its own key, or say \"mode\": \"upsert\" if later rows are to win",
               "a key that comes once in the file");
  }
  if (transaction_.would_change(plan_.type->name, id, inputs_)) {
    refuse_key(ProblemNumber::not_unique,
               "the key of " + plan_.id +
                   " is there already, with other content: " + record_text(unit_.catalog(), plan_.type->number, id),
               "say \"mode\": \"upsert\" if the file is to change it", "a new key, or the content that is there");
  }
  outcome_.keys.push_back(key());
  return id;
}

RecordId RecordWork::make() {
  std::vector<Input> beginning;
  for (const Input& input : inputs_)
    if (!is_reached_later(input)) beginning.push_back(input);
  const Saved saved = transaction_.create(plan_.type->name, beginning);
  if (plan_.has_external_id) unit_.journal.add_external_id(plan_.type->number, mapping_.source, external_id_, saved.id);
  if (keys_come_once(plan_)) outcome_.keys.push_back(key());
  outcome_.created = true;
  for (const Input& input : inputs_) {
    const FieldPlan& field = *field_named(plan_, input.name);
    if (field.lifecycle < 0 || plan_.mode != ImportMode::upsert) continue;
    const std::string said(trim(to_text(input.value)));
    const std::string& lifecycle = unit_.catalog().lifecycles[static_cast<std::size_t>(field.lifecycle)].name;
    if (is_reached_later(input)) bring_to(lifecycle, said, saved.id);
    store::keep_said_state(unit_.records, mapping_.source, plan_.type->number, saved.id, lifecycle, said);
  }
  return saved.id;
}

RecordId RecordWork::change(const RecordId& id) {
  const bool fills =
      std::any_of(plan_.fields.begin(), plan_.fields.end(), [](const FieldPlan& field) { return field.fill_empty; });
  const auto present = fills ? unit_.reads.load(access::Operation::update, plan_.type->number, id) : std::nullopt;
  std::vector<Input> changes;
  for (const Input& input : inputs_) {
    const FieldPlan& field = *field_named(plan_, input.name);
    if (!field.is_fact()) continue;
    if (field.fill_empty && present && !present->values[static_cast<std::size_t>(field.member)].is_null()) continue;
    changes.push_back(input);
  }
  for (const std::string& name : cleared_) {
    const FieldPlan& field = *field_named(plan_, name);
    if (!field.fill_empty && field.is_fact()) changes.push_back({name, Value::null()});
  }
  if (transaction_.update(plan_.type->name, id, 0, changes).changed) outcome_.updated = true;
  for (const Input& input : inputs_) take_state(*field_named(plan_, input.name), input.value, id);
  return id;
}

/// The state that a row says of a record that is there. Only what the source changed is a change: one that says the
/// same each night doesn't undo what people do here.
void RecordWork::take_state(const FieldPlan& field, const Value& value, const RecordId& id) {
  if (field.lifecycle < 0 || field.fill_empty) return;
  const std::string said(trim(to_text(value)));
  const std::string& lifecycle = unit_.catalog().lifecycles[static_cast<std::size_t>(field.lifecycle)].name;
  const auto last = store::said_state(unit_.records, mapping_.source, plan_.type->number, id, lifecycle);
  if (said.empty() || last == said) return;
  if (plan_.states == States::initial_only)
    outcome_.state_differs = outcome_.state_differs || stands_elsewhere(field, said, id);
  else if (bring_to(lifecycle, said, id))
    outcome_.updated = true;
  // What is not followed is not taken as said either: another mapping of the source may follow it.
  if (plan_.states == States::initial_only) return;
  store::keep_said_state(unit_.records, mapping_.source, plan_.type->number, id, lifecycle, said);
}

bool RecordWork::stands_elsewhere(const FieldPlan& field, const std::string& said, const RecordId& id) const {
  const auto row = unit_.reads.load(access::Operation::read, plan_.type->number, id);
  return row && row->values[static_cast<std::size_t>(field.member)].s != said;
}

bool RecordWork::bring_to(const std::string& lifecycle, const std::string& said, const RecordId& id) {
  StateSaid state;
  state.state = said;
  state.force = plan_.states == States::force;
  if (plan_.reason) state.reason = to_text(value_of(unit_, mapping_, *plan_.reason, nullptr, row_, records_));
  if (plan_.event) state.event = trim(to_text(value_of(unit_, mapping_, *plan_.event, nullptr, row_, records_)));
  try {
    return transaction_.follow(plan_.type->name, id, lifecycle, state);
  } catch (const Error& error) {
    std::vector<Problem> told = error.problems();
    for (Problem& problem : told)
      if (problem.number == ProblemNumber::reason_required)
        problem.fix =
            "say it in the mapping, beside \"set\": \"reason\": a column, or a text as \"'said by the feed'\"";
    throw Error(std::move(told));
  }
}

/// A state in which a record can't begin is reached from its first one; history that is brought in names any.
bool RecordWork::is_reached_later(const Input& input) const {
  const FieldPlan& field = *field_named(plan_, input.name);
  if (field.lifecycle < 0 || plan_.mode != ImportMode::upsert || plan_.states == States::initial_only) return false;
  const catalog::Lifecycle& lifecycle = unit_.catalog().lifecycles[static_cast<std::size_t>(field.lifecycle)];
  const bool past = std::any_of(inputs_.begin(), inputs_.end(), [&](const Input& other) {
    return field_named(plan_, other.name)->member == lifecycle.since_member;
  });
  const std::string said(trim(to_text(input.value)));
  const auto& initial = lifecycle.initial;
  return !past && !initial.empty() && lifecycle.state(said) != nullptr &&
         std::find(initial.begin(), initial.end(), said) == initial.end();
}

std::optional<RecordId> RecordWork::save() {
  const auto there = existing();
  if (!there) return make();
  return plan_.mode == ImportMode::upsert ? change(*there) : meet(*there);
}

/// The pipeline refused the record. True: the record is left out; false: try again with what was taken out of inputs_.
bool RecordWork::give_up(const Error& error) {
  std::vector<std::string> emptied;
  bool part = false;
  for (const Problem& problem : error.problems()) {
    const FieldPlan* field = field_named(plan_, problem.field);
    const OnError rule = field == nullptr ? OnError::reject : field->value.on_error;
    const bool given =
        std::any_of(inputs_.begin(), inputs_.end(), [&](const Input& input) { return input.name == problem.field; });
    if (rule == OnError::reject || !given) {
      std::vector<Problem> told;
      for (const Problem& each : error.problems()) told.push_back(in_columns(plan_, each));
      throw Error(std::move(told));
    }
    if (rule == OnError::reject_part)
      part = true;
    else
      emptied.push_back(problem.field);
  }
  if (part) {
    outcome_.parts.push_back(in_columns(plan_, error.first()));
    return true;
  }
  inputs_.erase(std::remove_if(inputs_.begin(), inputs_.end(),
                               [&](const Input& input) {
                                 return std::find(emptied.begin(), emptied.end(), input.name) != emptied.end();
                               }),
                inputs_.end());
  return false;
}

std::optional<RecordId> RecordWork::apply() {
  if (!gather()) return std::nullopt;
  while (true) {
    try {
      return save();
    } catch (const Error& error) {
      if (give_up(error)) return std::nullopt;
    }
  }
}

std::optional<RecordId> RecordWork::named() {
  try {
    gather_key();
    return existing();
  } catch (const Error& error) {
    if (!is_rows_own(error.number())) throw;
    return std::nullopt;  // the row was refused for its key when it was read first
  }
}

/// A row that failed after a part of it was left out often failed because of that: both are told.
[[noreturn]] void rethrow_with_parts(const Error& error, const std::vector<Problem>& parts) {
  std::vector<Problem> all = parts;
  all.insert(all.end(), error.problems().begin(), error.problems().end());
  throw Error(std::move(all));
}

}  // namespace

bool is_rows_own(ProblemNumber number) {
  const auto n = static_cast<std::int32_t>(number);
  return (n >= 3001 && n < 3200) || number == ProblemNumber::record_not_found;
}

RowOutcome RowApplier::apply(access::Unit& unit, Transaction& transaction, RowView& row, const SeenKeys& seen) const {
  RowOutcome outcome;
  RowRecords records(mapping_.records.size());
  for (std::size_t i = 0; i < mapping_.records.size(); ++i) {
    const RecordPlan& plan = mapping_.records[i];
    if (!applies(unit, plan.when, row)) continue;
    try {
      records[i] = RecordWork(unit, transaction, mapping_, plan, row, records, seen, outcome).apply();
    } catch (const Error& error) {
      if (outcome.parts.empty() || !is_rows_own(error.number())) throw;
      rethrow_with_parts(error, outcome.parts);
    }
  }
  for (const RelationshipPlan& plan : mapping_.relationships) {
    if (!records[plan.from] || !records[plan.to] || !applies(unit, plan.when, row)) continue;
    transaction.relate(mapping_.records[plan.from].type->name, *records[plan.from], plan.type,
                       mapping_.records[plan.to].type->name, *records[plan.to], {});
  }
  return outcome;
}

bool RowApplier::has_create_keys() const {
  return std::any_of(mapping_.records.begin(), mapping_.records.end(), keys_come_once);
}

std::vector<std::uint64_t> RowApplier::keys_of(access::Unit& unit, Transaction& transaction, RowView& row) const {
  std::vector<std::uint64_t> keys;
  const SeenKeys nothing_seen;
  RowOutcome unused;
  RowRecords records(mapping_.records.size());
  // A key of fields may name another record of the row.
  const bool of_fields = std::any_of(mapping_.records.begin(), mapping_.records.end(), [](const RecordPlan& plan) {
    return keys_come_once(plan) && !plan.has_external_id;
  });
  for (std::size_t i = 0; i < mapping_.records.size(); ++i) {
    const RecordPlan& plan = mapping_.records[i];
    if (!names_a_key(plan) || !(of_fields || keys_come_once(plan)) || !applies(unit, plan.when, row)) continue;
    RecordWork work(unit, transaction, mapping_, plan, row, records, nothing_seen, unused);
    records[i] = work.named();
    if (records[i] && keys_come_once(plan)) keys.push_back(work.key());
  }
  return keys;
}

}  // namespace kith::internal::facts
