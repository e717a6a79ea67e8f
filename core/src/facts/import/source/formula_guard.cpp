#include "facts/import/source/formula_guard.hpp"

#include "base/value/id.hpp"

namespace kith::internal::facts {

bool is_guarded(std::string_view cell) {
  const std::size_t letter = cell.find_first_not_of('\'');
  return letter != std::string_view::npos && letter > 0 &&
         std::string_view("=+-@\t\r").find(cell[letter]) != std::string_view::npos;
}

std::string_view without_guard(std::string_view cell) { return is_guarded(cell) ? cell.substr(1) : cell; }

bool is_exported_id(std::string_view cell) {
  const std::size_t slash = cell.find('/');
  return slash != std::string_view::npos && slash > 0 && RecordId::parse(cell.substr(slash + 1)).has_value();
}

}  // namespace kith::internal::facts
