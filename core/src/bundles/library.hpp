// A plugin's shared library in this process, loaded by Boost.DLL and never unmapped.
#pragma once
#include <kith/plugin.h>

#include <string>

#include "bundles/trust.hpp"

namespace kith::internal::bundles {

/// The bytes of an ELF shared library for this machine? Throws plugin_not_a_library, which says what was found.
void require_library(const HashedFile& file, const std::string& plugin);

/// Loads the very descriptor that was hashed and finds the entry. A file that this process has already mapped is taken
/// from there: the mapping lasts as long as the process. Throws plugin_not_a_library, plugin_symbol_missing,
/// plugin_abi; plugin_entry_failed when a static initialiser throws: such a library is refused for as long as the
/// process lives. [any]
kith_plugin_entry load_entry(HashedFile file, const std::string& plugin);

/// The library of this entry let an exception out of it: refused from now on, with this reason.
void never_again(kith_plugin_entry entry, const std::string& why);

}  // namespace kith::internal::bundles
