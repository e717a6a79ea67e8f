// One run of a plugin's body, as the plugin sees it (kith_call) and as the host judges it afterwards. A body's failure
// becomes an Error that names the plugin and the body; nothing else of it reaches the caller.
#pragma once
#include <kith/plugin.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bundles/bundles.hpp"

/// What host->fail, put_text, cancelled and progress write to. Lives on the stack of the thread that runs the body.
struct kith_call {
  std::thread::id thread = std::this_thread::get_id();
  std::atomic<bool> misused = false;  ///< a [call] function was used by another thread
  bool failed = false;
  bool threw = false;  ///< an exception came out of the body
  std::int32_t code = KITH_OK;
  std::string text;
  const kith_output* output = nullptr;        ///< functions that return text
  std::vector<std::string>* texts = nullptr;  ///< one per row of `output`
  const kith::internal::bundles::JobProgress* job = nullptr;
};

namespace kith::internal::bundles {

/// A text of the boundary, where it stands.
inline std::string_view view(kith_str text) {
  return text.ptr ? std::string_view(text.ptr, static_cast<std::size_t>(text.len)) : std::string_view();
}

/// "function 'retail.f' of plugin retail 0.1.0": who is blamed.
struct BodyName {
  std::string_view kind, name, plugin, version;
  std::string text() const;
};

/// Fills the functions of a table; `host->log` stays the caller's.
void fill_call_functions(kith_host& host);

/// Runs a body, whose result is a KITH_* code. Returns the code, also when the body failed or threw: `call` then says
/// why.
std::int32_t run_guarded(kith_call& call, const std::function<std::int32_t()>& body) noexcept;
/// Throws plugin_body_failed when the body failed; react::NotWorthRetrying where another try can't help; cancelled when
/// a job said so.
void judge(const kith_call& call, std::int32_t code, const BodyName& name);
/// Throws what a body did that it may not, whatever it returned: misuse where it broke a rule, else plugin_body_failed.
/// `broken` names the body; what the body said besides is a note of it.
[[noreturn]] void blame(const kith_call& call, Problem broken);
/// "KITH_INVALID (10)"
std::string code_text(std::int32_t code);

}  // namespace kith::internal::bundles
