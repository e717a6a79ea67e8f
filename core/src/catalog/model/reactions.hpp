// Workflows: what happens, on which condition, and what is done then.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/model/record_types.hpp"
#include "expr/program.hpp"
#include "expr/template.hpp"

namespace kith::internal::catalog {

/// A field of a record to be written by a workflow: a typed template, or a label in several languages.
struct Assignment {
  std::string name;  ///< member name, argument name or payload key
  std::int32_t member = -1;
  std::optional<Value> literal;
  std::map<std::string, expr::Template, std::less<>> templates;  ///< by language; "" = any language
};
struct WorkflowAction {
  enum class Kind : std::uint8_t { set, transition, create, log, relate, emit, call };
  Kind kind = Kind::set;
  std::string id;
  std::string target;  ///< create: record type; transition: lifecycle; relate: relationship; emit: event; call: action
  std::int32_t target_number = -1;  ///< create: record type; call: in Catalog::actions; relate: relationship
  std::string event;                ///< transition
  std::vector<Assignment> assignments;
};
struct Trigger {
  enum class Kind : std::uint8_t {
    created,
    updated,
    entered_state,
    left_state,
    transitioned,
    entered_segment,
    left_segment,
    became,
    band
  };
  Kind kind = Kind::created;
  std::vector<std::int32_t> watched;  ///< updated: members; empty = any
  std::string lifecycle, state, event;
  std::int32_t derivation = -1;    ///< segment, score, or the hidden one of `became`
  std::string from_band, to_band;  ///< "" = any
};
struct Workflow {
  std::int32_t number = -1;
  std::string id, owner, owner_version;  ///< id is "retail.win_back"
  Label label;
  std::int32_t record_type = -1;
  Trigger trigger;
  expr::ProgramPtr condition;
  enum class Once : std::uint8_t { event, record, root } once_per = Once::event;
  std::int64_t phase = 0, priority = 0;
  bool enabled = true;
  std::vector<WorkflowAction> actions;
  Place place;
};

}  // namespace kith::internal::catalog
