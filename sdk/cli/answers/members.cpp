#include "cli/answers/members.hpp"

#include <algorithm>

#include "cli/answers/terms.hpp"

namespace json = boost::json;

namespace kith::cli {

Members::Members(Session& session) : catalog_(json::parse(session.run("catalog"))) {}

const json::object* Members::member(const std::string& record_type, std::string_view name) const {
  for (const json::value& type : catalog_.at("types").as_array()) {
    if (text_at(type.as_object(), "name") != record_type) continue;
    for (const json::value& m : type.at("members").as_array())
      if (text_at(m.as_object(), "name") == name) return &m.as_object();
  }
  return nullptr;
}

std::string Members::type_of(const std::string& record_type, const std::string& path) const {
  if (const json::object* whole = member(record_type, path)) return text_at(*whole, "type");
  // A member's own name may hold a dot, so every split is tried, the longest ref first.
  for (std::size_t dot = path.rfind('.'); dot != std::string::npos && dot > 0; dot = path.rfind('.', dot - 1)) {
    const json::object* ref = member(record_type, path.substr(0, dot));
    const std::string type = ref ? text_at(*ref, "type") : std::string();
    if (type.rfind("ref ", 0) == 0) return type_of(type.substr(4), path.substr(dot + 1));
  }
  return {};
}

Column Members::column(const std::string& record_type, const std::string& path) const {
  const std::string type = type_of(record_type, path);
  const bool money = type.rfind("money", 0) == 0;
  return {path, money, money || type == "int" || type == "double"};
}

std::vector<std::string> Members::names(const std::string& record_type, bool shown) const {
  static const std::vector<std::string> kept = {"version", "created_at", "created_by", "updated_at", "updated_by"};
  std::vector<std::string> out;
  for (const json::value& type : catalog_.at("types").as_array()) {
    if (text_at(type.as_object(), "name") != record_type) continue;
    for (const json::value& m : type.at("members").as_array()) {
      const std::string name = text_at(m.as_object(), "name");
      const bool hidden =
          text_at(m.as_object(), "role") == "set" || (shown && std::find(kept.begin(), kept.end(), name) != kept.end());
      if (!hidden) out.push_back(name);
    }
  }
  return out;
}

}  // namespace kith::cli
