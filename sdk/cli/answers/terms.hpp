// Documents for people: the terms of an expression as an indented tree, a score rule by rule, lists as tables.
#pragma once
#include <boost/json.hpp>
#include <string>

#include "cli/answers/output.hpp"

namespace kith::cli {

/// One line for each part, the value at its right: "  insight.r_score >= 4   true".
std::string terms_text(const boost::json::value& terms, std::size_t indent);
/// The answer of `score` or `explain` for a score. With `with_terms`, what each rule saw.
std::string score_text(const std::string& of, const boost::json::object& score, bool with_terms);
Table score_table(const boost::json::object& score);
/// A list of objects; `ids` empty: all keys in order of their first appearance.
Table table_of(const boost::json::array& objects, const std::vector<std::string>& ids = {});
/// A table as text, indented.
std::string table_text(const Table& table, std::size_t indent, bool header = true);
/// "text" of a key, or "".
std::string text_at(const boost::json::object& object, std::string_view key);
/// The same for a text of several lines that is put together by hand: nothing in it begins a line of its own.
std::string line_at(const boost::json::object& object, std::string_view key);
std::string cell_line(const boost::json::value& value);
double number_at(const boost::json::object& object, std::string_view key);
std::int64_t integer_at(const boost::json::object& object, std::string_view key);
const boost::json::array& list_at(const boost::json::object& object, std::string_view key);

}  // namespace kith::cli
