// The catalog as data for people and tools: the verb "catalog" and `kith catalog`.
#pragma once
#include <boost/json/fwd.hpp>
#include <string_view>

#include "catalog/model/model.hpp"

namespace kith::internal::catalog {

/// {"types":[{"name","label","owner","members":[{"name","type","owner","label","role",...}]}],"scores":[...],...}
boost::json::value describe(const Catalog& catalog, std::string_view language);

}  // namespace kith::internal::catalog
