#include "cli/answers/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/answers/problems.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

constexpr int kFlags = O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;  // nobody may be reading a pipe

constexpr int kMostAttempts = 100;

/// Where what is written to the path lands: a link stays, and what it leads to is replaced.
std::string path_behind_links(const std::string& path) {
  namespace fs = std::filesystem;
  constexpr int kLongestChain = 40;  // as the kernel's own limit
  std::error_code error;
  fs::path target(path);
  for (int links = 0; links < kLongestChain && fs::is_symlink(fs::symlink_status(target, error)); ++links) {
    const fs::path next = fs::read_symlink(target, error);
    if (error) return path;
    target = next.is_absolute() ? next : target.parent_path() / next;
  }
  return target.string();
}

Failure unwritable(const std::string& path, const std::string& why) {
  return file_failure("'" + path + "' can't be written: " + why, "is the folder there, and may you write in it?");
}

}  // namespace

OutputFile::OutputFile(Core& core, const std::string& path, const std::string& purpose)
    : target_(path_behind_links(path)) {
  const json::value answer =
      json::parse(core.run("output", json::serialize(json::object{{"path", path}, {"purpose", purpose}})));
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    open_beside(answer.at("mode").to_number<std::uint32_t>());
    return;
  }
  const Descriptor there(::open(path.c_str(), kFlags));
  if (there.number() < 0)
    throw unwritable(path, errno == ENXIO ? "it is a pipe that nobody reads" : std::string(std::strerror(errno)));
  if (S_ISREG(status.st_mode)) {
    open_beside(status.st_mode & 0777U);
    return;
  }
  file_.open(path, std::ios::binary);
  if (!file_) throw unwritable(path, std::strerror(errno));
}

void OutputFile::open_beside(std::uint32_t mode) {
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    std::string name = target_ + "." + std::to_string(::getpid()) + "-" + std::to_string(attempt) + ".part";
    const Descriptor made(::open(name.c_str(), kFlags | O_CREAT | O_EXCL, static_cast<mode_t>(mode)));
    if (made.number() < 0 && errno == EEXIST) continue;  // an earlier one was killed
    if (made.number() < 0)
      throw unwritable(target_, "no file can be made beside it: " + std::string(std::strerror(errno)));
    written_ = std::move(name);
    if (::fchmod(made.number(), static_cast<mode_t>(mode)) == 0) file_.open(written_, std::ios::binary);
    if (file_.is_open()) return;
    const std::string why = std::strerror(errno);
    discard();
    throw unwritable(target_, why);
  }
  throw unwritable(target_, "files of exports that were ended lie beside it: " + target_ + ".*.part");
}

void OutputFile::discard() noexcept {
  if (!written_.empty()) ::unlink(written_.c_str());
  written_.clear();
}

OutputFile::~OutputFile() { discard(); }

void OutputFile::finish() {
  file_.close();
  if (!file_) throw file_failure("'" + target_ + "' could not be written whole", "is the disk full?");
  if (written_.empty()) return;
  if (::rename(written_.c_str(), target_.c_str()) != 0) throw unwritable(target_, std::strerror(errno));
  written_.clear();
}

void write_new_file(const std::string& path, const std::string& text, std::uint32_t mode) {
  const Descriptor file(::open(path.c_str(), kFlags | O_CREAT | O_EXCL, static_cast<mode_t>(mode)));
  if (file.number() < 0) throw unwritable(path, std::strerror(errno));
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(file.number(), text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const std::string why = std::strerror(errno);
      ::unlink(path.c_str());  // half a file would be taken for a whole one
      throw unwritable(path, why);
    }
    done += static_cast<std::size_t>(count);
  }
}

}  // namespace kith::cli
