#include "unit/access/world.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace kith::internal::testing {
namespace {

constexpr std::int64_t kWaitUs = 5'000'000;

}  // namespace

const char* const kShopFacts = R"json(
  "record_types": [
    {"name": "group", "title": "code", "fields": [
      {"name": "code", "type": "text"},
      {"name": "discount", "type": "int"}]},
    {"name": "order", "fields": [
      {"name": "customer", "type": "ref", "to": "customer", "inverse": "orders", "index": true},
      {"name": "placed_at", "type": "timestamp"},
      {"name": "total", "type": "money"},
      {"name": "items", "type": "int"},
      {"name": "weight_kg", "type": "double"},
      {"name": "returned", "type": "bool"}]}],
  "fields": {"customer": [
    {"name": "group", "type": "ref", "to": "shop.group", "inverse": "customers", "index": true},
    {"name": "points", "type": "int"},
    {"name": "grade", "type": "enum", "ordered": true, "values": ["wood", "bronze", "amber"]},
    {"name": "vip", "type": "bool"},
    {"name": "joined_at", "type": "timestamp"}]})json";

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "kith-world-XXXXXX").string();
  path_ = mkdtemp(name.data());
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

catalog::CatalogPtr build_shop(const std::string& sections) {
  const std::string text =
      R"json({"id": "shop", "version": "0.1.0")json" + (sections.empty() ? std::string() : "," + sections) + "}";
  const JsonDocument document = JsonDocument::parse(text, "shop/plugin.json");
  return catalog::build_catalog({{&catalog::core_manifest(), true}, {&document, false}}, {});
}

World::World(catalog::CatalogPtr built) {
  store::StoreOptions options;
  options.url = "sqlite:" + folder.path() + "/world.kith";
  options.survive_power_loss = false;
  database = store::Database::open(options, log);
  change_catalog(std::move(built));
}

void World::change_catalog(catalog::CatalogPtr next) {
  catalog = std::move(next);
  store::Writer writer = database->write(kWaitUs);
  store::Connection& connection = writer.connection();
  layout = std::make_unique<store::Layout>(
      catalog, store::apply_layout(connection, *catalog, store::plan_layout(connection, *catalog), now));
  principal.tenant_number = store::tenant_number(connection, principal.tenant, true);
  writer.commit();
}

void World::write(const InUnit& body, const store::Cause& cause) {
  store::Writer writer = database->write(kWaitUs);
  access::Unit unit(writer.connection(), *layout, principal, now, true, ids, &functions, cause);
  body(unit);
  writer.commit();
}

void World::read(const InUnit& body) {
  store::Reader reader = database->read(kWaitUs);
  access::Unit unit(reader.connection(), *layout, principal, now, false, ids, &functions);
  body(unit);
}

std::int32_t World::member(const std::string& type_name, const std::string& name) const {
  return catalog->member_index(catalog->type(type_name), name);
}

std::int32_t World::derivation(const std::string& name) const {
  const catalog::Derivation* found = catalog->find_derivation(name);
  if (found == nullptr) throw Error(ProblemNumber::unknown_thing, "no derivation " + name);
  return found->number;
}

store::Row World::row(const std::string& type_name, const Fields& fields) const {
  store::Row values(catalog->type(type_name).members.size());
  for (const auto& [name, value] : fields) values[static_cast<std::size_t>(member(type_name, name))] = value;
  return values;
}

}  // namespace kith::internal::testing
