#include "bundles/library.hpp"

#include <elf.h>

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <vector>

#include "base/text/text.hpp"
#include "bundles/image.hpp"
#include "bundles/version.hpp"

namespace kith::internal::bundles {
namespace {

using EntryFunction = std::int32_t(const kith_host*, kith_call*, kith_str, kith_plugin*);

Problem library_problem(ProblemNumber number, const std::string& plugin, const std::string& message,
                        const std::string& path) {
  Problem problem;
  problem.number = number;
  problem.message = "plugin '" + plugin + "' is not loaded: " + message;
  problem.where.file = path;
  return problem;
}

#if defined(__x86_64__)
constexpr std::uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t kMachine = EM_AARCH64;
#else
constexpr std::uint16_t kMachine = EM_NONE;  // not checked
#endif

/// What a file is that does not even begin like a library.
std::string described(const std::string& head) {
  if (head.empty()) return "an empty file";
  std::string start = head.substr(0, head.find_first_of("\r\n"));
  constexpr std::size_t shown = 24;
  if (start.size() > shown) start.resize(shown);
  const bool printable = is_utf8(start) && std::none_of(start.begin(), start.end(),
                                                        [](char c) { return c >= 0 && (c < ' ' || c == 127); });
  return printable ? "a file that begins with \"" + start + "\"" : "a file of another format";
}

/// The loader maps segments without asking whether the file has them, and what is not there kills the process later.
bool is_cut_off(const HashedFile& file, const Elf64_Ehdr& header) {
  const std::string& head = file.head();
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phoff > head.size()) return true;
  if (header.e_phnum > (head.size() - header.e_phoff) / sizeof(Elf64_Phdr)) return true;
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment{};
    std::memcpy(&segment, head.data() + header.e_phoff + i * sizeof segment, sizeof segment);
    if (segment.p_filesz > file.size() || segment.p_offset > file.size() - segment.p_filesz) return true;
  }
  return false;
}

/// "" when it is a shared library for this machine.
std::string not_a_library(const HashedFile& file) {
  const std::string& head = file.head();
  if (head.size() < SELFMAG || std::memcmp(head.data(), ELFMAG, SELFMAG) != 0) return described(head);
  Elf64_Ehdr header{};
  if (head.size() < sizeof header) return "a library that is cut off";
  std::memcpy(&header, head.data(), sizeof header);
  if (header.e_ident[EI_CLASS] != ELFCLASS64) return "a library for 32-bit programs";
  if (header.e_type != ET_DYN) return "an ELF file that is no shared library";
  if (kMachine != EM_NONE && header.e_machine != kMachine) return "a library for another kind of machine";
  return is_cut_off(file, header) ? "a library that is cut off" : "";
}

/// What dlopen said, with the bundle's file in place of the descriptor that was loaded.
std::string loader_text(const std::exception& failed, const std::string& opened, const std::string& path) {
  std::string text = failed.what();
  constexpr std::string_view before = "(dlerror system message: ";
  if (const std::size_t begin = text.find(before); begin != std::string::npos) {
    text.erase(0, begin + before.size());
    if (const std::size_t end = text.rfind("):"); end != std::string::npos) text.resize(end);
  }
  for (std::size_t at = text.find(opened); at != std::string::npos; at = text.find(opened, at + path.size()))
    text.replace(at, opened.size(), path);
  return text;
}

struct Mapping {
  explicit Mapping(HashedFile f) : file(std::move(f)) {}
  HashedFile file;
  std::optional<LibraryImage> image;  ///< what was loaded; none: the file itself
  boost::dll::shared_library library;
  kith_plugin_entry entry = nullptr;
  std::string broken;  ///< why it is never taken again; "" = it is sound
};

/// All libraries that this process has mapped. They are neither unmapped nor their descriptors closed, also not at
/// exit: unmapping a library whose thread or thread-local destructor still runs crashes, and a reused descriptor's name
/// would find the library that had it before.
struct Mappings {
  std::mutex mutex;
  std::vector<std::unique_ptr<Mapping>> list;
};
Mappings& mappings() {
  static Mappings& all = *std::make_unique<Mappings>().release();
  return all;
}

kith_plugin_entry find_entry(const boost::dll::shared_library& library, const std::string& plugin,
                             const std::string& path) {
  if (library.has(KITH_PLUGIN_ENTRY_NAME)) return library.get<EntryFunction>(KITH_PLUGIN_ENTRY_NAME);
  constexpr int latest = 9;
  for (int major = 1; major <= latest; ++major) {
    const std::string other = "kith_plugin_entry_v" + std::to_string(major);
    if (!library.has(other)) continue;
    Problem problem = library_problem(
        ProblemNumber::plugin_abi, plugin,
        "its library was built for ABI " + std::to_string(major) + ".x; this core offers " + abi_version(), path);
    problem.expected = KITH_PLUGIN_ENTRY_NAME;
    problem.found = other;
    problem.fix =
        "install a kith that offers ABI " + std::to_string(major) + ", or a " + plugin + " for ABI " + abi_version();
    throw Error(std::move(problem));
  }
  Problem problem =
      library_problem(ProblemNumber::plugin_symbol_missing, plugin, "its library has no plugin in it", path);
  problem.expected = "the symbol " KITH_PLUGIN_ENTRY_NAME;
  problem.found = "a library that does not export it";
  problem.fix = "build it with kith_add_plugin and KITH_PLUGIN(" + plugin + "), or install the right file";
  throw Error(std::move(problem));
}

[[noreturn]] void throw_stale(const std::string& plugin, const std::string& path) {
  Problem problem = library_problem(ProblemNumber::plugin_not_a_library, plugin,
                                    "its file was written over while this process runs the old code", path);
  problem.expected = "the file that this process mapped, or a new file in its place";
  problem.found = "the same file with other contents";
  problem.fix = "restart the process; install by renaming a new file into place";
  throw Error(std::move(problem));
}

}  // namespace

void require_library(const HashedFile& file, const std::string& plugin) {
  const std::string found = not_a_library(file);
  if (found.empty()) return;
  Problem problem =
      library_problem(ProblemNumber::plugin_not_a_library, plugin, "its library is not a shared library", file.path());
  problem.expected = "an ELF shared library for this machine";
  problem.found = found;
  problem.fix = "build the plugin, or install the bundle again";
  throw Error(std::move(problem));
}

namespace {

Problem broken_problem(const std::string& plugin, const std::string& path, const std::string& why) {
  Problem problem = library_problem(ProblemNumber::plugin_entry_failed, plugin, why, path);
  problem.expected = "a library that can be taken up without an exception";
  problem.found = "one that is half made now, and is not touched again by this process";
  problem.fix = "correct the plugin, install it as a new file, and restart the process";
  return problem;
}

/// What is being caught, in words.
std::string thrown_text() {
  try {
    throw;
  } catch (const std::exception& thrown) {
    return thrown.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

/// Loads and initialises. A throw of an initialiser leaves the mapping broken for good.
void take_up(Mapping& mapping, const std::string& plugin) {
  const std::string path = mapping.file.path();
  const int descriptor = mapping.image ? mapping.image->descriptor() : mapping.file.descriptor();
  const std::string opened = "/proc/self/fd/" + std::to_string(descriptor);
  try {
    mapping.library.load(opened, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
  } catch (const std::system_error& failed) {
    Problem problem = library_problem(ProblemNumber::plugin_not_a_library, plugin, "its library can't be loaded", path);
    problem.expected = "a library that needs nothing but the C and C++ run-time libraries";
    problem.found = loader_text(failed, opened, path);
    problem.fix = "install what it lacks, or build it again with kith_add_plugin";
    throw Error(std::move(problem));
  } catch (...) {
    mapping.broken = "its static initialiser threw: " + thrown_text();
  }
  try {
    if (mapping.image && mapping.broken.empty()) mapping.image->run_initialisers(mapping.library.native());
  } catch (...) {
    mapping.broken = "its static initialiser threw: " + thrown_text();
  }
}

}  // namespace

kith_plugin_entry load_entry(HashedFile file, const std::string& plugin) {
  Mappings& all = mappings();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const std::string path = file.path();
  for (const auto& mapping : all.list) {
    const HashedFile& other = mapping->file;
    const bool same_bytes = other.sha256() == file.sha256();
    if (same_bytes && !mapping->broken.empty())
      throw Error(broken_problem(plugin, path, "it failed in this process before: " + mapping->broken));
    if (other.device() != file.device() || other.inode() != file.inode()) continue;
    if (!same_bytes) throw_stale(plugin, path);
    return mapping->entry ? mapping->entry : find_entry(mapping->library, plugin, path);
  }
  auto mapping = std::make_unique<Mapping>(std::move(file));
  if (auto image = LibraryImage::of(mapping->file, plugin)) mapping->image.emplace(std::move(*image));
  take_up(*mapping, plugin);
  Mapping& kept = *mapping;
  for (const auto& other : all.list)
    if (kept.broken.empty() && other->library.native() == kept.library.native()) {
      all.list.push_back(std::move(mapping));  // its handle must not be closed either
      throw_stale(plugin, path);
    }
  all.list.push_back(std::move(mapping));
  if (!kept.broken.empty()) throw Error(broken_problem(plugin, path, kept.broken));
  kept.entry = find_entry(kept.library, plugin, path);
  return kept.entry;
}

void never_again(kith_plugin_entry entry, const std::string& why) {
  Mappings& all = mappings();
  const std::lock_guard<std::mutex> lock(all.mutex);
  for (const auto& mapping : all.list)
    if (mapping->entry == entry) mapping->broken = why;
}

}  // namespace kith::internal::bundles
