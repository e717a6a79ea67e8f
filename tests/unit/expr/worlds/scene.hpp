// A world of random shape with random records full of edge values: what all engines are asked about.
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "unit/expr/worlds/generator.hpp"
#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {

inline constexpr std::size_t kRecords = 40;
inline constexpr std::uint8_t kOrders = 60;
inline constexpr std::size_t kEdges = 120;

/// Forty customers that point at each other, three regions, sixty orders, some of them removed, edges of all times, and
/// the same ids in another tenant.
class Scene {
 public:
  /// Seed 0: the plain shape.
  explicit Scene(std::uint64_t seed);
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  const std::uint64_t seed;
  World world;
  Answers answers;
  Env env;
  std::deque<Record> regions, customers, orders;
  Graph graph;
  std::deque<Record> strangers;  ///< of the tenant beside
  std::vector<Edge> strange_edges;

  /// nullptr where it does not compile.
  ProgramPtr compile(const std::string& source) const;
  Lowering lowering(Dialect dialect) const;

 private:
  void fill(Record& record, Generator& make) const;
  void fill_sets(Generator& make);
};

}  // namespace kith::internal::expr::testing
