// field=value on the command line, and $name parameters of expressions.
#pragma once
#include <boost/json/fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include <kith/session.hpp>

namespace kith::cli {

using Assignments = std::vector<std::pair<std::string, std::string>>;

/// Throws a usage Failure for a word without '=' or a name given twice.
Assignments parse_assignments(const std::vector<std::string>& words);
/// As text, which the save pipeline takes for every type; an empty value is null.
std::vector<Field> fields_of(const Assignments& assignments);

/// A parameter is a text, quotes around it left out, or a list, ["a", "b"] or [1, 2]; it becomes what it meets in the
/// expression.
struct Parameter {
  std::string name, text;
  kith_value value{};  ///< text is borrowed from `text`
};
/// The list must not be moved afterwards: values borrow from it.
std::vector<Parameter> parse_parameters(const std::vector<std::string>& words);
boost::json::object parameters_json(const std::vector<Parameter>& parameters);

}  // namespace kith::cli
