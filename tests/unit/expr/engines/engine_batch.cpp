#include "expr/batch/batch.hpp"
#include "unit/expr/engines/engines.hpp"

namespace kith::internal::expr::testing {
namespace {

class BatchEngine : public Engine {
 public:
  std::string name() const override { return "batch"; }
  void load(Scene& scene) override {
    scene_ = &scene;
    views_.clear();
    for (Record& customer : scene.customers) views_.push_back(&customer);
  }
  std::vector<Verdict> judge(const std::vector<ProgramPtr>& programs) override {
    std::vector<Verdict> verdicts;
    for (const ProgramPtr& program : programs) {
      Gatherer gatherer(*program);
      BatchEvaluator evaluator(*program);
      const BatchTruth truth = evaluator.judge(gatherer.gather(views_, scene_->env), scene_->env);
      Verdict& verdict = verdicts.emplace_back();
      for (std::size_t row = 0; row < views_.size(); ++row)
        verdict.letters.push_back(truth.yes[row] ? (truth.no[row] ? 'B' : 'T') : truth.no[row] ? 'F' : 'U');
    }
    return verdicts;
  }
  std::vector<std::vector<std::string>> compute(const std::vector<ProgramPtr>& programs) override {
    std::vector<std::vector<std::string>> all;
    for (const ProgramPtr& program : programs) {
      Gatherer gatherer(*program);
      BatchEvaluator evaluator(*program);
      const Column column = evaluator.evaluate(gatherer.gather(views_, scene_->env), scene_->env);
      std::vector<std::string>& values = all.emplace_back();
      for (std::size_t row = 0; row < views_.size(); ++row) values.push_back(canonical(value_at(column, row)));
    }
    return all;
  }

 private:
  Scene* scene_ = nullptr;
  std::vector<RecordView*> views_;
};

}  // namespace

std::unique_ptr<Engine> batch_engine() { return std::make_unique<BatchEngine>(); }

}  // namespace kith::internal::expr::testing
