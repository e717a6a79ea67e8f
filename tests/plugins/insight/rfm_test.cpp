// The published result of the package rfm on its own orders, through import, workflow, job and formulas.
#include <cstdlib>

#include "plugins/world.hpp"

namespace kith::test {
namespace {

std::filesystem::path data_folder() {
  if (const char* folder = std::getenv("KITH_DATA")) return folder;
  return std::filesystem::path(KITH_SOURCE_DIR) / ".." / "shared" / "data";
}

const std::filesystem::path kMapping =
    std::filesystem::path(KITH_SOURCE_DIR) / "tests/fixtures/rfm/orders.mapping.json";

std::int64_t number_at(const json::object& object, const char* key) { return object.at(key).as_int64(); }

std::map<std::string, std::int64_t> segment_sizes(World& world) {
  const json::object answer = world.run("count", {{"type", "customer"}, {"by", "insight.rfm_segment"}});
  std::map<std::string, std::int64_t> sizes;
  for (const json::value& group : answer.at("groups").as_array())
    sizes[std::string(group.at("value").is_string() ? group.at("value").as_string() : "none")] =
        group.at("count").as_int64();
  return sizes;
}

void expect_published_bounds(World& world) {
  const json::object set = world.run("parameters", {{"set", "insight.rfm"}});
  const json::object& values = set.at("values").as_object();
  const std::pair<const char*, double> bounds[] = {{"r1", 115},   {"r2", 181}, {"r3", 297.4}, {"r4", 482},
                                                   {"f1", 4},     {"f2", 5},   {"f3", 6},     {"f4", 8},
                                                   {"m1", 255.8}, {"m2", 382}, {"m3", 506.4}, {"m4", 666}};
  for (const auto& [name, bound] : bounds) EXPECT_EQ(values.at(name).to_number<double>(), bound) << name;
  EXPECT_EQ(values.at("as_of").as_string(), "2006-12-31");
  EXPECT_EQ(number_at(values, "customers"), 995);
}

void expect_published_segments(World& world) {
  const std::map<std::string, std::int64_t> expected = {
      {"potential_loyalist", 342}, {"loyal_customers", 170}, {"lost", 148},     {"new_customers", 104},
      {"about_to_sleep", 102},     {"cant_lose_them", 47},   {"champions", 35}, {"at_risk", 28},
      {"need_attention", 10},      {"promising", 9}};
  EXPECT_EQ(segment_sizes(world), expected);
}

TEST(RfmTest, ReproducesThePublishedBoundsAndSegments) {
  const std::filesystem::path orders = data_folder() / "rfm-orders" / "orders.csv";
  if (!std::filesystem::exists(orders))
    GTEST_SKIP() << "the data set rfm-orders is not here: set KITH_DATA to the folder that holds rfm-orders/orders.csv";
  World world(kEverything, "2006-12-31T00:00:00Z");

  const json::object first = world.import(orders, kMapping);
  EXPECT_EQ(number_at(first, "read"), 4906);
  EXPECT_EQ(number_at(first, "rejected"), 0);
  EXPECT_EQ(world.count("customer"), 995);
  EXPECT_EQ(world.count("retail.order"), 4906);
  world.settle();
  EXPECT_EQ(world.count("insight.value_entry"), 4906);

  world.run_job("insight.rfm", {{"as_of", "2006-12-31"}});
  world.settle();
  expect_published_bounds(world);
  expect_published_segments(world);

  const json::object again = world.import(orders, kMapping);
  EXPECT_EQ(number_at(again, "read"), 4906);
  EXPECT_EQ(number_at(again, "created"), 0);
  EXPECT_EQ(number_at(again, "updated"), 0);
  EXPECT_EQ(number_at(again, "rejected"), 0);
  EXPECT_EQ(world.run("pending").at("events").as_int64(), 0) << "nothing changed, so nothing follows";
  world.settle();
  EXPECT_EQ(world.count("insight.value_entry"), 4906);
  expect_published_segments(world);
}

}  // namespace
}  // namespace kith::test
