// A SQLite file with its one writer and its readers.
#pragma once
#include <sys/types.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "store/connection/database.hpp"
#include "store/connection/file_lock.hpp"
#include "store/connection/sqlite_connection.hpp"
#include "store/connection/statistics.hpp"
#include "store/connection/turn_queue.hpp"

namespace kith::internal::store {

class SqliteDatabase final : public Database {
 public:
  /// `path` is absolute. A `temporary` file and what lies beside it go with this object.
  SqliteDatabase(std::string path, bool temporary, const StoreOptions& options, const Log& log);
  ~SqliteDatabase() override;
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  using Database::read;
  using Database::write;
  Writer write(std::int64_t wait_us, WriterUse use) override;
  Reader read(std::int64_t wait_us, const Stop* stop) override;
  bool read_only() const override { return options_.read_only; }
  StoreFacts facts() const override;
  std::vector<std::pair<std::string, std::int64_t>> bytes_by_kind() override;
  std::vector<std::string> check_integrity() override;
  void analyze() override;
  void keep_statistics(std::int64_t most_us) override;

 protected:
  void commit_writer() override;
  void give_back_writer() noexcept override;
  void give_back_reader(Connection* connection) noexcept override;

 private:
  struct PooledReader {
    std::unique_ptr<SqliteConnection> connection;
    std::uint64_t statistics = 0;  ///< which analyze it has seen
    bool busy = false;
  };

  void open_file();
  void open_to_read();
  void open_to_write(bool exists);
  void check_names() const;
  bool is_new(SqliteConnection& connection) const;
  void check_marks(SqliteConnection& connection) const;
  void check_process() const;
  void checkpoint_if_grown();
  bool statistics_due(std::int64_t most_us) const;
  void take_statistics();
  SqliteConnection* take_reader(std::int64_t wait_us, const Stop* stop);
  std::unique_ptr<SqliteConnection> open_reader() const;
  void remove_files() const noexcept;

  const std::string path_;
  const bool temporary_;
  const StoreOptions options_;
  const Log* log_;
  pid_t process_;
  FileLock lock_;
  bool frozen_ = false;  ///< read in a folder that can't be written; the lock keeps writers away meanwhile
  std::unique_ptr<SqliteConnection> writer_;
  std::string journal_mode_, synchronous_;
  TurnQueue turns_;
  Statistics planner_statistics_;   ///< of the writer's turn
  std::int64_t checkpoint_at_ = 0;  ///< WAL size at which the next one is tried

  std::mutex readers_mutex_;
  std::condition_variable reader_free_;
  std::vector<PooledReader> readers_;
  std::uint64_t statistics_ = 0;
};

}  // namespace kith::internal::store
