#include "facts/import/mapping/row_values.hpp"

#include <boost/json.hpp>

#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "facts/read/shown.hpp"

namespace kith::internal::facts {

namespace {

struct Column {
  const ValueSource& source;
  const catalog::Member* member;

  [[noreturn]] void refuse(const std::string& text, const std::string& what, std::string expected,
                           std::string fix = {}) const {
    Problem problem;
    problem.number = ProblemNumber::column_value;
    problem.field = source.column_name;
    const std::string found = member != nullptr ? shown(*member, Value::text(text)) : "'" + text + "'";
    problem.message = source.column_name + " " + found + " " + what;
    problem.expected = std::move(expected);
    problem.found = found;
    problem.fix = std::move(fix);
    throw Error(std::move(problem));
  }
};

std::string keys_of(const std::map<std::string, std::string, std::less<>>& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return join(keys, ", ");
}

/// nullopt: to be left empty (or, in a list, left out).
std::optional<std::string> translate(const Column& column, const std::string& text) {
  if (!column.source.mapped) return text;
  const auto found = column.source.map.find(text);
  if (found != column.source.map.end()) return found->second;
  if (column.source.otherwise == Otherwise::keep) return text;
  if (column.source.otherwise != Otherwise::reject) return std::nullopt;
  const std::string keys = keys_of(column.source.map);
  std::vector<std::string> known;
  for (const auto& [key, value] : column.source.map) known.push_back(key);
  const std::string near = did_you_mean(text, known);
  column.refuse(text, "is not in the map (" + keys + ")", keys,
                near.empty() ? "add it to the mapping's \"map\", or say its \"else\"" : near);
}

Value as_list(const Column& column, const std::string& text) {
  boost::json::array list;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    std::size_t end = text.find(column.source.split, begin);
    if (end == std::string::npos) end = text.size();
    const std::string element(trim(std::string_view(text).substr(begin, end - begin)));
    begin = end + column.source.split.size();
    if (element.empty()) continue;
    const auto translated = translate(column, element);
    if (translated)
      list.emplace_back(*translated);
    else if (column.source.otherwise == Otherwise::leave_empty)
      return Value::null();
  }
  return list.empty() ? Value::null() : Value::json(boost::json::serialize(list));
}

Value as_date(const Column& column, const std::string& text, const std::string& zone) {
  for (const std::string& pattern : column.source.dates) {
    const auto parts = parse_pattern(text, pattern);
    if (!parts) continue;
    if (column.member != nullptr && column.member->type.kind == Kind::timestamp) {
      return Value::timestamp(local_to_utc(parts->days * kMicrosPerDay + parts->micros_of_day, zone));
    }
    return Value::date(parts->days);
  }
  const std::string expected = join(column.source.dates, " or ");
  column.refuse(text, "is not a date of the form " + expected, expected,
                "correct it; if the file is right, add its pattern to \"date\" in the mapping");
}

/// A currency beside the amount is checked and taken off: another one would be a silent mistake.
std::string amount_of(const Column& column, const std::string& text) {
  const AmountText parts = without_currency(text);
  if (parts.currency.empty()) return parts.amount;
  const std::string wanted(column.member->type.currency.text());
  if (means_currency(parts.currency, wanted)) return parts.amount;
  column.refuse(text, "is an amount in " + parts.currency + ", " + column.member->name + " is in " + wanted, wanted,
                "convert it, or import it into a field of that currency");
}

Value as_number(const Column& column, const std::string& text) {
  const NumberForm& form = *column.source.number;
  const bool money = column.member != nullptr && column.member->type.kind == Kind::money;
  if (auto number = plain_number(money ? amount_of(column, text) : text, form)) return Value::text(std::move(*number));
  const std::string expected =
      "a number such as 1" + (form.group.empty() ? "" : form.group) + "234" + form.decimal + "56";
  column.refuse(text, "is not " + expected, expected,
                "correct it; if the file is right, say its form in \"number\" of the mapping");
}

Value as_boolean(const Column& column, const std::string& text) {
  const BoolWords& words = column.source.words;
  if (const auto said = bool_of(text, words)) return Value::boolean(*said);
  const std::string expected = join(words.yes, ", ") + " or " + join(words.no, ", ");
  column.refuse(text, "is no word for true (" + join(words.yes, ", ") + ") or false (" + join(words.no, ", ") + ")",
                expected, "name the file's words in the mapping: {\"from\": ..., \"true\": [...], \"false\": [...]}");
}

bool is_boolean(const Column& column) { return column.member != nullptr && column.member->type.kind == Kind::boolean; }

Value as_phone(const Column& column, const std::string& text) {
  if (auto number = normalise_phone(text, column.source.phone_region)) return Value::text(std::move(*number));
  column.refuse(text, "is not a telephone number",
                "a number of " + column.source.phone_region + ", or one with + and its country");
}

Value transform(const Mapping& mapping, const Column& column, const Value& value) {
  if (value.kind != Kind::text) return value;
  const std::string text(trim(value.s));
  if (!column.source.split.empty()) return as_list(column, text);
  const auto translated = translate(column, text);
  if (!translated) return Value::null();
  if (!column.source.dates.empty()) return as_date(column, *translated, mapping.input.time_zone);
  if (column.source.number) return as_number(column, *translated);
  if (!column.source.phone_region.empty()) return as_phone(column, *translated);
  if (is_boolean(column) && !translated->empty()) return as_boolean(column, *translated);
  // An instant without an offset is one of the file's zone, not of the tenant's.
  if (column.member != nullptr && column.member->type.kind == Kind::timestamp) {
    if (const auto instant = parse_local_instant(*translated, mapping.input.time_zone))
      return Value::timestamp(*instant);
  }
  return Value::text(*translated);
}

/// "y '2018', m '02'": the columns that an expression reads, with what stands in them unless that is personal.
std::string columns_read(const Mapping& mapping, const expr::Program& program, const catalog::Member* member,
                         const RowView& row) {
  const bool personal = member != nullptr && member->pii != catalog::Pii::none;
  std::vector<std::string> columns;
  for (const expr::Read& read : program.reads) {
    const auto number = static_cast<std::size_t>(read.member);
    const std::string name = number < mapping.columns.size() ? mapping.columns[number] : "_line";
    columns.push_back(personal || member == nullptr ? name : name + " " + shown(*member, row.at(read.member)));
  }
  return join(columns, ", ");
}

/// A conversion that failed is told as such: that a field is then missing says nothing of what to correct.
[[noreturn]] void refuse_conversion(const Mapping& mapping, const Column& column, const RowView& row,
                                    const std::string& why) {
  const catalog::Member* member = column.member;
  const bool personal = member != nullptr && member->pii != catalog::Pii::none;
  Problem problem;
  problem.number = ProblemNumber::column_value;
  problem.field = !column.source.column_name.empty() || member == nullptr ? column.source.column_name : member->name;
  problem.found = columns_read(mapping, *column.source.program, member, row);
  problem.message = (member == nullptr ? std::string("the key") : member->name) + ": " + column.source.program->source +
                    " has no value: " + (personal ? "a conversion failed on personal data" : why) + " (" +
                    problem.found + ")";
  problem.fix = "correct these columns, or let the mapping leave the field empty then: coalesce(..., null)";
  throw Error(std::move(problem));
}

}  // namespace

Value value_of(const access::Unit& unit, const Mapping& mapping, const ValueSource& source,
               const catalog::Member* member, RowView& row, const RowRecords& records) {
  if (source.record >= 0) {
    const auto& id = records[static_cast<std::size_t>(source.record)];
    const RecordPlan& plan = mapping.records[static_cast<std::size_t>(source.record)];
    return id ? Value::ref(plan.type->number, *id) : Value::null();
  }
  const Column column{source, member};
  if (source.column >= 0) return transform(mapping, column, row.at(source.column));
  Value value = expr::evaluate(*source.program, row, unit.env()).value;
  if (value.is_unknown() && !value.s.empty()) refuse_conversion(mapping, column, row, value.s);
  if (value.is_dead()) return Value::null();
  if (value.kind == Kind::text && is_boolean(column) && !trim(value.s).empty()) return as_boolean(column, value.s);
  if (value.kind == Kind::text && member != nullptr && member->type.kind == Kind::timestamp) {
    if (const auto instant = parse_local_instant(trim(value.s), mapping.input.time_zone))
      return Value::timestamp(*instant);
  }
  return value;
}

bool applies(const access::Unit& unit, const expr::ProgramPtr& condition, RowView& row) {
  return condition == nullptr || expr::holds(*condition, row, unit.env());
}

}  // namespace kith::internal::facts
