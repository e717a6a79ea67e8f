#include "core/library_facts.hpp"

#include <dlfcn.h>
#include <link.h>
#include <openssl/crypto.h>
#include <unicode/uversion.h>

#include <boost/version.hpp>
#include <cstring>

namespace kith::internal {
namespace {

struct Wanted {
  const char* part;  ///< of the file's name
  std::string file;
};

// The loader's own list names the file that was really mapped, whatever the search paths say.
std::string loaded_file(const char* part) {
  Wanted wanted{part, {}};
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* data) {
        auto* w = static_cast<Wanted*>(data);
        if (info->dlpi_name && std::strstr(info->dlpi_name, w->part)) {
          w->file = info->dlpi_name;
          return 1;
        }
        return 0;
      },
      &wanted);
  return wanted.file;
}

std::string icu_version() {
  UVersionInfo v;
  u_getVersion(v);
  char text[U_MAX_VERSION_STRING_LENGTH];
  u_versionToString(v, text);
  return text;
}

std::string boost_version() {
  return std::to_string(BOOST_VERSION / 100000) + "." + std::to_string(BOOST_VERSION / 100 % 1000) + "." +
         std::to_string(BOOST_VERSION % 100);
}

}  // namespace

std::vector<LibraryFact> library_facts() {
  return {{"kith", KITH_VERSION, loaded_file("libkith.so")},
          {"soci", KITH_SOCI_VERSION, loaded_file("libsoci_core")},
          {"icu", icu_version(), loaded_file("libicuuc")},
          {"libcrypto", OpenSSL_version(OPENSSL_VERSION_STRING), loaded_file("libcrypto")},
          {"boost", boost_version(), ""}};
}

}  // namespace kith::internal
