#include "unit/expr/engines/differential.hpp"

#include "base/problem/error.hpp"
#include "unit/expr/worlds/shrink.hpp"

namespace kith::internal::expr::testing {

// A new engine is a line in each of these two.
const std::vector<std::string>& engine_names() {
  static const std::vector<std::string> names{"Batch", "SQLite", "PostgreSQL"};
  return names;
}

std::unique_ptr<Engine> engine_named(const std::string& name, std::string& why) {
  if (name == "Batch") return batch_engine();
  if (name == "SQLite") return sqlite_engine();
  return postgresql_engine(why);
}

void Referee::load(Scene& scene) {
  scene_ = &scene;
  evaluator_->load(scene);
  engine_.load(scene);
}

void Referee::count(const Program& program, const Verdict& verdict) {
  ++tally_.cases;
  ++(program.sql_class == SqlClass::exact      ? tally_.exact
     : program.sql_class == SqlClass::superset ? tally_.superset
                                               : tally_.evaluator_only);
  const auto found = verdict.letters.find('T');
  const bool none = found == std::string::npos;
  const bool all = verdict.letters.find_first_not_of('T') == std::string::npos;
  tally_.none += none ? 1 : 0;
  tally_.all += all ? 1 : 0;
  tally_.dividing_sets += program.uses_sets && program.sql_class == SqlClass::exact && !none && !all ? 1 : 0;
}

std::vector<std::string> Referee::judge(const std::vector<std::string>& sources, std::size_t most) {
  std::vector<std::string> wrong;
  std::vector<ProgramPtr> asked;
  for (const std::string& source : sources) {
    ProgramPtr program = scene_->compile(source);
    if (!program) {
      wrong.push_back("does not compile: " + source);
      continue;
    }
    if (program->sql_class != SqlClass::vm_only || !engine_.is_sql()) {
      asked.push_back(std::move(program));
      continue;
    }
    count(*program, evaluator_->judge({program})[0]);
    try {
      lower_true(*program, scene_->env, scene_->lowering(Dialect::sqlite));
      wrong.push_back("is beyond SQL, but was lowered: " + source);
    } catch (const Error&) {  // as it should
    }
  }
  const std::vector<Verdict> expected = evaluator_->judge(asked);
  const std::vector<Verdict> seen = engine_.judge(asked);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    count(*asked[i], expected[i]);
    if (wrong.size() < most && !agrees(*asked[i], engine_, expected[i], seen[i]))
      wrong.push_back(account(asked[i]->source));
  }
  return wrong;
}

std::vector<std::string> Referee::compute(const std::vector<std::string>& sources, std::size_t most) {
  std::vector<std::string> wrong;
  std::vector<ProgramPtr> asked;
  for (const std::string& source : sources) {
    ProgramPtr program = scene_->compile(source);
    if (!program)
      wrong.push_back("does not compile: " + source);
    else if (program->sql_class == SqlClass::exact || !engine_.is_sql())
      asked.push_back(std::move(program));
  }
  tally_.exact += static_cast<std::int64_t>(asked.size());
  const auto expected = evaluator_->compute(asked);
  const auto seen = engine_.compute(asked);
  for (std::size_t i = 0; i < asked.size() && wrong.size() < most; ++i) {
    if (expected[i] == seen[i]) continue;
    std::string account = "scene " + std::to_string(scene_->seed) + " | " + asked[i]->source + "\n";
    if (seen[i].size() != expected[i].size()) account += seen[i].empty() ? "nothing came back" : seen[i][0];
    for (std::size_t at = 0; at < expected[i].size() && at < seen[i].size(); ++at) {
      if (expected[i][at] == seen[i][at]) continue;
      account +=
          "record " + std::to_string(at) + ": evaluator " + expected[i][at] + ", " + engine_.name() + " " + seen[i][at];
      break;
    }
    wrong.push_back(account);
  }
  return wrong;
}

bool Referee::differs(const std::string& source) {
  const ProgramPtr program = scene_->compile(source);
  if (!program || program->type.kind != Kind::boolean || (program->sql_class == SqlClass::vm_only && engine_.is_sql()))
    return false;
  return !agrees(*program, engine_, evaluator_->judge({program})[0], engine_.judge({program})[0]);
}

std::string Referee::smallest(const std::string& source) {
  return shrink(source, [this](const std::string& text) { return differs(text); });
}

std::string Referee::account(const std::string& source) {
  const std::string small = smallest(source);
  const ProgramPtr program = scene_->compile(small);
  const Verdict expected = evaluator_->judge({program})[0];
  const Verdict seen = engine_.judge({program})[0];
  std::string out = "for regressions.txt:\n" + std::to_string(scene_->seed) + " | " + small + "\nevaluator " +
                    expected.letters + "\n" + engine_.name() +
                    std::string(engine_.name().size() < 9 ? 9 - engine_.name().size() : 0, ' ') + " " + seen.letters +
                    seen.failure + "\n" + engine_.shown(*program);
  if (small != source) out += "\nmade smaller from " + source;
  return out;
}

}  // namespace kith::internal::expr::testing
