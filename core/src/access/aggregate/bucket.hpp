// Dates and instants by the span of the calendar that they fall into.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::internal::access {

enum class Bucket : std::uint8_t { none, day, week, month, quarter, year };

/// "day", "week" (ISO 8601: from Monday), "month", "quarter", "year"; nullopt: another word.
std::optional<Bucket> bucket_named(std::string_view name);
std::vector<std::string> bucket_names();
/// The first day of the span in which a day lies.
std::int64_t bucket_start(Bucket bucket, std::int64_t day);
/// The first day of the span behind the one that begins on `start`.
std::int64_t next_bucket(Bucket bucket, std::int64_t start);

/// The dates that a wall in one zone shows at many instants. The turns of a day are looked up once for all of its
/// instants.
class WallDays {
 public:
  explicit WallDays(std::string zone) : zone_(std::move(zone)), known_(kKept) {}
  /// nullopt: beyond what the zone's calendar shows.
  std::optional<std::int64_t> day_at(std::int64_t us);

 private:
  struct Stretch {
    std::int64_t until;
    std::optional<std::int64_t> day;
  };
  /// A day of UTC: the stretches of it in which the wall shows one date.
  struct UtcDay {
    std::int64_t number = INT64_MIN;
    std::vector<Stretch> stretches;
  };
  static constexpr std::size_t kKept = 4'096;  ///< more than ten years, each day in the place of its number
  void learn(UtcDay& day, std::int64_t number) const;

  std::string zone_;
  std::vector<UtcDay> known_;
};

}  // namespace kith::internal::access
