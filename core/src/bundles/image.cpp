#include "bundles/image.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text/text.hpp"

namespace kith::internal::bundles {
namespace {

constexpr std::int64_t kIgnoredTag = 0x60000fff;  // in the range of the system's own, and known to no loader

/// The bytes of the file, as long as they are still the ones that were hashed.
std::string bytes_of(const HashedFile& file, const std::string& plugin) {
  std::string bytes(static_cast<std::size_t>(file.size()), '\0');
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t got = ::pread(file.descriptor(), bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    at += static_cast<std::size_t>(got);
  }
  if (at == bytes.size() && sha256_hex(bytes) == file.sha256()) return bytes;
  Problem problem;
  problem.number = ProblemNumber::plugin_not_a_library;
  problem.message = "plugin '" + plugin + "' is not loaded: its library was written over while it was looked at";
  problem.where.file = file.path();
  problem.fix = "open the core again; install by renaming a new file into place";
  throw Error(std::move(problem));
}

template <class Struct>
bool read_at(const std::string& bytes, std::uint64_t at, Struct& into) {
  if (bytes.size() < sizeof into || at > bytes.size() - sizeof into) return false;
  std::memcpy(&into, bytes.data() + at, sizeof into);
  return true;
}

/// Where the dynamic section stands in the file, and its size; size 0: there is none.
std::pair<std::uint64_t, std::uint64_t> dynamic_section(const std::string& bytes) {
  Elf64_Ehdr header{};
  if (!read_at(bytes, 0, header) || header.e_ident[EI_DATA] != ELFDATA2LSB) return {};
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment{};
    if (!read_at(bytes, header.e_phoff + i * sizeof segment, segment)) return {};
    if (segment.p_type == PT_DYNAMIC) return {segment.p_offset, segment.p_filesz};
  }
  return {};
}

int memory_file(const std::string& bytes) {
  const int descriptor = ::memfd_create("kith-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0) return -1;
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t put = ::write(descriptor, bytes.data() + at, bytes.size() - at);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      ::close(descriptor);
      return -1;
    }
    at += static_cast<std::size_t>(put);
  }
  // Nobody writes what runs as code from now on, not even this process.
  static_cast<void>(::fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL));
  return descriptor;
}

}  // namespace

std::optional<LibraryImage> LibraryImage::of(const HashedFile& file, const std::string& plugin) {
  std::string bytes = bytes_of(file, plugin);
  LibraryImage image;
  if (!image.hide_initialisers(bytes)) return std::nullopt;
  image.descriptor_ = memory_file(bytes);
  if (image.descriptor_ < 0) return std::nullopt;
  return image;
}

LibraryImage::LibraryImage(LibraryImage&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      function_(other.function_),
      array_(other.array_),
      array_size_(other.array_size_) {}

LibraryImage::~LibraryImage() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool LibraryImage::hide_initialisers(std::string& bytes) {
  const auto [begin, size] = dynamic_section(bytes);
  for (std::uint64_t at = begin; at < begin + size; at += sizeof(Elf64_Dyn)) {
    Elf64_Dyn entry{};
    if (!read_at(bytes, at, entry)) return false;
    if (entry.d_tag == DT_NULL) break;
    if (entry.d_tag == DT_INIT) function_ = entry.d_un.d_ptr;
    if (entry.d_tag == DT_INIT_ARRAY) array_ = entry.d_un.d_ptr;
    if (entry.d_tag == DT_INIT_ARRAYSZ) array_size_ = entry.d_un.d_val;
    if (entry.d_tag != DT_INIT && entry.d_tag != DT_INIT_ARRAY && entry.d_tag != DT_INIT_ARRAYSZ) continue;
    entry.d_tag = kIgnoredTag;
    std::memcpy(bytes.data() + at, &entry, sizeof entry);
  }
  return size > 0;
}

// As the loader does it: first the one function, then the array from its start, each with what main was given.
void LibraryImage::run_initialisers(void* handle) const {
  using Initialiser = void (*)(int, char**, char**);
  link_map* map = nullptr;
  if (::dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0 || map == nullptr)
    throw Error(ProblemNumber::bug, "the loader does not tell where it put a library");
  static char* none[] = {nullptr};
  if (function_ != 0) reinterpret_cast<Initialiser>(map->l_addr + function_)(0, none, environ);
  for (std::uint64_t i = 0; i < array_size_ / sizeof(Initialiser); ++i) {
    Initialiser initialiser = nullptr;
    std::memcpy(&initialiser, reinterpret_cast<const void*>(map->l_addr + array_ + i * sizeof initialiser),
                sizeof initialiser);
    if (initialiser != nullptr && initialiser != reinterpret_cast<Initialiser>(-1)) initialiser(0, none, environ);
  }
}

}  // namespace kith::internal::bundles
