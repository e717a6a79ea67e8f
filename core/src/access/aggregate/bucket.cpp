#include "access/aggregate/bucket.hpp"

#include <utility>

#include "base/time/time.hpp"
#include "expr/evaluate/calendar.hpp"

namespace kith::internal::access {
namespace {

constexpr std::array<std::pair<std::string_view, Bucket>, 5> kBuckets = {{{"day", Bucket::day},
                                                                          {"week", Bucket::week},
                                                                          {"month", Bucket::month},
                                                                          {"quarter", Bucket::quarter},
                                                                          {"year", Bucket::year}}};

unsigned months_of(Bucket bucket) { return bucket == Bucket::month ? 1 : bucket == Bucket::quarter ? 3 : 12; }

}  // namespace

std::optional<Bucket> bucket_named(std::string_view name) {
  for (const auto& [word, bucket] : kBuckets) {
    if (word == name) return bucket;
  }
  return std::nullopt;
}

std::vector<std::string> bucket_names() {
  std::vector<std::string> names;
  for (const auto& [word, bucket] : kBuckets) names.emplace_back(word);
  return names;
}

std::int64_t bucket_start(Bucket bucket, std::int64_t day) {
  constexpr std::int64_t kThursdayToMonday = 3;  // 1970-01-01 was a Thursday
  if (bucket == Bucket::none || bucket == Bucket::day) return day;
  if (bucket == Bucket::week) return floor_div(day + kThursdayToMonday, 7) * 7 - kThursdayToMonday;
  const CivilDate date = civil_from_days(day);
  const unsigned months = months_of(bucket);
  return *days_from_civil(date.year, (date.month - 1) / months * months + 1, 1);
}

std::int64_t next_bucket(Bucket bucket, std::int64_t start) {
  if (bucket == Bucket::none || bucket == Bucket::day) return start + 1;
  if (bucket == Bucket::week) return start + 7;
  const CivilDate date = civil_from_days(start);
  const unsigned month = date.month + months_of(bucket);
  return *days_from_civil(date.year + (month > 12 ? 1 : 0), month > 12 ? month - 12 : month, 1);
}

void WallDays::learn(UtcDay& day, std::int64_t number) const {
  day.number = number;
  day.stretches.clear();
  const std::int64_t end = (number + 1) * kMicrosPerDay;
  for (std::int64_t at = number * kMicrosPerDay; at < end; at = day.stretches.back().until) {
    day.stretches.push_back({expr::date_until(at, zone_), expr::date_at(at, zone_)});
  }
}

std::optional<std::int64_t> WallDays::day_at(std::int64_t us) {
  const std::int64_t number = floor_div(us, kMicrosPerDay);
  UtcDay& day = known_[static_cast<std::size_t>(number - kFirstDay) % kKept];
  if (day.number != number) learn(day, number);
  for (const Stretch& stretch : day.stretches) {
    if (us < stretch.until) return stretch.day;
  }
  return std::nullopt;
}

}  // namespace kith::internal::access
