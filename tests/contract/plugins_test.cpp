// A bundle that can't be used: refused whole, with a message that names plugin, file, expected, found and fix.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "lib/workspace.hpp"

namespace kith::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class PluginTest : public ::testing::Test {
 protected:
  // The shipped plugins as a folder of one's own, to be damaged.
  PluginTest() {
    fs::create_directories(here_.path("plugins"));
    for (const char* plugin : {"sales", "insight", "retail"})
      fs::copy(std::string(KITH_PLUGIN_FOLDER) + "/" + plugin, here_.path("plugins/" + std::string(plugin)),
               fs::copy_options::recursive);
    const Outcome made = here_.kith({"init", "--with", "retail", "--plugins", "plugins"});
    EXPECT_EQ(made.exit, 0) << made.err;
  }
  void replace_in(const std::string& file, const std::string& from, const std::string& to) const {
    std::string text = here_.read(file);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    here_.write(file, text.replace(at, from.size(), to));
  }
  Outcome open() const { return here_.kith({"count", "customer"}); }
  const Workspace here_;
};

TEST_F(PluginTest, WithoutItsLibraryIsRefused) {
  fs::remove(here_.path("plugins/retail/retail.so"));
  const Outcome outcome = open();
  EXPECT_EQ(outcome.exit, 4) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("KITH-2121"));
  EXPECT_THAT(outcome.err, HasSubstr("plugins/retail/retail.so"));
  EXPECT_THAT(outcome.err, HasSubstr("\n  fix "));
}

TEST_F(PluginTest, WhoseLibraryIsNoneIsRefused) {
  here_.write("plugins/retail/retail.so", "this is a text");
  const Outcome outcome = open();
  EXPECT_EQ(outcome.exit, 4) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("KITH-2122"));
  EXPECT_THAT(outcome.err, HasSubstr("plugins/retail/retail.so"));
}

TEST_F(PluginTest, WhoseLibraryIsThatOfAnotherIsRefused) {
  fs::copy_file(here_.path("plugins/insight/insight.so"), here_.path("plugins/retail/retail.so"),
                fs::copy_options::overwrite_existing);
  const Outcome outcome = open();
  EXPECT_EQ(outcome.exit, 4) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("retail"));
  EXPECT_THAT(outcome.err, HasSubstr("insight"));
}

TEST_F(PluginTest, ThatNeedsANewerOneIsRefused) {
  replace_in("plugins/retail/plugin.json", R"("sales": "^0.1")", R"("sales": "^0.2")");
  const Outcome outcome = open();
  EXPECT_EQ(outcome.exit, 4) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("KITH-2104"));
  EXPECT_THAT(outcome.err, HasSubstr("sales"));
}

TEST_F(PluginTest, InAFolderThatOthersCanWriteIsRefused) {
  fs::permissions(here_.path("plugins/retail"), fs::perms::others_write, fs::perm_options::add);
  const Outcome outcome = open();
  EXPECT_EQ(outcome.exit, 4) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("KITH-2103"));
}

TEST_F(PluginTest, WithAMistakeInAKeyAndOneInAnExpressionIsToldBothWithTheirPlaces) {
  replace_in("plugins/retail/plugin.json", R"("max_length")", R"("max_lenght")");
  replace_in("plugins/retail/plugin.json", "insight.m_score >= 4", "insight.m_scor >= 4");
  const Outcome outcome = here_.kith({"check"});
  EXPECT_EQ(outcome.exit, 3) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("did you mean \"max_length\"?"));
  EXPECT_THAT(outcome.err, HasSubstr("did you mean insight.m_score"));
  EXPECT_THAT(outcome.err, HasSubstr("^~~~"));
  EXPECT_THAT(outcome.err, HasSubstr("plugins/retail/plugin.json:"));
}

TEST_F(PluginTest, ThatIsBrokenIsLeftOutWhereTheConfigAllowsIt) {
  fs::remove(here_.path("plugins/retail/retail.so"));
  replace_in("kith.json", R"("database")", R"("on_error": "open_without", "database")");
  EXPECT_EQ(open().exit, 0) << "the catalog is made anew without it";
  const Outcome plugins = here_.kith({"plugins"});
  EXPECT_EQ(plugins.exit, 1);
  EXPECT_THAT(plugins.out, HasSubstr("refused"));
  EXPECT_THAT(plugins.out, HasSubstr("loaded")) << "insight is";
  EXPECT_EQ(here_.kith({"catalog", "types"}).out.find("retail"), std::string::npos);
}

TEST_F(PluginTest, ThatIsRefusedLeavesNothingBehind) {
  fs::remove(here_.path("plugins/retail/retail.so"));
  ASSERT_EQ(open().exit, 4);
  replace_in("kith.json", R"("retail")", R"("retail_is_gone")");  // plugins: one line each
  std::string config = here_.read("kith.json");
  const std::size_t at = config.find(",\n    \"retail_is_gone\"");
  ASSERT_NE(at, std::string::npos);
  config.erase(at, config.find('}', at) + 1 - at);
  here_.write("kith.json", config);
  EXPECT_EQ(open().exit, 0);
  const std::string types = here_.kith({"catalog", "types"}).out;
  EXPECT_EQ(types.find("retail"), std::string::npos);
  EXPECT_EQ(here_.kith({"plugins"}).out.find("orphaned"), std::string::npos);  // no data of it was made
}

}  // namespace
}  // namespace kith::test
