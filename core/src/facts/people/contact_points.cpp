#include "facts/people/contact_points.hpp"

#include <algorithm>

#include "base/text/text.hpp"
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

struct Point {
  RecordId id;
  std::string value;
  bool primary = false;
};

std::vector<Point> points_of(Pipeline& pipeline, const PointShape& shape, const RecordId& customer,
                             std::string_view kind) {
  std::vector<Point> points;
  pipeline.unit.reads.children(
      access::Operation::update, shape.point->number, shape.owner, customer, [&](store::Record&& record) {
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
  const auto same = std::find_if(points.begin(), points.end(),
                                 [&](const Point& point) { return email_key(point.value) == email_key(value.s); });
  const auto primary = std::find_if(points.begin(), points.end(), [](const Point& point) { return point.primary; });
  if (same != points.end()) {
    for (const Point& point : points) {
      if (point.primary && point.id != same->id) set_primary(pipeline, shape, point.id, false);
    }
    if (!same->primary) set_primary(pipeline, shape, same->id, true);
    if (same->value != value.s) pipeline.update(*shape.point, same->id, 0, {{"value", value}});  // spelled anew
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

void follow_customer(Pipeline& pipeline, const PointShape& shape, const Write& customer) {
  if (customer.after == nullptr) {
    for (const RecordId& point : pipeline.unit.reads.child_ids(access::Operation::update, shape.point->number,
                                                               shape.owner, customer.id, false)) {
      pipeline.remove(*shape.point, point, 0);
    }
    return;
  }
  for (const std::string_view column : kColumns) {
    const std::int32_t number = number_of(*shape.customer, column);
    if (number < 0) continue;
    const Value& value = store::at(*customer.after, number);
    const bool same = customer.before == nullptr ? value.is_null() : store::at(*customer.before, number) == value;
    if (!same) follow_column(pipeline, shape, customer.id, column, value, customer.before == nullptr);
  }
}

/// A contact point was written: at most one of its kind is primary afterwards, and the customer's column says the same.
void follow_point(Pipeline& pipeline, const PointShape& shape, const RecordId& customer, const std::string& kind,
                  const RecordId& written) {
  const std::int32_t column = number_of(*shape.customer, kind);
  if (!has_column(kind) || column < 0 ||
      !pipeline.unit.reads.is_live(access::Operation::update, shape.customer->number, customer))
    return;
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

class ContactPoints final : public Follower {
 public:
  explicit ContactPoints(Pipeline& pipeline) : pipeline_(pipeline), shape_(shape_of(pipeline.catalog)) {}

  void drafted(const RecordType& type, Draft& draft, Problems& problems) override {
    if (!shape_.whole() || type.number != shape_.point->number || draft.failed.count(shape_.value) != 0) return;
    const std::string& kind = store::at(draft.row, shape_.kind).s;
    if (!has_column(kind)) return;
    Value& value = draft.row[static_cast<std::size_t>(shape_.value)];
    try {
      value =
          normalise_as(pipeline_.catalog, type.members[static_cast<std::size_t>(shape_.value)], kind, std::move(value));
    } catch (const Error& error) {
      draft.failed.insert(shape_.value);
      problems.add(error.first());
    }
  }

  /// What it writes itself it does not follow: the two sides agree by then.
  void written(const Write& write) override {
    if (following_ || !shape_.whole()) return;
    const bool customer = write.record_type == shape_.customer->number;
    if (!customer && write.record_type != shape_.point->number) return;
    following_ = true;
    try {
      customer ? follow_customer(pipeline_, shape_, write) : follow(write);
    } catch (...) {
      following_ = false;
      throw;
    }
    following_ = false;
  }

 private:
  void follow(const Write& point) {
    const auto bring_in_line = [&](const store::Row& row) {
      follow_point(pipeline_, shape_, store::at(row, shape_.owner).id, store::at(row, shape_.kind).s, point.id);
    };
    if (point.after != nullptr) bring_in_line(*point.after);
    if (point.before == nullptr) return;
    // It may have been another kind's, or another customer's, before.
    const auto differs = [&](std::int32_t member) {
      return !(store::at(*point.before, member) == store::at(*point.after, member));
    };
    if (point.after == nullptr || differs(shape_.owner) || differs(shape_.kind)) bring_in_line(*point.before);
  }

  Pipeline& pipeline_;
  const PointShape shape_;
  bool following_ = false;
};

}  // namespace

std::unique_ptr<Follower> contact_points_follower(Pipeline& pipeline) {
  return std::make_unique<ContactPoints>(pipeline);
}

}  // namespace kith::internal::facts
