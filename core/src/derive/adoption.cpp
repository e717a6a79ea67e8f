#include <algorithm>
#include <string>

#include "base/text/text.hpp"
#include "derive/settler.hpp"

namespace kith::internal::derive {
namespace {

// Notes per tenant, kept as positions of consumers that read no events:
// - the derivations of the catalog that last wrote here, with their fingerprints, as one number;
// - how often that has changed (the epoch);
// - per derivation, the epoch up to which it was always there, and its fingerprint then.
// A derivation whose plugin was away for an epoch has values that no write has marked, although its fingerprint is the
// same.
constexpr const char* kCatalogNote = "derive:catalog";
constexpr const char* kEpochNote = "derive:epoch";

std::string note_of(std::int64_t lasting_number) { return "derive:" + std::to_string(lasting_number); }

std::int64_t note_value(std::int64_t epoch, std::int64_t fingerprint) {
  return (epoch << 32) | (fingerprint & 0xffff'ffff);
}

std::int64_t catalog_value(const store::LastingNumbers& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.derivation.size(); ++i) {
    text += std::to_string(numbers.derivation[i]) + ':' + std::to_string(numbers.fingerprint[i]) + ';';
  }
  return static_cast<std::int64_t>(fnv1a(text) >> 2U) + 1;  // never 0, which means that there is no note
}

}  // namespace

bool Settler::adopted(const RecordId& born) {
  if (adopted_) return *adopted_;
  const store::LastingNumbers& numbers = unit_->layout.numbers();
  const std::int64_t catalog = catalog_value(numbers);
  adopted_ = unit_->journal.cursor(kCatalogNote) == catalog;
  if (*adopted_ || !unit_->writable) return *adopted_;
  adopted_ = true;
  const std::int64_t epoch = unit_->journal.cursor(kEpochNote) + 1;
  for (const catalog::Derivation& derivation : unit_->catalog().derivations) {
    const auto at = static_cast<std::size_t>(derivation.number);
    const std::string note = note_of(numbers.derivation[at]);
    const bool always_there = unit_->journal.cursor(note) == note_value(epoch, numbers.fingerprint[at]);
    unit_->journal.set_cursor(note, note_value(epoch + 1, numbers.fingerprint[at]));
    if (always_there) continue;
    const std::vector<RecordId> some = unit_->records.ids_after(derivation.record_type, RecordId{}, 2);
    if (std::all_of(some.begin(), some.end(), [&](const RecordId& id) { return id == born; })) continue;
    // What a new definition changes is no event: nothing has happened to the record.
    scope(derivation.number, {"definition:" + derivation.name, 0, false, {}});
  }
  unit_->journal.set_cursor(kEpochNote, epoch);
  unit_->journal.set_cursor(kCatalogNote, catalog);
  return true;
}

}  // namespace kith::internal::derive
