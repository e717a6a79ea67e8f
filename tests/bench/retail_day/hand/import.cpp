// The files of the shop system: read line by line, checked, and written in batches, each row once.
#include <charconv>
#include <fstream>

#include "../day.hpp"
#include "shop.hpp"

namespace kith::bench::hand {
namespace {

constexpr const char* kShop = "shop";

/// A file of comma-separated values (RFC 4180), a row at a time.
class CsvFile {
 public:
  explicit CsvFile(const std::filesystem::path& path) : file_(path, std::ios::binary) {
    if (!file_) throw std::runtime_error(path.string() + " can't be read");
    next();  // the header; the columns are known
  }
  bool next() {
    if (!std::getline(file_, line_)) return false;
    while (std::count(line_.begin(), line_.end(), '"') % 2 != 0) {  // a quoted field goes on in the next line
      std::string more;
      if (!std::getline(file_, more)) break;
      line_ += '\n' + more;
    }
    if (!line_.empty() && line_.back() == '\r') line_.pop_back();
    split();
    return true;
  }
  std::string_view operator[](std::size_t column) const {
    return column < cells_.size() ? cells_[column] : std::string_view();
  }

 private:
  void split() {
    cells_.clear();
    char* const data = line_.data();
    std::size_t at = 0;
    while (at <= line_.size()) {
      if (at < line_.size() && data[at] == '"') {
        const std::size_t from = ++at;
        std::size_t to = from;
        for (; at < line_.size(); ++at) {
          if (data[at] == '"' && (at + 1 >= line_.size() || data[++at] != '"')) break;
          data[to++] = data[at];
        }
        cells_.emplace_back(data + from, to - from);
        at = line_.find(',', at);
      } else {
        const std::size_t end = std::min(line_.find(',', at), line_.size());
        cells_.emplace_back(data + at, end - at);
        at = end;
      }
      if (at == std::string::npos || at >= line_.size()) return;
      ++at;
    }
  }
  std::ifstream file_;
  std::string line_;
  std::vector<std::string_view> cells_;
};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> known) {
  return std::find(known.begin(), known.end(), text) != known.end();
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

/// "2026-01-31T14:30:00Z" in microseconds.
std::optional<std::int64_t> instant(std::string_view text) {
  if (text.size() != 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
      text[19] != 'Z')
    return std::nullopt;
  const auto y = number(text.substr(0, 4)), m = number(text.substr(5, 2)), d = number(text.substr(8, 2));
  const auto h = number(text.substr(11, 2)), min = number(text.substr(14, 2)), s = number(text.substr(17, 2));
  if (!y || !m || !d || !h || !min || !s || *m < 1 || *m > 12 || *d < 1 || *d > 31 || *h > 23 || *min > 59 || *s > 59)
    return std::nullopt;
  const std::int64_t year = *y - (*m <= 2 ? 1 : 0), era = year / 400, yoe = year - era * 400;
  const std::int64_t doy = (153 * (*m + (*m > 2 ? -3 : 9)) + 2) / 5 + *d - 1;
  const std::int64_t days = era * 146'097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719'468;
  return ((days * 24 + *h) * 60 + *min) * 60'000'000 + *s * 1'000'000;
}

/// "12.34" in cents.
std::optional<std::int64_t> cents(std::string_view text) {
  const std::size_t point = text.find('.');
  const auto whole = number(text.substr(0, point));
  if (!whole || *whole < 0) return std::nullopt;
  if (point == std::string_view::npos) return *whole * 100;
  const std::string_view digits = text.substr(point + 1);
  const auto part = number(digits);
  if (!part || *part < 0 || digits.empty() || digits.size() > 2) return std::nullopt;
  return *whole * 100 + (digits.size() == 1 ? *part * 10 : *part);
}

bool normal_email(std::string_view text, std::string& out) {
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.find_first_of(" \t,") != std::string_view::npos) return false;
  out = text;
  for (std::size_t i = at; i < out.size(); ++i)
    if (out[i] >= 'A' && out[i] <= 'Z') out[i] = static_cast<char>(out[i] - 'A' + 'a');
  return out.find('.', at) != std::string::npos;
}

/// "+1 202 555 0123" as "+12025550123"; what is no number is left out.
void normal_phone(std::string_view text, std::string& out) {
  out.clear();
  for (const char c : text)
    if (c == '+' || (c >= '0' && c <= '9')) out += c;
  if (out.size() < 8 || out.front() != '+') out.clear();
}

/// Statements that both imports need.
struct Keys {
  explicit Keys(Database& database)
      : claim(database,
              "INSERT OR IGNORE INTO external_id (tenant, record_type, source, key, record) VALUES (?,?,?,?,?)"),
        find(database,
             "SELECT record FROM external_id WHERE tenant = ? AND record_type = ? AND source = ? AND key = ?") {}
  Statement claim, find;
};

std::int64_t last_rid(Database& database, const char* sql) {
  Statement last(database, sql);
  return last.step() ? last.integer(0) : 0;
}

class CustomerImport {
 public:
  CustomerImport(Database& database, Book& book)
      : database_(database),
        book_(book),
        keys_(database),
        add_customer_(
            database,
            "INSERT INTO customer (rid, tenant, id, version, created_at, created_by, updated_at, updated_by, kind, "
            "name, given_name, family_name, email, phone, language, preferred_channel, lifecycle, "
            "lifecycle_since, shopper_state, shopper_state_since) VALUES "
            "(?10,1,?1,1,?2,?11,?2,?11,'person',?3,?4,?5,?6,?7,?8,?9,'prospect',?2,'none',?2)"),
        add_point_(database,
                   "INSERT INTO contact_point (tenant, id, version, created_at, created_by, updated_at, updated_by, "
                   "customer, kind, value, verified, \"primary\") VALUES (1,?1,1,?2,?6,?2,?6,?3,?4,?5,0,1)"),
        rid_(last_rid(database, "SELECT max(rid) FROM customer")) {}

  bool take(const CsvFile& row) {
    if (row[1].empty() || row[1].size() > 200 || !normal_email(row[4], email_)) return false;
    if (!row[6].empty() && !is_one_of(row[6], {"store", "web", "app", "phone"})) return false;
    normal_phone(row[5], phone_);
    keys_.claim.run(kTenant, static_cast<int>(Type::customer), kShop, row[0], rid_ + 1);
    if (!database_.changed()) return true;  // taken before: nothing changes
    ++rid_;
    const Cause cause{book_.word("bench"), book_.word("import"), 0};
    std::optional<std::string_view> phone;
    if (!phone_.empty()) phone = phone_;
    add_customer_.run(book_.new_id(), book_.now(), row[1], row[2], row[3], email_, phone, row[7], row[6], rid_,
                      cause.actor);
    fields_.clear().text(kKind, "person").text(kName, row[1]).text(kGivenName, row[2]).text(kFamilyName, row[3]);
    fields_.text(kEmail, email_).text(kPhone, phone_).text(kLanguage, row[7]).text(kPreferredChannel, row[6]);
    fields_.text(kLifecycle, "prospect").text(kShopperState, "none");
    book_.change(Operation::create, Type::customer, rid_, 1, fields_, cause);
    const std::int64_t nowhere = book_.word("");
    book_.transition(rid_, book_.word("customer.lifecycle"), nowhere, book_.word("prospect"), nowhere, cause, true);
    book_.transition(rid_, book_.word("retail.shopper_state"), nowhere, book_.word("none"), nowhere, cause, true);
    add_point("email", email_, cause);
    if (phone) add_point("phone", phone_, cause);
    return true;
  }

 private:
  void add_point(std::string_view kind, std::string_view value, const Cause& cause) {
    add_point_.run(book_.new_id(), book_.now(), rid_, kind, value, cause.actor);
    const std::int64_t rid = database_.last_rid();
    fields_.clear().integer(kCustomer, rid_).text(kKind, kind).text(kValue, value).integer(kVerified, 0);
    book_.change(Operation::create, Type::contact_point, rid, 1, fields_.integer(kPrimary, 1), cause);
  }

  Database& database_;
  Book& book_;
  Keys keys_;
  Statement add_customer_, add_point_;
  FieldBytes fields_;
  std::string email_, phone_;
  std::int64_t rid_;  ///< of the last customer
};

class OrderImport {
 public:
  OrderImport(Database& database, Book& book)
      : database_(database),
        book_(book),
        keys_(database),
        add_(database,
             "INSERT INTO retail_order (rid, tenant, id, version, created_at, created_by, updated_at, updated_by, "
             "customer, "
             "ordered_at, kind, channel, category, total) VALUES (?9,1,?1,1,?2,?10,?2,?10,?3,?4,?5,?6,?7,?8)"),
        rid_(last_rid(database, "SELECT max(rid) FROM retail_order")) {}

  bool take(const CsvFile& row) {
    const auto ordered_at = instant(row[2]);
    const auto total = cents(row[6]);
    if (!ordered_at || !total || *ordered_at > book_.now() + kMicrosPerDay || row[5].size() > 80) return false;
    if (!is_one_of(row[3], {"sale", "return"}) || !is_one_of(row[4], {"store", "web", "app", "phone"})) return false;
    keys_.find.bind(kTenant, static_cast<int>(Type::customer), kShop, row[1]);
    if (!keys_.find.step()) return false;
    const std::int64_t customer = keys_.find.integer(0);
    keys_.find.reset();
    keys_.claim.run(kTenant, static_cast<int>(Type::order), kShop, row[0], rid_ + 1);
    if (!database_.changed()) return true;
    ++rid_;
    const Cause cause{book_.word("bench"), book_.word("import"), 0};
    add_.run(book_.new_id(), book_.now(), customer, *ordered_at, row[3], row[4], row[5], *total, rid_, cause.actor);
    fields_.clear().integer(kCustomer, customer).integer(kOrderedAt, *ordered_at).text(kKind, row[3]);
    fields_.text(kChannel, row[4]).text(kCategory, row[5]).integer(kTotal, *total);
    book_.change(Operation::create, Type::order, rid_, 1, fields_, cause);
    return true;
  }

 private:
  Database& database_;
  Book& book_;
  Keys keys_;
  Statement add_;
  FieldBytes fields_;
  std::int64_t rid_;  ///< of the last order
};

template <class Import>
std::int64_t import_file(Database& database, Book& book, const std::filesystem::path& path) {
  CsvFile file(path);
  Import import(database, book);
  std::int64_t read = 0, taken = 0;
  while (file.next()) {
    if (read++ % kBatch == 0) {
      if (read > 1) book.commit();
      book.begin();
    }
    taken += import.take(file) ? 1 : 0;
  }
  if (read > 0) book.commit();
  return taken;
}

}  // namespace

std::int64_t import_customers(Database& database, Book& book, const std::filesystem::path& file) {
  return import_file<CustomerImport>(database, book, file);
}
std::int64_t import_orders(Database& database, Book& book, const std::filesystem::path& file) {
  return import_file<OrderImport>(database, book, file);
}

}  // namespace kith::bench::hand
