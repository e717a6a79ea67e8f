#include "store/connection/engine_tables.hpp"

#include <string>

namespace kith::internal::store {
namespace {

// What exists. None of it belongs to a tenant; numbers here are the lasting ones.
constexpr const char* kCatalogTables = R"sql(
CREATE TABLE kith_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE kith_tenant (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE kith_bundle (id TEXT PRIMARY KEY, version TEXT NOT NULL, state TEXT NOT NULL,
  changed_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE kith_type (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, owner TEXT NOT NULL,
  table_name TEXT NOT NULL UNIQUE, state TEXT NOT NULL) STRICT;
CREATE TABLE kith_member (type INTEGER NOT NULL REFERENCES kith_type(number), name TEXT NOT NULL,
  owner TEXT NOT NULL, role TEXT NOT NULL, column_name TEXT NOT NULL, meaning TEXT NOT NULL,
  state TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (type, name), UNIQUE (type, number)) STRICT, WITHOUT ROWID;
CREATE TABLE kith_derivation (number INTEGER PRIMARY KEY, type INTEGER NOT NULL REFERENCES kith_type(number),
  name TEXT NOT NULL, owner TEXT NOT NULL, kind TEXT NOT NULL, fingerprint TEXT NOT NULL,
  epoch INTEGER NOT NULL, epoch_us INTEGER NOT NULL, state TEXT NOT NULL, UNIQUE (type, name)) STRICT;
)sql";

// What happened. Changes and events are numbered in one sequence, and no number comes twice: the newest row of all
// stays when others are purged. A cause has the number of the first row that it is of, so that it tells where its
// tenant's rows begin; `log` is 1 for causes of changes, 2 for those of events, which are not kept equally long. The
// number of the event from which a chain of runs began differs from row to row, and lies with them.
constexpr const char* kJournalTables = R"sql(
CREATE TABLE kith_cause (tenant INTEGER NOT NULL, number INTEGER NOT NULL, log INTEGER NOT NULL,
  at_us INTEGER NOT NULL, actor TEXT NOT NULL, root TEXT NOT NULL, depth INTEGER NOT NULL,
  automation INTEGER NOT NULL, by TEXT NOT NULL, PRIMARY KEY (tenant, log, number)) STRICT, WITHOUT ROWID;
CREATE TABLE kith_change (sequence INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, record_type INTEGER NOT NULL,
  record BLOB NOT NULL, operation INTEGER NOT NULL, events INTEGER NOT NULL, version INTEGER NOT NULL,
  cause INTEGER NOT NULL, root INTEGER, content BLOB NOT NULL) STRICT;
CREATE INDEX "ix:kith_change:record" ON kith_change (tenant, record);
CREATE TABLE kith_event (sequence INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, kind INTEGER NOT NULL,
  record_type INTEGER NOT NULL, record BLOB NOT NULL, name TEXT NOT NULL, cause INTEGER NOT NULL, root INTEGER,
  payload TEXT, content BLOB) STRICT;
CREATE TABLE kith_cursor (tenant INTEGER NOT NULL, consumer TEXT NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (tenant, consumer)) STRICT, WITHOUT ROWID;
CREATE TABLE kith_transition (rid INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, record_type INTEGER NOT NULL,
  record BLOB NOT NULL, lifecycle TEXT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL,
  event TEXT NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL, guard TEXT NOT NULL,
  bundle_version TEXT NOT NULL, entered_us INTEGER NOT NULL, left_us INTEGER, root TEXT NOT NULL,
  depth INTEGER NOT NULL, automation INTEGER NOT NULL, by TEXT NOT NULL) STRICT;
CREATE INDEX "ix:kith_transition:record" ON kith_transition (tenant, record, lifecycle);
CREATE TABLE kith_edge (rid INTEGER PRIMARY KEY AUTOINCREMENT, tenant INTEGER NOT NULL,
  relationship TEXT NOT NULL, from_type INTEGER NOT NULL, from_id BLOB NOT NULL, to_type INTEGER NOT NULL,
  to_id BLOB NOT NULL, from_on INTEGER NOT NULL, to_on INTEGER, attributes TEXT NOT NULL) STRICT;
CREATE INDEX "ix:kith_edge:from" ON kith_edge (tenant, from_id, relationship);
CREATE INDEX "ix:kith_edge:to" ON kith_edge (tenant, to_id, relationship);
CREATE TABLE kith_external_id (tenant INTEGER NOT NULL, record_type INTEGER NOT NULL, source TEXT NOT NULL,
  key TEXT NOT NULL, id BLOB NOT NULL, PRIMARY KEY (tenant, record_type, source, key)) STRICT, WITHOUT ROWID;
CREATE INDEX "ix:kith_external_id:id" ON kith_external_id (tenant, id);
CREATE TABLE kith_source_state (tenant INTEGER NOT NULL, record_type INTEGER NOT NULL, record BLOB NOT NULL,
  source TEXT NOT NULL, lifecycle TEXT NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (tenant, record_type, record, source, lifecycle)) STRICT, WITHOUT ROWID;
)sql";

// What is to be done, and what was. Runs: 1 pending, 2 done, 3 skipped, 4 retry, 5 dead, 6 quarantined; only those that
// are to be done have a due time. kith_once
// keeps that a workflow ran for a record when the run itself was purged.
constexpr const char* kWorkTables = R"sql(
CREATE TABLE kith_dirty (tenant INTEGER NOT NULL, record_type INTEGER NOT NULL, record BLOB NOT NULL,
  hard BLOB NOT NULL, soft BLOB NOT NULL, root TEXT NOT NULL, depth INTEGER NOT NULL,
  automation INTEGER NOT NULL, by TEXT NOT NULL, PRIMARY KEY (tenant, record_type, record)) STRICT, WITHOUT ROWID;
CREATE TABLE kith_scope_mark (row INTEGER PRIMARY KEY AUTOINCREMENT, tenant INTEGER NOT NULL,
  record_type INTEGER NOT NULL, at_us INTEGER NOT NULL, derivations BLOB NOT NULL, after BLOB NOT NULL,
  root TEXT NOT NULL, depth INTEGER NOT NULL, automation INTEGER NOT NULL, by TEXT NOT NULL) STRICT;
CREATE INDEX "ix:kith_scope_mark:tenant" ON kith_scope_mark (tenant);
CREATE TABLE kith_backfill (tenant INTEGER NOT NULL, record_type INTEGER NOT NULL, epoch INTEGER NOT NULL,
  after BLOB NOT NULL, PRIMARY KEY (tenant, record_type)) STRICT, WITHOUT ROWID;
CREATE TABLE kith_failed_value (tenant INTEGER NOT NULL, record_type INTEGER NOT NULL, record BLOB NOT NULL,
  derivation INTEGER NOT NULL, at_us INTEGER NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (tenant, record_type, record, derivation)) STRICT, WITHOUT ROWID;
CREATE TABLE kith_parameter (rid INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, set_name TEXT NOT NULL,
  as_of_us INTEGER NOT NULL, published_us INTEGER NOT NULL, job TEXT NOT NULL, content TEXT NOT NULL) STRICT;
CREATE INDEX "ix:kith_parameter:set" ON kith_parameter (tenant, set_name, as_of_us, published_us);
CREATE TABLE kith_workflow (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE kith_run (row INTEGER PRIMARY KEY AUTOINCREMENT, tenant INTEGER NOT NULL,
  event INTEGER NOT NULL, workflow INTEGER NOT NULL, version TEXT NOT NULL, record_type INTEGER NOT NULL,
  record BLOB NOT NULL, state INTEGER NOT NULL, cursor INTEGER NOT NULL, tries INTEGER NOT NULL, due_us INTEGER,
  at_us INTEGER NOT NULL, root INTEGER NOT NULL, error TEXT, trace TEXT) STRICT;
CREATE UNIQUE INDEX "ux:kith_run:record" ON kith_run (tenant, record, workflow, event);
CREATE INDEX "ix:kith_run:root" ON kith_run (tenant, root);
CREATE INDEX "ix:kith_run:open" ON kith_run (tenant, due_us) WHERE due_us IS NOT NULL;
CREATE INDEX "ix:kith_run:finished" ON kith_run (tenant, event) WHERE state IN (2, 3);
CREATE INDEX "ix:kith_run:failed" ON kith_run (tenant, state, event) WHERE state > 4;
CREATE TABLE kith_once (tenant INTEGER NOT NULL, workflow INTEGER NOT NULL, record BLOB NOT NULL,
  PRIMARY KEY (tenant, workflow, record)) STRICT, WITHOUT ROWID;
CREATE TABLE kith_import (rid INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, id TEXT NOT NULL,
  file TEXT NOT NULL, mapping TEXT NOT NULL, source TEXT NOT NULL, mapping_hash TEXT NOT NULL,
  file_hash TEXT NOT NULL, state TEXT NOT NULL, reject_file TEXT NOT NULL, automation TEXT NOT NULL,
  started_us INTEGER NOT NULL, line INTEGER NOT NULL, byte_offset INTEGER NOT NULL,
  read_rows INTEGER NOT NULL, created_rows INTEGER NOT NULL, updated_rows INTEGER NOT NULL,
  unchanged_rows INTEGER NOT NULL, rejected_rows INTEGER NOT NULL, reject_bytes INTEGER NOT NULL,
  reasons TEXT NOT NULL, UNIQUE (tenant, id)) STRICT;
CREATE INDEX "ix:kith_import:file" ON kith_import (tenant, file, mapping_hash, started_us);
CREATE TABLE kith_job_run (rid INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, id TEXT NOT NULL,
  job TEXT NOT NULL, arguments TEXT NOT NULL, state TEXT NOT NULL, error TEXT NOT NULL,
  started_us INTEGER NOT NULL, ended_us INTEGER NOT NULL, done INTEGER NOT NULL, total INTEGER NOT NULL,
  UNIQUE (tenant, id)) STRICT;
CREATE INDEX "ix:kith_job_run:started" ON kith_job_run (tenant, started_us);
)sql";

}  // namespace

void create_engine_tables(Connection& connection) {
  connection.begin(true);
  try {
    connection.execute(kCatalogTables);
    connection.execute(kJournalTables);
    connection.execute(kWorkTables);
    connection.execute("PRAGMA application_id = " + std::to_string(kApplicationId));
    connection.execute("PRAGMA user_version = " + std::to_string(kFormat));
    connection.execute("INSERT INTO kith_meta (key, value) VALUES ('format', '" + std::to_string(kFormat) +
                       "'), ('catalog_hash', ''), ('catalog_generation', '0')");
    connection.commit();
  } catch (...) {
    connection.rollback();
    throw;
  }
}

}  // namespace kith::internal::store
