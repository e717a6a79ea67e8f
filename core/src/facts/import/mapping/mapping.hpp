// A mapping file, checked and compiled: how the columns of a file become records, their fields and relationships.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/json_document.hpp"
#include "catalog/model/model.hpp"
#include "expr/evaluate/evaluate.hpp"
#include "expr/program.hpp"
#include "facts/import/mapping/spellings.hpp"

namespace kith::internal::facts {

enum class OnError : std::uint8_t { reject, leave_empty, reject_part };
/// keep: the text as it stands; drop: of a split list, the element
enum class Otherwise : std::uint8_t { reject, leave_empty, drop, keep };
enum class States : std::uint8_t { follow, initial_only, force };
enum class ImportMode : std::uint8_t { create, upsert, append_if_changed };

/// Where a value comes from, and what is done to it on the way.
struct ValueSource {
  expr::ProgramPtr program;        ///< an expression over the columns; else:
  std::int32_t column = -1;        ///< one column; else:
  std::int32_t record = -1;        ///< a record of the same row, by its position in Mapping::records
  std::vector<std::string> dates;  ///< patterns, tried in order
  bool mapped = false;
  std::map<std::string, std::string, std::less<>> map;
  Otherwise otherwise = Otherwise::reject;
  std::optional<NumberForm> number;
  BoolWords words;           ///< of a boolean member
  std::string split;         ///< "" = one value
  std::string phone_region;  ///< "" = not treated as a number
  OnError on_error = OnError::reject;
  std::string column_name;  ///< the only column that it reads; "" = none or several
};

struct FieldPlan {
  std::string name;
  std::int32_t member = -1;
  ValueSource value;
  bool fill_empty = false;      ///< on a record that is there: written only where the field is empty
  bool clears = false;          ///< on a record that is there: an empty cell empties the field
  std::int32_t lifecycle = -1;  ///< whose state it says, by its number; -1 = it is none
  bool since = false;           ///< says since when a new record has been in its state
  bool is_fact() const { return lifecycle < 0 && !since; }
};

struct RecordPlan {
  std::string id;
  const catalog::RecordType* type = nullptr;
  expr::ProgramPtr when;  ///< null = always
  ImportMode mode = ImportMode::create;
  bool has_external_id = false;
  ValueSource external_id;
  std::vector<std::string> key_fields;
  bool clears = false;  ///< on_empty of its fields that don't say it
  std::vector<FieldPlan> fields;
  States states = States::follow;            ///< what a state does to a record that is there
  std::optional<ValueSource> reason, event;  ///< of the transitions that follow
};

struct RelationshipPlan {
  expr::ProgramPtr when;
  std::string type;
  std::size_t from = 0, to = 0;  ///< positions in Mapping::records
};

struct MappingInput {
  std::string format;  ///< csv, jsonl; "" = as the file begins
  std::string encoding = "utf-8", delimiter = "auto", time_zone;
  bool encoding_said = false;
  bool header = true;
  std::optional<bool> guarded;  ///< formulas have an apostrophe before them; nullopt: in rows that kith exported
  std::vector<std::string> null_values{""};
  std::vector<std::string> fields;
};

struct MappingOptions {
  bool automation = true;
  std::int64_t batch = 1'000;
  std::int64_t max_rejects = -1;  ///< -1 = any number
  std::string reject_file;        ///< relative to the folder of the imported file; "" = <file>.rejects.csv
};

struct Mapping {
  std::string id, source, file, hash;
  MappingInput input;
  MappingOptions options;
  std::vector<std::string> columns;  ///< in the order of the file
  expr::ProgramPtr skip_when;
  std::vector<RecordPlan> records;
  std::vector<RelationshipPlan> relationships;
  std::vector<std::string> notes;  ///< what is no mistake, and what its writer should know
};

/// The first part, which is needed to open the file: id, source, input, options. Adds to `problems`, also every wrong
/// key of the rest.
Mapping read_mapping_head(const JsonDocument& document, const catalog::Catalog& catalog, Problems& problems);
/// The rest, over the columns that the file has.
void read_mapping_body(const JsonDocument& document, const catalog::Catalog& catalog, std::vector<std::string> columns,
                       Mapping& mapping, Problems& problems);

/// One row as mapping expressions see it: columns as text, null where they say nothing, and `_line`.
class RowView : public expr::RecordView {
 public:
  explicit RowView(std::size_t columns) : values_(columns + 1) { show_facts(values_.data()); }
  RowView(const RowView&) = delete;
  RowView& operator=(const RowView&) = delete;
  void set(std::size_t column, Value value) { values_[column] = std::move(value); }
  void set_line(std::int64_t line) { values_.back() = Value::integer(line); }
  const Value& at(std::int32_t column) const { return values_[static_cast<std::size_t>(column)]; }
  std::int64_t line() const { return values_.back().i; }
  Value self() override { return Value::null(); }
  expr::Timed get(std::int32_t member) override { return {at(member), kForever}; }
  expr::RecordView* follow(std::int32_t) override { return nullptr; }

 private:
  std::vector<Value> values_;
};

}  // namespace kith::internal::facts
