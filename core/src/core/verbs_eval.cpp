// The verb "eval": an expression tried on a type or a record.
#include <boost/json.hpp>

#include "access/policy.hpp"
#include "core/explain.hpp"
#include "core/verbs.hpp"
#include "expr/sql/lower.hpp"
#include "facts/read/timeline.hpp"

namespace kith::internal {

namespace json = boost::json;

namespace {

expr::Type type_of(const Value& value) {
  expr::Type type = expr::Type::of(value.kind);
  type.record_type = value.kind == Kind::ref ? value.record_type : -1;
  type.currency = value.currency;
  return type;
}

// The predicates, or for what is no bool the value, with the values of the parameters in their order.
json::object sql_of(const expr::Program& program, const expr::Env& env, const expr::Lowering& how) {
  json::object out;
  const auto add = [&](const char* what, const expr::Sql& sql) {
    json::array binds;
    for (const Value& value : sql.binds) binds.push_back(json::string(to_text(value)));
    const bool postgresql = how.dialect == expr::Dialect::postgresql;
    out[what] =
        json::object{{"sql", postgresql ? expr::numbered(sql.text) : sql.text}, {"parameters", std::move(binds)}};
  };
  if (program.type.kind != Kind::boolean) {
    add("value", expr::lower_value(program, env, how));
    return out;
  }
  add("true", expr::lower_true(program, env, how));
  if (program.sql_class == expr::SqlClass::exact) add("false", expr::lower_false(program, env, how));
  return out;
}

// What databases decide of it; "dialects" names those that are asked for.
void add_sql(json::object& out, const expr::Program& program, const expr::Env& env, expr::Lowering how,
             const std::string& dialects) {
  const bool exact = program.sql_class == expr::SqlClass::exact;
  if (program.sql_class == expr::SqlClass::vm_only || (program.type.kind != Kind::boolean && !exact)) return;
  if (program.type.kind == Kind::boolean) out["sql"] = expr::lower_true(program, env, how).text;
  json::object lowered;
  for (const auto& [name, dialect] :
       {std::pair{"sqlite", expr::Dialect::sqlite}, {"postgresql", expr::Dialect::postgresql}}) {
    if (dialects != name && dialects != "both") continue;
    how.dialect = dialect;
    lowered[name] = sql_of(program, env, how);
  }
  if (!lowered.empty()) out["lowered"] = std::move(lowered);
}

std::string dialects_argument(const json::object& args) {
  const std::string dialects = text_argument(args, "sql", "");
  if (dialects.empty() || dialects == "sqlite" || dialects == "postgresql" || dialects == "both") return dialects;
  throw Error(ProblemNumber::usage, "there is no SQL of '" + dialects + "'", "write sqlite, postgresql or both");
}

}  // namespace

json::object verb_eval(Session& session, const json::object& args) {
  const catalog::Catalog& catalog = session.core().catalog();
  const catalog::RecordType& type = catalog.type(text_argument(args, "on", "customer"));
  const std::string key = text_argument(args, "key", "");
  std::optional<std::int64_t> now;
  if (const std::string text = text_argument(args, "now", ""); !text.empty()) {
    now = parse_instant(text);
    if (!now)
      throw Error(ProblemNumber::usage, "'" + text + "' is no instant",
                  "write it as 2026-12-31 or 2026-12-31T08:00:00Z");
  }
  const std::string dialects = dialects_argument(args);
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
        expr::Lowering how;
        how.schema = &unit.layout;
        how.tenant = unit.principal.tenant_number;
        add_sql(out, *program, env, how, dialects);
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
