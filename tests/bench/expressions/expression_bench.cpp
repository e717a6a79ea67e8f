// Conditions through the expression language beside the same conditions written in C++, on one record and on columns.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "expression_data.hpp"

namespace kith::internal::bench {
namespace {

constexpr std::int64_t kDay = kMicrosPerDay;
constexpr std::int64_t kBorn1990 = 7305;  // days since 1970

template <Field F>
bool there(const Columns& c, std::size_t row) {
  return c.valid[F][row];
}
template <Field F>
std::int64_t number(const Columns& c, std::size_t row) {
  return c.ints[F][row];
}
template <Field F>
std::string_view text(const Columns& c, std::size_t row) {
  return c.texts[F][row];
}

struct FourTerms {
  static constexpr const char* kName = "four_terms";
  static constexpr const char* kSource =
      "kind == 'person' && balance >= 100.00 && language == 'zh' && joined > now() - duration('365d')";
  static bool hold(const Customer& c) {
    return *c.kind == "person" && c.balance && *c.balance >= 10'000 && c.language && *c.language == "zh" && c.joined &&
           *c.joined > kNow - 365 * kDay;
  }
  static bool hold(const Columns& c, std::size_t row) {
    return text<kKind>(c, row) == "person" && there<kBalance>(c, row) && number<kBalance>(c, row) >= 10'000 &&
           there<kLanguage>(c, row) && text<kLanguage>(c, row) == "zh" && there<kJoined>(c, row) &&
           number<kJoined>(c, row) > kNow - 365 * kDay;
  }
};

struct Numbers {
  static constexpr const char* kName = "numbers";
  static constexpr const char* kSource = "n > 4 && m < 80 && x >= 0.25 && balance > 12.50";
  static bool hold(const Customer& c) {
    return c.n && *c.n > 4 && c.m && *c.m < 80 && c.x && *c.x >= 0.25 && c.balance && *c.balance > 1250;
  }
  static bool hold(const Columns& c, std::size_t row) {
    return there<kN>(c, row) && number<kN>(c, row) > 4 && there<kM>(c, row) && number<kM>(c, row) < 80 &&
           there<kX>(c, row) && c.x[row] >= 0.25 && there<kBalance>(c, row) && number<kBalance>(c, row) > 1250;
  }
};

struct Sums {
  static constexpr const char* kName = "sums";
  static constexpr const char* kSource = "n * 3 + m > 60 || x * 2.0 < 0.5";
  static bool hold(const Customer& c) { return (c.n && c.m && *c.n * 3 + *c.m > 60) || (c.x && *c.x * 2.0 < 0.5); }
  static bool hold(const Columns& c, std::size_t row) {
    return (there<kN>(c, row) && there<kM>(c, row) && number<kN>(c, row) * 3 + number<kM>(c, row) > 60) ||
           (there<kX>(c, row) && c.x[row] * 2.0 < 0.5);
  }
};

struct Texts {
  static constexpr const char* kName = "text_equality";
  static constexpr const char* kSource = "note == 'gold' || language == 'zh' && note != null";
  static bool hold(const Customer& c) {
    return (c.note && *c.note == "gold") || (c.language && *c.language == "zh" && c.note);
  }
  static bool hold(const Columns& c, std::size_t row) {
    return (there<kNote>(c, row) && text<kNote>(c, row) == "gold") ||
           (there<kLanguage>(c, row) && text<kLanguage>(c, row) == "zh" && there<kNote>(c, row));
  }
};

struct Enums {
  static constexpr const char* kName = "enum_in";
  static constexpr const char* kSource = "kind in ['organization', 'household'] && ok";
  static bool hold(const Customer& c) { return (*c.kind == "organization" || *c.kind == "household") && c.ok && *c.ok; }
  static bool hold(const Columns& c, std::size_t row) {
    const std::string_view kind = text<kKind>(c, row);
    return (kind == "organization" || kind == "household") && there<kOk>(c, row) && number<kOk>(c, row) != 0;
  }
};

struct Dates {
  static constexpr const char* kName = "dates_and_now";
  static constexpr const char* kSource = "joined > now() - duration('365d') && born < '1990-01-01' && seen <= now()";
  static bool hold(const Customer& c) {
    return c.joined && *c.joined > kNow - 365 * kDay && c.born && *c.born < kBorn1990 && c.seen && *c.seen <= kNow;
  }
  static bool hold(const Columns& c, std::size_t row) {
    return there<kJoined>(c, row) && number<kJoined>(c, row) > kNow - 365 * kDay && there<kBorn>(c, row) &&
           number<kBorn>(c, row) < kBorn1990 && there<kSeen>(c, row) && number<kSeen>(c, row) <= kNow;
  }
};

std::int64_t days_since(std::int64_t start) {
  const std::int64_t passed = kNow - start;
  return passed >= 0 ? passed / kDay : -((-passed + kDay - 1) / kDay);
}

struct DaysSince {
  static constexpr const char* kName = "days_since";
  static constexpr const char* kSource = "days_since(seen) > 30 && days_since(joined) <= 365";
  static bool hold(const Customer& c) {
    return c.seen && days_since(*c.seen) > 30 && c.joined && days_since(*c.joined) <= 365;
  }
  static bool hold(const Columns& c, std::size_t row) {
    return there<kSeen>(c, row) && days_since(number<kSeen>(c, row)) > 30 && there<kJoined>(c, row) &&
           days_since(number<kJoined>(c, row)) <= 365;
  }
};

/// Both ways must say the same before either is timed.
template <class Condition>
const expr::Program& checked(const expr::Env& env) {
  static const expr::ProgramPtr program = people().compile(Condition::kSource);
  People& all = people();
  expr::BatchEvaluator evaluator(*program);
  const expr::Mask held = evaluator.holds(all.batch_for(*program), env);
  for (std::size_t row = 0; row < expr::kBatchRows; ++row) {
    const bool by_hand = Condition::hold(all.customers[row]);
    const bool same = by_hand == Condition::hold(all.columns, row) && by_hand == held[row] &&
                      by_hand == expr::holds(*program, all.rows[row], env);
    if (same) continue;
    std::fprintf(stderr, "%s: row %zu differs\n", Condition::kName, row);
    std::abort();
  }
  return *program;
}

expr::Env at_now() {
  expr::Env env;
  env.now = kNow;
  return env;
}

template <class Condition>
void scalar_kith(benchmark::State& state) {
  const expr::Env env = at_now();
  const expr::Program& program = checked<Condition>(env);
  People& all = people();
  for (auto _ : state) {
    auto row = all.rows.begin();
    for (std::size_t i = 0; i < kPeople; ++i, ++row) benchmark::DoNotOptimize(expr::holds(program, *row, env));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kPeople));
}

template <class Condition>
void scalar_hand(benchmark::State& state) {
  const People& all = people();
  for (auto _ : state) {
    auto row = all.customers.begin();
    for (std::size_t i = 0; i < kPeople; ++i, ++row) {
      const Customer* one = &*row;
      benchmark::DoNotOptimize(one);
      benchmark::DoNotOptimize(Condition::hold(*one));
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kPeople));
}

template <class Condition>
void timed_kith(benchmark::State& state) {
  const expr::Env env = at_now();
  const expr::Program& program = checked<Condition>(env);
  People& all = people();
  for (auto _ : state) {
    auto row = all.rows.begin();
    for (std::size_t i = 0; i < kPeople; ++i, ++row) benchmark::DoNotOptimize(expr::evaluate(program, *row, env).until);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kPeople));
}

template <class Condition>
void batch_kith(benchmark::State& state) {
  const expr::Env env = at_now();
  const expr::Program& program = checked<Condition>(env);
  const expr::Batch batch = people().batch_for(program);
  expr::BatchEvaluator evaluator(program);
  for (auto _ : state) {
    expr::Mask held = evaluator.holds(batch, env);
    benchmark::DoNotOptimize(held);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * expr::kBatchRows));
}

template <class Condition>
void batch_hand(benchmark::State& state) {
  const Columns* columns = &people().columns;
  for (auto _ : state) {
    benchmark::DoNotOptimize(columns);
    expr::Mask held;
    for (std::size_t row = 0; row < expr::kBatchRows; ++row) {
      if (Condition::hold(*columns, row)) held.set(row);
    }
    benchmark::DoNotOptimize(held);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * expr::kBatchRows));
}

template <class Condition>
void batch_timed_kith(benchmark::State& state) {
  const expr::Env env = at_now();
  const expr::Program& program = checked<Condition>(env);
  const expr::Batch batch = people().batch_for(program);
  expr::BatchEvaluator evaluator(program);
  for (auto _ : state) {
    expr::BatchTruth truth = evaluator.judge(batch, env);
    benchmark::DoNotOptimize(truth);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * expr::kBatchRows));
}

void compile_kith(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(people().compile(FourTerms::kSource));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

template <class Condition>
void add() {
  const std::string name = Condition::kName;
  benchmark::RegisterBenchmark(("scalar/" + name + "/kith").c_str(), scalar_kith<Condition>);
  benchmark::RegisterBenchmark(("scalar/" + name + "/hand").c_str(), scalar_hand<Condition>);
  benchmark::RegisterBenchmark(("batch/" + name + "/kith").c_str(), batch_kith<Condition>);
  benchmark::RegisterBenchmark(("batch/" + name + "/hand").c_str(), batch_hand<Condition>);
  benchmark::RegisterBenchmark(("scalar_until/" + name + "/kith").c_str(), timed_kith<Condition>);
  benchmark::RegisterBenchmark(("batch_until/" + name + "/kith").c_str(), batch_timed_kith<Condition>);
}

const bool added = [] {
  add<FourTerms>();
  add<Numbers>();
  add<Sums>();
  add<Texts>();
  add<Enums>();
  add<Dates>();
  add<DaysSince>();
  benchmark::RegisterBenchmark("compile/four_terms/kith", compile_kith);
  return true;
}();

}  // namespace
}  // namespace kith::internal::bench
