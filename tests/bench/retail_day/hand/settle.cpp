// Derived values, customer by customer in the order of their rows: what changed is written, and what follows is done.
#include "../day.hpp"
#include "accounts.hpp"

namespace kith::bench::hand {
namespace {

constexpr std::string_view kSegments[] = {
    "champions", "potential_loyalist", "loyal_customers", "promising", "new_customers", "cant_lose_them",
    "at_risk",   "need_attention",     "about_to_sleep",  "lost",      "others"};
constexpr std::string_view kBands[] = {"a", "b", "c"};

template <std::size_t N>
std::string_view known(const std::string_view (&list)[N], std::string_view text) {
  return *std::find(std::begin(list), std::end(list), text);
}

/// Nothing for a customer that nothing was added up for.
template <class T>
T at(const std::vector<T>& all, std::int64_t rid) {
  return static_cast<std::size_t>(rid) < all.size() ? all[static_cast<std::size_t>(rid)] : T{};
}

struct Customer {
  std::int64_t rid = 0, version = 0;
  std::string name, lifecycle, state;
  bool settled = false;  ///< has a derived row; then account and standing are what it says
  Account account;
  Standing standing;
};

Account stored_account(const Statement& row, int at) {
  Account out;
  out.orders_ever = row.integer(at), out.net_orders_12m = row.integer(at + 1), out.net_spend_12m = row.integer(at + 2);
  out.returns_12m = row.integer(at + 3), out.first_order_at = row.maybe(at + 4), out.last_order_at = row.maybe(at + 5);
  out.last_value_on = row.maybe(at + 10), out.value_count = row.integer(at + 11), out.net_value = row.integer(at + 12);
  out.open_deals = row.integer(at + 13), out.open_amount = row.integer(at + 14), out.won_deals = row.integer(at + 15);
  out.won_amount = row.integer(at + 16), out.lost_deals = row.integer(at + 17);
  return out;
}
Standing stored_standing(const Statement& row, int at) {
  Standing out;
  out.average_gap_days = row.maybe(at + 6), out.expected_by = row.maybe(at + 7), out.lapses_at = row.maybe(at + 8);
  out.active_shopper = row.integer(at + 9) != 0;
  if (!row.is_null(at + 18)) out.win_rate = row.real(at + 18);
  out.recency_days = row.maybe(at + 19), out.r = row.maybe(at + 20), out.f = row.maybe(at + 21);
  out.m = row.maybe(at + 22);
  if (!row.is_null(at + 23)) out.segment = known(kSegments, row.text(at + 23));
  out.value = row.real(at + 24), out.band = known(kBands, row.text(at + 25)), out.win_back = row.integer(at + 26) != 0;
  return out;
}

/// The automatic transitions of the shopper's lifecycle.
class Shopper {
 public:
  Shopper(const Account& account, const Standing& standing, std::int64_t now)
      : account_(account),
        has_scores_(standing.r && standing.f),
        loyal_(has_scores_ && *standing.r >= 4 && *standing.f >= 4),
        late_(standing.expected_by && now > *standing.expected_by),
        gone_(standing.lapses_at && now > *standing.lapses_at),
        bought_(account.last_order_at.has_value()) {}

  struct Step {
    std::string_view event, to;
  };
  /// What fires first in this state, if anything.
  std::optional<Step> next(std::string_view state) const {
    const bool shops = state == "first_time" || state == "active" || state == "loyal" || state == "won_back";
    if (state == "none") return account_.orders_ever >= 1 ? std::optional(Step{"first", "first_time"}) : std::nullopt;
    if ((shops || state == "at_risk") && gone_) return Step{"lapse", "lapsed"};
    if (shops && late_) return Step{"cool", "at_risk"};
    if (state == "at_risk" && bought_ && !late_) return Step{"come_back", "active"};
    if (state == "lapsed" && bought_ && !gone_) return Step{"win_back", "won_back"};
    if ((state == "first_time" || state == "won_back") && account_.net_orders_12m - account_.returns_12m >= 2)
      return Step{"activate", "active"};
    if (state == "active" && loyal_) return Step{"become_loyal", "loyal"};
    if (state == "loyal" && has_scores_ && !loyal_) return Step{"ease_off", "active"};
    return std::nullopt;
  }

 private:
  const Account& account_;
  bool has_scores_, loyal_, late_, gone_, bought_;
};

class Settling {
 public:
  /// `accounts`: added up anew; without them what is stored holds.
  Settling(Database& database, Book& book, const Accounts* accounts)
      : database_(database),
        book_(book),
        accounts_(accounts),
        inbound_(accounts ? accounts->inbound : inbound_contacts(database, book.now())),
        read_(database,
              "SELECT c.rid, c.version, c.name, c.lifecycle, c.shopper_state, d.* FROM customer c LEFT JOIN "
              "customer_derived d ON d.rid = c.rid WHERE c.rid > ? AND +c.tenant = ? AND c.removed_at IS NULL ORDER BY "
              "c.rid LIMIT ?"),
        write_(
            database,
            "INSERT OR REPLACE INTO customer_derived VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
        rescore_(
            database,
            "UPDATE customer_derived SET recency_days = ?, r_score = ?, f_score = ?, m_score = ?, rfm_segment = ?, "
            "value = ?, value_band = ?, win_back = ? WHERE rid = ?"),
        move_(
            database,
            "UPDATE customer SET shopper_state = ?2, shopper_state_since = ?3, lifecycle = ?4, lifecycle_since = CASE "
            "WHEN lifecycle = ?4 THEN lifecycle_since ELSE ?3 END, version = ?5, updated_at = ?3, updated_by = "
            "?6 WHERE rid = ?1"),
        add_task_(database,
                  "INSERT INTO task (tenant, id, version, created_at, created_by, updated_at, updated_by, title, "
                  "customer, about, about_type, status, priority, due_on) VALUES "
                  "(1,?1,1,?2,?6,?2,?6,?3,?4,?4,1,'open','normal',?5)") {
    Statement latest(database, "SELECT * FROM rfm_bounds WHERE tenant = ? ORDER BY rid DESC LIMIT 1");
    latest.bind(kTenant);
    if (!latest.step()) return;
    as_of_ = latest.integer(2);
    bounds_.emplace();
    for (int i = 0; i < 4; ++i) {
      const auto at = static_cast<std::size_t>(i);
      bounds_->r[at] = latest.real(5 + i), bounds_->f[at] = latest.real(9 + i), bounds_->m[at] = latest.real(13 + i);
    }
  }

  /// The next batch of customers; false when there is none.
  bool step() {
    customers_.clear();
    for (read_.bind(after_, kTenant, kBatch); read_.step();) customers_.push_back(customer_of(read_));
    if (customers_.empty()) return false;
    after_ = customers_.back().rid;
    book_.begin();
    for (Customer& customer : customers_) settle(customer);
    book_.commit();
    return true;
  }

 private:
  static Customer customer_of(const Statement& row) {
    constexpr int kFirst = 6;  // behind the derived row's own rid
    Customer out;
    out.rid = row.integer(0), out.version = row.integer(1), out.name = row.text(2);
    out.lifecycle = row.text(3), out.state = row.text(4), out.settled = !row.is_null(5);
    if (out.settled) out.account = stored_account(row, kFirst), out.standing = stored_standing(row, kFirst);
    return out;
  }

  void settle(Customer& customer) {
    Account account = customer.account;
    if (accounts_) {
      account = at(accounts_->accounts, customer.rid);
    }
    const Standing standing = standing_of(account, at(inbound_, customer.rid), bounds_, as_of_);
    const bool facts_changed = !customer.settled || account != customer.account;
    if (facts_changed)
      write(customer.rid, account, standing);
    else if (standing != customer.standing)
      rescore_.run(standing.recency_days, standing.r, standing.f, standing.m, standing.segment, standing.value,
                   standing.band, standing.win_back, customer.rid);
    move(customer, Shopper(account, standing, book_.now()));
    if (standing.win_back && !customer.standing.win_back) win_back(customer, account);
  }

  void write(std::int64_t rid, const Account& a, const Standing& s) {
    write_.run(rid, a.orders_ever, a.net_orders_12m, a.net_spend_12m, a.returns_12m, a.first_order_at, a.last_order_at,
               s.average_gap_days, s.expected_by, s.lapses_at, s.active_shopper, a.last_value_on, a.value_count,
               a.net_value, a.open_deals, a.open_amount, a.won_deals, a.won_amount, a.lost_deals, s.win_rate,
               s.recency_days, s.r, s.f, s.m, s.segment, s.value, s.band, s.win_back);
  }

  void move(Customer& customer, const Shopper& shopper) {
    auto step = shopper.next(customer.state);
    if (!step) return;
    const std::int64_t lifecycle = book_.word("retail.shopper_state");
    const Cause cause{book_.word("system:retail"), book_.word("automatic transition"), 1};
    book_.leave_state(customer.rid, lifecycle);
    while (step) {
      const Shopper::Step taken = *step;
      step = shopper.next(taken.to);
      fields_.clear().text(kShopperState, customer.state).text(kShopperState, taken.to);
      const bool raised = taken.to != "at_risk" && taken.to != "lapsed" && customer.lifecycle != "customer";
      if (raised) raise(customer, cause);
      const std::int64_t change =
          book_.change(Operation::transition, Type::customer, customer.rid, ++customer.version, fields_, cause);
      book_.transition(customer.rid, lifecycle, book_.word(customer.state), book_.word(taken.to),
                       book_.word(taken.event), cause, !step);
      book_.run(change, book_.word("retail.shopper_state#auto"), Type::customer, customer.rid, taken.event);
      customer.state = taken.to;
    }
    move_.run(customer.rid, customer.state, book_.now(), customer.lifecycle, customer.version, cause.actor);
  }

  void raise(Customer& customer, const Cause& cause) {
    const std::int64_t lifecycle = book_.word("customer.lifecycle");
    fields_.text(kLifecycle, customer.lifecycle).text(kLifecycle, "customer");
    book_.leave_state(customer.rid, lifecycle);
    book_.transition(customer.rid, lifecycle, book_.word(customer.lifecycle), book_.word("customer"),
                     book_.word("raise"), cause, true);
    customer.lifecycle = "customer";
  }

  void win_back(const Customer& customer, const Account& account) {
    const Cause cause{book_.word("system:retail"), book_.word("workflow retail.win_back"), 1};
    const std::int64_t edge = book_.event("retail.win_back", customer.rid, "", {cause.actor, book_.word("rfm"), 0});
    const Id id = book_.new_id();
    const std::int64_t due = book_.now() / kMicrosPerDay + 7;
    const std::string title = "Win back " + customer.name;
    add_task_.run(id, book_.now(), title, customer.rid, due, cause.actor);
    const std::int64_t rid = database_.last_rid();
    fields_.clear()
        .text(kTitle, title)
        .integer(kCustomer, customer.rid)
        .integer(kAbout, customer.rid)
        .text(kStatus, "open");
    fields_.text(kPriority, "normal").integer(kDueOn, due);
    book_.change(Operation::create, Type::task, rid, 1, fields_, cause);
    const std::string offer =
        R"({"customer":")" + customer.name + R"(","spent":)" + std::to_string(account.net_value) + "}";
    book_.event("retail.win_back_offer", customer.rid, offer, cause);
    fields_.clear().integer(kSource, rid).integer(kDueOn, due);
    book_.run(-edge, book_.word("retail.win_back"), Type::customer, customer.rid, fields_.bytes());
  }

  Database& database_;
  Book& book_;
  const Accounts* accounts_;
  std::vector<std::int64_t> inbound_;
  Statement read_, write_, rescore_, move_, add_task_;
  std::optional<Bounds> bounds_;
  std::int64_t as_of_ = 0, after_ = 0;
  std::vector<Customer> customers_;
  FieldBytes fields_;
};

void run(Settling settling) {
  while (settling.step()) {
  }
}

/// The values that lie at one, two, three and four fifths, between two values where need be, and one unit more.
std::array<double, 4> cut_points(std::vector<std::int64_t> values, std::int64_t units) {
  std::sort(values.begin(), values.end());
  std::array<double, 4> out{};
  for (std::size_t k = 1; k <= out.size(); ++k) {
    const std::size_t place = (values.size() - 1) * k, below = place / 5;
    const auto past = static_cast<std::int64_t>(place % 5);
    const std::int64_t five_times = values[below] * (5 - past) + (past == 0 ? 0 : values[below + 1] * past);
    out[k - 1] = static_cast<double>(five_times + 5 * units) / static_cast<double>(5 * units);
  }
  return out;
}

}  // namespace

void settle_all(Database& database, Book& book) {
  const Accounts accounts = add_up(database, book.now());
  run(Settling(database, book, &accounts));
}

void publish_rfm(Database& database, Book& book, std::int64_t as_of) {
  std::vector<std::int64_t> recency, frequency, monetary;
  for (const Account& account : ledgers(database, as_of)) {
    if (account.value_count == 0) continue;
    recency.push_back(as_of - *account.last_value_on);
    frequency.push_back(account.value_count);
    monetary.push_back(account.net_value);
  }
  if (recency.empty()) return;
  const auto customers = static_cast<std::int64_t>(recency.size());
  const auto r = cut_points(std::move(recency), 1), f = cut_points(std::move(frequency), 1);
  const auto m = cut_points(std::move(monetary), 100);
  Statement publish(
      database,
      "INSERT INTO rfm_bounds (tenant, as_of, published_us, customers, r1, r2, r3, r4, f1, f2, f3, f4, m1, "
      "m2, m3, m4) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  publish.run(kTenant, as_of, book.now(), customers, r[0], r[1], r[2], r[3], f[0], f[1], f[2], f[3], m[0], m[1], m[2],
              m[3]);
  run(Settling(database, book, nullptr));
}

}  // namespace kith::bench::hand
