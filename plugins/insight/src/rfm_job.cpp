#include "rfm_job.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <string_view>

#include "cut_points.hpp"
#include "ledger.hpp"

namespace insight {
namespace {

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
constexpr std::uint64_t kRowsPerReport = 2'048;  // a page of a result

kith::Date today(kith::Session& session) {
  const std::int64_t now = session.now().us;
  return {now / kMicrosPerDay - (now % kMicrosPerDay < 0 ? 1 : 0)};
}

kith::Date as_of_of(kith::JobContext& job) {
  const kith::Date latest = today(job.session());
  const kith::Date as_of = job.args().date("as_of").value_or(latest);
  if (as_of > latest)
    throw kith::Error(KITH_INVALID, "as_of " + kith::detail::date_text(as_of.days) + " lies in the future: today is " +
                                        kith::detail::date_text(latest.days) + "; leave it out for today");
  return as_of;
}

// Bounds made while orders still wait for their entries would be those of another population.
void require_settled(kith::Session& session) {
  const kith::Arguments pending(session.run("pending"));
  const kith::Arguments runs(pending.json("runs").value_or("{}"));
  const std::int64_t waiting = pending.integer("events").value_or(0) + runs.integer("retry").value_or(0);
  if (waiting == 0) return;
  throw kith::Error(
      KITH_BUSY,
      std::to_string(waiting) + (waiting == 1 ? " reaction is" : " reactions are") +
          " still pending, so the value ledger is not complete: run `kith run-due` first, then the job again");
}

CustomerId id_of(const kith::Cell& customer) {
  CustomerId out{};
  std::copy_n(customer.raw().as.id.bytes, out.size(), out.begin());
  return out;
}

struct Read {
  Ledger ledger;
  std::uint8_t scale = 0;  ///< decimals of the tenant's currency
};

Read read_ledger(kith::JobContext& job, kith::Date as_of) {
  kith::Session& session = job.session();
  const auto total = static_cast<std::uint64_t>(std::max<std::int64_t>(
      kith::Arguments(session.run("count", R"({"type":"insight.value_entry"})")).integer("count").value_or(0), 0));
  Read out;
  std::uint64_t done = 0;
  for (const auto row : session.query("insight.value_entry")
                            .where("kind != 'cost' && occurred_on <= $as_of", {{"as_of", as_of}})
                            .select({"customer", "kind", "occurred_on", "net"})
                            .limit(std::numeric_limits<std::uint32_t>::max())) {
    const kith::Money net = row[3].money();
    out.scale = net.scale;
    out.ledger.add(id_of(row[0]), row[1].text() == "return" ? Ledger::Kind::returned : Ledger::Kind::revenue,
                   row[2].date().days, net.minor);
    if (++done % kRowsPerReport != 0) continue;
    job.stop_if_cancelled();
    job.progress(done, std::max(done, total));
  }
  job.stop_if_cancelled();
  job.progress(done, done);  // costs and later entries were counted, but not wanted
  return out;
}

std::string number(double value) {
  char text[32];
  const auto result = std::to_chars(text, text + sizeof text, value);
  return {text, result.ptr};
}

void append(std::string& json, char letter, const CutPoints& points) {
  for (std::size_t i = 0; i < points.size(); ++i)
    json += std::string(",\"") + letter + std::to_string(i + 1) + "\":" + number(points[i]);
}

std::int64_t smallest_units(std::uint8_t scale) {
  std::int64_t units = 1;
  for (std::uint8_t i = 0; i < scale; ++i) units *= 10;
  return units;
}

}  // namespace

void run_rfm(kith::JobContext& job) {
  const kith::Date as_of = as_of_of(job);
  const std::string day = kith::detail::date_text(as_of.days);
  require_settled(job.session());
  const Read read = read_ledger(job, as_of);
  Measures measures = read.ledger.measures(as_of.days);
  const std::size_t customers = measures.recency.size();
  if (customers == 0)
    throw kith::Error(KITH_INVALID,
                      "nobody bought anything up to " + day +
                          ": there is no insight.value_entry of kind 'revenue' to make bounds from. Import orders "
                          "with \"automation\": \"run\", run `kith run-due`, then the job again");
  std::string values = "{\"as_of\":\"" + day + "\",\"customers\":" + std::to_string(customers);
  append(values, 'r', cut_points(std::move(measures.recency), 1));
  append(values, 'f', cut_points(std::move(measures.frequency), 1));
  append(values, 'm', cut_points(std::move(measures.monetary), smallest_units(read.scale)));
  job.session().run("parameters.publish",
                    R"({"set":"insight.rfm","job":"insight.rfm","as_of":")" + day + "\",\"values\":" + values + "}}");
  job.log(2, "insight.rfm: bounds as of " + day + " from " + std::to_string(read.ledger.entries()) + " entries of " +
                 std::to_string(customers) + " customers");
}

}  // namespace insight
