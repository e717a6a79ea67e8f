// All that can decide an expression, behind one door, so that they can be held against each other.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "expr/sql/dialect.hpp"
#include "unit/expr/worlds/scene.hpp"

namespace kith::internal::expr::testing {

/// What an engine says of one expression: a letter for each record, T true, F false, U unknown, B both at once. Of a
/// superset only T is said. Or why it could not say.
struct Verdict {
  std::string letters, failure;
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::string name() const = 0;
  /// The scene outlives the engine.
  virtual void load(Scene& scene) = 0;
  virtual std::vector<Verdict> judge(const std::vector<ProgramPtr>& programs) = 0;
  /// The value for each record, by `canonical`; or one text that begins with "failed".
  virtual std::vector<std::vector<std::string>> compute(const std::vector<ProgramPtr>& programs) = 0;
  /// It only decides what its class allows.
  virtual bool is_sql() const { return false; }
  /// The SQL, for messages.
  virtual std::string shown(const Program&) const { return {}; }
};

/// A value as all engines write it; null and unknown are one.
std::string canonical(const Value& value);
/// Whether `seen` may stand beside what the evaluator says.
bool agrees(const Program& program, const Engine& engine, const Verdict& evaluator, const Verdict& seen);

/// Rules to break on purpose.
struct Break {
  const SqlDialect* rules = nullptr;
  std::function<void(Sql& when_false)> spoil;
};

std::unique_ptr<Engine> evaluator_engine();
std::unique_ptr<Engine> batch_engine();
std::unique_ptr<Engine> sqlite_engine(Break broken = {});
/// nullptr where there is no PostgreSQL; `why` then says why.
std::unique_ptr<Engine> postgresql_engine(std::string& why, Break broken = {});

/// What SQL engines share: many expressions go into one query, and one that stops it is found by halves.
class SqlEngine : public Engine {
 public:
  SqlEngine(Dialect dialect, Break broken) : dialect_(dialect), broken_(std::move(broken)) {}
  bool is_sql() const override { return true; }
  void load(Scene& scene) override;
  std::vector<Verdict> judge(const std::vector<ProgramPtr>& programs) override;
  std::vector<std::vector<std::string>> compute(const std::vector<ProgramPtr>& programs) override;
  std::string shown(const Program& program) const override;

 protected:
  /// Tables and records of the scene.
  virtual void fill(Scene& scene) = 0;
  /// One text per record and column, in order of insertion, by `canonical`. Throws std::runtime_error.
  virtual std::vector<std::vector<std::string>> rows(const std::vector<Sql>& columns,
                                                     const std::vector<Kind>& kinds) = 0;
  Scene* scene_ = nullptr;

 private:
  Sql verdict(const Program& program) const;
  Lowering lowering() const;
  using Rows = std::vector<std::vector<std::string>>;
  void ask(
      const std::vector<Sql>& columns, const std::vector<Kind>& kinds, std::size_t from, std::size_t to,
      const std::function<void(std::size_t at, std::vector<std::string> values, const std::string& failure)>& tell);
  Dialect dialect_;
  Break broken_;
};

}  // namespace kith::internal::expr::testing
