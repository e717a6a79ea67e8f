#include "cli/answers/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

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

Failure unwritable(const std::string& path, const std::string& why) {
  return file_failure("'" + path + "' can't be written: " + why, "is the folder there, and may you write in it?");
}

}  // namespace

std::ofstream open_output(Core& core, const std::string& path, const std::string& purpose) {
  const json::value answer =
      json::parse(core.run("output", json::serialize(json::object{{"path", path}, {"purpose", purpose}})));
  const auto mode = answer.at("mode").to_number<mode_t>();
  const Descriptor made(::open(path.c_str(), kFlags | O_CREAT | O_EXCL, mode));
  if (made.number() >= 0) {
    if (::fchmod(made.number(), mode) != 0) throw unwritable(path, std::strerror(errno));  // whatever the umask
  } else if (errno != EEXIST) {
    throw unwritable(path, std::strerror(errno));
  }
  const Descriptor there(::open(path.c_str(), kFlags));
  if (there.number() < 0)
    throw unwritable(path, errno == ENXIO ? "it is a pipe that nobody reads" : std::string(std::strerror(errno)));
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!file) throw unwritable(path, std::strerror(errno));
  return file;
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
