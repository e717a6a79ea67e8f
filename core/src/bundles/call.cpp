#include "bundles/call.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include "base/text/text.hpp"

namespace kith::internal::bundles {
namespace {

struct CodeName {
  std::int32_t code;
  std::string_view name;
};
constexpr std::array kCodeNames = {CodeName{KITH_END, "KITH_END"},
                                   CodeName{KITH_INVALID, "KITH_INVALID"},
                                   CodeName{KITH_DENIED, "KITH_DENIED"},
                                   CodeName{KITH_NOT_FOUND, "KITH_NOT_FOUND"},
                                   CodeName{KITH_CONFLICT, "KITH_CONFLICT"},
                                   CodeName{KITH_RETRY, "KITH_RETRY"},
                                   CodeName{KITH_BUSY, "KITH_BUSY"},
                                   CodeName{KITH_TIMEOUT, "KITH_TIMEOUT"},
                                   CodeName{KITH_CANCELLED, "KITH_CANCELLED"},
                                   CodeName{KITH_MISUSE, "KITH_MISUSE"},
                                   CodeName{KITH_CLOSED, "KITH_CLOSED"},
                                   CodeName{KITH_UNSUPPORTED, "KITH_UNSUPPORTED"},
                                   CodeName{KITH_PLUGIN, "KITH_PLUGIN"},
                                   CodeName{KITH_IO, "KITH_IO"},
                                   CodeName{KITH_CORRUPT, "KITH_CORRUPT"},
                                   CodeName{KITH_NO_MEMORY, "KITH_NO_MEMORY"},
                                   CodeName{KITH_BUG, "KITH_BUG"}};

// Trying again with the same input would end the same way.
constexpr std::array kLasting = {KITH_INVALID, KITH_DENIED, KITH_NOT_FOUND, KITH_MISUSE, KITH_UNSUPPORTED};

bool on_its_thread(kith_call* call) noexcept {
  if (call->thread == std::this_thread::get_id()) return true;
  call->misused = true;
  return false;
}

void note(kith_call& call, std::int32_t code, std::string_view text) noexcept {
  call.failed = true;
  call.code = code == KITH_OK ? KITH_PLUGIN : code;
  try {
    call.text = is_utf8(text) ? std::string(text) : "(a text that is not UTF-8)";
  } catch (const std::exception&) {
    call.text.clear();  // no memory for the reason; the failure itself is noted
  }
}

std::int32_t fail(kith_call* call, std::int32_t code, kith_str text) {
  if (call && on_its_thread(call)) note(*call, code, view(text));
  return code == KITH_OK ? KITH_PLUGIN : code;
}

void put_text(kith_call* call, kith_output* out, std::uint64_t row, kith_str text) {
  if (!call || !on_its_thread(call)) return;
  if (!call->texts || out != call->output || row >= call->texts->size())
    return note(*call, KITH_MISUSE, "put_text was asked for a row or an output that this call does not have");
  if (!is_utf8(view(text))) return note(*call, KITH_INVALID, "put_text was given a text that is not UTF-8");
  try {
    (*call->texts)[row] = std::string(view(text));
    constexpr std::uint64_t bits = 64;
    out->valid[row / bits] |= std::uint64_t{1} << (row % bits);
  } catch (const std::exception&) {
    note(*call, KITH_NO_MEMORY, "no memory for a text");
  }
}

std::int32_t cancelled(kith_call* call) {
  if (!call || !on_its_thread(call) || !call->job || !call->job->cancelled) return 0;
  try {
    return call->job->cancelled() ? 1 : 0;
  } catch (const std::exception&) {
    return 1;  // who can't be asked any more wants no more work
  }
}

void progress(kith_call* call, std::uint64_t done, std::uint64_t total) {
  if (!call || !on_its_thread(call) || !call->job || !call->job->report) return;
  try {
    call->job->report(done, total);
  } catch (const std::exception& problem) {
    note(*call, KITH_PLUGIN, problem.what());
  }
}

}  // namespace

std::string BodyName::text() const {
  return std::string(kind) + " '" + std::string(name) + "' of plugin " + std::string(plugin) + " " +
         std::string(version);
}

void fill_call_functions(kith_host& host) {
  host.fail = fail;
  host.put_text = put_text;
  host.cancelled = cancelled;
  host.progress = progress;
}

std::int32_t run_guarded(kith_call& call, const std::function<std::int32_t()>& body) noexcept {
  try {
    return body();
  } catch (const std::exception& thrown) {
    call.threw = true;
    note(call, KITH_PLUGIN, thrown.what());
  } catch (...) {
    call.threw = true;
    note(call, KITH_PLUGIN, "it let an exception out");  // of another C++ library or another language
  }
  return KITH_PLUGIN;
}

void judge(const kith_call& call, std::int32_t code, const BodyName& name) {
  if (call.misused)
    throw Error(ProblemNumber::plugin_body_failed, name.text() + " used its call from another thread",
                "a plugin may use fail, put_text, cancelled and progress only on the thread that runs the body");
  if (code == KITH_OK && !call.failed) return;
  const std::int32_t shown = call.failed ? call.code : code;
  if (call.job && shown == KITH_CANCELLED)
    throw Error(ProblemNumber::cancelled, name.text() + " was cancelled", "run it again");
  Problem problem;
  problem.number = ProblemNumber::plugin_body_failed;
  problem.message = name.text() + " failed: " +
                    (call.text.empty() ? "it returned " + code_text(shown) + " and gave no reason" : call.text);
  problem.fix = "correct what it says, or ask the author of " + std::string(name.plugin);
  if (std::find(kLasting.begin(), kLasting.end(), shown) != kLasting.end())
    throw react::NotWorthRetrying(std::move(problem));
  throw Error(std::move(problem));
}

void blame(const kith_call& call, Problem broken) {
  // A time that is over is this body's fault, not that of who waits for it; a broken rule stays one.
  if (broken.number != ProblemNumber::misuse) broken.number = ProblemNumber::plugin_body_failed;
  if (!call.text.empty() && call.text.find(broken.message) == std::string::npos)
    broken.notes.push_back("said   " + call.text);
  throw Error(std::move(broken));
}

std::string code_text(std::int32_t code) {
  const auto* found =
      std::find_if(kCodeNames.begin(), kCodeNames.end(), [&](const CodeName& name) { return name.code == code; });
  const std::string number = std::to_string(code);
  return found == kCodeNames.end() ? number : std::string(found->name) + " (" + number + ")";
}

}  // namespace kith::internal::bundles
