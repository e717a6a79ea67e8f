// What a record is asked for.
#pragma once
#include <cstdint>

namespace kith::internal::access {

enum class Operation : std::uint8_t {
  read,
  create,
  update,
  remove,
  transition,
  relate,
  export_,
  check,  ///< a rule of the tenant's data looks: is a key taken, is there what a reference names
  derive  ///< what follows from the record is computed, whoever asks for it
};

}  // namespace kith::internal::access
