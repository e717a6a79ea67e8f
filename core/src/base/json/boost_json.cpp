// Boost.JSON's definitions, compiled once into this floor, so that no shared library of Boost is needed at run time.
#include <boost/json/src.hpp>
