#include "facts/save/pipeline.hpp"

#include <algorithm>

#include "access/policy.hpp"
#include "base/text/text.hpp"
#include "expr/evaluate/json_list.hpp"
#include "facts/lifecycle/lifecycle.hpp"
#include "facts/people/relationships.hpp"
#include "facts/read/shown.hpp"
#include "facts/save/normalise.hpp"
#include "facts/save/references.hpp"
#include "facts/save/validate.hpp"

namespace kith::internal::facts {

namespace {

using catalog::Member;
using catalog::RecordType;
using catalog::Role;

const Member& member_at(const RecordType& type, std::int32_t number) {
  return type.members[static_cast<std::size_t>(number)];
}
Value& slot(store::Row& row, std::int32_t number) { return row[static_cast<std::size_t>(number)]; }
void stamp(store::Row& row, std::int32_t number, Value value) {
  if (number >= 0) slot(row, number) = std::move(value);
}

/// Of what was refused: a record may have values that a bundle added which is gone, and given again as they are, they
/// change nothing.
bool is_kept(const Member& member, const Value& present, const Value& given) {
  if (member.type.values == nullptr || present.is_null()) return false;
  if (given.kind != Kind::json && given.kind != Kind::text) return false;
  if (present.kind == Kind::text) return trim(given.s) == present.s;
  const auto values = expr::list_values(given.s);
  const auto whole = expr::list_size(given.s);  // elements that are no value of a list are left out of `values`
  return values && whole == static_cast<std::int64_t>(values->size()) && values == expr::list_values(present.s);
}

/// Why a member can't be written, and what to do instead.
Problem not_writable(const catalog::Catalog& catalog, const RecordType& type, std::int32_t number) {
  const Member& member = member_at(type, number);
  Problem problem = member_problem(ProblemNumber::field_not_writable, member, "");
  for (const std::int32_t index : type.lifecycles) {
    const catalog::Lifecycle& lifecycle = catalog.lifecycles[static_cast<std::size_t>(index)];
    if (lifecycle.state_member != number && lifecycle.since_member != number) continue;
    problem.message = member.name + " is the state of " + lifecycle.name + ", which only a transition changes";
    problem.fix = "use a transition: kith transition " + type.name + "/KEY " + lifecycle.name + " EVENT";
    return problem;
  }
  if (member.role == Role::derived) {
    problem.message = member.name + " is computed by " + member.owner + " and can't be written";
    problem.fix = "change the fields that it is computed from";
  } else if (member.role == Role::child_set) {
    const RecordType& child = catalog.type(member.type.record_type);
    problem.message = member.name + " is the set of the " + child.name + " records that name this one";
    problem.fix = "write " + member_at(child, member.set_ref_member).name + " of the " + child.name;
  } else {
    problem.message = member.name + " is kept by the engine and can't be written";
    problem.fix = "leave it out";
  }
  return problem;
}

std::vector<std::string> writable_names(const RecordType& type) {
  std::vector<std::string> names;
  for (const Member& member : type.members) {
    if (member.role == Role::field) names.push_back(member.name);
  }
  return names;
}

void refuse_append_only(const RecordType& type, std::string_view what) {
  if (!type.append_only) return;
  throw Error(ProblemNumber::append_only, type.name + " records can be added only; they can't be " + std::string(what),
              "add another record that says what is true now");
}

void require_writable(const access::Unit& unit) {
  if (unit.writable) return;
  throw Error(ProblemNumber::misuse, "a write needs a unit that may write", "begin a write transaction");
}

}  // namespace

Pipeline::Pipeline(access::Unit& over, derive::Engine& engine)
    : unit(over), derivations(engine), catalog(over.catalog()), types_(catalog.once<AllTypeFacts>()) {}

Touched& Pipeline::load(std::int32_t record_type, const RecordId& id) {
  Touched* known = changes.find(record_type, id);
  if (known == nullptr) {
    access::require(unit, access::Operation::update, record_type);
    Touched touched;
    touched.record_type = record_type;
    touched.id = id;
    if (const store::Row* row = derivations.row(record_type, id)) {
      touched.committed = *row;
    } else if (auto record = unit.reads.load(access::Operation::update, record_type, id, true)) {
      touched.live = record->live;
      touched.committed = std::move(record->values);
    } else {
      throw Error(ProblemNumber::record_not_found, "there is no " + record_text(catalog, record_type, id));
    }
    touched.current = *touched.committed;
    known = &changes.keep(std::move(touched));
  }
  if (!known->live) throw Error(ProblemNumber::record_removed, record_text(catalog, record_type, id) + " was removed");
  return *known;
}

void Pipeline::expect_version(const Touched& touched, std::int64_t version) {
  const std::int64_t present = touched.current[static_cast<std::size_t>(facts(touched.record_type).version)].i;
  if (version == 0 || version == present) return;
  Problem problem;
  problem.number = ProblemNumber::version_conflict;
  problem.message = record_text(catalog, touched.record_type, touched.id) + " was changed since it was read";
  problem.field = "version";
  problem.expected = "version " + std::to_string(version);
  problem.found = "version " + std::to_string(present);
  problem.fix = "read it again, and decide with its present values";
  throw Error(std::move(problem));
}

Value Pipeline::accept(const Member& member, const Value& value) {
  if (member.type.kind == Kind::ref && value.kind == Kind::text) {
    const std::string_view text = trim(value.s);
    if (!text.empty() && is_utf8(text)) return resolve_ref(unit, member, text);
  }
  return normalise(catalog, member, coerce(catalog, member, value));
}

namespace {

Problem in_future(const Member& member, const Value& since) {
  Problem problem =
      member_problem(ProblemNumber::value_invalid, member, member.name + " " + to_text(since) + " is in the future");
  problem.expected = "an instant that is past: history is brought in, not foretold";
  return problem;
}

}  // namespace

void Pipeline::apply_one(const RecordType& type, std::int32_t number, const Input& input, bool creating, Draft& draft) {
  const Member& member = member_at(type, number);
  if (member.role == Role::field) {
    Value& present = slot(draft.row, number);
    try {
      present = accept(member, input.value);
    } catch (const Error&) {
      if (creating || !is_kept(member, present, input.value)) throw;
    }
    return;
  }
  // A new record has had no transition yet, so that naming its first state breaks no history.
  if (creating && member.role == Role::system && is_state_member(catalog, type, number)) {
    draft.initial_states[number] = coerce(catalog, member, input.value).s;
    return;
  }
  if (creating && member.role == Role::system && is_since_member(catalog, type, number)) {
    const Value since = coerce(catalog, member, input.value);
    if (since.is_null()) return;
    if (since.i > unit.now) throw Error(in_future(member, since));
    draft.since[number] = since.i;
    return;
  }
  throw Error(not_writable(catalog, type, number));
}

void Pipeline::apply(const RecordType& type, const std::vector<Input>& inputs, bool creating, Draft& draft,
                     Problems& problems) {
  for (const Input& input : inputs) {
    const auto found = type.by_name.find(input.name);
    if (found == type.by_name.end()) {
      Problem problem;
      problem.number = ProblemNumber::unknown_field;
      problem.field = input.name;
      problem.message = type.name + " has no field '" + input.name + "'";
      problem.fix = did_you_mean(input.name, writable_names(type));
      if (problem.fix.empty()) problem.fix = "list its fields: kith catalog fields " + type.name;
      problems.add(std::move(problem));
      continue;
    }
    draft.given.push_back(found->second);
    try {
      apply_one(type, found->second, input, creating, draft);
    } catch (const Error& error) {
      draft.failed.insert(found->second);
      for (const Problem& problem : error.problems()) problems.add(problem);
    }
  }
  followers.drafted(type, draft, problems);
}

void Pipeline::fill_new(const TypeFacts& of, const RecordId& id, Draft& draft, const WriteOptions& options,
                        Problems& problems) {
  const auto given = [&](std::size_t member) {
    return std::find(draft.given.begin(), draft.given.end(), static_cast<std::int32_t>(member)) != draft.given.end();
  };
  for (std::size_t i = 0; i < of.type->members.size(); ++i) {
    const Member& member = of.type->members[i];
    if (member.default_value && !given(i)) draft.row[i] = *member.default_value;
  }
  const Value now = Value::timestamp(unit.now), actor = Value::text(unit.principal.actor);
  stamp(draft.row, of.version, Value::integer(1));
  stamp(draft.row, of.created_at, now);
  stamp(draft.row, of.created_by, actor);
  stamp(draft.row, of.updated_at, now);
  stamp(draft.row, of.updated_by, actor);
  set_initial_states(*this, *of.type, id, draft, options, problems);
}

Saved Pipeline::create(const RecordType& type, const std::vector<Input>& inputs, const WriteOptions& options) {
  access::require(unit, access::Operation::create, type.number);
  require_writable(unit);
  const TypeFacts& of = facts(type.number);
  Touched touched;
  touched.record_type = type.number;
  touched.id = unit.ids.next(unit.now);
  Draft draft;
  draft.row.resize(type.members.size());
  Problems problems;
  apply(type, inputs, true, draft, problems);
  fill_new(of, touched.id, draft, options, problems);
  Problems of_states;
  const auto entered = enter_initial_states(*this, type, touched.id, draft, of_states);

  std::vector<std::int32_t> all, filled;
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    all.push_back(static_cast<std::int32_t>(i));
    if (!draft.row[i].is_null()) filled.push_back(static_cast<std::int32_t>(i));
  }
  validate(unit, derivations, Candidate{of, touched.id, draft.row, nullptr, all, draft.failed}, problems);
  for (const Problem& problem : of_states.list()) problems.add(problem);
  problems.throw_if_any();

  touched.current = std::move(draft.row);
  Touched& kept = changes.keep(std::move(touched));
  ++writes;
  Write write{type.number, kept.id, nullptr, &kept.current, filled};
  followers.writing(write);
  write.rid = unit.records.insert(type.number, store::Record{kept.id, true, kept.current});
  changes.written(kept);
  write_initial_states(*this, kept, entered);
  followers.written(write);
  return {kept.id, 1, true};
}

bool Pipeline::rewrite(Touched& touched, store::Row row, const std::set<std::int32_t>& failed, Problems& problems) {
  const TypeFacts& of = facts(touched.record_type);
  std::vector<std::int32_t> changed;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!(row[i] == touched.current[i])) changed.push_back(static_cast<std::int32_t>(i));
  }
  const store::Row* committed = touched.committed ? &*touched.committed : nullptr;
  if (!changed.empty()) {
    validate(unit, derivations, Candidate{of, touched.id, row, committed, changed, failed}, problems);
    check_state_fields(*this, *of.type, row, changed, problems);
  }
  problems.throw_if_any();
  if (changed.empty()) return false;

  // The version counts committed states: a transaction that writes a record several times moves it once.
  if (touched.committed) {
    const std::int64_t before = (*touched.committed)[static_cast<std::size_t>(of.version)].i;
    slot(row, of.version) = Value::integer(before + 1);
  }
  stamp(row, of.updated_at, Value::timestamp(unit.now));
  stamp(row, of.updated_by, Value::text(unit.principal.actor));
  for (const std::int32_t number : {of.version, of.updated_at, of.updated_by}) {
    if (number >= 0 && !(slot(row, number) == slot(touched.current, number))) changed.push_back(number);
  }
  ++writes;
  followers.writing({touched.record_type, touched.id, &touched.current, &row, changed});
  unit.records.update(touched.record_type, touched.id, row, changed);
  const store::Row before = std::exchange(touched.current, row);
  changes.written(touched);
  followers.written({touched.record_type, touched.id, &before, &row, changed});
  return true;
}

Saved Pipeline::update(const RecordType& type, const RecordId& id, std::int64_t version,
                       const std::vector<Input>& inputs) {
  access::require(unit, access::Operation::update, type.number);
  require_writable(unit);
  refuse_append_only(type, "changed");
  Touched& touched = load(type.number, id);
  expect_version(touched, version);
  Draft draft;
  draft.row = touched.current;
  Problems problems;
  apply(type, inputs, false, draft, problems);
  const bool changed = rewrite(touched, std::move(draft.row), draft.failed, problems);
  return {id, slot(touched.current, facts(type.number).version).i, changed};
}

void Pipeline::write_removal(Touched& touched) {
  const TypeFacts& of = facts(touched.record_type);
  std::vector<std::int32_t> filled;
  for (std::size_t i = 0; i < touched.current.size(); ++i) {
    if (!touched.current[i].is_null()) filled.push_back(static_cast<std::int32_t>(i));
  }
  const store::Row before = touched.current;
  if (touched.committed) {
    slot(touched.current, of.version) =
        Value::integer((*touched.committed)[static_cast<std::size_t>(of.version)].i + 1);
  }
  stamp(touched.current, of.updated_at, Value::timestamp(unit.now));
  stamp(touched.current, of.updated_by, Value::text(unit.principal.actor));
  std::vector<std::int32_t> stamps;
  for (const std::int32_t number : {of.version, of.updated_at, of.updated_by}) {
    if (number >= 0) stamps.push_back(number);
  }
  ++writes;
  const Write write{touched.record_type, touched.id, &before, nullptr, filled};
  followers.writing(write);
  unit.records.update(touched.record_type, touched.id, touched.current, stamps);
  unit.records.remove(touched.record_type, touched.id, unit.now);
  touched.live = false;
  changes.written(touched);
  followers.written(write);
}

void Pipeline::remove(const RecordType& type, const RecordId& id, std::int64_t version) {
  access::require(unit, access::Operation::remove, type.number);
  require_writable(unit);
  refuse_append_only(type, "removed");
  Touched& touched = load(type.number, id);
  expect_version(touched, version);
  end_relationships(*this, type.number, id);
  write_removal(touched);
}

void Pipeline::finish() {
  Problems problems;
  changes.for_each_written([&](Touched& touched) {
    if (!touched.live) return;
    const store::Row* committed = touched.committed ? &*touched.committed : nullptr;
    validate_deferred(unit, derivations, facts(touched.record_type), touched.id, committed, problems);
  });
  problems.throw_if_any();
  changes.write_out(unit, types_);
  followers.finishing();
}

}  // namespace kith::internal::facts
