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

/// A value of this type and number, as the only parameter of a question that accepts it.
std::int32_t code_of_parameter(kith::Session& session, std::uint32_t type, std::int64_t number, const char* where,
                               std::string* text = nullptr) {
  kith_value raw{};
  raw.type = type;
  raw.as.i = number;
  try {
    session.query("customer").where(where, {{"x", kith::Value(raw)}}).run();
    return KITH_OK;
  } catch (const kith::Error& error) {
    if (text) *text = error.what();
    return error.code();
  }
}

TEST(BoundaryTest, AValueOutOfItsTypesRangeIsRefusedAndTheRangeNamed) {
  Raw raw;
  const auto code = [&](std::uint32_t type, std::int64_t number, const char* where) {
    return code_of_parameter(raw.session, type, number, where);
  };
  constexpr const char* date = "date('2026-01-01') < $x";
  EXPECT_EQ(code(KITH_DATE, -719'162, date), KITH_OK);
  EXPECT_EQ(code(KITH_DATE, 2'932'896, date), KITH_OK);
  EXPECT_EQ(code(KITH_DATE, -719'163, date), KITH_INVALID);
  EXPECT_EQ(code(KITH_DATE, 2'932'897, date), KITH_INVALID);
  EXPECT_EQ(code(KITH_DATE, std::int64_t{1} << 62, date), KITH_INVALID);
  constexpr const char* instant = "created_at < $x";
  EXPECT_EQ(code(KITH_TIMESTAMP, 0, instant), KITH_OK);
  EXPECT_EQ(code(KITH_TIMESTAMP, INT64_MAX, instant), KITH_INVALID);
  EXPECT_EQ(code(KITH_TIMESTAMP, INT64_MIN, instant), KITH_INVALID);
  EXPECT_EQ(code(KITH_TIMESTAMP, 1'764'000'000'000'000'000, instant), KITH_INVALID) << "nanoseconds";
  EXPECT_EQ(code(KITH_DURATION, INT64_MIN, "now() - created_at < $x"), KITH_INVALID);
  EXPECT_EQ(code(KITH_DURATION, 1'000'000, "now() - created_at < $x"), KITH_OK);
  EXPECT_EQ(code(KITH_BOOL, 2, "$x"), KITH_INVALID);
  EXPECT_EQ(code(99, 0, "$x"), KITH_MISUSE);
  std::string text;
  EXPECT_EQ(code_of_parameter(raw.session, KITH_DATE, std::int64_t{1} << 62, date, &text), KITH_INVALID);
  EXPECT_THAT(text, HasSubstr("9999-12-31"));
  EXPECT_THAT(text, HasSubstr("4611686018427387904"));
}

TEST(BoundaryTest, ADateThatIsNoneIsNotStored) {
  Raw raw;
  kith_value far{};
  far.type = KITH_DATE;
  far.as.i = std::int64_t{1} << 62;
  kith_value never{};
  never.type = KITH_TIMESTAMP;
  never.as.i = INT64_MAX;
  for (const kith_value& bad : {far, never}) {
    EXPECT_EQ(
        kith_test::code_of([&] {
          raw.session.create("interaction", {{"channel", "email"}, {"direction", "in"}, {"at", kith::Value(bad)}});
        }),
        KITH_INVALID);
  }
}

TEST(BoundaryTest, MoneyOfNoCurrencyOrOfAnotherScaleIsRefused) {
  Raw raw;
  const auto code = [&](const char* currency, std::uint8_t scale) {
    kith::Money money{100, {}, scale};
    std::memcpy(money.currency, currency, 3);
    return kith_test::code_of([&] { raw.session.query("customer").where("$x == $x", {{"x", money}}).run(); });
  };
  EXPECT_EQ(code("EUR", 2), KITH_OK);
  EXPECT_EQ(code("EUR", 3), KITH_INVALID);
  EXPECT_EQ(code("JPY", 2), KITH_INVALID);
  EXPECT_EQ(code("eur", 2), KITH_INVALID);
  EXPECT_EQ(code("\xff\xfe\x01", 2), KITH_INVALID);
}

TEST(BoundaryTest, AVersionThatNoRecordCanHaveIsMisuse) {
  Raw raw;
  const kith::Ref ada = kith_test::person(raw.session, "Ada");
  EXPECT_EQ(kith_test::code_of([&] { raw.session.update(ada, {{"name", "B"}}, UINT64_MAX); }), KITH_MISUSE);
  EXPECT_EQ(kith_test::code_of([&] { raw.session.remove(ada, UINT64_MAX); }), KITH_MISUSE);
}

/// What an error says whose call returned `code`; freed. By reference: the call sets it while arguments are evaluated.
std::string told(std::int32_t code, std::int32_t expected, kith_error*& error) {
  EXPECT_EQ(code, expected);
  std::string text(kith::view(kith_error_text(error)));
  kith_error_free(error);
  return text;
}

TEST(BoundaryTest, AStructWhoseSizeWasNotSetIsMisuseThatNamesIt) {
  Raw raw;
  kith_error* error = nullptr;
  kith_query query{};
  query.record_type = kith::str("customer");
  kith_rows* rows = nullptr;
  EXPECT_THAT(told(kith_session_query(raw.s, &query, &rows, &error), KITH_MISUSE, error), HasSubstr("kith_query"));
  query.struct_size = 8;
  EXPECT_THAT(told(kith_session_query(raw.s, &query, &rows, &error), KITH_MISUSE, error),
              HasSubstr("sizeof(kith_query)"));
  kith_options options{};
  kith_core* core = nullptr;
  EXPECT_THAT(told(kith_core_open(&options, &core, &error), KITH_MISUSE, error), HasSubstr("kith_options"));
  kith_session_options who{};
  kith_session* session = nullptr;
  EXPECT_THAT(told(kith_session_open(raw.core.raw(), &who, &session, &error), KITH_MISUSE, error),
              HasSubstr("kith_session_options"));
}

TEST(BoundaryTest, AnArgumentThatAVerbDoesNotTakeIsRefusedWithTheNearest) {
  Raw raw;
  const auto told_of = [](auto&& call) -> std::string {
    try {
      call();
    } catch (const kith::Error& error) {
      EXPECT_EQ(error.code(), KITH_INVALID);
      return error.what();
    }
    return "nothing was said";
  };
  EXPECT_THAT(told_of([&] { raw.session.run("count", R"({"type": "customer", "were": "name == 'x'"})"); }),
              HasSubstr("\"where\""));
  EXPECT_THAT(told_of([&] { raw.session.run("pending", R"({"all": true})"); }), HasSubstr("'all'"));
  EXPECT_THAT(told_of([&] { raw.core.run("catalog", R"({"language": "en"})"); }), HasSubstr("'language'"));
  EXPECT_THAT(told_of([&] { raw.core.run("doctor", R"({"tenant": "x"})"); }), HasSubstr("no arguments"));
}

TEST(BoundaryTest, EveryVerbThatTheHeaderNamesIsThere) {
  Raw raw;
  for (const char* verb : {"doctor", "plugins", "catalog", "pending"}) EXPECT_NO_THROW(raw.core.run(verb)) << verb;
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
