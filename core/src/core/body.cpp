#include "core/body.hpp"

namespace kith::internal {
namespace {

std::string limit_text() { return std::to_string(kTransactionLimitUs / kMicrosPerSecond) + " s"; }

Problem too_long(const std::string& who) {
  Problem problem;
  problem.number = ProblemNumber::deadline_passed;
  problem.message = who + " ran for more than " + limit_text() + ", the time that a body may hold the writer";
  problem.fix = "do less in one action, or make it a job, which has transactions of its own";
  return problem;
}

Problem too_much(const std::string& who) {
  Problem problem;
  problem.number = ProblemNumber::misuse;
  problem.message = who + " wrote more than " + std::to_string(kMostWritesOfBody) + " times in one step";
  problem.fix = "look for a loop that does not end; many records are the work of a job";
  return problem;
}

}  // namespace

Error LentBody::out_of_time() const { return Error(too_long(name_)); }

void LentBody::calls() const {
  if (steady_us() > ends_at()) throw out_of_time();
}

void LentBody::writes() {
  if (++writes_ > kMostWritesOfBody) throw Error(too_much(name_));
}

Error LentBody::misused(std::string_view call) {
  misused_ = call;
  return {ProblemNumber::misuse,
          name_ + " called " + misused_ +
              ": a body runs in the transaction of its step, which the core commits when the " + "body has returned",
          "take the call out; a body that fails is rolled back by the core"};
}

std::optional<Problem> LentBody::broken() const {
  if (!misused_.empty()) return LentBody(*this).misused(misused_).first();
  if (writes_ > kMostWritesOfBody) return too_much(name_);
  if (steady_us() > ends_at()) return too_long(name_);
  return std::nullopt;
}

}  // namespace kith::internal
