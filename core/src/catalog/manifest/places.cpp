#include "catalog/manifest/places.hpp"

#include "base/json/json_scanner.hpp"

namespace kith::internal::catalog {

struct PlaceIndex::Walker {
  Walker(const JsonDocument& document, PlaceIndex& index) : scanner(document.text(), document.file()), into(index) {}

  JsonScanner scanner;
  PlaceIndex& into;
  std::size_t counted = 0;  ///< offset up to which lines and columns were counted
  Spot here{};

  // Offsets only grow, so the whole text is counted once.
  Spot spot(std::size_t offset) {
    const std::string_view text = scanner.text();
    for (; counted < offset && counted < text.size(); ++counted) {
      const auto byte = static_cast<unsigned char>(text[counted]);
      if (byte == '\n') {
        ++here.line;
        here.column = 1;
      } else if ((byte & 0xC0U) != 0x80U) {
        ++here.column;
      }
    }
    return here;
  }

  void value(const std::string& pointer) {
    const JsonToken token = scanner.peek();
    const Spot at = spot(scanner.offset());
    into.values_.emplace(pointer, at);
    into.keys_.emplace(pointer, at);  // a member's key has been put there before
    if (token == JsonToken::object) return object(pointer);
    if (token == JsonToken::array) return array(pointer);
    scanner.skip_value();
  }

  void object(const std::string& pointer) {
    scanner.open();
    for (bool first = true; scanner.next_member(first); first = false) {
      const Spot key = spot(scanner.offset());
      const std::string inner = pointer_join(pointer, scanner.take_string());
      scanner.take_colon();
      into.keys_.emplace(inner, key);
      value(inner);
    }
  }

  void array(const std::string& pointer) {
    scanner.open();
    std::size_t index = 0;
    for (bool first = true; scanner.next_element(first); first = false) value(pointer_join(pointer, index++));
  }
};

PlaceIndex::PlaceIndex(const JsonDocument& document) : file_(document.file()) { Walker(document, *this).value(""); }

Place PlaceIndex::find(const Spots& spots, std::string_view pointer) const {
  const auto found = spots.find(pointer);
  const Spot spot = found == spots.end() ? Spot{} : found->second;
  return Place{file_, spot.line, spot.column};
}

}  // namespace kith::internal::catalog
