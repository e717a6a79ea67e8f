#include "lib/postgres.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

namespace kith::test {
namespace {

namespace fs = std::filesystem;

// The newest of Debian's folders, then PATH.
std::string folder_of_binaries() {
  std::vector<std::pair<int, std::string>> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none)) {
    const std::string bin = (entry.path() / "bin").string();
    if (fs::exists(bin + "/initdb") && fs::exists(bin + "/postgres"))
      found.emplace_back(std::atoi(entry.path().filename().c_str()), bin);
  }
  if (!found.empty()) return std::max_element(found.begin(), found.end())->second;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (fs::exists(folder + "/initdb") && fs::exists(folder + "/postgres")) return folder;
  }
  return {};
}

struct User {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
};

// PostgreSQL refuses to run as root: then as its own user, or as nobody.
bool find_user(User& user) {
  if (::geteuid() != 0) {
    const passwd* self = ::getpwuid(::geteuid());
    user = {self == nullptr ? "kith" : self->pw_name, ::geteuid(), ::getegid()};
    return true;
  }
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* entry = ::getpwnam(name); entry != nullptr) {
      user = {name, entry->pw_uid, entry->pw_gid};
      return true;
    }
  }
  return false;
}

bool become(const User& user) {
  if (::geteuid() != 0) return true;
  return ::setgroups(0, nullptr) == 0 && ::setgid(user.gid) == 0 && ::setuid(user.uid) == 0;
}

// In a child: nothing is returned to.
[[noreturn]] void run(const std::vector<std::string>& words, const std::string& log) {
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  const int in = ::open("/dev/null", O_RDONLY);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool initialise(const std::string& bin, const std::string& folder, const User& user,
                const std::vector<std::string>& locale) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!become(user) || ::chdir(folder.c_str()) != 0) ::_exit(126);
    std::vector<std::string> words{bin + "/initdb", "-D", folder + "/data", "-U",       "kith", "-A",
                                   "trust",         "-E", "UTF8",           "--no-sync"};
    words.insert(words.end(), locale.begin(), locale.end());
    run(words, folder + "/initdb.log");
  }
  return child > 0 && wait_for(child) == 0;
}

void stop(pid_t server) {
  for (const auto& [signal, tenths] : {std::pair{SIGINT, 50}, {SIGQUIT, 50}, {SIGKILL, 50}}) {
    ::kill(server, signal);
    for (int i = 0; i < tenths; ++i) {
      if (::waitpid(server, nullptr, WNOHANG) == server) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
}

// The keeper: it starts the server, waits until the program that wants it is gone, and cleans up.
[[noreturn]] void keep(const std::string& bin, const std::string& folder, const User& user, int lifeline) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_IGN);
  const pid_t server = ::fork();
  if (server == 0) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);
    ::setsid();
    ::close(lifeline);
    if (!become(user) || ::chdir(folder.c_str()) != 0) ::_exit(126);
    std::vector<std::string> words{bin + "/postgres", "-D", folder + "/data", "-k", folder};
    for (const char* setting :
         {"listen_addresses=", "fsync=off", "full_page_writes=off", "synchronous_commit=off", "jit=off",
          "shared_buffers=32MB", "max_connections=8", "autovacuum=off", "max_wal_size=256MB"}) {
      words.insert(words.end(), {"-c", setting});
    }
    run(words, folder + "/server.log");
  }
  char nothing = 0;
  while (::read(lifeline, &nothing, 1) < 0 && errno == EINTR) continue;
  if (server > 0) stop(server);
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  ::_exit(0);
}

std::string last_lines(const std::string& file) {
  std::ifstream in(file);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  return text.size() > 600 ? text.substr(text.size() - 600) : text;
}

// It writes "ready" into its file of the process when it takes connections.
bool comes_up(const std::string& folder) {
  for (int i = 0; i < 300; ++i) {
    std::ifstream in(folder + "/data/postmaster.pid");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (text.find("ready") != std::string::npos) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

}  // namespace

Postgres& Postgres::instance() {
  static Postgres postgres;
  return postgres;
}

Postgres::Postgres() {
  const std::string bin = folder_of_binaries();
  if (bin.empty()) {
    missing_ = "PostgreSQL is not installed (package postgresql)";
    return;
  }
  User user;
  std::string folder = "/tmp/kith-postgres-XXXXXX";
  if (!find_user(user) || ::mkdtemp(folder.data()) == nullptr ||
      (::geteuid() == 0 && ::chown(folder.c_str(), user.uid, user.gid) != 0)) {
    missing_ = "PostgreSQL can't be started: no folder below /tmp, or no user for it";
    return;
  }
  // A locale whose order is not that of code points, so that a forgotten COLLATE "C" is seen.
  const bool made =
      initialise(bin, folder, user, {"--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"}) ||
      initialise(bin, folder, user, {"--locale=C.UTF-8"});
  std::array<int, 2> line{-1, -1};
  if (!made || ::pipe2(line.data(), O_CLOEXEC) != 0) {
    missing_ = "PostgreSQL can't be started: " + last_lines(folder + "/initdb.log");
    fs::remove_all(folder);
    return;
  }
  keeper_ = ::fork();
  if (keeper_ == 0) {
    ::close(line[1]);
    keep(bin, folder, user, line[0]);
  }
  ::close(line[0]);
  lifeline_ = line[1];
  if (!comes_up(folder)) {
    missing_ = "PostgreSQL did not come up: " + last_lines(folder + "/server.log");
    return;
  }
  connection_ = "host=" + folder + " user=kith dbname=postgres client_encoding=UTF8";
}

Postgres::~Postgres() {
  if (lifeline_ >= 0) ::close(lifeline_);
  if (keeper_ > 0) wait_for(keeper_);
}

}  // namespace kith::test
