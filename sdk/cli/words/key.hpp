// KEY: type/id, type/@source:external, or type/<key field>.
#pragma once
#include <string>

#include <kith/session.hpp>

namespace kith::cli {

struct Key {
  std::string type, key;
};
/// Throws a usage Failure when there is no type or nothing behind it.
Key parse_key(const std::string& text);
/// Two words are also taken: `customer @shop:17`.
Key parse_key(const std::string& type_or_key, const std::string& key);
Ref find(Session& session, const Key& key);

}  // namespace kith::cli
