#include "base/value/id.hpp"

#include <openssl/crypto.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>
#include <unordered_set>
#include <vector>

namespace kith::internal {
namespace {

constexpr std::int64_t kNow = 1'764'000'000'123'456;

TEST(RecordIdTest, IsLaidOutAsVersionSeven) {
  IdSource source;
  const RecordId id = source.next(kNow);
  std::int64_t ms = 0;
  for (std::size_t i = 0; i < 6; ++i) ms = ms * 256 + id.bytes[i];
  EXPECT_EQ(ms, kNow / 1000);
  EXPECT_EQ(id.bytes[6] >> 4, 7);
  EXPECT_EQ(id.bytes[8] >> 6, 2);
  EXPECT_FALSE(id.is_nil());
  EXPECT_TRUE(RecordId{}.is_nil());
}

TEST(RecordIdTest, ReadsBackTheExampleOfTheStandard) {
  // RFC 9562, appendix A.6: 2022-02-22T19:22:22Z.
  const auto id = RecordId::parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->text(), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
  EXPECT_EQ(RecordId::parse("017f22e279b07cc398c4dc0c0c07398f"), id);
}

TEST(RecordIdTest, RefusesWhatIsNotAUuid) {
  for (const char* text :
       {"", "017f22e2", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "017f22e2_79b0-7cc3-98c4-dc0c0c07398f", "017f22e279b0-7cc3-98c4-dc0c0c07398f1",
        "{017f22e279b07cc398c4dc0c0c07398f}", " 017f22e279b07cc398c4dc0c0c07398f"}) {
    EXPECT_FALSE(RecordId::parse(text)) << text;
  }
}

TEST(RecordIdTest, SurvivesTheRoundTripThroughText) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    RecordId id;
    for (std::uint8_t& byte : id.bytes) byte = static_cast<std::uint8_t>(random());
    EXPECT_EQ(RecordId::parse(id.text()), id);
  }
}

TEST(RecordIdTest, OrdersAsItsTextDoes) {
  std::mt19937_64 random(8);
  IdSource source;
  for (int i = 0; i < 500; ++i) {
    const RecordId a = source.next(static_cast<std::int64_t>(random() % 4'000'000'000'000'000));
    RecordId b = a;
    b.bytes[random() % 16] = static_cast<std::uint8_t>(random());
    EXPECT_EQ(a < b, a.text() < b.text());
  }
}

TEST(IdSourceTest, GrowsStrictlyWhileTheClockStandsStill) {
  IdSource source;
  RecordId last = source.next(kNow);
  for (int i = 0; i < 100'000; ++i) {
    const RecordId id = source.next(kNow);
    ASSERT_LT(last, id);
    last = id;
  }
}

TEST(IdSourceTest, GrowsStrictlyWhateverTheClockDoes) {
  std::mt19937_64 random(9);
  IdSource source;
  RecordId last = source.next(0);
  std::int64_t now = kNow;
  for (int i = 0; i < 20'000; ++i) {
    now += static_cast<std::int64_t>(random() % 5000) - 2400;  // it also goes back
    const RecordId id = source.next(i % 1000 == 0 ? -now : now);
    ASSERT_LT(last, id);
    last = id;
  }
}

TEST(IdSourceTest, GivesNoIdTwiceToManyThreads) {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kEach = 5000;
  IdSource source;
  std::vector<std::vector<RecordId>> made(kThreads);
  std::vector<std::thread> threads;
  for (std::vector<RecordId>& mine : made) {
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < kEach; ++i) mine.push_back(source.next(kNow));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::unordered_set<RecordId> all;
  for (const std::vector<RecordId>& mine : made) {
    EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
    all.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(all.size(), kThreads * kEach);
}

TEST(IdSourceTest, NeedsNothingThatMayFailToSetItselfUpForWantOfMemory) {
  // libcrypto's source of random numbers, where it was set up without memory once, fails for good.
  const auto none = [](std::size_t, const char*, int) -> void* { return nullptr; };
  const auto still_none = [](void*, std::size_t, const char*, int) -> void* { return nullptr; };
  const auto ignore = [](void*, const char*, int) {};
  const pid_t child = ::fork();
  if (child == 0) {
    // Where it is in use already, it keeps its functions, and the test shows nothing; it isn't in a process of its own.
    static_cast<void>(CRYPTO_set_mem_functions(none, still_none, ignore));
    IdSource source;
    ::_exit(source.next(kNow) == source.next(kNow) ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(IdSourceTest, TwoSourcesInTheSameMillisecondDiffer) {
  IdSource one;
  IdSource two;
  EXPECT_NE(one.next(kNow), two.next(kNow));
}

TEST(IdSourceTest, AForkedProcessDoesNotGoOnWithTheIdsOfItsParent) {
  IdSource source;
  source.next(kNow);
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const RecordId id = source.next(kNow);
    const bool told = ::write(ends[1], id.bytes.data(), id.bytes.size()) == static_cast<ssize_t>(id.bytes.size());
    ::_exit(told ? 0 : 1);
  }
  RecordId theirs;
  ASSERT_EQ(::read(ends[0], theirs.bytes.data(), theirs.bytes.size()), static_cast<ssize_t>(theirs.bytes.size()));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_NE(source.next(kNow), theirs);
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace kith::internal
