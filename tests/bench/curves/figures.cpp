#include "figures.hpp"

#include <cstdarg>
#include <cstdio>

#include "../lib/engine_trace.hpp"
#include "../writes/hand_customers.hpp"

namespace kith::bench {
namespace {

constexpr int kRuns = 51;

std::string text(const char* format, ...) __attribute__((format(printf, 1, 2)));
std::string text(const char* format, ...) {
  char out[160];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(out, sizeof out, format, arguments);
  va_end(arguments);
  return out;
}
/// "12.3 (1.4x)"
std::string beside(double kith, double hand) { return text("%.1f (%.2fx)", kith, kith / hand); }

void drain(Statement& statement) {
  while (statement.step())
    for (int i = 0; i < statement.width(); ++i) (void)statement.text(i).size();
}
std::int64_t drain(Rows rows) {
  std::int64_t count = 0;
  while (rows.next()) ++count;
  return count;
}

/// What throws is not there yet, or refused.
template <class Body>
std::string or_dash(const Body& body) {
  try {
    return body();
  } catch (const Error&) {
    return "-";
  }
}

std::string point_read(Base& base) {
  Statement raw(base.raw(),
                "SELECT name, kind, language, lifecycle, created_at FROM customer WHERE tenant = 1 AND id = ? AND "
                "removed_at IS NULL");
  std::size_t at = 0;
  const auto next = [&]() -> const Ref& { return base.some()[++at % base.some().size()]; };
  const auto one = [&] {
    Rows rows = base.session().get(next(), {"name", "kind", "language", "lifecycle", "created_at"});
    (void)rows.next();
  };
  const auto by_hand = [&] {
    const kith_id id = next().id();
    raw.bind(Blob{{reinterpret_cast<const char*>(id.bytes), sizeof id.bytes}});
    drain(raw);
  };
  return beside(median_us(1'001, one), median_us(1'001, by_hand));
}

Query by_name(Base& base) {
  return base.session().query("customer").select({"name", "email"}).order_by("name").limit(50);
}

std::string first_page(Base& base) {
  Statement raw(base.raw(),
                "SELECT name, email, id FROM customer WHERE tenant = 1 AND removed_at IS NULL AND name IS NOT NULL "
                "ORDER BY name, id LIMIT 50");
  return beside(median_us(kRuns, [&] { drain(by_name(base).run()); }), median_us(kRuns, [&] { drain(raw); }));
}

std::string hundredth_page(Base& base) {
  std::string cursor;
  for (int page = 1; page < 100; ++page) {
    Rows rows = cursor.empty() ? by_name(base).run() : by_name(base).after(cursor).run();
    while (rows.next()) {
    }
    cursor = rows.cursor();
  }
  return text("%.1f", median_us(kRuns, [&] { drain(by_name(base).after(cursor).run()); }));
}

std::string in_list(Base& base, std::size_t values) {
  std::string list = "[";
  for (std::size_t i = 0; i < values; ++i) list += (i ? ",\"" : "\"") + base.emails()[i % base.emails().size()] + "\"";
  list += "]";
  const Value wanted = Value::json(list);
  Statement raw(base.raw(),
                "SELECT t.name, t.id FROM (SELECT DISTINCT value FROM json_each(?)) j CROSS JOIN customer t WHERE "
                "t.tenant = 1 AND t.email = j.value AND t.removed_at IS NULL");
  const auto ask = [&] {
    drain(base.session()
              .query("customer")
              .where("email in $emails", {{"emails", wanted}})
              .select({"name"})
              .limit(20'000)
              .run());
  };
  return or_dash([&] {
    const double kith = median_us(kRuns / 5, ask);
    return beside(kith, median_us(kRuns, [&] {
                    raw.bind(list);
                    drain(raw);
                  }));
  });
}

/// Beside its own count.
std::string fold_search(Base& base) {
  const char* const condition = "email.fold().contains($t)";
  const auto search = [&] {
    drain(base.session().query("customer").where(condition, {{"t", "zhang77@"}}).order_by("name").limit(20).run());
  };
  const auto count = [&] {
    base.session().run("count", R"json({"type":"customer","where":"email.fold().contains('zhang77@')"})json");
  };
  return beside(median_us(3, search), median_us(3, count));
}

std::string update(Base& base) {
  HandCustomers hand(base.hand_file().string() + "2");
  constexpr std::int64_t kSome = 1'000;
  hand.begin();
  for (std::int64_t i = 0; i < kSome; ++i) hand.create(i);
  hand.commit();
  std::int64_t turn = 0;
  const double kith = median_us(501, [&] {
    const std::string name = "Customer " + std::to_string(++turn);
    base.session().update(base.some()[static_cast<std::size_t>(turn) % base.some().size()], {{"name", name}});
  });
  const double by_hand = median_us(501, [&] {
    hand.begin();
    ++turn;
    hand.rename(turn % kSome + 1, turn);
    hand.commit();
  });
  run_until_idle(base.core(), base.session());
  return beside(kith, by_hand);
}

struct Idle {
  std::string time, steps, customer_steps;
};
/// `run_due` when nothing is due: how long, how many steps of SQLite's machine, and those of statements on customers.
Idle idle(Base& base) {
  EngineTrace trace;
  base.reopen();
  run_until_idle(base.core(), base.session());
  trace.take();
  constexpr int kCalls = 21;
  const double time = median_us(kCalls, [&] { base.core().run_due(std::chrono::milliseconds(500)); });
  std::int64_t steps = 0, customers = 0;
  for (const auto& [sql, cost] : trace.take()) {
    steps += cost.vm_steps;
    if (sql.find("customer") != std::string::npos) customers += cost.vm_steps;
  }
  return {text("%.0f", time), text("%lld", static_cast<long long>(steps / kCalls)),
          text("%lld", static_cast<long long>(customers / kCalls))};
}

}  // namespace

std::vector<Figure> measure(Base& base) {
  const auto rows = static_cast<double>(base.customers());
  std::vector<Figure> out;
  out.push_back({"import, us a row", beside(base.import_kith_s * 1e6 / rows, base.import_hand_s * 1e6 / rows)});
  out.push_back({"first settling, us a row", text("%.1f", base.settle_s * 1e6 / rows)});
  out.push_back({"point read, us", point_read(base)});
  out.push_back({"first page of 50 by name, us", first_page(base)});
  out.push_back({"hundredth page, us", hundredth_page(base)});
  for (const std::size_t values : {2, 200, 10'000})
    out.push_back({"`in` of " + std::to_string(values) + ", us", in_list(base, values)});
  out.push_back({"fold search, us (beside its count)", fold_search(base)});
  out.push_back({"durable update, us", update(base)});
  const Idle nothing_due = idle(base);
  out.push_back({"run_due, nothing due, us", nothing_due.time});
  out.push_back({"its steps in SQLite", nothing_due.steps});
  out.push_back({"of these on customers", nothing_due.customer_steps});
  out.push_back({"opening, ms", text("%.1f", median_us(11, [&] { base.reopen(); }) / 1e3)});
  out.push_back({"file, MB", beside(static_cast<double>(database_bytes(base.file())) / 1e6,
                                    static_cast<double>(database_bytes(base.hand_file())) / 1e6)});
  return out;
}

}  // namespace kith::bench
