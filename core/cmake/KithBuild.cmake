# Build settings of this project only; nothing here reaches an exported target.
include_guard()
option(KITH_WARNINGS "Compile with the project's warnings" ${PROJECT_IS_TOP_LEVEL})
set(KITH_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize= (address,undefined or thread)")

add_library(kith_build_flags INTERFACE)
if(KITH_WARNINGS)
  target_compile_options(kith_build_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow
    $<$<COMPILE_LANGUAGE:CXX>:-Wconversion>
    # g++ 12 warns of impossible lengths inside std::string at -O2 and up (its bugs 105329, 105562, 105651).
    $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow>)
endif()
# The same arithmetic on every machine: no fused multiply-add unless written.
target_compile_options(kith_build_flags INTERFACE -ffp-contract=off)
if(KITH_SANITIZE)
  target_compile_options(kith_build_flags INTERFACE -fsanitize=${KITH_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all
    # Sanitizers hide from g++ what is initialised; its manual says so beside -Wmaybe-uninitialized.
    $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wno-maybe-uninitialized>)
  target_link_options(kith_build_flags INTERFACE -fsanitize=${KITH_SANITIZE})
endif()

# Headers that most sources need, compiled once. Presets that check includes (clang, tidy) do without.
function(kith_precompile target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS")
  target_precompile_headers(${target} PRIVATE ${arg_HEADERS})
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)  # ccache reads through it
endfunction()
set(KITH_STD_HEADERS <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional> <set> <span>
  <string> <string_view> <utility> <variant> <vector>)

# A floor of the house (core/src/<name>): an object library that sees only core/src and the public headers.
function(kith_floor name)
  if(NOT TARGET kith_precompiled)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/kith_precompiled.cpp CONTENT "// The precompiled headers hang on this.\n")
    add_library(kith_precompiled OBJECT ${CMAKE_BINARY_DIR}/kith_precompiled.cpp)
    set_target_properties(kith_precompiled PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
      VISIBILITY_INLINES_HIDDEN ON)
    target_link_libraries(kith_precompiled PRIVATE kith_build_flags kith_boost)
    kith_precompile(kith_precompiled HEADERS ${KITH_STD_HEADERS} <boost/json.hpp>)
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  add_library(kith_${name} OBJECT ${arg_SOURCES})
  set_target_properties(kith_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  target_include_directories(kith_${name} PUBLIC ${PROJECT_SOURCE_DIR}/core/src)
  target_link_libraries(kith_${name} PUBLIC kith::headers PRIVATE kith_build_flags kith_boost ${arg_LIBRARIES})
  target_precompile_headers(kith_${name} REUSE_FROM kith_precompiled)
  target_compile_options(kith_${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()
