// Names that people are made of, and the texts that every file needs.
#pragma once
#include <cctype>
#include <cstdint>
#include <string>
#include <string_view>

#include "data.hpp"
#include "random.hpp"

namespace demo {

inline constexpr std::string_view kGiven[] = {
    "Ada",   "Amara", "Anna",  "Ben",   "Carla", "Chen",  "Daniel", "Elif",  "Emma", "Farid", "Grace", "Hana",
    "Ines",  "Ivan",  "Jonas", "Julia", "Kofi",  "Lena",  "Liam",   "Lina",  "Luca", "Maria", "Mei",   "Mia",
    "Nadia", "Noah",  "Olga",  "Omar",  "Paul",  "Priya", "Rosa",   "Samir", "Sara", "Tom",   "Wei",   "Yuki"};
inline constexpr std::string_view kFamily[] = {"Ahmed",    "Bauer",  "Brown",  "Costa",  "Diaz",   "Evans", "Fischer",
                                               "Garcia",   "Haddad", "Hansen", "Ito",    "Jansen", "Kaya",  "Kim",
                                               "Kowalski", "Li",     "Lopez",  "Martin", "Mensah", "Meyer", "Moreau",
                                               "Novak",    "Okafor", "Patel",  "Petrov", "Rossi",  "Sato",  "Schmidt",
                                               "Silva",    "Smith",  "Tanaka", "Wang",   "Weber",  "Zhang"};

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

inline std::string padded(std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

/// 123456 -> "1234.56"
inline std::string money_text(std::int64_t cents) { return std::to_string(cents / 100) + "." + padded(cents % 100, 2); }

/// A person with an address that no other has in this domain.
inline Person draw_person(Random& random, std::int64_t number, std::string_view domain) {
  const std::string given(random.one_of(kGiven)), family(random.one_of(kFamily));
  return {given, family, lower(given) + "." + lower(family) + std::to_string(number) + "@" + std::string(domain)};
}

}  // namespace demo
