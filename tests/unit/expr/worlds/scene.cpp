#include "unit/expr/worlds/scene.hpp"

namespace kith::internal::expr::testing {
namespace {

constexpr std::uint64_t kFirstZoned = 100;  // lower seeds are of the tests that choose a scene

// An ordinary day, the hours in which Berlin's clock is moved, one before 1970, the end of a year.
std::int64_t clock_of(std::uint64_t seed) {
  static const std::vector<const char*> clocks = {"2026-01-05T10:00:00Z", "2026-03-29T01:00:00Z",
                                                  "2026-10-25T00:59:59.999999Z", "1969-07-20T20:17:40Z",
                                                  "2023-12-31T23:59:59.999999Z"};
  return instant(clocks[seed % clocks.size()]);
}

// A tenant's zone, and a clock at which it matters: St John's shows a day for a minute and again an hour later, Samoa
// leaves one out.
void put_into_a_zone(World& world, std::int64_t& now, std::uint64_t seed) {
  switch (seed % 8) {
    case 3: world.zone = "America/Los_Angeles"; return;
    case 4: world.zone = "Asia/Kathmandu"; return;
    case 5:
      world.zone = "America/St_Johns";
      now = instant("2010-11-07T02:31:30Z");
      return;
    case 6:
      world.zone = "Pacific/Apia";
      now = instant("2011-12-30T09:59:59.5Z");
      return;
    default: return;
  }
}

}  // namespace

Scene::Scene(std::uint64_t seed_of_all) : seed(seed_of_all), world(seed_of_all) {
  env.surroundings = &answers;
  env.now = clock_of(seed);
  if (seed >= kFirstZoned) put_into_a_zone(world, env.now, seed);
  Generator make(seed, Taste{});
  for (std::uint8_t i = 0; i < 3; ++i) regions.emplace_back(world, kRegion, i);
  for (std::uint8_t i = 0; i < kRecords; ++i) customers.emplace_back(world, kCustomer, i);
  const auto anyone = [&](int percent) {
    return make.chance(percent) ? &customers[static_cast<std::size_t>(make.below(kRecords))] : nullptr;
  };
  for (Record& region : regions) {
    fill(region, make);
    region.link("chief", anyone(70));
    region.has_derived = make.chance(70);
  }
  regions[2].removed = true;
  for (Record& customer : customers) {
    fill(customer, make);
    customer.removed = make.chance(15);
    customer.has_derived = make.chance(80);
    customer.link("parent", anyone(75));
    customer.link("retail.best", anyone(60));
    customer.link("about", anyone(60));
    customer.link("home", make.chance(80) ? &regions[static_cast<std::size_t>(make.below(3))] : nullptr);
  }
  for (std::uint8_t i = 0; i < 3; ++i) fill(strangers.emplace_back(world, kRegion, i), make);
  fill_sets(make);
  for (auto* records : {&customers, &regions, &orders}) {
    for (Record& record : *records) {
      record.graph = &graph;
      record.now = env.now;
      graph.records.push_back(&record);
    }
  }
}

// Orders, some removed, some of nobody; edges of all times; and in the other tenant orders and edges of the same ids.
void Scene::fill_sets(Generator& make) {
  const auto someone = [&] { return &customers[static_cast<std::size_t>(make.below(kRecords))]; };
  for (std::uint8_t i = 0; i < kOrders; ++i) {
    Record& order = orders.emplace_back(world, kOrder, i);
    fill(order, make);
    if (make.chance(60)) order.set("qty", Value::integer(make.below(9) - 4));
    order.removed = make.chance(15);
    order.has_derived = make.chance(80);
    order.link("customer", make.chance(90) ? someone() : nullptr);
    order.link("place", make.chance(80) ? &regions[static_cast<std::size_t>(make.below(3))] : nullptr);
    Record& twin = strangers.emplace_back(world, kOrder, i);
    fill(twin, make);
    twin.link("customer", someone());
  }
  const std::int64_t day = 86'400'000'000;
  for (std::size_t i = 0; i < kEdges; ++i) {
    Edge edge{static_cast<std::int32_t>(make.below(3)), someone(), nullptr, env.now + (make.below(7) - 4) * day,
              kForever};
    edge.to = edge.relationship == kLivesIn ? &regions[static_cast<std::size_t>(make.below(3))] : someone();
    if (make.chance(50)) edge.ends = edge.begins + make.below(6) * day;
    graph.edges.push_back(edge);
    edge.from = someone();
    edge.begins = env.now - day;
    strange_edges.push_back(edge);
  }
}

void Scene::fill(Record& record, Generator& make) const {
  for (const std::string& name : world.member_names(record.type())) {
    const Member member = *world.member(record.type(), name);
    if (member.kind != MemberKind::set && member.type.kind != Kind::ref)
      record.set(name, make.value_for(member, env.now));
  }
}

ProgramPtr Scene::compile(const std::string& source) const {
  std::vector<Diagnostic> diagnostics;
  Scope scope;
  scope.names = &world;
  scope.record_type = kCustomer;
  return expr::compile(source, scope, diagnostics);
}

Lowering Scene::lowering(Dialect dialect) const {
  Lowering how;
  how.dialect = dialect;
  how.schema = &world;
  how.tenant = kTenant;
  return how;
}

}  // namespace kith::internal::expr::testing
