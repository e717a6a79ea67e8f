// A hotel group's data: two properties, guest profiles, reservations past and to come.
#include <algorithm>
#include <fstream>

#include "names.hpp"

namespace demo {
namespace {

constexpr std::string_view kFeatures[] = {"quiet", "quiet|away_from_lift", "bath|view", "near_lift", "view"};
constexpr std::string_view kRequests[] = {"extra_pillow", "feather_free", "late_arrival", "crib"};
constexpr std::string_view kRooms[] = {"DBL", "TWN", "SUITE", "SGL"};
constexpr std::string_view kBookingChannels[] = {"WEB", "APP", "HTL", "OTA", "OTA", "GDS", "CORP"};
constexpr std::string_view kProperties[] = {"LAKE", "CITY"};

void write_properties(const Request& request) {
  std::ofstream out = create(request, "properties.csv");
  out << "code,name,time_zone,business_date\r\n"
      << "LAKE,Lakeside Hotel,Europe/Zurich," << date_text(request.end_day) << "\r\n"
      << "CITY,City Hotel,Europe/Zurich," << date_text(request.end_day) << "\r\n";
}

void write_guest(std::ofstream& out, Random& random, const Request& request, std::int64_t number,
                 const Person& person) {
  const std::string since = date_text(request.end_day - 30 - random.below(600));
  std::string vip = random.chance(8) ? "v" + std::to_string(1 + random.below(3)) : "";
  std::string floor = random.chance(30) ? (random.chance(50) ? "H" : "L") : "";
  const bool allergic = random.chance(6);
  std::string consent = allergic || random.chance(20) ? "Y" : "";
  // The mistakes of a real export.
  if (number % 127 == 0) floor = "attic";
  if (allergic && number % 3 == 0) consent.clear();  // health details without the guest's consent
  out << "G" << padded(number, 5) << ',' << person.name() << ',' << person.given << ',' << person.family << ','
      << person.email << ',' << vip << ',' << floor << ','
      << (random.chance(30) ? random.one_of(kFeatures) : std::string_view()) << ','
      << (random.chance(15) ? random.one_of(kRequests) : std::string_view()) << ',' << consent << ','
      << (consent.empty() ? "" : since) << ',' << (allergic ? "nuts" : "") << "\r\n";
}

// A stay of a guest, at a moment that says what became of the reservation.
void write_reservation(std::ofstream& out, Random& random, const Request& request, std::int64_t number,
                       const Person& guest) {
  const std::int64_t nights = 1 + random.below(5),
                     ahead = random.chance(85) ? -random.below(700) - nights - 1 : random.below(30);
  const bool past = ahead < 0, cancelled = random.chance(8), missed = past && !cancelled && random.chance(4);
  const std::int64_t rate = 9'000 + random.below(18'000);
  std::string arrival = date_text(request.end_day + ahead), departure = date_text(request.end_day + ahead + nights);
  if (number % 211 == 0) std::swap(arrival, departure);
  std::string channel(random.one_of(kBookingChannels));
  if (number % 307 == 0) channel = "FAX";
  const bool stayed = past && !cancelled && !missed;
  out << "R" << padded(number, 6) << ',' << random.one_of(kProperties) << ',' << guest.email << ','
      << date_text(request.end_day + ahead - 1 - random.below(60)) << ',' << arrival << ',' << departure << ','
      << random.one_of(kRooms) << ',' << channel << ','
      << (cancelled ? "CXL"
          : stayed  ? "OUT"
                    : "RESV")
      << ',' << (stayed ? std::to_string(100 + random.below(300)) : "") << ','
      << (stayed ? money_text(rate * nights) : "") << ','
      << (stayed ? money_text(random.chance(50) ? random.below(rate * nights / 2) : 0) : "") << "\r\n";
}

}  // namespace

void write_hospitality(const Request& request, const std::vector<Person>& known) {
  constexpr std::int64_t guests = 350, reservations = 900;
  write_properties(request);
  Random random(request.seed + 4);
  std::ofstream out = create(request, "guests.csv"), book = create(request, "reservations.csv");
  out << "guest_id,name,given_name,family_name,email,vip,floor,room_features,special_requests,care_consent,care_since,"
         "allergies\r\n";
  std::vector<Person> people;
  for (std::int64_t i = 1; i <= guests; ++i) {
    const auto place = static_cast<std::size_t>(i - 1);
    people.push_back(place < known.size() ? known[place] : draw_person(random, i, "guest.example"));
    write_guest(out, random, request, i, people.back());
  }
  book << "confirmation_no,property,guest_email,booked_on,arrival_on,departure_on,room_type,channel,status,room_no,"
          "room_revenue,"
          "other_revenue\r\n";
  // A few guests come often: the smaller the number, the more often.
  for (std::int64_t i = 1; i <= reservations; ++i)
    write_reservation(book, random, request, i,
                      people[static_cast<std::size_t>(std::min(random.below(guests), random.below(guests)))]);
}

}  // namespace demo
