// The first look at a manifest: are the keys known, and do the values look right? Knows nothing of what they mean.
#pragma once
#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/json_document.hpp"
#include "base/problem/error.hpp"
#include "catalog/manifest/tables.hpp"

namespace kith::internal::catalog {

/// "0.1": the version that messages about keys of later versions name.
std::string_view kith_version();

/// Adds a problem for each unknown, missing, unsupported or wrongly typed key below `pointer`, at any depth.
void check_shape(const JsonDocument& document, const boost::json::value& value, const std::string& pointer,
                 const Table& table, Problems& problems);

/// The same for the value of one key.
void check_key(const JsonDocument& document, const boost::json::value& value, const std::string& pointer,
               const Key& key, Problems& problems);

/// The words of a space-separated list.
std::vector<std::string> words(std::string_view list);
/// "bool", "int", "text", "list", "object", "null": what a JSON value is, for messages.
std::string json_kind(const boost::json::value& value);
/// `"x" is not supported by kith 0.1`, at `where`.
Problem later_problem(const std::string& what, Place where);
/// `"x" would protect nothing`, at `where`: a right that this version does not enforce.
Problem unenforced_problem(const std::string& what, Place where);
/// The source line of `place` with carets below `length` characters; "" where the place isn't known.
std::string excerpt_at(const JsonDocument& document, const Place& place, std::size_t length);

bool is_language_tag(std::string_view text);  ///< "en", "zh", "zh-Hant"
bool is_dotted_name(std::string_view text);   ///< identifiers joined by dots

}  // namespace kith::internal::catalog
