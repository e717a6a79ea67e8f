// The verb "eval": an expression tried on a type or a record.
#include <boost/json.hpp>

#include "access/policy.hpp"
#include "core/explain.hpp"
#include "core/verbs.hpp"
#include "expr/lower.hpp"
#include "facts/timeline.hpp"

namespace kith::internal {

namespace json = boost::json;

namespace {

expr::Type type_of(const Value& value) {
  expr::Type type = expr::Type::of(value.kind);
  type.record_type = value.kind == Kind::ref ? value.record_type : -1;
  type.currency = value.currency;
  return type;
}

}  // namespace

json::object verb_eval(Session& session, const json::object& args) {
  const catalog::Catalog& catalog = session.core().catalog();
  const catalog::RecordType& type = catalog.type(text_argument(args, "on", "customer"));
  const std::string key = text_argument(args, "key", "");
  std::optional<std::int64_t> now;
  if (const std::string text = text_argument(args, "now", ""); !text.empty()) {
    now = parse_instant(text);
    if (!now) throw Error(ProblemNumber::usage, "'" + text + "' is no instant", "write it as 2026-12-31 or 2026-12-31T08:00:00Z");
  }
  expr::Scope scope;
  scope.names = &catalog.names();
  scope.record_type = type.number;
  const auto parameters = parameters_argument(args);
  for (const auto& [name, value] : parameters) scope.parameters.push_back({name, type_of(value)});
  const expr::ProgramPtr program = expr::compile_or_throw(text_argument(args, "expr"), scope);

  json::object out;
  out["expr"] = program->source;
  out["type"] = expr::type_name(program->type);
  out["class"] = expr::sql_class_name(program->sql_class);
  session.reading(
      [&](access::Unit& unit, derive::Engine& derivations) {
        access::require(unit, access::Operation::read, type.number);
        expr::Env env = unit.env();
        env.parameters = parameters;
        if (program->sql_class != expr::SqlClass::vm_only && program->type.kind == Kind::boolean) {
          expr::Lowering how;
          how.schema = &unit.layout;
          how.tenant = unit.principal.tenant_number;
          out["sql"] = expr::lower_true(*program, env, how).text;
        }
        const bool names_nothing = program->reads.empty();
        if (key.empty() && !names_nothing) return;
        expr::RecordView* view = nullptr;
        std::unique_ptr<expr::RecordView> nobody;
        if (key.empty()) {
          nobody = derivations.view_of(type.number, RecordId{}, store::Row(type.members.size()));
          view = nobody.get();
        } else {
          const RecordId id = facts::find_by_key(unit, type.number, key);
          view = derivations.view(type.number, id);
          if (!view) throw_not_found(type, id);
        }
        const expr::Explained seen = expr::explain(*program, *view, env);
        out["value"] = seen.value.is_unknown() ? json::value("unknown") : facts::value_json(catalog, seen.value);
        out["valid_until"] = seen.until == kForever ? json::value() : json::value(format_instant(seen.until));
        out["terms"] = terms_json(catalog, seen);
      },
      now);
  return out;
}

}  // namespace kith::internal
