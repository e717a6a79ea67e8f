#include <limits>

#include "world.hpp"

using kith_test::World;
using ::testing::HasSubstr;

namespace {

struct Raw {
  World world;
  kith::Core core = world.open();
  kith::OwnedSession session = core.session({.actor = "alice"});
  kith_session* s = session.raw();
};

TEST(BoundaryTest, FreeingNullIsAllowedEverywhere) {
  kith_error_free(nullptr);
  kith_rows_free(nullptr);
  kith_text_free(nullptr);
  kith_session_close(nullptr);
  kith_core_close(nullptr);
  kith_session_rollback(nullptr);
  kith_session_cancel(nullptr);
  EXPECT_EQ(kith_error_code(nullptr), KITH_OK);
  EXPECT_EQ(kith_rows_width(nullptr), 0u);
}

TEST(BoundaryTest, ANullHandleIsMisuseAndNoCrash) {
  kith_error* error = nullptr;
  EXPECT_EQ(kith_session_begin(nullptr, &error), KITH_MISUSE);
  EXPECT_THAT(std::string(kith::view(kith_error_text(error))), HasSubstr("NULL"));
  kith_error_free(error);
  EXPECT_EQ(kith_core_open(nullptr, nullptr, nullptr), KITH_MISUSE);
  EXPECT_EQ(kith_record_create(nullptr, {}, nullptr, 0, nullptr, nullptr), KITH_MISUSE);
}

TEST(BoundaryTest, AnErrorMayBeIgnored) {
  Raw raw;
  EXPECT_EQ(kith_record_create(raw.s, kith::str("no_such_type"), nullptr, 0, nullptr, nullptr), KITH_NOT_FOUND);
}

TEST(BoundaryTest, TextThatIsNotUtf8OrHasANulIsRefused) {
  Raw raw;
  for (const std::string& bad : {std::string("\xC3\x28"), std::string("a\0b", 3), std::string("\xED\xA0\x80")}) {
    EXPECT_EQ(kith_test::code_of([&] {
                raw.session.create("customer", {{"kind", "person"}, {"name", bad}});
              }),
              KITH_INVALID);
  }
}

TEST(BoundaryTest, ANumberThatIsNotFiniteIsRefused) {
  Raw raw;
  EXPECT_EQ(kith_test::code_of([&] {
              raw.session.query("customer").where("1.0 == $x", {{"x", std::numeric_limits<double>::infinity()}}).run();
            }),
            KITH_INVALID);
}

TEST(BoundaryTest, ACallersOlderAndSmallerStructIsAccepted) {
  Raw raw;
  kith_query query{};
  query.struct_size = offsetof(kith_query, where);
  query.record_type = kith::str("customer");
  query.where = kith::str("this lies beyond what the caller knows of");
  kith_rows* rows = nullptr;
  EXPECT_EQ(kith_session_query(raw.s, &query, &rows, nullptr), KITH_OK);
  kith_rows_free(rows);
}

TEST(BoundaryTest, ATableForAnOlderCallerIsCutAndForANewerOneZeroed) {
  kith_api small{};
  small.struct_size = offsetof(kith_api, session_begin);
  kith_api_copy(&small);
  EXPECT_NE(small.error_code, nullptr);
  EXPECT_EQ(small.session_begin, nullptr);
  struct {
    kith_api api;
    void* beyond;
  } large;
  std::memset(&large, 0xAB, sizeof large);
  large.api.struct_size = sizeof large;
  kith_api_copy(&large.api);
  EXPECT_EQ(large.beyond, nullptr);
  EXPECT_EQ(large.api.struct_size, sizeof(kith_api));
}

TEST(BoundaryTest, AnUnknownVerbNamesTheOnesThereAre) {
  Raw raw;
  try {
    raw.session.run("timline");
    FAIL();
  } catch (const kith::Error& error) {
    EXPECT_EQ(error.code(), KITH_UNSUPPORTED);
    EXPECT_THAT(error.what(), HasSubstr("\"timeline\""));
  }
}

TEST(BoundaryTest, ErrorsAreDataToo) {
  Raw raw;
  try {
    raw.session.create("customer", {{"kind", "persn"}, {"email", "nobody"}});
    FAIL();
  } catch (const kith::Error& error) {
    EXPECT_THAT(error.json(), HasSubstr("\"field\":\"kind\""));
    EXPECT_THAT(error.json(), HasSubstr("\"field\":\"email\""));
    EXPECT_THAT(error.json(), HasSubstr("\"field\":\"name\""));
    EXPECT_THAT(error.json(), HasSubstr("\"exit\":1"));
  }
}

}  // namespace
