// Which libraries this process really runs with: what doctor prints.
#pragma once
#include <string>
#include <vector>

namespace kith::internal {

struct LibraryFact {
  std::string name, version;
  std::string file;  ///< "" = compiled in
};
std::vector<LibraryFact> library_facts();

}  // namespace kith::internal
