#include "store/layout/present.hpp"

namespace kith::internal::store {

void read_tables(Connection& connection, Present& present) {
  const StatementPtr columns = connection.prepare(
      "SELECT m.name, c.name, c.type FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c "
      "WHERE m.type = 'table' AND m.name NOT GLOB 'kith_*' AND m.name NOT GLOB 'sqlite_*'");
  while (columns->step())
    present.tables[std::string(columns->text(0))][std::string(columns->text(1))] = columns->text(2);
  const StatementPtr indexes = connection.prepare(
      "SELECT m.name, m.tbl_name, c.name, m.sql FROM sqlite_schema AS m JOIN pragma_index_info(m.name) AS c "
      "WHERE m.type = 'index' AND m.name GLOB '[iun]x:*' AND m.tbl_name NOT GLOB 'kith_*' ORDER BY m.name, c.seqno");
  while (indexes->step()) {
    PresentIndex& index = present.indexes[std::string(indexes->text(0))];
    index.table = indexes->text(1);
    index.sql = indexes->text(3);
    index.columns.emplace_back(indexes->text(2));
  }
}

void read_notes(Connection& connection, Present& present) {
  const StatementPtr bundles = connection.prepare("SELECT id, version, state FROM kith_bundle");
  while (bundles->step()) {
    present.bundles[std::string(bundles->text(0))] = {std::string(bundles->text(1)), std::string(bundles->text(2))};
  }
  const StatementPtr types = connection.prepare("SELECT number, name, owner, table_name, state FROM kith_type");
  while (types->step()) {
    present.types[std::string(types->text(1))] = {types->integer(0), std::string(types->text(2)),
                                                  std::string(types->text(3)), std::string(types->text(4))};
  }
  const StatementPtr members = connection.prepare(
      "SELECT t.name, m.name, m.owner, m.role, m.column_name, m.meaning, m.state, m.number FROM kith_member AS m JOIN "
      "kith_type AS t ON t.number = m.type");
  while (members->step()) {
    present.members[{std::string(members->text(0)), std::string(members->text(1))}] = {
        std::string(members->text(2)), std::string(members->text(3)), std::string(members->text(4)),
        std::string(members->text(5)), std::string(members->text(6)), members->integer(7)};
  }
  const StatementPtr derivations = connection.prepare(
      "SELECT t.name, d.name, d.number, d.epoch, d.epoch_us, d.owner, d.fingerprint, d.state FROM kith_derivation AS d "
      "JOIN kith_type AS t ON t.number = d.type");
  while (derivations->step()) {
    PresentDerivation& derivation =
        present.derivations[{std::string(derivations->text(0)), std::string(derivations->text(1))}];
    derivation.number = derivations->integer(2);
    derivation.epoch = derivations->integer(3);
    derivation.epoch_us = derivations->integer(4);
    derivation.owner = derivations->text(5);
    derivation.fingerprint = derivations->text(6);
    derivation.state = derivations->text(7);
  }
}

}  // namespace kith::internal::store
