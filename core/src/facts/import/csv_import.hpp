// An import of a CSV file under way: implements facts::Import.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "facts/import/import.hpp"
#include "facts/import/import_run.hpp"
#include "facts/import/mapping/mapping.hpp"
#include "facts/import/rejects.hpp"
#include "facts/import/row_applier.hpp"
#include "facts/import/source/row_reader.hpp"

namespace kith::internal::facts {

/// A file opened by a mapping: its columns, and where its own data ends and a reject file's notes begin.
struct OpenedFile {
  std::unique_ptr<RowReader> reader;
  char delimiter = ',';  ///< of its reject file too
  bool json_lines = false;
  std::vector<std::string> columns;  ///< of the data
  std::int32_t line_column = -1;     ///< `_line` of a reject file; -1 = an ordinary file
  std::size_t fields = 0;            ///< that each row has
};
OpenedFile open_file(const std::string& path, const MappingInput& input);

class CsvImport final : public Import {
 public:
  CsvImport(Mapping mapping, OpenedFile file, store::ImportRun run, const ImportRequest& request);
  bool step(access::Unit& unit) override;
  void committed() override;
  boost::json::object status() const override;
  const store::Cause& cause() const override { return cause_; }

 private:
  struct Work;
  struct ReadRow {
    CsvRow row;
    std::int64_t next_line = 0, next_offset = 0;  ///< of the file, behind it
  };
  void begin_step(access::Unit& unit);
  void catch_up(access::Unit& unit);
  bool read_batch(std::vector<ReadRow>& rows);
  bool has_guards(const CsvRow& row) const;
  void take_row(const CsvRow& row);
  void apply_batch(access::Unit& unit, const std::vector<ReadRow>& rows);
  void apply_batch(access::Unit& unit, const std::vector<ReadRow>& rows, bool careful);
  void one_row(access::Unit& unit, Work& work, const CsvRow& row);
  void apply_row(access::Unit& unit, Work& work, const CsvRow& row);
  void reject(const CsvRow& row, const std::vector<Problem>& problems);
  std::vector<std::string> data_fields(const CsvRow& row) const;
  void count(const RowOutcome& outcome, const CsvRow& row);

  Mapping mapping_;
  OpenedFile file_;
  RowApplier applier_;
  store::ImportRun run_;
  Reasons reasons_;
  RejectFile rejects_;
  store::Cause cause_;
  RowView view_;
  SeenKeys seen_;
  std::vector<std::uint64_t> batch_keys_;  ///< those that the present batch has added
  std::int32_t id_column_ = -1;            ///< `id` of an export; -1 = the file has none
  bool dry_run_;
  bool keeps_rejects_;              ///< a dry run does only when it is asked to
  std::int64_t states_differ_ = 0;  ///< of this session's part of the run
  std::int64_t max_rejects_, batch_;
  bool caught_up_ = false;
  bool open_step_ = false;  ///< a step's batch has not been committed yet
};

}  // namespace kith::internal::facts
