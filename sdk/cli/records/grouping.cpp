#include "cli/records/grouping.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "cli/answers/problems.hpp"
#include "cli/answers/terms.hpp"
#include "cli/words/query.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

bool is_name(const std::string& text, const char* more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [more](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           std::string(more).find(c) != std::string::npos;
  });
}

/// "total", "total,discount" or "net=total - discount".
void add_figures(json::array& figures, const char* fn, const std::string& word) {
  if (is_name(word, "., ")) {
    for (const std::string& of : split_names(word)) figures.push_back(json::object{{"fn", fn}, {"of", of}});
    return;
  }
  const std::size_t sign = word.find('=');
  const bool named = sign != std::string::npos && is_name(word.substr(0, sign), "") && word.compare(sign, 2, "==") != 0;
  if (!named)
    throw usage_failure("the expression \"" + word + "\" has no name for its column",
                        "write NAME=EXPRESSION, as \"net=total - discount\"");
  figures.push_back(json::object{{"fn", fn}, {"name", word.substr(0, sign)}, {"of", word.substr(sign + 1)}});
}

}  // namespace

void Grouping::declare(Arguments& arguments) {
  const char* of = "A,B";
  arguments
      .option("--by", by_, "A,B",
              "a number for each value of these members and paths; of a date also by a bucket, as placed_at:month")
      .option("--bucket", bucket_, "BUCKET",
              "day, week (ISO), month, quarter or year, in the tenant's zone: of the dates and instants in --by that "
              "name none")
      .flag("--fill", fill_, "buckets without records too, from the first to the last that has any")
      .flag("--unnest", unnest_, "a list in --by counts for each of its elements, once")
      .options("--sum", sum_, of, "sums of members and paths, or NAME=EXPR; repeat it for several, as the next five")
      .options("--avg", avg_, of, "means; of money with four digits more than its currency has")
      .options("--min", min_, of, "the smallest")
      .options("--max", max_, of, "the largest")
      .options("--median", median_, of, "medians")
      .options("--count-distinct", distinct_, of, "how many different values")
      .option("--having", having_, "EXPR", "only groups for which this holds, as \"count > 10 && sum_total > 500\"")
      .option("--order", order_, "A,B", "by columns of the result, as \"sum_total desc\"; else by the groups")
      .number("--limit", limit_, "groups at most; all if left out")
      .flag("--as-stored", as_stored_, "derived values as they were last stored, not made fresh first");
}

bool Grouping::asks_figures() const {
  const std::size_t figures = sum_.size() + avg_.size() + min_.size() + max_.size() + median_.size() + distinct_.size();
  return figures > 0 || fill_ || unnest_ || as_stored_ || limit_ != 0 || !having_.empty() || !order_.empty() ||
         !bucket_.empty() || by_.find_first_of(",:") != std::string::npos;
}

json::array Grouping::groups(const Members& members, const std::string& type) const {
  json::array groups;
  bool bucketed = false, listed = false, known = true;
  for (const std::string& word : split_names(by_)) {
    const std::size_t colon = word.find(':');
    const std::string member = word.substr(0, colon);
    const std::string kind = members.type_of(type, member);
    json::object group{{"member", member}};
    if (colon != std::string::npos) group["bucket"] = word.substr(colon + 1);
    if (colon == std::string::npos && (kind == "date" || kind == "timestamp") && !bucket_.empty())
      group["bucket"] = bucket_;
    if (group.contains("bucket") && fill_) group["fill"] = true;
    if (unnest_ && kind.rfind("list", 0) == 0) group["unnest"] = listed = true;
    bucketed = bucketed || group.contains("bucket");
    known = known && !kind.empty();  // a wrong name is told by who knows all of them
    groups.push_back(std::move(group));
  }
  if ((!bucket_.empty() || fill_) && !bucketed && known)
    throw usage_failure(std::string(fill_ ? "--fill" : "--bucket") + " finds no date or instant in --by",
                        "name one, as --by placed_at --bucket month");
  if (unnest_ && !listed && known)
    throw usage_failure("--unnest finds no list in --by", "leave it out, or group by a list");
  if (groups.empty() && !by_.empty()) throw usage_failure("--by names no member", "write --by region,channel");
  return groups;
}

json::array Grouping::figures() const {
  json::array figures{json::object{{"fn", "count"}}};
  const std::array<std::pair<const char*, const std::vector<std::string>*>, 6> all = {{{"sum", &sum_},
                                                                                       {"avg", &avg_},
                                                                                       {"min", &min_},
                                                                                       {"max", &max_},
                                                                                       {"median", &median_},
                                                                                       {"count_distinct", &distinct_}}};
  for (const auto& [fn, words] : all)
    for (const std::string& word : *words) add_figures(figures, fn, word);
  return figures;
}

void Grouping::put(json::object& request, const Members& members, const std::string& type) const {
  if (limit_ < 0) throw usage_failure("--limit needs a number from 1 on", "leave it out for all groups");
  request["by"] = groups(members, type);
  request["figures"] = figures();
  if (!having_.empty()) request["having"] = having_;
  if (!order_.empty()) request["order"] = order_;
  if (limit_ > 0) request["limit"] = limit_;
  if (as_stored_) request["as_stored"] = true;
}

Table aggregate_table(const json::object& answer) {
  Table table;
  for (const json::value& column : list_at(answer, "columns")) {
    const std::string type = text_at(column.as_object(), "type");
    const bool money = type.rfind("money", 0) == 0;
    table.columns.push_back({text_at(column.as_object(), "name"), money, money || type == "int" || type == "double"});
  }
  for (const json::value& row : list_at(answer, "rows")) {
    json::array& line = table.rows.emplace_back();
    for (const Column& column : table.columns) line.push_back(row.as_object().at(column.id));
  }
  return table;
}

}  // namespace kith::cli
