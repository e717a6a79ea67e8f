// The exported functions with their visibility: everything else of the library is hidden.
#pragma once
#pragma GCC visibility push(default)
#include <kith/kith.h>
#pragma GCC visibility pop
