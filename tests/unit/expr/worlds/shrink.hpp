// Makes a failing expression small.
#pragma once
#include <functional>
#include <string>

namespace kith::internal::expr::testing {

/// The shortest text found for which `fails` still holds: terms are replaced by what is inside of them, or by a
/// literal.
std::string shrink(std::string source, const std::function<bool(const std::string&)>& fails, int attempts = 600);

}  // namespace kith::internal::expr::testing
