#include "book.hpp"

namespace kith::bench::hand {

void FieldBytes::number(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) bytes_ += static_cast<char>(value | 0x80U);
  bytes_ += static_cast<char>(value);
}
FieldBytes& FieldBytes::integer(int field, std::int64_t value) {
  bytes_ += static_cast<char>(field);
  number(static_cast<std::uint64_t>(value) << 1U ^ static_cast<std::uint64_t>(value >> 63));
  return *this;
}
FieldBytes& FieldBytes::text(int field, std::string_view value) {
  if (value.empty()) return *this;
  bytes_ += static_cast<char>(field);
  number(value.size());
  bytes_ += value;
  return *this;
}

int FieldReader::next() {
  if (left_.empty()) return 0;
  const int field = static_cast<unsigned char>(left_.front());
  left_.remove_prefix(1);
  return field;
}
std::uint64_t FieldReader::number() {
  std::uint64_t out = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(left_.front());
    left_.remove_prefix(1);
    out |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return out;
  }
}
std::int64_t FieldReader::integer() {
  const std::uint64_t zigzag = number();
  return static_cast<std::int64_t>(zigzag >> 1U) ^ -static_cast<std::int64_t>(zigzag & 1U);
}
std::string_view FieldReader::text() {
  const std::size_t size = number();
  const std::string_view out = left_.substr(0, size);
  left_.remove_prefix(size);
  return out;
}

Book::Book(Database& database, std::int64_t now_us)
    : now_(now_us),
      database_(&database),
      begin_(database, "BEGIN IMMEDIATE"),
      commit_(database, "COMMIT"),
      add_word_(database, "INSERT INTO word (text) VALUES (?)"),
      add_change_(
          database,
          "INSERT INTO change_log (tenant, at_us, actor, operation, record_type, record, version, cause, depth, "
          "fields) VALUES (?,?,?,?,?,?,?,?,?,?)"),
      add_transition_(database,
                      "INSERT INTO transition (tenant, record_type, record, lifecycle, from_state, to_state, event, "
                      "actor, entered_us, left_us, cause, depth) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"),
      leave_(database,
             "UPDATE transition SET left_us = ? WHERE tenant = ? AND record_type = ? AND record = ? AND lifecycle = ? "
             "AND left_us IS NULL"),
      add_event_(database,
                 "INSERT INTO event_log (tenant, at_us, name, record_type, record, cause, depth, payload) VALUES "
                 "(?,?,?,?,?,?,?,?)"),
      add_run_(database,
               "INSERT INTO run (tenant, trigger, workflow, version, record_type, record, state, at_us, did) VALUES "
               "(?,?,?,?,?,?,?,?,?)") {}

Id Book::new_id() {
  Id out{};
  const auto milliseconds = static_cast<std::uint64_t>(now_ / 1'000);
  for (unsigned i = 0; i < 6; ++i) out[i] = static_cast<unsigned char>(milliseconds >> (40 - 8 * i));
  const std::uint64_t count = ++ids_;  // 42 bits that rise, then 32 of chance
  const std::uint64_t high = count >> 30U & 0xFFFU, low = count & 0x3FFF'FFFFU;
  out[6] = static_cast<unsigned char>(0x70U | high >> 8U), out[7] = static_cast<unsigned char>(high);
  out[8] = static_cast<unsigned char>(0x80U | (low >> 24U & 0x3FU));
  for (unsigned i = 0; i < 3; ++i) out[9 + i] = static_cast<unsigned char>(low >> (16 - 8 * i));
  const std::uint64_t chance = random_();
  for (unsigned i = 0; i < 4; ++i) out[12 + i] = static_cast<unsigned char>(chance >> (8 * i));
  return out;
}

std::int64_t Book::word(std::string_view text) {
  const auto [found, is_new] = words_.try_emplace(std::string(text), 0);
  if (is_new) {
    add_word_.run(text);
    found->second = database_->last_rid();
  }
  return found->second;
}

std::int64_t Book::change(Operation operation, Type type, std::int64_t record, std::int64_t version,
                          const FieldBytes& fields, const Cause& cause) {
  add_change_.run(kTenant, now_, cause.actor, static_cast<int>(operation), static_cast<int>(type), record, version,
                  cause.by, cause.depth, Blob{fields.bytes()});
  return database_->last_rid();
}

void Book::transition(std::int64_t record, std::int64_t lifecycle, std::int64_t from, std::int64_t to,
                      std::int64_t event, const Cause& cause, bool open) {
  add_transition_.run(kTenant, static_cast<int>(Type::customer), record, lifecycle, from, to, event, cause.actor, now_,
                      open ? std::nullopt : std::optional(now_), cause.by, cause.depth);
}
void Book::leave_state(std::int64_t record, std::int64_t lifecycle) {
  leave_.run(now_, kTenant, static_cast<int>(Type::customer), record, lifecycle);
}

std::int64_t Book::event(std::string_view name, std::int64_t record, std::string_view payload, const Cause& cause) {
  add_event_.run(kTenant, now_, word(name), static_cast<int>(Type::customer), record, cause.by, cause.depth, payload);
  return database_->last_rid();
}

void Book::run(std::int64_t trigger, std::int64_t workflow, Type type, std::int64_t record, std::string_view did) {
  constexpr int kDone = 2;
  add_run_.run(kTenant, trigger, workflow, word("0.1.0"), static_cast<int>(type), record, kDone, now_, Blob{did});
}

}  // namespace kith::bench::hand
