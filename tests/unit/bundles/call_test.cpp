#include "bundles/call.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace kith::internal::bundles {
namespace {

using ::testing::HasSubstr;

const BodyName kName{"function", "shop.f", "shop", "1.2.0"};
kith_str text(std::string_view s) { return {s.data(), s.size()}; }

std::string message(const kith_call& call, std::int32_t code) {
  try {
    judge(call, code, kName);
  } catch (const Error& error) {
    return error.first().message;
  }
  return {};
}

TEST(CallTest, TakesABodyAtItsWord) {
  kith_host host{};
  fill_call_functions(host);
  kith_call call;
  EXPECT_EQ(message(call, KITH_OK), "");
  EXPECT_EQ(host.fail(&call, KITH_INVALID, text("too small")), KITH_INVALID);
  EXPECT_EQ(message(call, KITH_OK), "function 'shop.f' of plugin shop 1.2.0 failed: too small")
      << "fail counts, whatever is returned";
}

TEST(CallTest, NamesTheCodeOfABodyThatGivesNoReason) {
  const kith_call call;
  EXPECT_THAT(message(call, KITH_IO), HasSubstr("it returned KITH_IO (22) and gave no reason"));
  EXPECT_THAT(message(call, 4711), HasSubstr("4711"));
}

TEST(CallTest, SaysWhereTryingAgainCantHelp) {
  kith_call call;
  EXPECT_THROW(judge(call, KITH_INVALID, kName), react::NotWorthRetrying);
  try {
    judge(call, KITH_CONFLICT, kName);
    FAIL();
  } catch (const react::NotWorthRetrying&) {
    FAIL() << "a conflict may be gone the next time";
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::plugin_body_failed);
  }
}

TEST(CallTest, CatchesWhatGetsOutOfABody) {
  kith_call call;
  EXPECT_EQ(run_guarded(call, []() -> std::int32_t { throw std::runtime_error("loose"); }), KITH_PLUGIN);
  EXPECT_THAT(message(call, KITH_PLUGIN), HasSubstr("loose"));
  kith_call other;
  EXPECT_EQ(run_guarded(other, []() -> std::int32_t { throw 7; }), KITH_PLUGIN);
  EXPECT_THAT(message(other, KITH_PLUGIN), HasSubstr("exception"));
}

TEST(CallTest, NoticesACallThatIsUsedByAnotherThread) {
  kith_host host{};
  fill_call_functions(host);
  kith_call call;
  std::thread([&] { host.fail(&call, KITH_IO, text("from elsewhere")); }).join();
  EXPECT_THAT(message(call, KITH_OK), HasSubstr("from another thread"));
}

TEST(CallTest, RefusesATextForARowThatIsNotThere) {
  kith_host host{};
  fill_call_functions(host);
  std::vector<std::string> texts(2);
  std::uint64_t valid = 0;
  kith_output output{KITH_TEXT, 0, 2, nullptr, &valid};
  kith_call call;
  call.output = &output;
  call.texts = &texts;
  host.put_text(&call, &output, 1, text("b"));
  EXPECT_EQ(valid, 2U);
  EXPECT_EQ(texts[1], "b");
  host.put_text(&call, &output, 2, text("c"));
  EXPECT_THAT(message(call, KITH_OK), HasSubstr("put_text"));
}

}  // namespace
}  // namespace kith::internal::bundles
