# What the library is built from. Debian 12 has all of it (tests/run.sh installs what is missing).
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(SOCI 4.0.3 REQUIRED COMPONENTS sqlite3)
find_package(spdlog 1.10 REQUIRED CONFIG)
find_package(fmt REQUIRED CONFIG)
# Debian's header-only spdlog still asks for the shared fmt, which nothing here needs at run time.
set_property(TARGET spdlog::spdlog_header_only PROPERTY INTERFACE_LINK_LIBRARIES Threads::Threads fmt::fmt-header-only)
find_package(ICU 72 REQUIRED COMPONENTS uc i18n)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_package(date REQUIRED CONFIG)

# Debian's package of RE2 has no CMake files of its own.
find_path(RE2_INCLUDE_DIR re2/re2.h REQUIRED)
find_library(RE2_LIBRARY re2 REQUIRED)
add_library(RE2::re2 UNKNOWN IMPORTED)
set_target_properties(RE2::re2 PROPERTIES IMPORTED_LOCATION ${RE2_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES
  ${RE2_INCLUDE_DIR})
