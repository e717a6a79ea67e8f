// A hotel's core: a property, a guest, reservations, and the night audit that moves the business date.
#pragma once
#include "plugins/world.hpp"

namespace kith::test {

inline constexpr const char* kReservationState = "hospitality.reservation_state";

struct Hotel : World {
  explicit Hotel(std::string_view plugins = R"({"sales": {}, "insight": {}, "hospitality": {}})")
      : World(plugins),
        house(me.create(
            "hospitality.property",
            {{"code", "LAKE"}, {"name", "Lakeside"}, {"time_zone", "Europe/Zurich"}, {"business_date", day_ago(0)}})),
        guest(person("Ada Li")) {}
  Ref house, guest;

  /// A reservation that arrives in `days` and stays for `nights`.
  Ref reservation(std::int64_t days, std::int64_t nights, std::string_view channel = "brand_web") {
    return me.create("hospitality.reservation", {{"confirmation_no", "R-" + std::to_string(++reservations)},
                                                 {"property", house.text()},
                                                 {"guest", guest.text()},
                                                 {"arrival_on", day_ago(-days)},
                                                 {"departure_on", day_ago(-days - nights)},
                                                 {"room_type", "DBL"},
                                                 {"channel", channel}});
  }
  std::string state(const Ref& record) { return value(record, "state('hospitality.reservation_state')"); }
  std::string guest_state() { return value(guest, "state('hospitality.guest_state')"); }
  void go(const Ref& record, std::string_view event) { me.transition(record, kReservationState, event); }
  std::string denial(const Ref& record, std::string_view event) {
    const Error error = failure_of([&] { go(record, event); });
    EXPECT_EQ(error.code(), KITH_INVALID);
    return error.what();
  }
  /// The clock passes `days`; each night audit moves the business date.
  void nights(std::int64_t days) {
    for (std::int64_t day = 0; day < days; ++day) {
      pass(1);
      me.update(house, {{"business_date", day_ago(0)}});
    }
    settle();
  }
  void check_in(const Ref& record) {
    me.update(record, {{"identity_checked", true}, {"room_no", "204"}, {"guarantee", "deposit"}});
    go(record, "check_in");
  }
  /// A whole stay from today on, with what it brought.
  void stay(std::int64_t length, std::string_view room, std::string_view other,
            std::string_view channel = "brand_web") {
    const Ref record = reservation(0, length, channel);
    check_in(record);
    nights(length);
    me.update(record, {{"room_revenue", room}, {"other_revenue", other}});
    go(record, "check_out");
    nights(1);
  }

 private:
  int reservations = 0;
};

}  // namespace kith::test
