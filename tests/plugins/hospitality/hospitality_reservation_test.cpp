// hospitality.reservation: guards, night audit, and what follows from a stay.
#include "plugins/hospitality/hotel.hpp"

namespace kith::test {
namespace {

using testing::HasSubstr;

TEST(ReservationTest, ChecksInAKnownGuestOnTheDayOfArrival) {
  Hotel hotel;
  const Ref later = hotel.reservation(1, 2), today = hotel.reservation(0, 2);
  hotel.me.update(later, {{"identity_checked", true}, {"room_no", "204"}});
  hotel.me.update(today, {{"room_no", "205"}});
  EXPECT_THAT(hotel.denial(later, "check_in"), HasSubstr("an arrival that is not after the property's business date"));
  EXPECT_THAT(hotel.denial(today, "check_in"), HasSubstr("Check-in needs a checked identity"));
  hotel.me.update(today, {{"identity_checked", true}});
  hotel.go(today, "check_in");
  EXPECT_EQ(hotel.state(today), "in_house");
}

TEST(ReservationTest, ChecksInToARoom) {
  Hotel hotel;
  const Ref reservation = hotel.reservation(0, 1);
  hotel.me.update(reservation, {{"identity_checked", true}});
  EXPECT_THAT(hotel.denial(reservation, "check_in"), HasSubstr("room_no"));
}

TEST(ReservationTest, ChecksOutASettledFolio) {
  Hotel hotel;
  const Ref owing = hotel.reservation(0, 1), company = hotel.reservation(0, 1), paid = hotel.reservation(0, 1);
  for (const Ref& one : {owing, company, paid}) hotel.check_in(one);
  hotel.me.update(owing, {{"balance", "12.50"}});
  hotel.me.update(company, {{"balance", "12.50"}, {"direct_bill", true}});
  hotel.me.update(paid, {{"balance", "0"}});
  EXPECT_THAT(hotel.denial(owing, "check_out"), HasSubstr("The folio is not settled"));
  hotel.go(company, "check_out");
  hotel.go(paid, "check_out");
  EXPECT_EQ(hotel.state(company), "checked_out");
  EXPECT_EQ(hotel.state(paid), "checked_out");
}

TEST(ReservationTest, ReversesUntilTheNightAudit) {
  Hotel hotel;
  const Ref reservation = hotel.reservation(0, 1);
  hotel.check_in(reservation);
  EXPECT_EQ(failure_of([&] { hotel.go(reservation, "reverse_check_in"); }).code(), KITH_INVALID) << "without a reason";
  hotel.me.transition(reservation, kReservationState, "reverse_check_in", {{"reason", "wrong guest"}});
  EXPECT_EQ(hotel.state(reservation), "reserved");
  hotel.go(reservation, "check_in");
  hotel.nights(1);
  hotel.go(reservation, "check_out");
  hotel.me.transition(reservation, kReservationState, "reverse_check_out", {{"reason", "minibar"}});
  EXPECT_EQ(hotel.state(reservation), "in_house");
  hotel.go(reservation, "check_out");
  EXPECT_THAT(hotel.denial(reservation, "close_folio"), HasSubstr("The folio closes with the night audit"));
  hotel.nights(1);
  EXPECT_EQ(hotel.state(reservation), "closed");
  failure_of([&] {
    hotel.me.transition(reservation, kReservationState, "reverse_check_out", {{"reason", "minibar"}});
  });
  EXPECT_EQ(hotel.count("hospitality.stay"), 1);
}

TEST(ReservationTest, IsANoShowAfterTheNightAudit) {
  Hotel hotel;
  const Ref missing = hotel.reservation(0, 2), here = hotel.reservation(0, 2), cancelled = hotel.reservation(0, 2);
  hotel.check_in(here);
  hotel.me.transition(cancelled, kReservationState, "cancel", {{"reason", "flight"}});
  hotel.settle();
  EXPECT_EQ(hotel.state(missing), "reserved");
  EXPECT_THAT(hotel.denial(missing, "no_show"), HasSubstr("after the night audit of the day of arrival"));
  hotel.nights(1);
  EXPECT_EQ(hotel.state(missing), "no_show");
  EXPECT_EQ(hotel.state(here), "in_house");
  EXPECT_EQ(hotel.state(cancelled), "cancelled");
  const auto reinstate = [&] {
    hotel.me.transition(missing, kReservationState, "reinstate", {{"reason", "late train"}});
  };
  EXPECT_THAT(failure_of(reinstate).what(), HasSubstr("make a new reservation"));
}

TEST(ReservationTest, IsReinstatedBeforeItsDayIsPast) {
  Hotel hotel;
  const Ref reservation = hotel.reservation(1, 2);
  hotel.me.transition(reservation, kReservationState, "cancel", {{"reason", "flight"}});
  hotel.me.transition(reservation, kReservationState, "reinstate", {{"reason", "new flight"}});
  EXPECT_EQ(hotel.state(reservation), "reserved");
}

TEST(ReservationTest, LeavesAfterItArrives) {
  Hotel hotel;
  EXPECT_THAT(failure_of([&] { hotel.reservation(3, -1); }).what(), HasSubstr("Departure is before arrival."));
  hotel.reservation(3, 0);  // day use
}

TEST(DepositTest, IsAskedForAfterTwoNoShows) {
  Hotel hotel;
  hotel.reservation(0, 1);
  hotel.settle();
  hotel.nights(1);
  EXPECT_EQ(hotel.value(hotel.guest, "hospitality.no_shows_24m"), "1");
  EXPECT_FALSE(hotel.holds(hotel.guest, "hospitality.deposit_required"));
  hotel.reservation(0, 1);
  hotel.settle();
  hotel.nights(1);
  EXPECT_TRUE(hotel.holds(hotel.guest, "hospitality.deposit_required"));
  const Error error = failure_of([&] { hotel.reservation(5, 1); });
  EXPECT_THAT(error.what(), HasSubstr("This guest must pay a deposit first."));
}

TEST(DepositTest, LetsAGuestWithADepositConfirm) {
  Hotel hotel;
  hotel.me.update(hotel.guest, {{"hospitality.deposit_required", true}});
  const Ref reservation = hotel.me.create("hospitality.reservation", {{"confirmation_no", "R-9"},
                                                                      {"property", hotel.house.text()},
                                                                      {"guest", hotel.guest.text()},
                                                                      {"arrival_on", hotel.day_ago(-5)},
                                                                      {"departure_on", hotel.day_ago(-6)},
                                                                      {"room_type", "DBL"},
                                                                      {"channel", "ota"},
                                                                      {"guarantee", "deposit"}});
  EXPECT_EQ(hotel.state(reservation), "reserved");
}

TEST(PrepareRoomTest, IsATaskThreeDaysBeforeArrival) {
  Hotel hotel;
  hotel.me.update(hotel.guest, {{"hospitality.room_features", R"(["quiet","bath"])"}});
  hotel.reservation(10, 2);
  hotel.settle();
  hotel.pass(6);  // four days are left
  hotel.settle();
  EXPECT_EQ(hotel.count("task"), 0);
  hotel.pass(1);
  hotel.settle();
  EXPECT_EQ(hotel.count("task", "title == 'Prepare a room for Ada Li' && due_on == '2026-03-20'"), 1);
  hotel.pass(1);
  hotel.settle();
  EXPECT_EQ(hotel.count("task"), 1);
}

TEST(PrepareRoomTest, IsNoneWithoutWishesOrReservation) {
  Hotel hotel;
  hotel.reservation(10, 2);
  hotel.settle();
  hotel.pass(8);
  hotel.settle();
  EXPECT_EQ(hotel.count("task"), 0) << "no wishes";
  Hotel other;
  other.me.update(other.guest, {{"hospitality.special_requests", R"(["crib"])"}});
  other.me.transition(other.reservation(10, 2), kReservationState, "cancel", {{"reason", "flight"}});
  other.settle();
  other.pass(8);
  other.settle();
  EXPECT_EQ(other.count("task"), 0) << "cancelled";
}

TEST(StayTest, IsRecordedAndPostedWhenTheFolioCloses) {
  Hotel hotel;
  hotel.stay(3, "360", "90.50");
  ASSERT_EQ(hotel.count("hospitality.stay", "nights == 3 && direct && room_revenue == 360 && other_revenue == 90.50"),
            1);
  EXPECT_EQ(hotel.count("insight.value_entry",
                        "kind == 'revenue' && net == 450.50 && units == 3 && occurred_on == '2026-03-13'"),
            1);
  EXPECT_EQ(hotel.value(hotel.guest, "insight.net_value"), "450.50 USD");
}

TEST(StayTest, IsNotPostedWhereNothingWasPaid) {
  Hotel hotel;
  const Ref reservation = hotel.reservation(0, 1, "ota");
  hotel.check_in(reservation);
  hotel.nights(1);
  hotel.go(reservation, "check_out");
  hotel.settle();
  EXPECT_EQ(hotel.count("hospitality.stay"), 0) << "the folio is not closed yet";
  hotel.nights(1);
  EXPECT_EQ(hotel.count("hospitality.stay", "direct == false"), 1);
  EXPECT_EQ(hotel.count("insight.value_entry"), 0);
}

TEST(AllergyTest, NeedsConsent) {
  Hotel hotel;
  const auto write = [&] { hotel.me.update(hotel.guest, {{"hospitality.allergies", "nuts"}}); };
  EXPECT_THAT(failure_of(write).what(), HasSubstr("Health details need the guest's consent"));
  const auto consent = [&](std::string_view status) {
    hotel.me.create("consent", {{"customer", hotel.guest.text()},
                                {"purpose", "hospitality.guest_care"},
                                {"status", status},
                                {"at", hotel.now()}});
  };
  consent("granted");
  write();
  EXPECT_EQ(hotel.value(hotel.guest, "hospitality.allergies"), "nuts");
  hotel.me.update(hotel.guest, {{"hospitality.allergies", nullptr}});
  hotel.pass(1);
  consent("withdrawn");
  EXPECT_THAT(failure_of(write).what(), HasSubstr("consent")) << "withdrawn";
  hotel.pass(1);
  consent("granted");
  write();
}

}  // namespace
}  // namespace kith::test
