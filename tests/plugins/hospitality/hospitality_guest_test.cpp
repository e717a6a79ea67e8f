// hospitality.guest_state, which moves by itself, and hospitality.guest_value, rule by rule.
#include "plugins/hospitality/hotel.hpp"

namespace kith::test {
namespace {

constexpr const char* kGuestValue = "hospitality.guest_value";

std::string standing(Hotel& hotel) { return hotel.value(hotel.guest, "state('customer.lifecycle')"); }

TEST(GuestStateTest, IsBookedWhileAReservationIsToCome) {
  Hotel hotel;
  hotel.settle();
  EXPECT_EQ(hotel.guest_state(), "none");
  const Ref reservation = hotel.reservation(5, 1);
  hotel.settle();
  EXPECT_EQ(hotel.guest_state(), "booked");
  EXPECT_EQ(standing(hotel), "prospect") << "a booking raises nothing";
  hotel.me.transition(reservation, kReservationState, "cancel", {{"reason", "flight"}});
  hotel.settle();
  EXPECT_EQ(hotel.guest_state(), "none");
}

TEST(GuestStateTest, FollowsTheStays) {
  Hotel hotel;
  hotel.stay(1, "100", "0");
  EXPECT_EQ(hotel.guest_state(), "first_stay");
  EXPECT_EQ(standing(hotel), "customer");
  hotel.stay(2, "200", "0");
  EXPECT_EQ(hotel.guest_state(), "repeat");
  hotel.stay(8, "800", "0");
  EXPECT_EQ(hotel.guest_state(), "loyal");
}

TEST(GuestStateTest, EasesOffAndLapsesByTheClock) {
  Hotel hotel;
  hotel.stay(6, "600", "0");
  hotel.stay(6, "600", "0");
  ASSERT_EQ(hotel.guest_state(), "loyal");
  hotel.pass(355);
  hotel.settle();
  EXPECT_EQ(hotel.guest_state(), "loyal");
  hotel.pass(12);
  hotel.settle();
  EXPECT_EQ(hotel.guest_state(), "repeat") << "twelve months without a night";
  hotel.pass(180);  // 548 days since the last stay
  hotel.settle();
  EXPECT_EQ(hotel.guest_state(), "repeat");
  hotel.pass(2);
  hotel.settle();
  EXPECT_EQ(hotel.guest_state(), "lapsed");
  EXPECT_EQ(standing(hotel), "customer") << "never lowered";
  hotel.me.update(hotel.house, {{"business_date", hotel.day_ago(0)}});
  hotel.stay(1, "100", "0");
  EXPECT_EQ(hotel.guest_state(), "repeat");
}

TEST(GuestStateTest, LeavesAFirstGuestWhoDoesNotReturn) {
  Hotel hotel;
  hotel.stay(1, "100", "0");
  hotel.reservation(9, 1);
  hotel.settle();
  EXPECT_EQ(hotel.guest_state(), "first_stay") << "a booking is not a return";
}

TEST(GuestValueTest, IsForGuestsOnly) {
  Hotel hotel;
  hotel.reservation(2, 1);
  hotel.settle();
  EXPECT_EQ(hotel.value(hotel.guest, "hospitality.guest_value"), "");
}

struct Rated : Hotel {
  double points(std::string_view rule) { return points_of(me.explain(guest, kGuestValue), rule); }
};

TEST(GuestValueTest, RatesNights) {
  Rated hotel;
  hotel.stay(2, "100", "0");
  EXPECT_EQ(hotel.points("nights"), 2);
  hotel.stay(30, "100", "0");
  EXPECT_EQ(hotel.points("nights"), 25) << "capped";
  hotel.pass(366);
  EXPECT_EQ(hotel.points("nights"), 0);
}

TEST(GuestValueTest, RatesSpend) {
  Rated hotel;
  hotel.stay(1, "499.99", "0");
  EXPECT_EQ(hotel.points("spend"), 0);
  hotel.stay(1, "0.01", "0");
  EXPECT_EQ(hotel.points("spend"), 5);
  hotel.stay(1, "4500", "0");
  EXPECT_EQ(hotel.points("spend"), 20);
}

TEST(GuestValueTest, RatesRecency) {
  Rated hotel;
  hotel.stay(1, "100", "0");
  EXPECT_EQ(hotel.points("recency"), 15);
  hotel.pass(90);
  EXPECT_EQ(hotel.points("recency"), 10);
  hotel.pass(90);
  EXPECT_EQ(hotel.points("recency"), 5);
  hotel.pass(185);
  EXPECT_EQ(hotel.points("recency"), 0);
}

TEST(GuestValueTest, RatesDirectBooking) {
  Rated hotel;
  hotel.stay(1, "100", "0", "ota");
  EXPECT_EQ(hotel.points("direct"), 0);
  hotel.stay(1, "100", "0", "brand_app");
  EXPECT_EQ(hotel.points("direct"), 10) << "half of the stays";
  EXPECT_FALSE(hotel.holds(hotel.guest, "in_segment('hospitality.ota_regulars')"));
  Rated other;
  other.stay(1, "100", "0", "ota");
  other.stay(1, "100", "0", "gds");
  EXPECT_TRUE(other.holds(other.guest, "in_segment('hospitality.ota_regulars')"));
}

TEST(GuestValueTest, RatesWhatIsSpentBesidesTheRoom) {
  Rated hotel;
  hotel.stay(1, "100", "24.99");
  EXPECT_EQ(hotel.points("ancillary"), 0);
  hotel.stay(1, "100", "25.01");
  EXPECT_EQ(hotel.points("ancillary"), 15);
}

TEST(GuestValueTest, RatesAVipCode) {
  Rated hotel;
  hotel.stay(1, "100", "0");
  EXPECT_EQ(hotel.points("vip"), 0);
  hotel.me.update(hotel.guest, {{"hospitality.vip_code", "v2"}});
  EXPECT_EQ(hotel.points("vip"), 15);
}

TEST(GuestValueTest, CountsNoShowsAgainstTheGuest) {
  Rated hotel;
  hotel.stay(1, "100", "0");
  EXPECT_EQ(hotel.points("no_show"), 0);
  hotel.reservation(0, 1);
  hotel.nights(1);
  EXPECT_EQ(hotel.points("no_show"), -10);
  hotel.pass(731);
  EXPECT_EQ(hotel.points("no_show"), 0) << "two years ago";
}

TEST(GuestValueTest, AddsUpToItsBand) {
  Rated hotel;
  hotel.me.update(hotel.guest, {{"hospitality.vip_code", "v1"}});
  hotel.stay(10, "2000", "600");
  const Explanation why = hotel.me.explain(hotel.guest, kGuestValue);
  EXPECT_EQ(why.points, 77) << "10 nights, 12 spend, 15 recency, 10 direct, 15 besides, 15 VIP";
  EXPECT_EQ(sum_of(why), 77);
  EXPECT_EQ(why.band, "a");
}

TEST(GuestContactTest, AtTheFrontDeskIsAChannelOfItsOwnOnTheTimeline) {
  Hotel hotel;
  const auto talk = [&](std::string_view channel) {
    hotel.me.create("interaction", {{"customer", hotel.guest.text()},
                                    {"channel", channel},
                                    {"direction", "in"},
                                    {"at", hotel.ago(1)},
                                    {"subject", "Asked for a later check-out"}});
  };
  talk("hospitality.front_desk");
  EXPECT_EQ(hotel.count("interaction", "channel == 'hospitality.front_desk'"), 1);
  EXPECT_THAT(json::serialize(hotel.run("timeline", {{"type", "customer"}, {"key", hotel.guest.text().substr(9)}})),
              testing::HasSubstr("Front desk"));
  EXPECT_THAT(failure_of([&] { talk("front_desk"); }).what(), testing::HasSubstr("is not one of its values"));
}

}  // namespace
}  // namespace kith::test
