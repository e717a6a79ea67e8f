# Build settings of this project only; nothing here reaches an exported target.
include_guard()
option(KITH_WARNINGS "Compile with the project's warnings" ${PROJECT_IS_TOP_LEVEL})
set(KITH_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize= (address,undefined or thread)")

add_library(kith_build_flags INTERFACE)
if(KITH_WARNINGS)
  target_compile_options(kith_build_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow
    $<$<COMPILE_LANGUAGE:CXX>:-Wconversion>)
endif()
# The same arithmetic on every machine: no fused multiply-add unless written.
target_compile_options(kith_build_flags INTERFACE -ffp-contract=off)
if(KITH_SANITIZE)
  target_compile_options(kith_build_flags INTERFACE -fsanitize=${KITH_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(kith_build_flags INTERFACE -fsanitize=${KITH_SANITIZE})
endif()

# A floor of the house (core/src/<name>): an object library that sees only core/src and the public headers.
function(kith_floor name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  foreach(source ${arg_SOURCES})  # INTERIM
    if(NOT IS_ABSOLUTE ${source} AND NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${source})  # INTERIM
      list(REMOVE_ITEM arg_SOURCES ${source})  # INTERIM
    endif()  # INTERIM
  endforeach()  # INTERIM
  add_library(kith_${name} OBJECT ${arg_SOURCES})
  set_target_properties(kith_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  target_include_directories(kith_${name} PUBLIC ${PROJECT_SOURCE_DIR}/core/src)
  target_link_libraries(kith_${name} PUBLIC kith::headers PRIVATE kith_build_flags ${arg_LIBRARIES})
endfunction()
