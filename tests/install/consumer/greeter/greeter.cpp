#include <kith/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

KITH_PLUGIN(greeter) {
  plugin.function("greet", [](std::optional<std::string_view> who) -> std::optional<std::string> {
    if (!who) return std::nullopt;
    return "Hello, " + std::string(*who);
  });
}
