#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "access/aggregate/body.hpp"
#include "access/policy.hpp"
#include "access/seen_row.hpp"
#include "base/problem/limits.hpp"
#include "base/text/text.hpp"
#include "expr/evaluate/json_list.hpp"

namespace kith::internal::access {
namespace {

struct Group {
  std::vector<Value> values;  ///< of what is grouped by
  std::vector<Tally> tallies;
};

/// Groups by the bytes of their values.
class Groups {
 public:
  explicit Groups(const Aggregation::Body& body) : body_(&body) {}
  /// nullptr: there is none yet.
  Group* with(const std::string& key) {
    const auto found = places_.find(key);
    return found == places_.end() ? nullptr : &groups_[found->second];
  }
  Group& at(const std::vector<Value>& values) {
    key_.clear();
    for (const Value& value : values) add_key(value, key_);
    if (Group* found = with(key_)) return *found;
    check_limit(Limit::groups, groups_.size() + 1);
    places_.emplace(key_, groups_.size());
    groups_.push_back({values, std::vector<Tally>(body_->figures.size())});
    return groups_.back();
  }
  bool empty() const { return groups_.empty(); }
  const std::vector<Group>& all() const { return groups_; }

 private:
  const Aggregation::Body* body_;
  std::string key_;
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<Group> groups_;
};

/// The rows of one run, sorted into groups.
class Sorter {
 public:
  Sorter(const Aggregation::Body& body, Unit& unit, const expr::Env& env, const Query::ViewMaker& view, Groups& groups)
      : body_(body),
        env_(env),
        groups_(groups),
        days_(unit.catalog().time_zone),
        row_(unit.catalog(), unit.catalog().type(body.request.record_type).number, view),
        values_(body.places.size()) {
    for (const ReadPlace& place : body.places) seats_.push_back(place.by_expressions ? seat_of(place) : nullptr);
    unnests_ = std::any_of(body.by.begin(), body.by.end(), [](const Grouped& by) { return by.unnest; });
    const Prepared& filter = *body.query.body().prepared;
    if (filter.residual()) undecided_ = &filter.undecided;
    has_programs_ = undecided_ != nullptr ||
                    std::any_of(body.figures.begin(), body.figures.end(),
                                [](const Figured& one) { return one.of != nullptr || one.where != nullptr; });
  }

  void add(const RecordId& id) {
    if (has_programs_) show(id);
    if (undecided_ != nullptr && !expr::holds(*undecided_, row_, env_)) return;
    if (!unnests_) {
      if (Group* known = known_group()) return count(*known);
    }
    std::vector<Value> group;
    group.reserve(body_.by.size());
    add_to_group(group);
  }
  Value& value(std::size_t place) { return values_[place]; }

 private:
  /// The record that has the value of a place, for those that expressions may ask.
  SeenRow* seat_of(const Selected& place) {
    SeenRow* seat = &row_;
    for (const std::int32_t ref : place.refs) seat = &seat->behind(ref);
    if (place.member >= 0) seat->know(place.member);
    return seat;
  }

  void show(const RecordId& id) {
    row_.turn_to(id);
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const ReadPlace& place = body_.places[i];
      if (!place.by_expressions) continue;
      if (place.member >= 0)
        seats_[i]->put(place.member, values_[i]);
      else if (!place.refs.empty())
        seats_[i]->turn_to(values_[i].is_null() ? RecordId{} : values_[i].id);
    }
  }

  // Most rows are of a group that is there: no value is copied for them.
  Group* known_group() {
    key_.clear();
    for (const Grouped& by : body_.by) {
      const Value& value = values_[by.place];
      if (by.bucket == Bucket::none && !by.by_key)
        add_key(value, key_);
      else
        add_key(shown(by, value), key_);
    }
    return groups_.with(key_);
  }

  // One value of what is grouped by after the other; a list gives several, and the row is then of several groups.
  void add_to_group(std::vector<Value>& group) {
    if (group.size() == body_.by.size()) return count(groups_.at(group));
    const Grouped& by = body_.by[group.size()];
    const Value& value = values_[by.place];
    if (!by.unnest || value.is_null()) return add_with(group, shown(by, value));
    std::vector<Value> elements = expr::list_values(value.s, by.type.kind).value_or(std::vector<Value>{});
    for (Value& element : elements) element = shown(by, element);
    std::vector<std::string> seen;
    for (const Value& element : elements) {
      std::string key;
      add_key(element, key);
      if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
      seen.push_back(std::move(key));
      add_with(group, element);
    }
    if (elements.empty()) add_with(group, Value::null());
  }

  void add_with(std::vector<Value>& group, Value value) {
    group.push_back(std::move(value));
    add_to_group(group);
    group.pop_back();
  }

  Value shown(const Grouped& by, const Value& value) {
    if (value.is_null()) return value;
    if (by.by_key) return Value::text(email_key(value.s));
    if (by.bucket == Bucket::none) return value;
    const auto day = value.kind == Kind::date ? value.i : days_.day_at(value.i);
    return day ? Value::date(bucket_start(by.bucket, *day)) : Value::null();
  }

  void count(Group& group) {
    for (std::size_t i = 0; i < body_.figures.size(); ++i) {
      const Figured& figure = body_.figures[i];
      Tally& tally = group.tallies[i];
      if (figure.where != nullptr && !expr::holds(*figure.where, row_, env_)) continue;
      if (figure.of != nullptr)
        tally.add(figure.kind, expr::evaluate(*figure.of, row_, env_).value);
      else if (figure.place != kNoPlace)
        tally.add(figure.kind, values_[figure.place]);
      else
        tally.add_row();
    }
  }

  const Aggregation::Body& body_;
  const expr::Env& env_;
  Groups& groups_;
  WallDays days_;
  SeenRow row_;
  std::vector<Value> values_;
  std::vector<SeenRow*> seats_;                 ///< of those at which expressions look
  const expr::Undecided* undecided_ = nullptr;  ///< of the filter; null: SQL decides it
  bool has_programs_ = false, unnests_ = false;
  std::string key_;
};

/// As results are ordered: nulls last, enums by rank, refs by their type and id.
int compare_values(const Value& a, const Value& b, const expr::Type& type) {
  if (type.kind == Kind::text && type.values != nullptr && type.values->ordered) {
    const auto rank = [&](const Value& value) {
      const auto& ids = type.values->ids;
      return std::find(ids.begin(), ids.end(), value.s) - ids.begin();
    };
    if (rank(a) != rank(b)) return rank(a) < rank(b) ? -1 : 1;
  }
  if (a.kind == Kind::ref && a.record_type != b.record_type) return a.record_type < b.record_type ? -1 : 1;
  if (a.kind == Kind::ref) return a.id < b.id ? -1 : b.id < a.id ? 1 : 0;
  return expr::compare(a, b);
}

class Before {
 public:
  explicit Before(const Aggregation::Body& body) : columns_(&body.columns), order_(body.order) {
    for (std::size_t i = 0; i < body.by.size(); ++i) order_.push_back({i, false});
  }
  bool operator()(const std::vector<Value>& a, const std::vector<Value>& b) const {
    for (const ResultOrder& term : order_) {
      const Value &x = a[term.column], &y = b[term.column];
      if (x.is_dead() || y.is_dead()) {
        if (x.is_dead() != y.is_dead()) return y.is_dead();
        continue;
      }
      const int compared = compare_values(x, y, (*columns_)[term.column].type);
      if (compared != 0) return term.descending ? compared > 0 : compared < 0;
    }
    return false;
  }

 private:
  const std::vector<Column>* columns_;
  std::vector<ResultOrder> order_;
};

/// The buckets that no row fell into, between the first and the last, for each combination of the other values.
void fill(const Aggregation::Body& body, Groups& groups) {
  const auto filled = std::find_if(body.by.begin(), body.by.end(), [](const Grouped& by) { return by.fill; });
  if (filled == body.by.end()) return;
  const auto at = static_cast<std::size_t>(filled - body.by.begin());
  std::int64_t first = INT64_MAX, last = INT64_MIN;
  std::vector<std::vector<Value>> found;
  for (const Group& group : groups.all()) {
    found.push_back(group.values);
    if (group.values[at].is_null()) continue;
    first = std::min(first, group.values[at].i);
    last = std::max(last, group.values[at].i);
  }
  std::unordered_map<std::string, bool> done;
  for (std::vector<Value>& values : found) {
    values[at] = Value::null();
    std::string others;
    for (const Value& value : values) add_key(value, others);
    if (!done.emplace(std::move(others), true).second) continue;
    for (std::int64_t day = first; day <= last; day = day == last ? last + 1 : next_bucket(filled->bucket, day)) {
      values[at] = Value::date(day);
      groups.at(values);
    }
  }
}

std::vector<std::vector<Value>> rows_of(const Aggregation::Body& body, const Groups& groups,
                                        const catalog::Catalog& catalog, const expr::Env& env) {
  std::vector<std::vector<Value>> rows;
  ResultRow row(ResultColumns(catalog, body.columns).record_type());
  for (const Group& group : groups.all()) {
    std::vector<Value> values = group.values;
    for (std::size_t i = 0; i < body.figures.size(); ++i)
      values.push_back(group.tallies[i].result(body.figures[i].kind));
    if (body.having != nullptr) {
      row.turn_to(values);
      if (!expr::holds(*body.having, row, env)) continue;
    }
    rows.push_back(std::move(values));
  }
  return rows;
}

}  // namespace

Aggregated Aggregation::run(Unit& unit, const Query::ViewMaker& view) const {
  const Prepared& filter = *body_->query.body().prepared;
  require(unit, Operation::read, filter.record_type);
  const expr::Env env = body_->query.body().env(unit, true);
  Groups groups(*body_);
  if (body_->by.empty()) groups.at({});
  Sorter sorter(*body_, unit, env, view, groups);
  std::vector<const store::Place*> places;
  for (const ReadPlace& place : body_->places) places.push_back(&place);
  const Reading reading(body_->query.body(), unit);
  reading.scan(places, [&](store::Statement& statement, const RecordId& id, int column) {
    for (std::size_t i = 0; i < places.size(); ++i) sorter.value(i) = reading.read(statement, column, *places[i]);
    sorter.add(id);
    return true;
  });
  fill(*body_, groups);
  Aggregated result;
  result.columns = body_->columns;
  result.rows = rows_of(*body_, groups, unit.catalog(), env);
  result.groups = static_cast<std::int64_t>(result.rows.size());
  std::sort(result.rows.begin(), result.rows.end(), Before(*body_));
  const auto limit = static_cast<std::size_t>(body_->request.limit);
  if (limit > 0 && result.rows.size() > limit) result.rows.resize(limit);
  return result;
}

}  // namespace kith::internal::access
