#include "unit/expr/engines/engines.hpp"

#include <stdexcept>

#include "base/problem/error.hpp"

namespace kith::internal::expr::testing {
namespace {

class EvaluatorEngine : public Engine {
 public:
  std::string name() const override { return "evaluator"; }
  void load(Scene& scene) override { scene_ = &scene; }
  std::vector<Verdict> judge(const std::vector<ProgramPtr>& programs) override {
    std::vector<Verdict> verdicts;
    for (const ProgramPtr& program : programs) {
      Verdict verdict;
      for (Record& customer : scene_->customers) {
        const Value value = evaluate(*program, customer, scene_->env).value;
        verdict.letters.push_back(value.is_true() ? 'T' : value.is_false() ? 'F' : 'U');
      }
      verdicts.push_back(std::move(verdict));
    }
    return verdicts;
  }
  std::vector<std::vector<std::string>> compute(const std::vector<ProgramPtr>& programs) override {
    std::vector<std::vector<std::string>> all;
    for (const ProgramPtr& program : programs) {
      std::vector<std::string> values;
      for (Record& customer : scene_->customers)
        values.push_back(canonical(evaluate(*program, customer, scene_->env).value));
      all.push_back(std::move(values));
    }
    return all;
  }

 private:
  Scene* scene_ = nullptr;
};

constexpr std::size_t kMostColumns = 100;
constexpr std::size_t kMostText = 400'000;
constexpr std::size_t kMostBinds = 20'000;

}  // namespace

std::string canonical(const Value& value) {
  switch (value.kind) {
    case Kind::null:
    case Kind::unknown: return "null";
    case Kind::real: return to_text(Value::real(value.d == 0 ? 0.0 : value.d));
    case Kind::text:
    case Kind::json: return "'" + value.s;
    case Kind::ref: return value.id.text();
    default: return std::to_string(value.i);
  }
}

bool agrees(const Program& program, const Engine& engine, const Verdict& evaluator, const Verdict& seen) {
  if (!seen.failure.empty() || seen.letters.size() != evaluator.letters.size()) return false;
  if (!engine.is_sql() || program.sql_class == SqlClass::exact) return evaluator == seen;
  for (std::size_t i = 0; i < seen.letters.size(); ++i) {
    if (evaluator.letters[i] == 'T' && seen.letters[i] != 'T') return false;
  }
  return true;
}

std::unique_ptr<Engine> evaluator_engine() { return std::make_unique<EvaluatorEngine>(); }

void SqlEngine::load(Scene& scene) {
  scene_ = &scene;
  fill(scene);
}

Lowering SqlEngine::lowering() const {
  Lowering how = scene_->lowering(dialect_);
  how.rules = broken_.rules;
  return how;
}

// 1 where it is true, 2 where it is false, 3 where it is both, which is a mistake.
Sql SqlEngine::verdict(const Program& program) const {
  Sql column = cat("(CASE WHEN ", lower_true(program, scene_->env, lowering()), " THEN 1 ELSE 0 END)");
  if (program.sql_class != SqlClass::exact) return column;
  Sql when_false = lower_false(program, scene_->env, lowering());
  if (broken_.spoil) broken_.spoil(when_false);
  return cat("(", column, " + CASE WHEN ", when_false, " THEN 2 ELSE 0 END)");
}

std::string SqlEngine::shown(const Program& program) const {
  try {
    std::string out = "T " + lower_true(program, scene_->env, lowering()).text;
    if (program.sql_class == SqlClass::exact) out += "\nF " + lower_false(program, scene_->env, lowering()).text;
    return out;
  } catch (const Error& error) {
    return error.first().message;
  }
}

void SqlEngine::ask(const std::vector<Sql>& columns, const std::vector<Kind>& kinds, std::size_t from, std::size_t to,
                    const std::function<void(std::size_t, std::vector<std::string>, const std::string&)>& tell) {
  std::size_t text = 0, binds = 0;
  for (std::size_t i = from; i < to; ++i) text += columns[i].text.size(), binds += columns[i].binds.size();
  std::string failure = "too much for one query";
  if (to - from == 1 || (to - from <= kMostColumns && text <= kMostText && binds <= kMostBinds)) {
    try {
      const auto begin = static_cast<std::ptrdiff_t>(from), end = static_cast<std::ptrdiff_t>(to);
      const Rows found =
          rows({columns.begin() + begin, columns.begin() + end}, {kinds.begin() + begin, kinds.begin() + end});
      for (std::size_t i = from; i < to; ++i) {
        std::vector<std::string> values;
        for (const std::vector<std::string>& row : found) values.push_back(row[i - from]);
        tell(i, std::move(values), {});
      }
      return;
    } catch (const std::runtime_error& error) {
      failure = error.what();
    }
  }
  if (to - from == 1) return tell(from, {}, failure);
  ask(columns, kinds, from, (from + to) / 2, tell);
  ask(columns, kinds, (from + to) / 2, to, tell);
}

std::vector<Verdict> SqlEngine::judge(const std::vector<ProgramPtr>& programs) {
  std::vector<Verdict> verdicts(programs.size());
  std::vector<Sql> columns;
  for (std::size_t i = 0; i < programs.size(); ++i) {
    try {
      columns.push_back(verdict(*programs[i]));
    } catch (const Error& error) {
      verdicts[i].failure = error.first().message;
      columns.push_back(literally("0"));
    }
  }
  if (columns.empty()) return verdicts;
  ask(columns, std::vector<Kind>(columns.size(), Kind::integer), 0, columns.size(),
      [&](std::size_t at, const std::vector<std::string>& values, const std::string& failure) {
        if (!failure.empty()) verdicts[at].failure = failure;
        for (const std::string& value : values)
          verdicts[at].letters += value == "0" ? 'U' : value == "1" ? 'T' : value == "2" ? 'F' : 'B';
      });
  return verdicts;
}

std::vector<std::vector<std::string>> SqlEngine::compute(const std::vector<ProgramPtr>& programs) {
  std::vector<std::vector<std::string>> all(programs.size());
  std::vector<Sql> columns;
  std::vector<Kind> kinds;
  for (const ProgramPtr& program : programs) {
    columns.push_back(lower_value(*program, scene_->env, lowering()));
    kinds.push_back(program->type.kind);
  }
  if (columns.empty()) return all;
  ask(columns, kinds, 0, columns.size(),
      [&](std::size_t at, std::vector<std::string> values, const std::string& failure) {
        all[at] = failure.empty() ? std::move(values) : std::vector<std::string>{"failed: " + failure};
      });
  return all;
}

}  // namespace kith::internal::expr::testing
