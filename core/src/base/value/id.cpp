#include "base/value/id.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/problem/error.hpp"

namespace kith::internal {
namespace {

constexpr std::uint64_t kCounterBits = 42;
constexpr std::int64_t kLastMillisecond = (std::int64_t{1} << 48U) - 1;  // the year 10889

// Straight from the system: no library that may fail to set itself up, for want of memory, and then never again.
// For each id anew: a process that was forked must not go on with what its parent has, too.
std::uint64_t random_bits() {
  std::uint64_t bits = 0;
  if (::getentropy(&bits, sizeof bits) != 0) {
    throw Error(ProblemNumber::bug, "the system's source of random numbers failed, so no record id can be made",
                "look at the limits of the process (a filter of system calls?), then try again");
  }
  return bits;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool hyphen_before(std::size_t byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

// RFC 9562, section 5.7: 48 bits of milliseconds, version, 12 bits, variant, 62 bits. The counter fills the 12 bits
// and the upper 30 of the 62 (section 6.2, method 1); the last 32 bits are random.
RecordId lay_out(std::int64_t ms, std::uint64_t counter, std::uint32_t random) {
  const std::uint64_t high = (static_cast<std::uint64_t>(ms) << 16U) | 0x7000U | ((counter >> 30U) & 0x0FFFU);
  const std::uint64_t low = (std::uint64_t{2} << 62U) | ((counter & 0x3FFFFFFFU) << 32U) | random;
  RecordId id;
  for (std::size_t i = 0; i < 8; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    id.bytes[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
  }
  return id;
}

}  // namespace

std::string RecordId::text() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (hyphen_before(i)) out.push_back('-');
    out.push_back(kDigits[bytes[i] >> 4U]);
    out.push_back(kDigits[bytes[i] & 0x0FU]);
  }
  return out;
}

std::optional<RecordId> RecordId::parse(std::string_view text) {
  const bool hyphens = text.size() == 36;
  if (!hyphens && text.size() != 32) return std::nullopt;
  RecordId id;
  std::size_t at = 0;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    if (hyphens && hyphen_before(i) && text[at++] != '-') return std::nullopt;
    const int high = hex_digit(text[at]);
    const int low = hex_digit(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    at += 2;
  }
  return id;
}

RecordId IdSource::next(std::int64_t now_us) {
  const std::int64_t now_ms = std::clamp<std::int64_t>(now_us / 1000, 0, kLastMillisecond);
  const std::uint64_t random = random_bits();
  const std::scoped_lock lock(mutex_);
  if (now_ms > last_ms_) {
    last_ms_ = now_ms;
    // The top bit starts at zero, so that at least 2^41 ids fit into a millisecond.
    counter_ = random_bits() >> (64 - (kCounterBits - 1));
  } else if (++counter_ >> kCounterBits != 0) {
    counter_ = 0;
    if (++last_ms_ > kLastMillisecond) {
      throw Error(ProblemNumber::bug, "the clock stands behind the year 10889, the last that a record id can hold",
                  "correct the clock of this machine");
    }
  }
  return lay_out(last_ms_, counter_, static_cast<std::uint32_t>(random));
}

}  // namespace kith::internal
