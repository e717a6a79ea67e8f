// Customers with their change log on plain SQLite, as the retail day's hand-written program keeps them.
#pragma once
#include <string>

#include "../retail_day/hand/book.hpp"
#include "../retail_day/hand/schema.hpp"
#include "../retail_day/hand/shop.hpp"

namespace kith::bench {

class HandCustomers {
 public:
  explicit HandCustomers(const std::filesystem::path& file) : database_(prepared(file)), book_(database_, kThen) {}

  void begin() { book_.begin(); }
  void commit() { book_.commit(); }

  /// With its first states and its change row.
  void create(std::int64_t number) {
    const std::string name = name_of(number);
    const hand::Cause cause{book_.word("bench"), book_.word("call"), 0};
    add_.run(book_.new_id(), book_.now(), name, cause.actor);
    const std::int64_t rid = database_.last_rid();
    fields_.clear().text(hand::kKind, "person").text(hand::kName, name).text(hand::kLanguage, "en");
    book_.change(hand::Operation::create, hand::Type::customer, rid, 1, fields_.text(hand::kLifecycle, "prospect"),
                 cause);
    const std::int64_t nowhere = book_.word("");
    book_.transition(rid, book_.word("customer.lifecycle"), nowhere, book_.word("prospect"), nowhere, cause, true);
  }
  /// Row and log: the name that was goes into the change row with the one that is.
  void rename(std::int64_t rid, std::int64_t number) {
    read_.bind(rid);
    read_.step();
    const std::int64_t version = read_.integer(0) + 1;
    const std::string name = name_of(number);
    fields_.clear().text(hand::kName, read_.text(1)).text(hand::kName, name);
    read_.reset();
    const hand::Cause cause{book_.word("bench"), book_.word("call"), 0};
    write_.run(rid, name, version, book_.now(), cause.actor);
    book_.change(hand::Operation::update, hand::Type::customer, rid, version, fields_, cause);
  }

 private:
  static constexpr std::int64_t kThen = 1'782'800'000'000'000;
  static std::string name_of(std::int64_t number) { return "Customer " + std::to_string(number); }
  /// The file with its tables, before statements are prepared on it.
  static std::filesystem::path prepared(const std::filesystem::path& file) {
    Database database(file);
    database.run(hand::kSettings);
    for (const char* tables : {hand::kFacts, hand::kLogs, hand::kDerived}) database.run(tables);
    return file;
  }

  struct Opened : Database {
    explicit Opened(const std::filesystem::path& file) : Database(file) { run(hand::kSettings); }
  };
  Opened database_;
  hand::Book book_;
  hand::FieldBytes fields_;
  Statement add_{database_,
                 "INSERT INTO customer (tenant, id, version, created_at, created_by, updated_at, updated_by, kind, "
                 "name, language, lifecycle, lifecycle_since) VALUES "
                 "(1,?1,1,?2,?4,?2,?4,'person',?3,'en','prospect',?2)"};
  Statement read_{database_, "SELECT version, name FROM customer WHERE rid = ?"};
  Statement write_{database_,
                   "UPDATE customer SET name = ?2, version = ?3, updated_at = ?4, updated_by = ?5 WHERE rid = ?1"};
};

}  // namespace kith::bench
