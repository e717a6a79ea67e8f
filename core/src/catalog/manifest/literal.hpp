// Literals of manifests and settings as values of a declared type.
#pragma once
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "base/value/value.hpp"
#include "expr/names.hpp"

namespace kith::internal::catalog {

/// nullopt: not of that type; `expected` then says what would be. Money takes a number or a text in major units, dates
/// and instants their ISO texts. A reference is no literal here.
std::optional<Value> read_literal(const boost::json::value& literal, const expr::Type& type, std::string& expected);
/// Thousandths; nullopt when the number has more than three decimals or is out of range.
std::optional<std::int64_t> read_milli(double number);

}  // namespace kith::internal::catalog
