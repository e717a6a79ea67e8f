#include "catalog/build.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <tuple>

#include "base/problem/limits.hpp"
#include "base/value/money.hpp"
#include "catalog/builder/builder.hpp"
#include "catalog/builder/sections.hpp"
#include "catalog/manifest/shape.hpp"

namespace kith::internal::catalog {
namespace {

void read_sources(Builder& builder, const std::vector<ManifestSource>& manifests) {
  std::set<std::string, std::less<>> present;
  for (const ManifestSource& manifest : manifests) {
    Source source;
    source.document = manifest.document;
    source.is_core = manifest.is_core;
    source.head = read_head(*manifest.document, builder.problems);
    check_shape(*manifest.document, manifest.document->root(), "", manifest_table(), builder.problems);
    source.places = std::make_shared<PlaceIndex>(*manifest.document);
    present.insert(source.head.id);
    builder.sources.push_back(std::move(source));
  }
  for (Source& source : builder.sources) {
    source.present = present;
    source.required = {source.head.id, std::string(kCoreBundle)};
    for (const auto& [bundle, range] : source.head.needs) source.required.insert(bundle);
  }
}

void declare_bundle(Builder& builder, const Source& source) {
  const Item root = root_item(source);
  const std::string& id = source.id();
  if (!source.is_core && (id == kCoreBundle || builder.catalog.find_type(id)))
    builder.report(ProblemNumber::bad_name, quoted(id) + " is a name of the core's own and can't be a bundle's id",
                   root.place("id"), "choose another id");
  if (!id.empty()) builder.claim("bundle", id, id, root.place("id"));
  Bundle bundle;
  bundle.id = id;
  bundle.version = source.head.version;
  bundle.label = source.head.label;
  bundle.overlay = source.head.overlay;
  bundle.library = source.head.library;
  for (const auto& [needed, range] : source.head.needs) bundle.needs.push_back(needed);
  for (const auto& [needed, range] : source.head.needs_optional) bundle.needs_optional.push_back(needed);
  builder.catalog.bundles.push_back(std::move(bundle));
}

// Every "needs" at any depth must be among the bundles that the manifest knows of.
void check_needs(Builder& builder, const Source& source, const boost::json::value& value, const std::string& pointer) {
  if (value.is_array()) {
    std::size_t index = 0;
    for (const boost::json::value& element : value.get_array())
      check_needs(builder, source, element, pointer_join(pointer, index++));
  }
  if (!value.is_object()) return;
  const Item item{&source, &value.get_object(), pointer, {}};
  for (const std::string& id : item.needs())
    if (!source.head.needs_optional.contains(id) && !source.head.needs.contains(id))
      builder.report(ProblemNumber::unknown_reference,
                     "\"needs\" names " + quoted(id) + ", which \"requires\" does not", item.place("needs"),
                     "add it to \"requires\": {\"optional\": {" + quoted(id) + ": \"^0.1\"}}");
  for (const auto& [key, inner] : value.get_object())
    if (key != "requires") check_needs(builder, source, inner, pointer_join(pointer, key));
}

void for_each_source(Builder& builder, void (*step)(Builder&, const Source&)) {
  for (const Source& source : builder.sources) step(builder, source);
}

void declare_all(Builder& builder) {
  for_each_source(builder, declare_settings);
  for_each_source(builder, declare_purposes);
  for_each_source(builder, declare_functions);
  for_each_source(builder, declare_parameters);
  for_each_source(builder, declare_roles);
  for_each_source(builder, declare_record_types);
  for_each_source(builder, declare_bundle);
  declare_own_fields(builder);
  for_each_source(builder, declare_fields);
  for_each_source(builder, declare_lifecycles);
  declare_child_sets(builder);
  for_each_source(builder, declare_formulas);
  for_each_source(builder, declare_rollups);
  for_each_source(builder, declare_segments);
  for_each_source(builder, declare_scores);
  for_each_source(builder, declare_workflows);
  for_each_source(builder, declare_relationships);
  for_each_source(builder, declare_actions);
  for_each_source(builder, declare_jobs);
  for_each_source(builder, declare_validations);
  for_each_source(builder, declare_enum_values);
}

void resolve_all(Builder& builder) {
  for (const Source& source : builder.sources) check_needs(builder, source, source.document->root(), "");
  check_configured_settings(builder);
  resolve_record_types(builder);
  resolve_roles(builder);
  resolve_native(builder);
  resolve_lifecycles(builder);
  resolve_derivations(builder);
  resolve_validations(builder);
  resolve_workflows(builder);
  order_derivations(builder);
}

void sort_workflows(Catalog& catalog) {
  std::stable_sort(catalog.workflows.begin(), catalog.workflows.end(), [](const Workflow& a, const Workflow& b) {
    return std::tie(a.phase, a.priority, a.owner, a.id) < std::tie(b.phase, b.priority, b.owner, b.id);
  });
  for (std::size_t i = 0; i < catalog.workflows.size(); ++i) catalog.workflows[i].number = static_cast<std::int32_t>(i);
}

// One mistake can be met on several ways (a head is read before its manifest is checked); it is told once. Of very many
// the first are told: who has so many has one mistake that makes the others.
void throw_problems(const Problems& problems) {
  std::vector<Problem> once;
  std::set<std::string> told;
  const bool cut = problems.size() >= most_of(Limit::problems);  // whoever finds so many stops looking
  for (const Problem& problem : problems.list()) {
    if (once.size() >= most_of(Limit::problems)) break;
    if (told.insert(problem_id(problem.number) + problem.message + problem.where.text()).second)
      once.push_back(problem);
  }
  if (once.empty()) return;
  std::map<std::string, std::size_t> files;  // in the order in which they were first met
  for (const Problem& problem : once) files.try_emplace(problem.where.file, files.size());
  const auto key = [&](const Problem& problem) {
    return std::tuple(files[problem.where.file], problem.where.line, problem.where.column);
  };
  std::stable_sort(once.begin(), once.end(), [&](const Problem& a, const Problem& b) { return key(a) < key(b); });
  if (cut) once.push_back(limit_problem(Limit::problems, "more"));
  throw Error(std::move(once));
}

void read_locale(Catalog& catalog, const CatalogConfig& config) {
  const auto currency = currency_of(config.currency);
  if (!currency)
    throw Error(ProblemNumber::bad_value, quoted(config.currency) + " is not a currency",
                "write an ISO 4217 code, such as \"EUR\"");
  catalog.currency = *currency;
  catalog.language = config.language;
  catalog.time_zone = config.time_zone;
  catalog.phone_region = config.phone_region;
}

}  // namespace

CatalogPtr build_catalog(const std::vector<ManifestSource>& manifests, const CatalogConfig& config) {
  const auto catalog = std::make_shared<Catalog>();
  read_locale(*catalog, config);
  Builder builder(*catalog, config);
  read_sources(builder, manifests);
  check_sizes(builder);
  if (!builder.problems.empty() && builder.problems.size() >= most_of(Limit::problems))
    throw_problems(builder.problems);
  declare_all(builder);
  resolve_all(builder);
  throw_problems(builder.problems);
  sort_workflows(*catalog);
  catalog->index_readers();
  return catalog;
}

}  // namespace kith::internal::catalog
