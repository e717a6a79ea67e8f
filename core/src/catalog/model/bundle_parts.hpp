// What bundles bring besides: native code by its signatures, settings, purposes, roles.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/model/record_types.hpp"

namespace kith::internal::catalog {

struct Argument {
  std::string name;
  expr::Type type;
};
struct Function {
  std::int32_t number = -1;
  std::string name, owner, owner_version;  ///< "retail.days_between_orders"
  std::vector<Argument> arguments;
  Kind returns = Kind::null;
  std::string abi_signature;  ///< "(timestamp,timestamp)->double"
};
struct Action {
  std::int32_t number = -1;
  std::string name, owner;
  std::int32_t record_type = -1;
  bool database_effect = true;
  std::vector<Argument> arguments;
  std::vector<std::int32_t> writes;  ///< record types
  std::string runs_as;
};
struct Job {
  std::int32_t number = -1;
  std::string name, owner;
  Label text;
  std::vector<Argument> arguments;
  std::vector<std::int32_t> writes;
  std::vector<std::string> publishes;  ///< parameter sets
  std::string runs_as;
};
struct ParameterSet {
  std::string name, owner;  ///< "insight.rfm"
  std::vector<Argument> values;
};
struct Setting {
  std::string name, owner;  ///< "retail.lapse_days"
  expr::Type type;
  Value value;  ///< the default or what the config says
  bool from_config = false;
  Label label;
  std::optional<expr::Type> key;                 ///< a keyed table; `value` is then null
  std::vector<std::pair<Value, Value>> entries;  ///< of a keyed table
};
/// What people are asked to consent to.
struct Purpose {
  std::string name, owner;  ///< "marketing.newsletter"
  Label label, text;
  std::string version;
};
/// What a role may do: that of an action or job, which runs as it. Checked and kept; nothing is enforced yet.
struct RoleGrant {
  std::string type;       ///< a record type, or "bundle.*" for all of a bundle
  std::string operation;  ///< read, create, update, delete, transition, export
  std::string scope;      ///< none, own, team, all
};
struct RoleDeclaration {
  std::string name, owner;  ///< "retail.clerk"
  Label label;
  std::vector<RoleGrant> grants;
};
struct Bundle {
  std::string id, version;
  Label label;
  std::vector<std::string> needs, needs_optional;
  bool overlay = false;
  std::string library;  ///< "" = declarative
};

}  // namespace kith::internal::catalog
