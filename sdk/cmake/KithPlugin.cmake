# kith_add_plugin(<id> [SOURCES file...] [LIBRARIES target...] [FOLDER dir] [OUTPUT dir])
#
# Makes the bundle <OUTPUT>/<id>/ of the manifest <FOLDER>/plugin.json: the manifest is copied whenever it changes, and the
# sources, when there are any, become <id>.so beside it. A plugin without SOURCES is a declarative one.
#   FOLDER  where plugin.json lies; default: the current source folder
#   OUTPUT  default: KITH_PLUGIN_OUTPUT_DIRECTORY, else ${CMAKE_BINARY_DIR}/plugins
# The target is kith_plugin_<id>. Its library exports kith_plugin_entry_v0 and nothing else, has no undefined symbol but
# those of the C and C++ run-time libraries, and does arithmetic as every other build does. Works in Kith's own tree and
# against an installed SDK (find_package(kith) brings kith::sdk and this module).
include_guard(GLOBAL)

function(kith_add_plugin id)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FOLDER;OUTPUT" "SOURCES;LIBRARIES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "kith_add_plugin(${id}): what is '${arg_UNPARSED_ARGUMENTS}'? Known are SOURCES, LIBRARIES, FOLDER, OUTPUT")
  endif()
  if(NOT id MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "kith_add_plugin(${id}): an id is a-z, 0-9 and _, beginning with a letter")
  endif()
  if(NOT arg_FOLDER)
    set(arg_FOLDER ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  if(NOT arg_OUTPUT)
    set(arg_OUTPUT ${CMAKE_BINARY_DIR}/plugins)
    if(KITH_PLUGIN_OUTPUT_DIRECTORY)
      set(arg_OUTPUT ${KITH_PLUGIN_OUTPUT_DIRECTORY})
    endif()
  endif()
  get_filename_component(manifest ${arg_FOLDER}/plugin.json ABSOLUTE)
  if(NOT EXISTS ${manifest})
    message(FATAL_ERROR "kith_add_plugin(${id}): there is no manifest ${manifest}")
  endif()
  _kith_manifest_version(${id} ${manifest} version)

  set(bundle ${arg_OUTPUT}/${id})
  set(copied ${bundle}/plugin.json)
  add_custom_command(OUTPUT ${copied}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${bundle}
    COMMAND ${CMAKE_COMMAND} -E copy ${manifest} ${copied}
    COMMAND chmod go-w ${arg_OUTPUT} ${bundle} ${copied}
    DEPENDS ${manifest}
    COMMENT "Manifest of plugin ${id}"
    VERBATIM)
  if(arg_SOURCES)
    _kith_plugin_library(${id} ${bundle} ${version} "${arg_SOURCES}" "${arg_LIBRARIES}")
    add_custom_target(kith_plugin_${id}_manifest ALL DEPENDS ${copied})
    add_dependencies(kith_plugin_${id} kith_plugin_${id}_manifest)
  else()
    add_custom_target(kith_plugin_${id} ALL DEPENDS ${copied})
  endif()
endfunction()

# The version that the library states is read from the manifest, so that the two can't differ.
function(_kith_manifest_version id manifest result)
  file(READ ${manifest} text)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manifest})
  string(JSON declared ERROR_VARIABLE problem GET "${text}" id)
  if(problem)
    message(FATAL_ERROR "kith_add_plugin(${id}): ${manifest}: ${problem}")
  elseif(NOT declared STREQUAL id)
    message(FATAL_ERROR "kith_add_plugin(${id}): ${manifest} is that of plugin '${declared}'")
  endif()
  string(JSON version ERROR_VARIABLE problem GET "${text}" version)
  if(problem)
    message(FATAL_ERROR "kith_add_plugin(${id}): ${manifest}: ${problem}")
  endif()
  set(${result} ${version} PARENT_SCOPE)
endfunction()

function(_kith_plugin_library id bundle version sources libraries)
  set(target kith_plugin_${id})
  set(exports ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  add_library(${target} MODULE ${sources})
  set_target_properties(${target} PROPERTIES PREFIX "" SUFFIX ".so" OUTPUT_NAME ${id}
    LIBRARY_OUTPUT_DIRECTORY ${bundle} LINK_DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(${target} PRIVATE kith::sdk ${libraries})
  target_compile_features(${target} PRIVATE c_std_11 cxx_std_20)
  target_compile_definitions(${target} PRIVATE KITH_PLUGIN_VERSION="${version}")
  # The same results on every machine and by every compiler: no fused multiply-add unless written.
  target_compile_options(${target} PRIVATE -ffp-contract=off
    # A unique symbol is shared by all libraries of a process, whatever their visibility; clang has none.
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${target} PRIVATE -Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map -Wl,-Bsymbolic)
  # A sanitizer's run-time library is in the program, and its symbols stay undefined in what that loads.
  if(NOT KITH_SANITIZE)
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
  if(TARGET kith_build_flags)
    target_link_libraries(${target} PRIVATE kith_build_flags)
  endif()
  add_custom_command(TARGET ${target} POST_BUILD COMMAND chmod go-w $<TARGET_FILE:${target}> VERBATIM)
endfunction()
