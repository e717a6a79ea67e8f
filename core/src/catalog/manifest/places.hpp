// Where every value of a JSON text stands. JsonDocument finds one place by reading the text again, which is right for
// an error; a catalog remembers the place of everything that it declares, so it reads the text once for all of them.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/json/json_document.hpp"

namespace kith::internal::catalog {

class PlaceIndex {
 public:
  explicit PlaceIndex(const JsonDocument& document);

  /// The place of the value at a JSON pointer, or of the document's begin where there is none.
  Place value(std::string_view pointer) const { return find(values_, pointer); }
  /// The place of the key; of the value where it is an element of a list.
  Place key(std::string_view pointer) const { return find(keys_, pointer); }

 private:
  struct Spot {
    int line = 1, column = 1;
  };
  using Spots = std::map<std::string, Spot, std::less<>>;
  struct Walker;
  Place find(const Spots& spots, std::string_view pointer) const;

  std::string file_;
  Spots values_, keys_;
};

}  // namespace kith::internal::catalog
