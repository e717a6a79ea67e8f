#include "store/connection/sqlite_database.hpp"

#include <dlfcn.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/problem/error.hpp"
#include "store/connection/bytes_by_kind.hpp"
#include "store/connection/engine_tables.hpp"

namespace kith::internal::store {
namespace {

constexpr std::int64_t kCheckpointBytes = 4 << 20;  // a passive checkpoint from here on
constexpr std::int64_t kRetryBytes = 1 << 20;       // when a reader kept it from ending: again after so much more
constexpr std::int64_t kTruncateBytes = 64 << 20;  // a log of this size is cut to nothing as soon as no reader needs it
constexpr std::int64_t kHousekeepingWaitUs = 30'000'000;
constexpr int kMostIntegrityErrors = 100;
// What a commit may take longer by now and then, so that a program that only writes has statistics too.
constexpr std::int64_t kStatisticsInCommitUs = 50'000;
constexpr std::int64_t kLeastReaderCacheMb = 8;

// SQLite 3.51.3 corrected it, 3.50.7 and 3.44.6 carry the correction too.
bool has_wal_reset_bug(int version) {
  constexpr int k3_44 = 3044000, k3_45 = 3045000, k3_50 = 3050000, k3_51 = 3051000;
  if (version >= k3_51) return version < k3_51 + 3;
  if (version >= k3_50) return version < k3_50 + 7;
  if (version >= k3_44 && version < k3_45) return version < k3_44 + 6;
  return true;
}

std::int64_t size_of(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<std::int64_t>(size);
}

std::string library_file() {
  Dl_info found{};
  if (dladdr(reinterpret_cast<const void*>(&sqlite3_libversion), &found) == 0 || found.dli_fname == nullptr) return {};
  return found.dli_fname;
}

Error not_ours(const std::string& path, const std::string& found) {
  Problem problem;
  problem.number = ProblemNumber::not_a_kith_file;
  problem.message = "\"" + path + "\" is not a Kith database";
  problem.expected = "a file made by Kith, or a new name";
  problem.found = found;
  problem.fix = "check the path; Kith never writes into a file of another program";
  return Error(std::move(problem));
}

const char* synchronous_level(const StoreOptions& options, bool temporary) {
  if (temporary) return "OFF";
  return options.survive_power_loss ? "FULL" : "NORMAL";
}

}  // namespace

SqliteDatabase::SqliteDatabase(std::string path, bool temporary, const StoreOptions& options, const Log& log)
    : path_(std::move(path)), temporary_(temporary), options_(options), log_(&log), process_(getpid()) {
  readers_.resize(static_cast<std::size_t>(std::max(options_.readers, 1)));
  try {
    open_file();
  } catch (...) {
    writer_.reset();
    if (temporary_) remove_files();
    throw;
  }
}

void SqliteDatabase::open_file() {
  std::error_code error;
  const bool exists = std::filesystem::exists(path_, error);
  if (!exists && (!options_.create || options_.read_only)) {
    throw Error(ProblemNumber::storage_failed, "there is no database \"" + path_ + "\"",
                "check the path, or create the database first");
  }
  check_names();
  if (!options_.read_only && !temporary_) lock_ = FileLock(path_, options_.file_mode, options_.lock_wait_us);
  try {
    if (options_.read_only)
      open_to_read();
    else
      open_to_write(exists);
  } catch (const Error& failure) {
    if (failure.number() == ProblemNumber::storage_corrupt &&
        failure.first().message.find("no database") != std::string::npos) {
      throw not_ours(path_, "a file that is no SQLite database");
    }
    throw;
  }
}

// SQLite reads and writes what lies beside the file under its name, so that must be what it takes it for.
void SqliteDatabase::check_names() const {
  struct stat status {};
  if (::stat(path_.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode)) throw not_ours(path_, "something that is not a regular file");
    if (status.st_nlink > 1)
      log_->warning(
          "\"" + path_ + "\" has " + std::to_string(status.st_nlink) +
          " names (hard links); open it always by the same one: what was not yet written into it after a crash "
          "lies beside that name");
  }
  for (const char* suffix : {"-wal", "-shm", "-journal"}) {
    const std::string beside = path_ + suffix;
    if (::lstat(beside.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
      throw Error(ProblemNumber::storage_failed, "\"" + beside + "\" is not a regular file, and SQLite would use it",
                  "remove it: nothing of the database is in it");
  }
}

void SqliteDatabase::open_to_read() {
  const std::string folder = std::filesystem::path(path_).parent_path().string();
  // Nor may they be made by somebody who can't write the file: its owner could not open them any more.
  if (::access(folder.c_str(), W_OK) != 0 || ::access(path_.c_str(), W_OK) != 0) {
    // SQLite can't make the files beside it by which readers follow a writer. Without a writer there is nothing to
    // follow; one that is there has made them.
    lock_ = FileLock::shared(path_);
    if (lock_.held() && size_of(path_ + "-wal") > 0) {
      throw Error(
          ProblemNumber::storage_failed,
          "\"" + path_ + "\" was not closed well and its log must be read into it, but its folder can't be written",
          "open it once as its owner, or copy it together with \"" + path_ +
              "-wal\" into a folder that can be "
              "written");
    }
    frozen_ = lock_.held();
  }
  readers_.front().connection = open_reader();
  check_marks(*readers_.front().connection);
  journal_mode_ = readers_.front().connection->session().text("PRAGMA journal_mode");
}

void SqliteDatabase::open_to_write(bool exists) {
  // The marks come before the journal mode: nothing is changed in a file of another program.
  if (exists) {
    SqliteConnection look(path_, ConnectionUse::reader, "");
    if (!is_new(look)) check_marks(look);
  }
  writer_ = std::make_unique<SqliteConnection>(path_, ConnectionUse::writer, synchronous_level(options_, temporary_),
                                               options_.cache_mb * 1024);
  if (is_new(*writer_)) create_engine_tables(*writer_);
  journal_mode_ = writer_->session().text("PRAGMA journal_mode");
  constexpr const char* kLevels[] = {"off", "normal", "full", "extra"};
  const std::int64_t level = writer_->session().integer("PRAGMA synchronous");
  synchronous_ = level >= 0 && level < 4 ? kLevels[level] : "unknown";
  checkpoint_at_ = kCheckpointBytes;
  planner_statistics_.look(writer_->session(), writer_->total_changes());
  if (has_wal_reset_bug(sqlite3_libversion_number())) {
    log_->debug(std::string("SQLite ") + sqlite3_libversion() +
                " has the WAL reset defect; one writer makes all checkpoints");
  }
}

bool SqliteDatabase::is_new(SqliteConnection& connection) const {
  NativeSession& session = connection.session();
  return session.integer("PRAGMA application_id") == 0 && session.integer("PRAGMA user_version") == 0 &&
         session.integer("SELECT count(*) FROM sqlite_schema") == 0;
}

void SqliteDatabase::check_marks(SqliteConnection& connection) const {
  const std::int64_t application = connection.session().integer("PRAGMA application_id");
  if (application != kApplicationId)
    throw not_ours(path_, "a SQLite database of another program (application_id " + std::to_string(application) + ")");
  const std::int64_t format = connection.session().integer("PRAGMA user_version");
  if (format == kFormat) return;
  const bool newer = format > kFormat;
  Problem problem;
  problem.number = ProblemNumber::newer_catalog;
  problem.message =
      "\"" + path_ + "\" was written by " + (newer ? "a newer Kith" : "a Kith from before its first release");
  problem.expected = "file format " + std::to_string(kFormat);
  problem.found = "format " + std::to_string(format);
  problem.fix =
      newer ? "use the Kith that wrote it, or a newer one"
            : "take the records out with the Kith that wrote it (kith export TYPE) and import them into a new file";
  throw Error(std::move(problem));
}

SqliteDatabase::~SqliteDatabase() {
  if (getpid() != process_) {
    // A forked child must not touch its parent's files: what it has is left to the end of the process.
    for (PooledReader& reader : readers_) static_cast<void>(reader.connection.release());
    static_cast<void>(writer_.release());
    lock_.abandon();
    return;
  }
  readers_.clear();
  if (writer_ != nullptr && !temporary_) {
    try {
      writer_->rollback();
      if (statistics_due(INT64_MAX)) take_statistics();
      writer_->wait_when_busy(0);
      writer_->checkpoint(SqliteConnection::Checkpoint::truncate);
    } catch (const std::exception& failure) {
      // The log stays and is read at the next opening; nothing is lost.
      log_->warning(std::string("the last checkpoint failed: ") + reason_of(failure));
    }
  }
  writer_.reset();
  if (temporary_) remove_files();
}

void SqliteDatabase::remove_files() const noexcept {
  for (const char* suffix : {"", "-wal", "-shm", "-lock"}) ::unlink((path_ + suffix).c_str());
}

void SqliteDatabase::check_process() const {
  if (getpid() == process_) return;
  throw Error(ProblemNumber::misuse, "the process was forked after the database was opened",
              "open the database in the child itself");
}

Writer SqliteDatabase::write(std::int64_t wait_us, WriterUse use) {
  check_process();
  if (options_.read_only) {
    throw Error(ProblemNumber::unsupported, "\"" + path_ + "\" was opened read-only", "open it for writing");
  }
  const std::int64_t start = steady_us();
  const Stop* stop = use.stop;
  if (!turns_.enter(wait_us, std::move(use))) {
    const std::string holder = turns_.holder();
    Problem problem;
    problem.number = ProblemNumber::writer_busy;
    problem.message = "the writer was not free within " + std::to_string(wait_us / 1000) + " ms";
    if (!holder.empty()) problem.found = "it is held by " + holder;
    problem.fix = "try again, allow a longer wait, or make long transactions shorter";
    throw Error(std::move(problem));
  }
  Writer writer = make_writer(writer_.get());  // gives the turn back when what follows fails
  writer_->heed(stop);
  // Only a program that does not keep our lock can be in the way here, such as a shell that someone has open.
  writer_->wait_when_busy(wait_us - (steady_us() - start));
  writer_->begin(true);
  return writer;
}

void SqliteDatabase::commit_writer() {
  writer_->commit();
  if (statistics_due(kStatisticsInCommitUs)) take_statistics();
  checkpoint_if_grown();
}

bool SqliteDatabase::statistics_due(std::int64_t most_us) const {
  const std::int64_t written = writer_->total_changes();
  return planner_statistics_.due(written) && planner_statistics_.price_us(written) <= most_us;
}

// What was committed is safe. Lists are right without statistics, if slower now and then.
void SqliteDatabase::take_statistics() {
  try {
    writer_->execute("ANALYZE");
    planner_statistics_.look(writer_->session(), writer_->total_changes());
  } catch (const Error& failure) {
    log_->warning(std::string("the statistics of the database could not be brought up to date: ") +
                  failure.first().message);
  }
  const std::lock_guard lock(readers_mutex_);
  ++statistics_;
}

// What was committed is safe; a checkpoint that fails now is tried again at the next commit.
void SqliteDatabase::checkpoint_if_grown() {
  const std::int64_t size = writer_->wal_bytes();
  if (size < checkpoint_at_) {
    if (size < kCheckpointBytes) checkpoint_at_ = kCheckpointBytes;
    return;
  }
  try {
    using Checkpoint = SqliteConnection::Checkpoint;
    bool complete = writer_->checkpoint(Checkpoint::passive);
    if (complete && size >= kTruncateBytes) {
      writer_->wait_when_busy(0);
      complete = writer_->checkpoint(Checkpoint::truncate);
    }
    // After a complete one the next commit starts the log anew, unless a reader still looks at its end.
    checkpoint_at_ =
        complete && size < kTruncateBytes ? std::max(kCheckpointBytes, size + kRetryBytes) : size + kRetryBytes;
  } catch (const Error& failure) {
    checkpoint_at_ = size + kRetryBytes;
    log_->warning(std::string("a checkpoint failed and will be tried again: ") + reason_of(failure));
  }
}

void SqliteDatabase::give_back_writer() noexcept {
  if (getpid() != process_) return;
  writer_->heed(nullptr);
  writer_->rollback();
  turns_.leave();
}

std::unique_ptr<SqliteConnection> SqliteDatabase::open_reader() const {
  const ConnectionUse use = frozen_              ? ConnectionUse::frozen_reader
                            : options_.read_only ? ConnectionUse::foreign_reader
                                                 : ConnectionUse::reader;
  return std::make_unique<SqliteConnection>(
      path_, use, "", std::max(options_.cache_mb / 4, std::min(options_.cache_mb, kLeastReaderCacheMb)) * 1024);
}

Reader SqliteDatabase::read(std::int64_t wait_us, const Stop* stop) {
  check_process();
  SqliteConnection* connection = take_reader(wait_us, stop);
  Reader reader = make_reader(connection);
  connection->heed(stop);
  connection->begin(false);
  // A deferred transaction takes its snapshot with its first read.
  connection->prepare("SELECT 1 FROM sqlite_schema LIMIT 1")->step();
  return reader;
}

SqliteConnection* SqliteDatabase::take_reader(std::int64_t wait_us, const Stop* stop) {
  std::unique_lock lock(readers_mutex_);
  PooledReader* found = nullptr;
  const auto free_one = [&] {
    // An open one before one that is still to be opened.
    for (PooledReader& reader : readers_) {
      if (!reader.busy && (found == nullptr || (found->connection == nullptr && reader.connection != nullptr)))
        found = &reader;
    }
    return found != nullptr;
  };
  constexpr std::int64_t kLongest = 365LL * 86'400 * 1'000'000;
  constexpr std::int64_t kLookUs = 10'000;  // a request to stop is looked at so often
  const std::int64_t until = steady_us() + std::clamp<std::int64_t>(wait_us, 0, kLongest);
  while (!free_one()) {
    if (stop != nullptr) stop->check();
    const std::int64_t left = until - steady_us();
    if (left > 0) {
      reader_free_.wait_for(lock, std::chrono::microseconds(stop != nullptr ? std::min(left, kLookUs) : left));
      continue;
    }
    throw Error(
        ProblemNumber::deadline_passed,
        "all " + std::to_string(readers_.size()) + " readers were in use for " + std::to_string(wait_us / 1000) + " ms",
        "hold readers briefly, open the database with more of them, or allow a longer wait");
  }
  found->busy = true;
  // SQLite reads the statistics of its planner when it opens a file, so a new ANALYZE needs a new connection.
  if (found->connection != nullptr && found->statistics == statistics_) return found->connection.get();
  lock.unlock();
  std::unique_ptr<SqliteConnection> fresh;
  try {
    fresh = open_reader();
  } catch (...) {
    lock.lock();
    found->busy = false;
    lock.unlock();
    reader_free_.notify_one();
    throw;
  }
  lock.lock();
  std::swap(found->connection, fresh);
  found->statistics = statistics_;
  SqliteConnection* connection = found->connection.get();
  lock.unlock();  // the old connection is closed after that, without the lock
  return connection;
}

void SqliteDatabase::give_back_reader(Connection* connection) noexcept {
  if (getpid() != process_) return;
  connection->heed(nullptr);
  connection->rollback();
  {
    const std::lock_guard lock(readers_mutex_);
    for (PooledReader& reader : readers_) {
      if (reader.connection.get() == connection) reader.busy = false;
    }
  }
  reader_free_.notify_one();
}

StoreFacts SqliteDatabase::facts() const {
  StoreFacts out;
  out.engine = "SQLite";
  out.version = sqlite3_libversion();
  out.journal_mode = journal_mode_;
  out.synchronous = synchronous_;
  out.path = path_;
  out.library_file = library_file();
  out.frozen = frozen_;
  out.has_wal_reset_bug = has_wal_reset_bug(sqlite3_libversion_number());
  out.cache_mb = options_.cache_mb;
  out.file_bytes = size_of(path_);
  out.wal_bytes = size_of(path_ + "-wal");
  return out;
}

std::vector<std::pair<std::string, std::int64_t>> SqliteDatabase::bytes_by_kind() {
  const Reader reader = read(kHousekeepingWaitUs);
  return store::bytes_by_kind(reader.connection());
}

std::vector<std::string> SqliteDatabase::check_integrity() {
  std::vector<std::string> out;
  const Reader reader = read(kHousekeepingWaitUs);
  const StatementPtr check =
      reader.connection().prepare("PRAGMA integrity_check(" + std::to_string(kMostIntegrityErrors) + ")");
  while (check->step()) {
    if (check->text(0) != "ok") out.emplace_back(check->text(0));
  }
  const StatementPtr keys = reader.connection().prepare("PRAGMA foreign_key_check");
  while (keys->step()) {
    out.push_back("row " + std::to_string(keys->integer(1)) + " of " + std::string(keys->text(0)) + " names a row of " +
                  std::string(keys->text(2)) + " that is not there");
  }
  return out;
}

void SqliteDatabase::analyze() {
  Writer writer = write(kHousekeepingWaitUs);
  writer_->rollback();  // it makes a transaction of its own
  take_statistics();
}

void SqliteDatabase::keep_statistics(std::int64_t most_us) {
  if (options_.read_only) return;
  Writer writer = write(kHousekeepingWaitUs);
  writer_->rollback();
  if (statistics_due(most_us)) take_statistics();
}

}  // namespace kith::internal::store
