#include "store/rows/source_states.hpp"

namespace kith::internal::store {

std::optional<std::string> said_state(Records& records, std::string_view source, std::int32_t record_type,
                                      const RecordId& id, std::string_view lifecycle) {
  const StatementPtr row = records.connection().prepare(
      "SELECT state FROM kith_source_state WHERE tenant = ? AND record_type = ? AND record = ? AND source = ? "
      "AND lifecycle = ?");
  row->bind(0, records.tenant());
  row->bind(1, records.layout().lasting_type(record_type));
  row->bind(2, id);
  row->bind(3, source);
  row->bind(4, lifecycle);
  if (!row->step()) return std::nullopt;
  return std::string(row->text(0));
}

void keep_said_state(Records& records, std::string_view source, std::int32_t record_type, const RecordId& id,
                     std::string_view lifecycle, std::string_view state) {
  const StatementPtr upsert = records.connection().prepare(
      "INSERT INTO kith_source_state (tenant, record_type, record, source, lifecycle, state) VALUES (?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (tenant, record_type, record, source, lifecycle) DO UPDATE SET state = excluded.state");
  upsert->bind(0, records.tenant());
  upsert->bind(1, records.layout().lasting_type(record_type));
  upsert->bind(2, id);
  upsert->bind(3, source);
  upsert->bind(4, lifecycle);
  upsert->bind(5, state);
  upsert->step();
}

}  // namespace kith::internal::store
