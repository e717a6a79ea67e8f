#include "store/connection/database.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/problem/error.hpp"
#include "store/connection/sqlite_database.hpp"

namespace kith::internal::store {
namespace {

constexpr std::string_view kScheme = "sqlite:";

// The name must be unforeseeable and the file ours alone, so the system makes it.
std::string make_temporary_file() {
  std::error_code error;
  std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (error) folder = "/tmp";
  std::string name = (folder / "kith-XXXXXX.db").string();
  const int descriptor = mkstemps(name.data(), 3);
  if (descriptor < 0) {
    throw Error(
        ProblemNumber::storage_failed,
        "can't make a temporary database in \"" + folder.string() + "\": " + std::system_category().message(errno),
        "set TMPDIR to a folder that may be written");
  }
  ::close(descriptor);
  return name;
}

// One file has one name, whatever soft links and dots lead to it: its log lies beside that name.
std::string absolute_path(const std::string& path) {
  std::error_code error;
  const std::filesystem::path full = std::filesystem::weakly_canonical(std::filesystem::absolute(path), error);
  if (error) {
    throw Error(ProblemNumber::storage_failed,
                "can't find the way to the database \"" + path + "\": " + error.message(), "check the path");
  }
  return full.string();
}

}  // namespace

std::vector<std::string> files_of_database(const std::string& url) {
  if (url.substr(0, kScheme.size()) != kScheme || url == "sqlite::memory:") return {};
  const std::string path = absolute_path(url.substr(kScheme.size()));
  std::vector<std::string> out;
  for (const char* suffix : {"", "-wal", "-shm", "-journal", "-lock"}) out.push_back(path + suffix);
  return out;
}

std::unique_ptr<Database> Database::open(const StoreOptions& options, const Log& log) {
  if (options.url.substr(0, kScheme.size()) != kScheme || options.url.size() == kScheme.size()) {
    Problem problem;
    problem.number = ProblemNumber::storage_unsupported;
    problem.message = "no storage for this database URL";
    problem.expected = "\"sqlite:PATH\" or \"sqlite::memory:\"";
    // Whatever stands behind a scheme may hold a password.
    problem.found = "\"" + options.url.substr(0, options.url.find(':')) +
                    (options.url.find(':') == std::string::npos ? "\"" : ":...\"");
    problem.fix = "write the path of a file, for example \"sqlite:kith.db\"";
    throw Error(std::move(problem));
  }
  const std::string path = options.url.substr(kScheme.size());
  if (path == ":memory:") return std::make_unique<SqliteDatabase>(make_temporary_file(), true, options, log);
  return std::make_unique<SqliteDatabase>(absolute_path(path), false, options, log);
}

Writer::Writer(Writer&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)), connection_(std::exchange(other.connection_, nullptr)) {}

Writer& Writer::operator=(Writer&& other) noexcept {
  std::swap(database_, other.database_);
  std::swap(connection_, other.connection_);
  return *this;
}

Writer::~Writer() {
  if (database_ != nullptr) database_->give_back_writer();
}

void Writer::commit() { database_->commit_writer(); }

Reader::Reader(Reader&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)), connection_(std::exchange(other.connection_, nullptr)) {}

Reader::~Reader() {
  if (database_ != nullptr) database_->give_back_reader(connection_);
}

}  // namespace kith::internal::store
