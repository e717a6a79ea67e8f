#include <optional>
#include <utility>

#include "derive/compute/automatic.hpp"
#include "derive/compute/rollup.hpp"
#include "derive/compute/score.hpp"
#include "derive/settle/settler.hpp"

namespace kith::internal::derive {
namespace {

/// As it is kept: unknown becomes null, and a number takes the kind of its column, so that what is read back is equal.
Value settled_form(Value value, const expr::Type& type) {
  if (value.is_dead()) return Value::null();
  if (type.kind == Kind::real && value.kind == Kind::integer) return Value::real(static_cast<double>(value.i));
  return value;
}

/// A row that need not be stored. Its derivations are computed on it as it stands and kept for this view only.
class DraftView final : public RowView {
 public:
  DraftView(Settler& settler, std::int32_t record_type, const RecordId& id, store::Row row)
      : RowView(settler.shelf(), record_type, id, std::move(row)), settler_(&settler) {}

 protected:
  expr::Timed derived(std::int32_t derivation, bool band) override {
    auto known = computed_.find(derivation);
    if (known == computed_.end()) {
      Computed computed = settler_->compute(settler_->plan().derivation(derivation), *this, id());
      known = computed_.emplace(derivation, std::move(computed)).first;
    }
    return {band ? known->second.band : known->second.value, known->second.until};
  }

 private:
  Settler* settler_;
  std::unordered_map<std::int32_t, Computed> computed_;
};

}  // namespace

/// What functions of plugins say while this is computed is kept with it, and with nothing that it was computed for.
Computed Settler::compute(const catalog::Derivation& derivation, RowView& record, const RecordId& id) {
  std::string outside = unit_->surroundings.exchange_failure();
  Computed computed = evaluated(derivation, record, id);
  computed.failure = unit_->surroundings.exchange_failure(std::move(outside));
  return computed;
}

Computed Settler::evaluated(const catalog::Derivation& derivation, RowView& record, const RecordId& id) {
  const catalog::RecordType& type = unit_->catalog().type(derivation.record_type);
  switch (derivation.kind) {
    case catalog::DerivationKind::formula: {
      expr::Timed timed = expr::evaluate(*derivation.program, record, env_);
      return {settled_form(std::move(timed.value), type.members[static_cast<std::size_t>(derivation.member)].type),
              {},
              timed.until};
    }
    case catalog::DerivationKind::rollup: {
      const expr::Type& result = type.members[static_cast<std::size_t>(derivation.member)].type;
      expr::Timed timed = compute_rollup(derivation, result, record, env_);
      return {settled_form(std::move(timed.value), result), {}, timed.until};
    }
    case catalog::DerivationKind::segment:
    case catalog::DerivationKind::trigger: {
      const expr::Timed timed = expr::evaluate(*derivation.program, record, env_);
      return {Value::boolean(timed.value.is_true()), {}, timed.until};
    }
    case catalog::DerivationKind::automatic: {
      const catalog::Lifecycle& lifecycle = unit_->catalog().lifecycles[static_cast<std::size_t>(derivation.lifecycle)];
      const expr::Timed timed = firing(unit_->catalog(), lifecycle, record, env_, [&](const std::string& state) {
        store::Row row = record.row();
        row[static_cast<std::size_t>(lifecycle.state_member)] = Value::text(state);
        row[static_cast<std::size_t>(lifecycle.since_member)] = Value::timestamp(unit_->now);
        return draft(derivation.record_type, id, row);
      });
      return {timed.value, {}, timed.until};
    }
    case catalog::DerivationKind::score: {
      const ScoreResult score = compute_score(derivation, record, env_, false);
      Computed computed;
      computed.until = score.until;
      if (!score.applies || score.withheld) return computed;
      computed.value = Value::real(static_cast<double>(score.score_milli) / 1000.0);
      if (!score.band.empty()) computed.band = Value::text(score.band);
      return computed;
    }
  }
  return {};
}

std::unique_ptr<expr::RecordView> Settler::draft(std::int32_t record_type, const RecordId& id, const store::Row& row) {
  return std::make_unique<DraftView>(*this, record_type, id, row);
}

}  // namespace kith::internal::derive
