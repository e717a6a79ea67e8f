#include "access/unit.hpp"

#include <boost/json.hpp>
#include <utility>

#include "base/problem/error.hpp"
#include "base/time/time.hpp"
#include "base/value/money.hpp"

namespace kith::internal::access {
namespace {

namespace json = boost::json;

/// A published number or text as the declared kind. What doesn't fit is null, as a value not yet published is: the job
/// that published it was checked by the floor that ran it.
Value from_json(const json::value& found, const expr::Type& type) {
  const json::string* text = found.if_string();
  const auto whole = [&]() -> std::optional<std::int64_t> {
    if (const std::int64_t* n = found.if_int64()) return *n;
    return std::nullopt;
  }();
  switch (type.kind) {
    case Kind::boolean: return found.is_bool() ? Value::boolean(found.get_bool()) : Value::null();
    case Kind::integer: return whole ? Value::integer(*whole) : Value::null();
    case Kind::real:
      if (found.is_number()) return Value::real(found.to_number<double>());
      return Value::null();
    case Kind::text: return text != nullptr ? Value::text(std::string(*text)) : Value::null();
    case Kind::date:
      if (text != nullptr) {
        if (const auto days = parse_date(*text)) return Value::date(*days);
      }
      return whole ? Value::date(*whole) : Value::null();
    case Kind::timestamp:
      if (text != nullptr) {
        if (const auto us = parse_instant(*text)) return Value::timestamp(*us);
      }
      return whole ? Value::timestamp(*whole) : Value::null();
    case Kind::money:
      if (text != nullptr) {
        if (const auto minor = parse_minor(*text, type.currency)) return Value::money(*minor, type.currency);
        return Value::null();
      }
      if (found.is_number()) {
        if (const auto minor = minor_from_decimal(json::serialize(found), type.currency))
          return Value::money(*minor, type.currency);
      }
      return Value::null();
    default: return Value::null();
  }
}

std::map<std::string, Value, std::less<>> values_of(const catalog::ParameterSet& set, const std::string& values_json) {
  std::map<std::string, Value, std::less<>> values;
  boost::system::error_code failure;
  const json::value document = json::parse(values_json, failure);
  const json::object* object = failure ? nullptr : document.if_object();
  if (object == nullptr) {
    throw Error(ProblemNumber::storage_corrupt, "the published values of \"" + set.name + "\" are not a JSON object",
                "run the job that publishes them again");
  }
  for (const catalog::Argument& argument : set.values) {
    const json::value* found = object->if_contains(argument.name);
    values[argument.name] = found == nullptr ? Value::null() : from_json(*found, argument.type);
  }
  return values;
}

}  // namespace

UnitSurroundings::UnitSurroundings(const catalog::Catalog& catalog, store::Records& records,
                                   const FunctionCaller* functions)
    : catalog_(&catalog), records_(&records), functions_(functions) {}

Value UnitSurroundings::setting(std::string_view name) const {
  const catalog::Setting* found = catalog_->find_setting(name);
  if (found == nullptr) throw Error(ProblemNumber::unknown_thing, "there is no setting \"" + std::string(name) + "\"");
  return found->value;
}

const std::vector<std::pair<Value, Value>>* UnitSurroundings::setting_table(std::string_view name) const {
  const catalog::Setting* found = catalog_->find_setting(name);
  return found == nullptr || !found->key ? nullptr : &found->entries;
}

expr::Timed UnitSurroundings::parameter(std::string_view set, std::string_view name) const {
  auto known = sets_.find(set);
  if (known == sets_.end()) {
    std::map<std::string, Value, std::less<>> values;
    const catalog::ParameterSet* declared = catalog_->find_parameter_set(set);
    if (declared == nullptr)
      throw Error(ProblemNumber::unknown_thing, "there is no parameter set \"" + std::string(set) + "\"");
    if (const auto published = store::newest_parameters(*records_, set))
      values = values_of(*declared, published->values_json);
    known = sets_.emplace(std::string(set), std::move(values)).first;
  }
  const auto value = known->second.find(name);
  // A later publication marks all who read the set, so time alone never changes it.
  return {value == known->second.end() ? Value::null() : value->second, kForever};
}

Value UnitSurroundings::call(std::int32_t function, const std::vector<Value>& arguments) const {
  if (functions_ == nullptr || !*functions_) {
    const auto position = static_cast<std::size_t>(function);
    const std::string name =
        position < catalog_->functions.size() ? catalog_->functions[position].name : std::to_string(function);
    throw Error(ProblemNumber::misuse, "the function \"" + name + "\" was called where no plugin is loaded",
                "open the core with the plugin that brings it");
  }
  try {
    return (*functions_)(function, arguments);
  } catch (const Error& error) {
    if (error.number() != ProblemNumber::plugin_body_failed) throw;
    // One row that a plugin can't do must not keep everybody from the others.
    if (failure_.empty()) failure_ = error.first().message;
    return Value::unknown();
  }
}

void UnitSurroundings::forget_actor_of(const void* owner) {
  std::erase_if(actor_, [&](const auto& each) { return each.first == owner; });
}

void UnitSurroundings::forget_parameters() { sets_.clear(); }

Unit::Unit(store::Connection& connection_, const store::Layout& layout_, Principal principal_, std::int64_t now_us,
           bool writable_, IdSource& ids_, const FunctionCaller* functions_, store::Cause cause_)
    : connection(connection_),
      layout(layout_),
      principal(std::move(principal_)),
      now(now_us),
      writable(writable_),
      ids(ids_),
      functions(functions_),
      cause(std::move(cause_)),
      records(connection_, layout_, principal.tenant_number),
      journal(records),
      derived(records),
      surroundings(layout_.catalog(), records, functions_),
      reads(*this) {}

expr::Env Unit::env() const {
  expr::Env env;
  env.now = now;
  env.surroundings = &surroundings;
  env.stop = connection.heeded();
  return env;
}

namespace {

constexpr std::string_view kSavepoint = "unit";

}  // namespace

void Unit::save() {
  for (Cache* cache : caches_) cache->save();
  connection.savepoint(kSavepoint);
}

void Unit::restore() {
  connection.rollback_to(kSavepoint);
  for (Cache* cache : caches_) cache->restore();
}

void Unit::release() {
  connection.release(kSavepoint);
  for (Cache* cache : caches_) cache->release();
}

Savepoint::~Savepoint() {
  if (!open_) return;
  try {
    unit_.restore();
  } catch (...) {
    // The transaction itself is gone then; whoever owns it sees that at the next statement.
  }
}

void Savepoint::release() {
  unit_.release();
  open_ = false;
}

}  // namespace kith::internal::access
