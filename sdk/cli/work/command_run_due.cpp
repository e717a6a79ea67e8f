// kith run-due: what a host's own loop would do: events to workflows, stale values made fresh.
#include <algorithm>
#include <boost/json.hpp>
#include <limits>

#include "cli/answers/problems.hpp"
#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/interrupt.hpp"
#include "cli/words/duration.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

using std::chrono::milliseconds;

// Work is asked for in slices, so that an interrupt is heard in between.
constexpr milliseconds kSlice{500};

class RunDueCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.flag("--until-idle", until_idle_, "until nothing more is due, however long it takes (but see --max)")
        .option("--max", max_, "DURATION", "stop after this time; 60s if left out and not --until-idle");
  }

  int run(Context& context) override {
    const auto began = std::chrono::steady_clock::now();
    const auto passed = [&] {
      return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
    };
    const milliseconds most = !max_.empty() ? parse_duration("--max", max_)
                              : until_idle_ ? milliseconds::max()
                                            : milliseconds(60'000);
    const Interrupt interrupt;
    Core core = context.open_to_write();
    OwnedSession session = context.session(core);
    bool idle = false;
    std::optional<Timestamp> next;
    while (!idle && !interrupt.asked() && passed() < most) {
      next = core.run_due(std::min(kSlice, most - passed()));
      idle = !next || *next > session.now();
    }
    Result result;
    result.data = json::parse(session.run("pending")).as_object();
    const double seconds = static_cast<double>(passed().count()) / 1'000.0;
    result.data["idle"] = idle;
    result.data["seconds"] = seconds;
    if (next) result.data["next"] = kith::detail::instant_text(next->us);
    fill(result, idle, seconds);
    if (interrupt.asked()) {
      context.say("interrupted; what was done stays, the rest is done by the next kith run-due");
      result.exit = exit_interrupted;
    }
    return context.finish(std::move(result));
  }

 private:
  static void fill(Result& result, bool idle, double seconds) {
    static const json::object none;
    const json::value* value = result.data.if_contains("runs");
    const json::object& runs = value && value->is_object() ? value->get_object() : none;
    json::object line{{"idle", idle},
                      {"events", integer_at(result.data, "events")},
                      {"derivations", integer_at(result.data, "derivations")},
                      {"retry", integer_at(runs, "retry")},
                      {"dead", integer_at(runs, "dead")},
                      {"quarantined", integer_at(runs, "quarantined")},
                      {"next", text_at(result.data, "next")}};
    result.table = table_of(json::array{line});
    result.text =
        std::string(idle ? "nothing more is due" : "stopped with work left") + " after " + duration_text(seconds);
    if (!idle)
      result.text += ": " + grouped(integer_at(result.data, "events")) + " events, " +
                     grouped(integer_at(result.data, "derivations")) + " values";
    if (const std::string next = text_at(result.data, "next"); idle && !next.empty())
      result.text += "; next at " + next;
    if (const std::int64_t dead = integer_at(runs, "dead"); dead > 0) {
      result.text += "\n" + grouped(dead) + " workflow runs failed for good: kith queue dead";
      result.exit = exit_findings;
    }
    if (const std::int64_t aside = integer_at(runs, "quarantined"); aside > 0) {
      result.text +=
          "\n" + grouped(aside) + " workflow runs set each other going and were set aside: kith queue quarantined";
      result.exit = exit_findings;
    }
  }

  bool until_idle_ = false;
  std::string max_;
};

}  // namespace

std::unique_ptr<Command> make_run_due() { return std::make_unique<RunDueCommand>(); }

}  // namespace kith::cli
