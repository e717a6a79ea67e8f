// A library whose initialisers run under our eyes. What a static initialiser throws while the loader runs it passes
// through the loader's own frames: its lock stays taken, the library stays half made. So the loader is given a copy, in
// memory, whose list of initialisers it does not see, and they are run when it is done, where a throw can be caught.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "bundles/trust.hpp"

namespace kith::internal::bundles {

class LibraryImage {
 public:
  /// nullopt: the system gives no memory that can be mapped as code, or the file is no ELF library with a dynamic
  /// section; the loader then runs the initialisers itself. Throws plugin_not_a_library when the file's bytes are no
  /// longer those that were hashed.
  static std::optional<LibraryImage> of(const HashedFile& file, const std::string& plugin);
  LibraryImage(LibraryImage&& other) noexcept;
  LibraryImage& operator=(LibraryImage&&) = delete;
  ~LibraryImage();

  int descriptor() const noexcept { return descriptor_; }
  /// After it was loaded as `handle` (of dlopen). Throws what an initialiser throws.
  void run_initialisers(void* handle) const;

 private:
  LibraryImage() = default;
  bool hide_initialisers(std::string& bytes);

  int descriptor_ = -1;
  std::uint64_t function_ = 0;                ///< DT_INIT: relative to the library's base; 0: none
  std::uint64_t array_ = 0, array_size_ = 0;  ///< DT_INIT_ARRAY, in bytes
};

}  // namespace kith::internal::bundles
