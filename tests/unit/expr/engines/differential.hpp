// Holds one engine against the evaluator, and makes what differs small.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "unit/expr/engines/engines.hpp"

namespace kith::internal::expr::testing {

struct Tally {
  std::int64_t cases = 0, exact = 0, superset = 0, evaluator_only = 0, all = 0, none = 0;
  std::int64_t dividing_sets = 0;  ///< exact, read sets of records, and true for some but not all
};

class Referee {
 public:
  explicit Referee(Engine& engine) : engine_(engine), evaluator_(evaluator_engine()) {}
  void load(Scene& scene);
  /// Sources that are judged differently, each with an account of it; at most `most`.
  std::vector<std::string> judge(const std::vector<std::string>& sources, std::size_t most = 3);
  std::vector<std::string> compute(const std::vector<std::string>& sources, std::size_t most = 3);
  /// The smallest text found that is still judged differently.
  std::string smallest(const std::string& source);
  const Tally& tally() const { return tally_; }

 private:
  bool differs(const std::string& source);
  std::string account(const std::string& source);
  void count(const Program& program, const Verdict& verdict);
  Engine& engine_;
  std::unique_ptr<Engine> evaluator_;
  Scene* scene_ = nullptr;
  Tally tally_;
};

/// The engines beside the evaluator; nullptr where one can't run here, and `why` says so.
const std::vector<std::string>& engine_names();
std::unique_ptr<Engine> engine_named(const std::string& name, std::string& why);

}  // namespace kith::internal::expr::testing
