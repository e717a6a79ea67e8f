// Orders become ledger entries: read from the change log, a batch a transaction, each exactly once.
#include "../day.hpp"
#include "shop.hpp"

namespace kith::bench::hand {
namespace {

struct Order {
  std::int64_t change = 0;
  std::int64_t rid = 0, customer = 0, ordered_at = 0, total = 0;
  bool is_return = false;
  std::string category;
};

Order order_of(const Statement& row) {
  Order out;
  out.change = row.integer(0), out.rid = row.integer(1);
  FieldReader fields(row.blob(2));
  while (const int field = fields.next()) switch (field) {
      case kCustomer: out.customer = fields.integer(); break;
      case kOrderedAt: out.ordered_at = fields.integer(); break;
      case kTotal: out.total = fields.integer(); break;
      case kKind: out.is_return = fields.text() == "return"; break;
      case kCategory: out.category = fields.text(); break;
      default: fields.text(); break;
    }
  return out;
}

class Posting {
 public:
  Posting(Database& database, Book& book)
      : database_(database),
        book_(book),
        read_(database,
              "SELECT sequence, record, fields FROM change_log WHERE sequence > ? AND +record_type = ? AND "
              "+operation = ? ORDER BY sequence LIMIT ?"),
        add_(database,
             "INSERT INTO value_entry (tenant, id, version, created_at, created_by, updated_at, updated_by, customer, "
             "occurred_on, kind, category, units, net, source, source_type) VALUES "
             "(1,?1,1,?2,?10,?2,?10,?3,?4,?5,?6,1,?7,?8,?9)"),
        move_(database,
              "INSERT INTO cursor (tenant, consumer, sequence) VALUES (?, 'post_order', ?) ON CONFLICT DO UPDATE SET "
              "sequence = excluded.sequence"),
        where_(database, "SELECT sequence FROM cursor WHERE tenant = ? AND consumer = 'post_order'") {}

  /// The next batch; false when there is none.
  bool step() {
    std::int64_t after = 0;
    for (where_.bind(kTenant); where_.step();) after = where_.integer(0);
    orders_.clear();
    read_.bind(after, static_cast<int>(Type::order), static_cast<int>(Operation::create), kBatch);
    while (read_.step()) orders_.push_back(order_of(read_));
    if (orders_.empty()) return false;
    book_.begin();
    for (const Order& order : orders_) post(order);
    move_.run(kTenant, orders_.back().change);
    book_.commit();
    return true;
  }

 private:
  void post(const Order& order) {
    const Id id = book_.new_id();
    const std::int64_t day = order.ordered_at / kMicrosPerDay;
    const std::int64_t net = order.is_return ? -order.total : order.total;
    const char* kind = order.is_return ? "return" : "revenue";
    const Cause cause{book_.word("system:retail"), book_.word("workflow retail.post_order"), 1};
    add_.run(id, book_.now(), order.customer, day, kind, order.category, net, order.rid, static_cast<int>(Type::order),
             cause.actor);
    const std::int64_t rid = database_.last_rid();
    fields_.clear().integer(kCustomer, order.customer).integer(kOccurredOn, day).text(kKind, kind);
    fields_.text(kCategory, order.category).integer(kUnits, 1).integer(kNet, net).integer(kSource, order.rid);
    book_.change(Operation::create, Type::value_entry, rid, 1, fields_, cause);
    fields_.clear().integer(kSource, rid).integer(kOccurredOn, day);
    book_.run(order.change, book_.word("retail.post_order"), Type::order, order.rid, fields_.bytes());
  }

  Database& database_;
  Book& book_;
  Statement read_, add_, move_, where_;
  std::vector<Order> orders_;
  FieldBytes fields_;
};

}  // namespace

void post_orders(Database& database, Book& book) {
  for (Posting posting(database, book); posting.step();) {
  }
}

}  // namespace kith::bench::hand
