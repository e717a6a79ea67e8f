// Import of CSV by a mapping: in batches, each one transaction with its bookkeeping, so that what was acknowledged is
// there and a stopped run goes on where it was. One row is one unit of success: it lands whole, or is rejected whole.
#pragma once
#include <boost/json/fwd.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/file/file.hpp"
#include "base/json/json_document.hpp"
#include "facts/transaction.hpp"

namespace kith::internal::facts {

struct ImportRequest {
  std::string file, mapping_file;
  std::string resume;                    ///< "", an import id, or "auto"
  std::string reject_file;               ///< "" = as the mapping says, else <file>.rejects.csv
  bool dry_run = false;                  ///< checks everything, writes nothing
  std::int64_t max_rejects = -1;         ///< -1 = as the mapping says
  std::int64_t batch = 0;                ///< 0 = as the mapping says, else 1,000 rows
  OwnFiles own_files;                    ///< of the core: the reject file may be none of them, nor may what is imported
  std::uint32_t file_mode = kOwnerOnly;  ///< of the reject file
};

/// Runs inside units that the caller opens: one per batch.
class Import {
 public:
  /// Reads and checks the mapping against the catalog and the file's header (all problems at once), finds the run to
  /// resume. `unit` may be read-only.
  static std::unique_ptr<Import> begin(access::Unit& unit, const ImportRequest& request);
  virtual ~Import() = default;
  /// Reads and applies one batch inside the unit's open write transaction, bookkeeping included. The caller commits,
  /// then calls committed(). Returns false when the file is at its end (the run is then closed in the same
  /// transaction).
  virtual bool step(access::Unit& unit) = 0;
  /// After the commit: the reject file is completed up to what was committed.
  virtual void committed() = 0;
  /// {"run","state","line","read","created","updated","unchanged","rejected","reasons":[...],"reject_file","bytes",
  ///  "total_bytes","dry_run"}
  virtual boost::json::object status() const = 0;
  virtual const store::Cause& cause() const = 0;  ///< for the units: root, automation
};

/// Checks a mapping without a file, as far as its "fields" say which columns there will be. Throws all problems at
/// once.
void check_mapping(const catalog::Catalog& catalog, const std::string& mapping_file);

}  // namespace kith::internal::facts
