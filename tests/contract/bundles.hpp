// A folder with bundles written for one test, used through `kith` alone.
#pragma once
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "lib/workspace.hpp"

namespace kith::test {

class BundlesTest : public ::testing::Test {
 protected:
  void bundle(const std::string& id, const std::string& manifest) const {
    std::filesystem::create_directories(here_.path("plugins/" + id));
    here_.write("plugins/" + id + "/plugin.json", manifest);
  }
  /// kith.json with these plugins (members of its object), at noon of the day.
  void use(const std::string& plugins, const std::string& day = "2026-03-01") const {
    here_.write("kith.json",
                R"({"database": {"url": "sqlite:crm.kith"}, "plugin_folders": ["plugins"], "clock": "fixed:)" + day +
                    R"(T12:00:00Z", "plugins": {)" + plugins + "}}");
  }
  /// `kith WORDS...`, which must succeed.
  Outcome ok(const std::vector<std::string>& words) const {
    Outcome outcome = here_.kith(words);
    EXPECT_EQ(outcome.exit, 0) << words.front() << ": " << outcome.err << outcome.out;
    return outcome;
  }
  /// What it answers as JSON; an empty object where that is none.
  boost::json::value data(std::vector<std::string> words, int exit = 0) const {
    words.insert(words.end(), {"--format", "json"});
    const Outcome outcome = here_.kith(words);
    EXPECT_EQ(outcome.exit, exit) << words.front() << ": " << outcome.err << outcome.out;
    boost::system::error_code failed;
    const boost::json::value all = boost::json::parse(outcome.out, failed);
    return failed ? boost::json::value(boost::json::object()) : all.at("data");
  }
  /// `kith create WORDS...`: the new record's key.
  std::string create(std::vector<std::string> words) const {
    words.insert(words.begin(), "create");
    const std::string said = ok(words).out;
    return said.substr(0, said.find_last_not_of('\n') + 1);
  }
  boost::json::value record(const std::string& key) const { return data({"get", key}).at("record"); }

  const Workspace here_;
};

}  // namespace kith::test
