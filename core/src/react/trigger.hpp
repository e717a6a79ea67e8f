// Does an event pull a workflow's trigger? And the record as it was before the event, for `old` and `changed`.
#pragma once
#include <boost/json/fwd.hpp>
#include <memory>

#include "access/unit.hpp"
#include "derive/engine.hpp"

namespace kith::internal::react {

/// The payload of an event as an object; empty when there is none.
boost::json::object payload_of(const store::Event& event);
bool triggered(const catalog::Catalog& catalog, const catalog::Workflow& workflow, const store::Event& event,
               const boost::json::object& payload);
/// The record before the event: its present row with the event's old values put back. nullptr: it did not exist before.
std::unique_ptr<expr::RecordView> view_before(access::Unit& unit, derive::Engine& derivations,
                                              const store::Event& event, const boost::json::object& payload,
                                              const store::Row& present);
/// What happened, for the trace: {"kind","name", ...}; names of fields, not their values.
boost::json::object describe(const store::Event& event, const boost::json::object& payload);

}  // namespace kith::internal::react
