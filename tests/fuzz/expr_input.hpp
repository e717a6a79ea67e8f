// What is asked of the expression language for any bytes whatever.
#pragma once
#include <string>
#include <string_view>

namespace kith::test {

/// Parses, checks, evaluates, explains, lowers, and asks SQLite. "" when all is as it must be, otherwise what is not.
std::string fault_of_expression(std::string_view source);

}  // namespace kith::test
