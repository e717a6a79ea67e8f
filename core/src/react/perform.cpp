#include "react/perform.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "facts/read/shown.hpp"
#include "facts/read/timeline.hpp"
#include "react/trace.hpp"

namespace kith::internal::react {
namespace json = boost::json;
namespace {

using catalog::Assignment;
using catalog::WorkflowAction;

/// The record as values are rendered on it: as the event left it, with what this run has written since.
std::unique_ptr<expr::RecordView> seen_record(const Stage& stage) {
  const std::int32_t type = stage.workflow.record_type;
  store::Row row = *stage.left;
  if (const auto own = stage.transaction.written(type, stage.run.record); own && own->before && own->after) {
    for (std::size_t i = 0; i < row.size(); ++i)
      if (!((*own->before)[i] == (*own->after)[i])) row[i] = (*own->after)[i];
  }
  return stage.seen_derivations.view_of(type, stage.run.record, row);
}

/// One action being done: its values are rendered on the record as the actions before it have left it.
class Performance {
 public:
  Performance(const Stage& stage, const WorkflowAction& action)
      : stage_(stage),
        action_(action),
        catalog_(stage.unit.catalog()),
        type_(catalog_.type(stage.workflow.record_type)),
        env_(stage.seen_unit.env()) {
    env_.old = stage.before;
    view_ = stage.derivations.view(type_.number, stage.run.record);
    if (!view_)
      throw Error(ProblemNumber::record_removed, "the record was removed by an earlier action of the same workflow");
    if (stage.left == nullptr) return;
    seen_ = seen_record(stage);
    view_ = seen_.get();
  }

  json::object run() {
    trace_["id"] = action_.id;
    struct Row {
      WorkflowAction::Kind kind;
      const char* name;
      void (Performance::*act)();
    };
    static constexpr std::array rows = {Row{WorkflowAction::Kind::set, "set", &Performance::set},
                                        Row{WorkflowAction::Kind::transition, "transition", &Performance::transition},
                                        Row{WorkflowAction::Kind::create, "create", &Performance::create},
                                        Row{WorkflowAction::Kind::log, "log", &Performance::log},
                                        Row{WorkflowAction::Kind::relate, "relate", &Performance::relate},
                                        Row{WorkflowAction::Kind::emit, "emit", &Performance::emit},
                                        Row{WorkflowAction::Kind::call, "call", &Performance::call}};
    const auto* row = std::find_if(rows.begin(), rows.end(), [&](const Row& one) { return one.kind == action_.kind; });
    trace_["do"] = row->name;
    if (!action_.target.empty()) trace_["target"] = action_.target;
    (this->*row->act)();
    return std::move(trace_);
  }

 private:
  void set() { transaction().update(type_.name, stage_.run.record, 0, inputs(&type_)); }

  void transition() {
    trace_["event"] = action_.event;
    transaction().transition(type_.name, stage_.run.record, action_.target, action_.event, inputs(&type_));
  }

  void create() {
    const catalog::RecordType& type = catalog_.type(action_.target);
    created(type, inputs(&type));
  }

  /// What the manifest may leave out: whose interaction it is, when, and what about.
  void log() {
    const catalog::RecordType& type = catalog_.type("interaction");
    std::vector<facts::Input> fields = inputs(&type);
    const auto fill = [&](std::string_view name, Value value) {
      const bool given =
          std::any_of(fields.begin(), fields.end(), [&](const facts::Input& input) { return input.name == name; });
      if (!given && !value.is_null()) fields.push_back({std::string(name), std::move(value)});
    };
    const bool of_customer = type_.name == "customer";
    fill("customer", of_customer ? view_->self() : customer_on_timeline());
    fill("at", Value::timestamp(stage_.unit.now));
    if (!of_customer) fill("about", view_->self());
    created(type, fields);
  }

  void created(const catalog::RecordType& type, const std::vector<facts::Input>& fields) {
    const facts::Saved saved = transaction().create(type.name, fields);
    trace_["record"] = facts::record_text(catalog_, type.number, saved.id);
  }

  /// The customer on whose timeline the record shows; null: there is none.
  Value customer_on_timeline() const {
    expr::RecordView* view = view_;
    for (const std::int32_t member : type_.timeline_path) view = view ? view->follow(member) : nullptr;
    return view && view != view_ ? view->self() : Value::null();
  }

  void relate() {
    std::vector<facts::Input> attributes = inputs(nullptr);
    const auto end = std::find_if(attributes.begin(), attributes.end(),
                                  [](const facts::Input& input) { return input.name == "to"; });
    if (end == attributes.end() || end->value.kind != Kind::ref)
      throw Error(ProblemNumber::relationship_invalid,
                  "action '" + action_.id + "' has no record to relate to: \"to\" is empty",
                  "let \"to\" name a record that is there, or test it in the condition");
    const Value other = end->value;
    attributes.erase(end);
    transaction().relate(type_.name, stage_.run.record, action_.target, catalog_.type(other.record_type).name, other.id,
                         attributes);
    trace_["to"] = facts::record_text(catalog_, other.record_type, other.id);
  }

  void emit() {
    json::object payload;
    for (const facts::Input& input : inputs(nullptr)) payload[input.name] = facts::value_json(catalog_, input.value);
    transaction().emit(action_.target, type_.name, stage_.run.record, json::serialize(payload));
  }

  void call() {
    // The same for every try: a run is one event and one workflow.
    const std::string key = std::to_string(stage_.run.event) + "/" + stage_.workflow.id + "/" + action_.id;
    const std::vector<facts::Input> arguments = inputs(nullptr);
    try {
      stage_.caller(action_.target_number, stage_.unit, stage_.derivations, stage_.transaction, type_.number,
                    stage_.run.record, arguments, stage_.run.tries + 1, key);
    } catch (const Error&) {
      throw;
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& thrown) {
      throw Error(ProblemNumber::plugin_body_failed, "action '" + action_.target + "' threw: " + thrown.what());
    } catch (...) {
      throw Error(ProblemNumber::plugin_body_failed, "action '" + action_.target + "' threw what is no std::exception");
    }
  }

  facts::Transaction& transaction() const { return stage_.transaction; }

  /// The rendered values, noted in the trace; `target` is the type whose members they are.
  std::vector<facts::Input> inputs(const catalog::RecordType* target) {
    std::vector<facts::Input> out;
    json::object shown;
    for (const Assignment& assignment : action_.assignments) {
      Value value = rendered(assignment);
      const catalog::Member* member = target ? target->find(assignment.name) : nullptr;
      const bool hide = (member && member->pii != catalog::Pii::none) ||
                        renders_personal_data(assignment, value.kind == Kind::boolean);
      shown[assignment.name] =
          hide && !value.is_null() ? json::value(std::string(kHidden)) : facts::value_json(catalog_, value);
      out.push_back({assignment.name, std::move(value)});
    }
    if (!shown.empty()) trace_["values"] = std::move(shown);
    return out;
  }

  const expr::Template* chosen(const Assignment& assignment) const {
    for (const std::string_view language :
         {std::string_view(catalog_.language), std::string_view(), std::string_view("en")})
      if (const auto found = assignment.templates.find(language); found != assignment.templates.end())
        return &found->second;
    return assignment.templates.empty() ? nullptr : &assignment.templates.begin()->second;
  }

  Value rendered(const Assignment& assignment) const {
    if (assignment.literal) return *assignment.literal;
    const expr::Template* text = chosen(assignment);
    Value value = text ? text->render(*view_, env_) : Value::null();
    return value.is_dead() ? Value::null() : value;
  }

  /// Whether something personal holds says nothing of its value, unless it is itself a truth value.
  bool renders_personal_data(const Assignment& assignment, bool truth_value) const {
    const expr::Template* text = chosen(assignment);
    return text && std::any_of(text->programs().begin(), text->programs().end(), [&](const expr::ProgramPtr& program) {
             return (!truth_value || expr::is_plain(*program->root)) && facts::reads_personal(catalog_, *program);
           });
  }

  const Stage& stage_;
  const WorkflowAction& action_;
  const catalog::Catalog& catalog_;
  const catalog::RecordType& type_;
  expr::Env env_;
  std::unique_ptr<expr::RecordView> seen_;
  expr::RecordView* view_ = nullptr;
  json::object trace_;
};

}  // namespace

json::object perform(const Stage& stage, const catalog::WorkflowAction& action) {
  return Performance(stage, action).run();
}

}  // namespace kith::internal::react
