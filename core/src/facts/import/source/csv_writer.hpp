// CSV as RFC 4180 says: quotes only where they are needed, CR LF at the end of a row.
#pragma once
#include <string>
#include <vector>

namespace kith::internal::facts {

/// Appends one row. Reading it back with the same delimiter gives the same fields.
void append_csv_row(std::string& out, const std::vector<std::string>& fields, char delimiter);

}  // namespace kith::internal::facts
