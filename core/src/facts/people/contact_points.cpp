#include "facts/people/contact_points.hpp"

#include <algorithm>

#include "facts/save/normalise.hpp"

namespace kith::internal::facts {

namespace {

using catalog::RecordType;

/// Where the concerned members stand in this catalog. A catalog without the core's types has no followers.
struct PointShape {
  const RecordType *customer = nullptr, *point = nullptr;
  std::int32_t owner = -1, kind = -1, value = -1, primary = -1, verified = -1;
  bool whole() const {
    return customer != nullptr && point != nullptr && owner >= 0 && kind >= 0 && value >= 0 && primary >= 0;
  }
};

std::int32_t number_of(const RecordType& type, std::string_view name) {
  const auto found = type.by_name.find(name);
  return found == type.by_name.end() ? -1 : found->second;
}

PointShape shape_of(const catalog::Catalog& catalog) {
  PointShape shape;
  shape.customer = catalog.find_type("customer");
  shape.point = catalog.find_type("contact_point");
  if (shape.customer == nullptr || shape.point == nullptr) return shape;
  shape.owner = number_of(*shape.point, "customer");
  shape.kind = number_of(*shape.point, "kind");
  shape.value = number_of(*shape.point, "value");
  shape.primary = number_of(*shape.point, "primary");
  shape.verified = number_of(*shape.point, "verified");
  return shape;
}

/// The kinds of contact point that a customer has a column for; each column bears the kind's name.
constexpr std::string_view kColumns[] = {"email", "phone"};

bool has_column(std::string_view kind) {
  return std::find(std::begin(kColumns), std::end(kColumns), kind) != std::end(kColumns);
}

class Following {
 public:
  explicit Following(Pipeline& pipeline) : pipeline_(pipeline) { pipeline_.following = true; }
  ~Following() { pipeline_.following = false; }
  Following(const Following&) = delete;
  Following& operator=(const Following&) = delete;

 private:
  Pipeline& pipeline_;
};

struct Point {
  RecordId id;
  std::string value;
  bool primary = false;
};

std::vector<Point> points_of(Pipeline& pipeline, const PointShape& shape, const RecordId& customer,
                             std::string_view kind) {
  std::vector<Point> points;
  pipeline.unit.records.children(shape.point->number, shape.owner, customer, [&](store::Record&& record) {
    if (store::at(record.values, shape.kind).s != kind) return;
    points.push_back(
        {record.id, store::at(record.values, shape.value).s, store::at(record.values, shape.primary).is_true()});
  });
  return points;
}

void set_primary(Pipeline& pipeline, const PointShape& shape, const RecordId& point, bool primary) {
  pipeline.update(*shape.point, point, 0, {{"primary", Value::boolean(primary)}});
}

/// The customer's column was written: the primary contact point of that kind says the same afterwards.
void follow_column(Pipeline& pipeline, const PointShape& shape, const RecordId& customer, std::string_view kind,
                   const Value& value, bool is_new) {
  const std::vector<Point> points = is_new ? std::vector<Point>{} : points_of(pipeline, shape, customer, kind);
  if (value.is_null()) {
    for (const Point& point : points) {
      if (point.primary) pipeline.remove(*shape.point, point.id, 0);
    }
    return;
  }
  const auto same =
      std::find_if(points.begin(), points.end(), [&](const Point& point) { return point.value == value.s; });
  const auto primary = std::find_if(points.begin(), points.end(), [](const Point& point) { return point.primary; });
  if (same != points.end()) {
    for (const Point& point : points) {
      if (point.primary && point.id != same->id) set_primary(pipeline, shape, point.id, false);
    }
    if (!same->primary) set_primary(pipeline, shape, same->id, true);
    return;
  }
  if (primary != points.end()) {
    std::vector<Input> inputs{{"value", value}};
    // Nobody has verified the new address yet.
    if (shape.verified >= 0) {
      const auto& verified = shape.point->members[static_cast<std::size_t>(shape.verified)];
      inputs.push_back({verified.name, verified.type.kind == Kind::boolean ? Value::boolean(false) : Value::null()});
    }
    pipeline.update(*shape.point, primary->id, 0, inputs);
    return;
  }
  pipeline.create(*shape.point,
                  {{"customer", Value::ref(shape.customer->number, customer)},
                   {"kind", Value::text(std::string(kind))},
                   {"value", value},
                   {"primary", Value::boolean(true)}},
                  {});
}

void follow_customer(Pipeline& pipeline, const PointShape& shape, const Touched& customer, const store::Row* before) {
  const RecordId id = customer.id;
  const store::Row row = customer.current;
  if (!customer.live) {
    for (const RecordId& point : pipeline.unit.records.child_ids(shape.point->number, shape.owner, id, false)) {
      pipeline.remove(*shape.point, point, 0);
    }
    return;
  }
  for (const std::string_view column : kColumns) {
    const std::int32_t number = number_of(*shape.customer, column);
    if (number < 0) continue;
    const Value& value = store::at(row, number);
    if (before == nullptr ? value.is_null() : store::at(*before, number) == value) continue;
    follow_column(pipeline, shape, id, column, value, before == nullptr);
  }
}

/// A contact point was written: at most one of its kind is primary afterwards, and the customer's column says the same.
void follow_point(Pipeline& pipeline, const PointShape& shape, const RecordId& customer, const std::string& kind,
                  const RecordId& written) {
  const std::int32_t column = number_of(*shape.customer, kind);
  if (!has_column(kind) || column < 0 || !pipeline.unit.records.is_live(shape.customer->number, customer)) return;
  const std::vector<Point> points = points_of(pipeline, shape, customer, kind);
  // The contact point just written wins over one that was primary before.
  const Point* primary = nullptr;
  for (const Point& point : points) {
    if (point.primary && (primary == nullptr || point.id == written)) primary = &point;
  }
  for (const Point& point : points) {
    if (point.primary && &point != primary) set_primary(pipeline, shape, point.id, false);
  }
  const Value value = primary == nullptr ? Value::null() : Value::text(primary->value);
  const Touched& owner = pipeline.load(shape.customer->number, customer);
  if (!(store::at(owner.current, column) == value)) pipeline.update(*shape.customer, customer, 0, {{kind, value}});
}

}  // namespace

void normalise_contact_point(Pipeline& pipeline, const RecordType& type, Draft& draft, Problems& problems) {
  if (type.name != "contact_point") return;
  const PointShape shape = shape_of(pipeline.catalog);
  if (!shape.whole() || draft.failed.count(shape.value) != 0) return;
  const std::string& kind = store::at(draft.row, shape.kind).s;
  if (!has_column(kind)) return;
  Value& value = draft.row[static_cast<std::size_t>(shape.value)];
  try {
    value = normalise_as(pipeline.catalog, type.members[static_cast<std::size_t>(shape.value)], kind, std::move(value));
  } catch (const Error& error) {
    draft.failed.insert(shape.value);
    problems.add(error.first());
  }
}

void follow_contact_points(Pipeline& pipeline, const Touched& touched, const store::Row* before) {
  if (pipeline.following) return;
  const std::string& name = pipeline.catalog.type(touched.record_type).name;
  if (name != "customer" && name != "contact_point") return;
  const PointShape shape = shape_of(pipeline.catalog);
  if (!shape.whole()) return;
  const Following following(pipeline);
  if (touched.record_type == shape.customer->number) return follow_customer(pipeline, shape, touched, before);
  const RecordId id = touched.id;
  const store::Row row = touched.current;
  const bool live = touched.live;
  if (live) follow_point(pipeline, shape, store::at(row, shape.owner).id, store::at(row, shape.kind).s, id);
  if (before == nullptr) return;
  // It may have been another kind's, or another customer's, before.
  const bool moved = !(store::at(*before, shape.owner) == store::at(row, shape.owner)) ||
                     !(store::at(*before, shape.kind) == store::at(row, shape.kind));
  if (!live || moved)
    follow_point(pipeline, shape, store::at(*before, shape.owner).id, store::at(*before, shape.kind).s, id);
}

}  // namespace kith::internal::facts
