// The derived side of Records: values beside the facts, with the span in which they hold.
#include "store/layout/tables.hpp"
#include "store/rows/records.hpp"

namespace kith::internal::store {
namespace {

const expr::Type kBandType = expr::Type::of(Kind::text);

std::vector<RecordId> ids(Statement& rows) {
  std::vector<RecordId> out;
  while (rows.step()) out.push_back(rows.id(0));
  return out;
}

}  // namespace

Derived Records::load_derived(std::int32_t derivation, const RecordId& id) const {
  const DerivationSql& sql = layout_->tables().derivation(derivation);
  const StatementPtr row = connection_->prepare(sql.load);
  row->bind(0, tenant_);
  row->bind(1, id);
  Derived out;
  // The row is shared by all derivations of the record: it may be there before this one has a value.
  if (!row->step() || row->is_null(1)) return out;
  out.present = true;
  out.value = row->value(0, sql.type);
  out.as_of = row->integer(1);
  out.until = row->integer(2);
  out.fingerprint = row->integer(3);
  if (sql.has_band) out.band = row->value(4, kBandType);
  return out;
}

void Records::store_derived(std::int32_t derivation, const RecordId& id, const Derived& derived) {
  const DerivationSql& sql = layout_->tables().derivation(derivation);
  const StatementPtr upsert = connection_->prepare(sql.store);
  upsert->bind(0, tenant_);
  upsert->bind(1, id);
  upsert->bind(2, derived.value);
  upsert->bind(3, derived.as_of);
  upsert->bind(4, derived.until);
  upsert->bind(5, derived.fingerprint);
  if (sql.has_band) upsert->bind(6, derived.band);
  upsert->step();
}

void Records::lower_until(std::int32_t derivation, const RecordId& id, std::int64_t until) {
  const StatementPtr update = connection_->prepare(layout_->tables().derivation(derivation).lower_until);
  update->bind(0, until);
  update->bind(1, tenant_);
  update->bind(2, id);
  update->bind(3, until);
  update->step();
}

std::vector<RecordId> Records::due(std::int32_t derivation, std::int64_t now, std::int64_t limit) const {
  const StatementPtr rows = connection_->prepare(layout_->tables().derivation(derivation).due);
  rows->bind(0, tenant_);
  rows->bind(1, now);
  rows->bind(2, limit);
  return ids(*rows);
}

std::vector<RecordId> Records::missing(std::int32_t derivation, const RecordId& after, std::int64_t limit) const {
  const StatementPtr rows = connection_->prepare(layout_->tables().derivation(derivation).missing);
  rows->bind(0, tenant_);
  rows->bind(1, after);
  rows->bind(2, layout_->numbers().fingerprint[static_cast<std::size_t>(derivation)]);
  rows->bind(3, limit);
  return ids(*rows);
}

std::optional<std::int64_t> Records::next_due(std::int32_t derivation) const {
  const StatementPtr row = connection_->prepare(layout_->tables().derivation(derivation).next_due);
  row->bind(0, tenant_);
  if (!row->step()) return std::nullopt;
  return row->integer(0);
}

}  // namespace kith::internal::store
