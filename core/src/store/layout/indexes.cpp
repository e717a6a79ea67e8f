#include "store/layout/indexes.hpp"

#include <map>

#include "store/layout/physical.hpp"
#include "store/layout/wanted.hpp"

namespace kith::internal::store {

std::vector<std::vector<IndexFacts>> indexes_of(const catalog::Catalog& catalog) {
  std::vector<std::vector<IndexFacts>> out;
  std::map<std::string, std::size_t> by_table;
  for (const catalog::RecordType& type : catalog.record_types) {
    by_table.emplace(type.table, out.size());
    out.push_back({IndexFacts{quoted("sqlite_autoindex_" + type.table + "_1"), {"id"}, true, {}, true}});
  }
  for (const WantedIndex& wanted : wanted_indexes(catalog)) {
    const auto type = by_table.find(wanted.table);
    if (type == by_table.end()) continue;  // over derived members
    std::vector<IndexFacts>& of_type = out[type->second];
    if (wanted.of_nulls) {
      for (IndexFacts& index : of_type) {
        if (index.unique && index.columns.size() == 1 && index.columns.front() == quoted(wanted.columns.front()))
          index.of_nulls = quoted(wanted.name);
      }
      continue;
    }
    IndexFacts facts{quoted(wanted.name), {}, wanted.unique, {}, !wanted.sparse};
    for (const std::string& column : wanted.columns) facts.columns.push_back(quoted(column));
    of_type.push_back(std::move(facts));
  }
  return out;
}

}  // namespace kith::internal::store
