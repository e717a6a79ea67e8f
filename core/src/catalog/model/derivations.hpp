// What is made of facts: formulas, rollups, segments, scores, and the hidden ones that only the engine reads.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/model/record_types.hpp"
#include "expr/program.hpp"

namespace kith::internal::catalog {

/// trigger: of a workflow's `became`; automatic: which transition of a lifecycle is to fire by itself. Both are hidden.
enum class DerivationKind : std::uint8_t { formula, rollup, segment, score, trigger, automatic };
using expr::Aggregate;

struct ScoreRule {
  /// raise: floor, the band is at least `band`; replace: override, the band is `band` whatever the points say. Both
  /// give no points; replacements come before floors, and the highest wins.
  enum class Form : std::uint8_t { points, steps, per_unit, per_event, raise, replace };
  enum class OnUnknown : std::uint8_t { zero, max, withhold };
  std::string id;
  Label text;  ///< templates {{n}}, {{v}}
  Form form = Form::points;
  OnUnknown on_unknown = OnUnknown::zero;
  expr::ProgramPtr when;          ///< points, raise, replace
  expr::ProgramPtr value;         ///< steps, per_unit
  std::int64_t points_milli = 0;  ///< points
  /// from (major units for money), points in thousandths; ascending
  std::vector<std::pair<double, std::int64_t>> steps;
  std::int64_t each_milli = 0, cap_milli = 0;  ///< per_unit, per_event
  std::size_t band = 0;                        ///< raise, replace: position in ScoreModel::bands
  // per_event
  expr::Hop over;          ///< a set of the score's record type: child records, or the other ends of its edges
  expr::ProgramPtr where;  ///< on the record of the set, may be null
  expr::ProgramPtr at;     ///< on the record of the set: timestamp or date
  std::optional<std::int64_t> window_days;
  Place place;
  bool gives_band() const { return form == Form::raise || form == Form::replace; }
};
struct ScoreGroup {
  std::string id;
  std::optional<std::int64_t> min_milli, max_milli;
  std::vector<ScoreRule> rules;
};
struct ScoreDimension {
  std::string id;
  Label label;
  std::vector<ScoreGroup> groups;
};
struct ScoreBand {
  std::string id;
  std::int64_t from_milli = 0;
  Label label;
};
struct ScoreModel {
  expr::ProgramPtr applies_when;  ///< null = always
  std::int64_t low_milli = 0, high_milli = 100'000;
  bool normalise = false;
  std::vector<ScoreDimension> dimensions;
  std::vector<ScoreBand> bands;  ///< ascending; empty = none
};

struct Derivation {
  std::int32_t number = -1;  ///< position in Catalog::derivations; these are in dependency order
  DerivationKind kind = DerivationKind::formula;
  std::string name;  ///< "retail.net_orders_12m"; a trigger's: "<workflow id>#trigger"; "<lifecycle>#auto"
  std::string owner, owner_version;
  Label label;
  std::int32_t record_type = -1;
  std::int32_t member = -1;       ///< its value's member
  std::int32_t band_member = -1;  ///< score with bands: enum member "<name>_band"
  expr::ProgramPtr program;       ///< formula, segment, trigger
  // rollup
  expr::Hop over;  ///< the set: child records, or those at the other end of a relationship's edges
  Aggregate aggregate = Aggregate::count;
  /// On the records of the set; may be null. `at`: by which the latest is found; of count_distinct, `value` tells them
  /// apart.
  expr::ProgramPtr where, value, at;
  std::unique_ptr<ScoreModel> score;
  std::int32_t lifecycle = -1;  ///< automatic: in Catalog::lifecycles
  /// Everything it reads, over all of its programs, as seen from its record (rollup and per_event: through the set).
  std::vector<expr::Read> reads;
  std::vector<std::string> parameter_sets;
  /// Source, settings read, versions of plugin functions called: changes when stored values must be made anew.
  std::string fingerprint;
  Place place;
};

std::string derivation_kind_name(DerivationKind k);
/// The aggregate of a rollup as manifests call it; counted by what tells records apart, it is a count still.
std::string_view aggregate_name(Aggregate aggregate);
std::optional<Aggregate> aggregate_named(std::string_view name);

}  // namespace kith::internal::catalog
