#include <gtest/gtest.h>

#include <random>
#include <set>

#include "base/text/phone_regions.hpp"
#include "base/text/text.hpp"

namespace kith::internal {
namespace {

std::string dialled(std::string_view text, std::string_view region = "") {
  return normalise_phone(text, region).value_or("refused");
}

TEST(PhoneTest, TurnsNationalNumbersIntoE164) {
  EXPECT_EQ(dialled("138 0013 8000", "CN"), "+8613800138000");
  EXPECT_EQ(dialled("(010) 6234-5678", "CN"), "+861062345678");
  EXPECT_EQ(dialled("0755-12345678", "cn"), "+8675512345678");
  EXPECT_EQ(dialled("089 / 123 456 78", "DE"), "+498912345678");
  EXPECT_EQ(dialled("0151 12345678", "DE"), "+4915112345678");
  EXPECT_EQ(dialled("(212) 555-0123", "US"), "+12125550123");
  EXPECT_EQ(dialled("1-212-555-0123", "US"), "+12125550123");
  EXPECT_EQ(dialled("8 (495) 123-45-67", "RU"), "+74951234567");
  EXPECT_EQ(dialled("06 1 234 5678", "HU"), "+3612345678");
  EXPECT_EQ(dialled("06 12 34 56 78", "FR"), "+33612345678");
  EXPECT_EQ(dialled("020 7946 0018", "GB"), "+442079460018");
  EXPECT_EQ(dialled("06 1234 5678", "IT"), "+390612345678");  // Italy keeps its zero
  EXPECT_EQ(dialled("2345 6789", "HK"), "+85223456789");
  EXPECT_EQ(dialled("090-1234-5678", "JP"), "+819012345678");
}

TEST(PhoneTest, TakesInternationalFormsWithoutARegion) {
  EXPECT_EQ(dialled("+86 138 0013 8000"), "+8613800138000");
  EXPECT_EQ(dialled("+49 (0) 89 12345678"), "+498912345678");
  EXPECT_EQ(dialled("+44 020 7946 0018"), "+442079460018");
  EXPECT_EQ(dialled("tel:+1-212-555-0123"), "+12125550123");
  EXPECT_EQ(dialled("(+33) 6 12 34 56 78"), "+33612345678");
  EXPECT_EQ(dialled("+679 123 4567"), "+6791234567");
  EXPECT_EQ(dialled("+298 123456"), "+298123456");  // no rules here, but an assigned code
}

TEST(PhoneTest, TakesTheInternationalPrefixOfTheRegion) {
  EXPECT_EQ(dialled("0049 89 12345678", "CN"), "+498912345678");
  EXPECT_EQ(dialled("011 44 20 7946 0018", "US"), "+442079460018");
  EXPECT_EQ(dialled("0011 86 138 0013 8000", "AU"), "+8613800138000");
  EXPECT_EQ(dialled("010 1 212 555 0123", "JP"), "+12125550123");
}

TEST(PhoneTest, ReadsFullWidthDigitsAndLongDashes) {
  EXPECT_EQ(dialled("\xEF\xBC\x8B\xEF\xBC\x98\xEF\xBC\x96 138\xE2\x80\x93"
                    "0013\xE2\x80\x90"
                    "8000"),
            "+8613800138000");
  EXPECT_EQ(dialled("\xE3\x80\x80"
                    "138\xC2\xA0"
                    "0013 8000",
                    "CN"),
            "+8613800138000");
}

TEST(PhoneTest, RefusesWhatIsNotANumber) {
  for (const char* text :
       {"", "+", "()", "+0 123 4567", "+999 1234567", "12", "+1 212 155 0123", "+1 112 555 0123", "+86 123",
        "+49 89 12345678 ext. 5", "call me", "+49 89 1234567890123456", "1+2", "++4989123456"}) {
    EXPECT_EQ(dialled(text, "CN"), "refused") << text;
  }
  EXPECT_EQ(dialled("138 0013 8000"), "refused");        // national, and no region
  EXPECT_EQ(dialled("138 0013 8000", "XX"), "refused");  // no such region
  EXPECT_EQ(dialled("62345678", "CN"), "refused");       // local: no area
  EXPECT_EQ(dialled("12345678", "DE"), "refused");       // likewise
}

TEST(PhoneTest, IsReachedInOneStep) {
  std::mt19937_64 random(12);
  int numbers = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string digits = "+";
    for (std::size_t j = 5 + random() % 11; j > 0; --j) digits.push_back(static_cast<char>('0' + random() % 10));
    const std::string once = dialled(digits);
    if (once == "refused") continue;
    ++numbers;
    ASSERT_EQ(dialled(once), once) << digits;
    ASSERT_LE(once.size(), 16U);
  }
  EXPECT_GT(numbers, 2000);
}

TEST(PhoneRegionTest, CoversFortyRegionsWithAssignedCodes) {
  std::set<std::string> known;
  for (char first = 'A'; first <= 'Z'; ++first) {
    for (char second = 'A'; second <= 'Z'; ++second) {
      const std::string name = {first, second};
      const PhoneRegion* region = phone_region(name);
      if (region == nullptr) continue;
      known.insert(name);
      EXPECT_EQ(calling_code_of(std::string{region->code} + "5551234"), region->code) << name;
      EXPECT_NE(phone_region_of_code(region->code), nullptr) << name;
      EXPECT_LE(region->least, region->most) << name;
      EXPECT_LE(region->code.size() + region->most, 15U) << name;
    }
  }
  EXPECT_GE(known.size(), 100U);
  EXPECT_TRUE(known.count("CN") == 1 && known.count("US") == 1 && known.count("DE") == 1);
}

TEST(PhoneRegionTest, KnowsWhichCodesAreAssigned) {
  EXPECT_EQ(calling_code_of("12125550123"), "1");
  EXPECT_EQ(calling_code_of("8613"), "86");
  EXPECT_EQ(calling_code_of("85212"), "852");
  EXPECT_EQ(calling_code_of("2101"), "");
  EXPECT_EQ(calling_code_of("0"), "");
  EXPECT_EQ(calling_code_of(""), "");
}

}  // namespace
}  // namespace kith::internal
