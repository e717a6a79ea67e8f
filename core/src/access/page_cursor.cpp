#include "access/page_cursor.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/problem/error.hpp"
#include "base/text/text.hpp"

namespace kith::internal::access {
namespace {

// Layout before hex: 8 bytes of the query, 16 of the id, then for each value its kind in one byte and its content:
// nothing for null, 8 bytes for numbers, 16 for ids, a length in 4 bytes and the bytes for text. Numbers lie little end
// first.
constexpr std::size_t kHead = 24;

void put_number(std::string& out, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>((number >> (8 * i)) & 0xffU));
}

class Bytes {
 public:
  explicit Bytes(std::string_view data) : data_(data) {}
  bool at_end() const { return data_.empty(); }
  std::optional<std::string_view> take(std::size_t count) {
    if (data_.size() < count) return std::nullopt;
    const std::string_view taken = data_.substr(0, count);
    data_.remove_prefix(count);
    return taken;
  }
  std::optional<std::uint64_t> number(std::size_t bytes) {
    const auto taken = take(bytes);
    if (!taken) return std::nullopt;
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
      number |= static_cast<std::uint64_t>(static_cast<unsigned char>((*taken)[i])) << (8 * i);
    }
    return number;
  }

 private:
  std::string_view data_;
};

std::optional<std::string> unhex(std::string_view text) {
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]), low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

std::optional<Value> take_value(Bytes& bytes) {
  const auto tag = bytes.take(1);
  if (!tag) return std::nullopt;
  const auto kind = static_cast<Kind>(tag->front());
  if (kind == Kind::null) return Value::null();
  if (kind == Kind::text) {
    const auto length = bytes.number(4);
    const auto text = length ? bytes.take(static_cast<std::size_t>(*length)) : std::nullopt;
    if (!text) return std::nullopt;
    return Value::text(std::string(*text));
  }
  if (kind == Kind::ref) {
    const auto raw = bytes.take(16);
    if (!raw) return std::nullopt;
    RecordId id;
    std::memcpy(id.bytes.data(), raw->data(), 16);
    return Value::ref(-1, id);
  }
  const auto bits = bytes.number(8);
  if (!bits) return std::nullopt;
  if (kind == Kind::real) {
    double d = 0;
    std::memcpy(&d, &*bits, sizeof d);
    return Value::real(d);
  }
  if (kind != Kind::integer) return std::nullopt;
  return Value::integer(static_cast<std::int64_t>(*bits));
}

void put_value(std::string& out, const Value& value) {
  if (value.is_dead()) {
    out.push_back(static_cast<char>(Kind::null));
    return;
  }
  if (value.kind == Kind::text) {
    out.push_back(static_cast<char>(Kind::text));
    put_number(out, value.s.size(), 4);
    out += value.s;
    return;
  }
  if (value.kind == Kind::ref) {
    out.push_back(static_cast<char>(Kind::ref));
    out.append(value.id.bytes.begin(), value.id.bytes.end());
    return;
  }
  // Dates, instants, money and truth values lie in columns as integers, and are compared as such.
  std::uint64_t bits = 0;
  const bool real = value.kind == Kind::real;
  if (real) {
    std::memcpy(&bits, &value.d, sizeof bits);
  } else {
    bits = static_cast<std::uint64_t>(value.i);
  }
  out.push_back(static_cast<char>(real ? Kind::real : Kind::integer));
  put_number(out, bits, 8);
}

Error not_a_cursor(const char* message) {
  return Error(ProblemNumber::query_invalid, message,
               "pass the cursor of the page before, with the same filter and order");
}

}  // namespace

std::string encode_cursor(std::uint64_t query, const PageKey& key) {
  std::string bytes;
  put_number(bytes, query, 8);
  bytes.append(key.id.bytes.begin(), key.id.bytes.end());
  for (const Value& value : key.order) put_value(bytes, value);
  return hex(bytes);
}

PageKey decode_cursor(std::uint64_t query, std::string_view cursor) {
  const auto raw = unhex(cursor);
  if (!raw || raw->size() < kHead) throw not_a_cursor("\"after\" is not a cursor");
  Bytes bytes(*raw);
  if (*bytes.number(8) != query) throw not_a_cursor("the cursor belongs to another query");
  PageKey key;
  const std::string_view id = *bytes.take(16);
  std::memcpy(key.id.bytes.data(), id.data(), 16);
  while (!bytes.at_end()) {
    auto value = take_value(bytes);
    if (!value) throw not_a_cursor("the cursor is damaged");
    key.order.push_back(std::move(*value));
  }
  return key;
}

}  // namespace kith::internal::access
