// consumer DATA_FOLDER PLUGIN_FOLDER: opens a core with the plugin that was built beside it.
#include <kith/kith.hpp>

#include <iostream>

int main(int argc, char** argv) try {
  if (argc != 3) return 2;
  kith::Options options;
  options.config_json = std::string(R"({"database": {"url": "sqlite:)") + argv[1] +
                        R"(/consumer.kith"}, "plugin_folders": [")" + argv[2] + R"("], "plugins": {"greeter": {}}})";
  auto core = kith::Core::open(std::move(options));
  auto session = core.session({.tenant = "default", .actor = "consumer"});
  session.create("customer", {{"kind", "person"}, {"name", "Ada Li"}});
  for (auto row : session.query("customer").select({"name", "greeter.greeting"})) {
    std::cout << row["greeter.greeting"] << '\n';
    if (row["greeter.greeting"].str() != "Hello, Ada Li") return 1;
  }
} catch (const kith::Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
