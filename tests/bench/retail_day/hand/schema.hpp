// The tables of the hand-written shop: the product's facts with the same indexes, its logs in the leanest form that
// still says the same (words by number, what was written as bytes), derived values keyed by the customer's rid.
#pragma once

namespace kith::bench::hand {

inline constexpr const char* kSettings =
    "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;"
    "PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4096";

inline constexpr const char* kFacts = R"(
CREATE TABLE customer (rid INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, id BLOB NOT NULL, removed_at INTEGER,
  version INTEGER, created_at INTEGER, created_by INTEGER, updated_at INTEGER, updated_by INTEGER, kind TEXT, name TEXT,
  given_name TEXT, family_name TEXT, email TEXT, phone TEXT, birth_date INTEGER, language TEXT, country TEXT,
  owner INTEGER, preferred_channel TEXT, preferred_store INTEGER, lifecycle TEXT, lifecycle_since INTEGER,
  shopper_state TEXT, shopper_state_since INTEGER, UNIQUE (tenant, id)) STRICT;
CREATE INDEX customer_name ON customer (tenant, name);
CREATE INDEX customer_email ON customer (tenant, email);
CREATE INDEX customer_phone ON customer (tenant, phone) WHERE phone IS NOT NULL;
CREATE INDEX customer_lifecycle ON customer (tenant, lifecycle);
CREATE INDEX customer_shopper_state ON customer (tenant, shopper_state);
CREATE TABLE contact_point (rid INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, id BLOB NOT NULL, removed_at INTEGER,
  version INTEGER, created_at INTEGER, created_by INTEGER, updated_at INTEGER, updated_by INTEGER, customer INTEGER,
  kind TEXT, value TEXT, network TEXT, verified INTEGER, "primary" INTEGER, UNIQUE (tenant, id)) STRICT;
CREATE UNIQUE INDEX contact_point_once ON contact_point (tenant, customer, kind, value) WHERE removed_at IS NULL;
CREATE INDEX contact_point_value ON contact_point (tenant, kind, value);
CREATE TABLE interaction (rid INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, id BLOB NOT NULL, removed_at INTEGER,
  customer INTEGER, direction TEXT, at INTEGER, UNIQUE (tenant, id)) STRICT;
CREATE TABLE sales_deal (rid INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, id BLOB NOT NULL, removed_at INTEGER,
  customer INTEGER, state TEXT, amount INTEGER, UNIQUE (tenant, id)) STRICT;
CREATE TABLE retail_order (rid INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, id BLOB NOT NULL, removed_at INTEGER,
  version INTEGER, created_at INTEGER, created_by INTEGER, updated_at INTEGER, updated_by INTEGER, customer INTEGER,
  ordered_at INTEGER, kind TEXT, channel TEXT, store INTEGER, category TEXT, total INTEGER, UNIQUE (tenant, id)) STRICT;
CREATE INDEX retail_order_customer ON retail_order (tenant, customer);
CREATE TABLE value_entry (rid INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, id BLOB NOT NULL, removed_at INTEGER,
  version INTEGER, created_at INTEGER, created_by INTEGER, updated_at INTEGER, updated_by INTEGER, customer INTEGER,
  occurred_on INTEGER, kind TEXT, category TEXT, product INTEGER, units INTEGER, net INTEGER, source INTEGER,
  source_type INTEGER, UNIQUE (tenant, id)) STRICT;
CREATE INDEX value_entry_customer ON value_entry (tenant, customer);
CREATE UNIQUE INDEX value_entry_source ON value_entry (tenant, source) WHERE removed_at IS NULL AND source IS NOT NULL;
CREATE TABLE task (rid INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, id BLOB NOT NULL, removed_at INTEGER,
  version INTEGER, created_at INTEGER, created_by INTEGER, updated_at INTEGER, updated_by INTEGER, title TEXT,
  body TEXT, customer INTEGER, about INTEGER, about_type INTEGER, assigned_to INTEGER, assigned_to_type INTEGER,
  status TEXT, priority TEXT, due_on INTEGER, done_at INTEGER, UNIQUE (tenant, id)) STRICT;
CREATE INDEX task_customer ON task (tenant, customer);
CREATE INDEX task_due ON task (tenant, status, due_on);
CREATE TABLE external_id (tenant INTEGER NOT NULL, record_type INTEGER NOT NULL, source TEXT NOT NULL,
  key TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (tenant, record_type, source, key)) STRICT, WITHOUT ROWID;
)";

inline constexpr const char* kLogs = R"(
CREATE TABLE word (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE change_log (sequence INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, at_us INTEGER NOT NULL,
  actor INTEGER NOT NULL, operation INTEGER NOT NULL, record_type INTEGER NOT NULL, record INTEGER NOT NULL,
  version INTEGER NOT NULL, cause INTEGER NOT NULL, depth INTEGER NOT NULL, fields BLOB NOT NULL) STRICT;
CREATE INDEX change_log_record ON change_log (tenant, record_type, record);
CREATE TABLE event_log (sequence INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, at_us INTEGER NOT NULL,
  name INTEGER NOT NULL, record_type INTEGER NOT NULL, record INTEGER NOT NULL, cause INTEGER NOT NULL,
  depth INTEGER NOT NULL, payload TEXT NOT NULL) STRICT;
CREATE TABLE cursor (tenant INTEGER NOT NULL, consumer TEXT NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (tenant, consumer)) STRICT, WITHOUT ROWID;
CREATE TABLE transition (rid INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, record_type INTEGER NOT NULL,
  record INTEGER NOT NULL, lifecycle INTEGER NOT NULL, from_state INTEGER NOT NULL, to_state INTEGER NOT NULL,
  event INTEGER NOT NULL, actor INTEGER NOT NULL, entered_us INTEGER NOT NULL, left_us INTEGER,
  cause INTEGER NOT NULL, depth INTEGER NOT NULL) STRICT;
CREATE INDEX transition_record ON transition (tenant, record_type, record, lifecycle);
CREATE TABLE run (row INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, trigger INTEGER NOT NULL,
  workflow INTEGER NOT NULL, version INTEGER NOT NULL, record_type INTEGER NOT NULL, record INTEGER NOT NULL,
  state INTEGER NOT NULL, at_us INTEGER NOT NULL, did BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX run_once ON run (tenant, record_type, record, workflow, trigger);
CREATE TABLE rfm_bounds (rid INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, as_of INTEGER NOT NULL,
  published_us INTEGER NOT NULL, customers INTEGER NOT NULL, r1 REAL, r2 REAL, r3 REAL, r4 REAL, f1 REAL, f2 REAL,
  f3 REAL, f4 REAL, m1 REAL, m2 REAL, m3 REAL, m4 REAL) STRICT;
)";

inline constexpr const char* kDerived = R"(
CREATE TABLE customer_derived (rid INTEGER PRIMARY KEY, orders_ever INTEGER, net_orders_12m INTEGER,
  net_spend_12m INTEGER, returns_12m INTEGER, first_order_at INTEGER, last_order_at INTEGER, average_gap_days INTEGER,
  expected_by INTEGER, lapses_at INTEGER, active_shopper INTEGER, last_value_on INTEGER, value_count INTEGER,
  net_value INTEGER, open_deals INTEGER, open_amount INTEGER, won_deals INTEGER, won_amount INTEGER,
  lost_deals INTEGER, win_rate REAL, recency_days INTEGER, r_score INTEGER, f_score INTEGER, m_score INTEGER,
  rfm_segment TEXT, value REAL, value_band TEXT, win_back INTEGER) STRICT;
)";

}  // namespace kith::bench::hand
