// Bytes of our own rows: whole numbers of seven bits a byte, the low ones first; texts with their length before them.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/problem/error.hpp"
#include "base/value/id.hpp"

namespace kith::internal::store {

class BinaryWriter {
 public:
  void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint8_t>(value | 0x80));
    byte(static_cast<std::uint8_t>(value));
  }
  /// Small ones of either sign are short.
  void whole(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void real(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (unsigned shift = 0; shift < 64; shift += 8) byte(static_cast<std::uint8_t>(bits >> shift));
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_.append(value);
  }
  void id(const RecordId& id) { bytes_.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()); }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Throws storage_corrupt where the bytes end too early.
class BinaryReader {
 public:
  explicit BinaryReader(std::string_view bytes) : rest_(bytes) {}
  bool at_end() const { return rest_.empty(); }
  std::uint8_t byte() { return static_cast<std::uint8_t>(take(1).front()); }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7F) << shift;
      if (next < 0x80) return value;
    }
    damaged();
  }
  std::int64_t whole() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  double real() {
    std::uint64_t bits = 0;
    for (unsigned shift = 0; shift < 64; shift += 8) bits |= static_cast<std::uint64_t>(byte()) << shift;
    return std::bit_cast<double>(bits);
  }
  std::string text() { return std::string(take(number())); }
  RecordId id() {
    RecordId out;
    const std::string_view bytes = take(out.bytes.size());
    std::memcpy(out.bytes.data(), bytes.data(), bytes.size());
    return out;
  }
  [[noreturn]] static void damaged() {
    throw Error(ProblemNumber::storage_corrupt, "a row of the change log can't be read",
                "check the file: kith doctor --integrity; restore the last good backup");
  }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) damaged();
    const std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  std::string_view rest_;
};

}  // namespace kith::internal::store
