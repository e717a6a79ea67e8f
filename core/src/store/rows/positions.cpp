#include "store/rows/positions.hpp"

#include <algorithm>

#include "store/rows/work_rows.hpp"

namespace kith::internal::store {

namespace {

std::string act_key(const Records& records, std::string_view act) {
  return "act/" + std::string(act) + "/" + std::to_string(records.tenant()) + "/";
}

}  // namespace

void note_act(Records& records, std::string_view act, std::int64_t at_us, std::string_view text) {
  const StatementPtr count =
      records.connection().prepare("SELECT count(*) FROM kith_meta WHERE substr(key, 1, length(?1)) = ?1");
  const std::string key = act_key(records, act);
  count->bind(0, std::string_view(key));
  count->step();
  std::string number = std::to_string(count->integer(0));
  constexpr std::size_t kDigits = 9;  // so that the order of keys is that of time
  number.insert(0, kDigits - std::min(kDigits, number.size()), '0');
  const StatementPtr insert = records.connection().prepare("INSERT INTO kith_meta (key, value) VALUES (?, ?)");
  insert->bind(0, std::string_view(key + number + "/" + std::to_string(at_us)));
  insert->bind(1, text);
  insert->step();
}

std::string last_act(Records& records, std::string_view act) {
  const StatementPtr row = records.connection().prepare(
      "SELECT value FROM kith_meta WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key DESC LIMIT 1");
  const std::string key = act_key(records, act);
  row->bind(0, std::string_view(key));
  return row->step() ? std::string(row->text(0)) : std::string();
}

void bring_runs_forward(Records& records, std::int64_t instant_us) {
  const StatementPtr runs = records.connection().prepare(
      "UPDATE kith_run SET due_us = ? WHERE tenant = ? AND state IN (?, ?) AND due_us > ?");
  runs->bind(0, instant_us);
  runs->bind(1, records.tenant());
  runs->bind(2, static_cast<std::int64_t>(RunState::pending));
  runs->bind(3, static_cast<std::int64_t>(RunState::retry));
  runs->bind(4, instant_us);
  runs->step();
}

}  // namespace kith::internal::store
