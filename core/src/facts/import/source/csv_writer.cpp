#include "facts/import/source/csv_writer.hpp"

namespace kith::internal::facts {

void append_csv_row(std::string& out, const std::vector<std::string>& fields, char delimiter) {
  const char special[] = {'"', '\r', '\n', delimiter, '\0'};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += delimiter;
    const std::string& field = fields[i];
    // A row of one empty field would be a blank line, which readers pass over.
    if (field.find_first_of(special) == std::string::npos && !(fields.size() == 1 && field.empty())) {
      out += field;
      continue;
    }
    out += '"';
    for (const char c : field) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  out += "\r\n";
}

}  // namespace kith::internal::facts
