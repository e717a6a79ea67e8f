// Boost.JSON's definitions, for reading the documents that verbs answer with; libkith keeps its own to itself.
#include <boost/json/src.hpp>
