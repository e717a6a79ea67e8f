#include "unit/bundles/support.hpp"

namespace kith::internal::bundles::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

std::vector<std::string> ids(const Found& found) {
  std::vector<std::string> out;
  for (const catalog::ManifestHead& head : found.heads) out.push_back(head.id);
  return out;
}
std::string problems(const Config& config) {
  return problems_of([&] { find_bundles(config, kQuiet); });
}
std::string needs(const std::string& plugins, const std::string& optional = "{}") {
  return "\"requires\": {\"kith\": \">=0.1\", \"plugins\": " + plugins + ", \"optional\": " + optional + "}";
}

TEST(FindTest, PutsBundlesInDependencyOrder) {
  const Folder folder;
  folder.bundle("alpha", "0.1.0", needs(R"({"zeta": "^0.1"})"));
  folder.bundle("beta");
  folder.bundle("zeta", "0.1.3", needs("{}", R"({"beta": "*", "absent": "*"})"));
  const Found found =
      find_bundles(config_of(folder, R"("alpha": {}, "beta": {}, "zeta": {"version": "^0.1"})"), kQuiet);
  EXPECT_EQ(ids(found), (std::vector<std::string>{"beta", "zeta", "alpha"}));
  ASSERT_EQ(found.infos.size(), 3U);
  EXPECT_EQ(found.infos[0].needs, std::vector<std::string>{"zeta"});
  EXPECT_EQ(found.infos[2].needed_by, std::vector<std::string>{"alpha"});
  EXPECT_EQ(found.infos[2].hash.size(), 64U);
  EXPECT_EQ(found.folders[0], folder.path("plugins/beta"));
}

TEST(FindTest, TakesTheFirstFolderThatHasTheBundle) {
  const Folder folder;
  folder.bundle("sales", "0.1.0");
  folder.write("more/sales/plugin.json", R"({"id": "sales", "version": "0.2.0", "label": {"en": "Sales"}})");
  Config config = config_of(folder, R"("sales": {})");
  config.plugin_folders.insert(config.plugin_folders.begin(), folder.path("more"));
  EXPECT_EQ(find_bundles(config, kQuiet).heads[0].version, "0.2.0");
}

TEST(FindTest, SuggestsABundleThatIsThere) {
  const Folder folder;
  folder.bundle("loyalty");
  const std::string text = problems(config_of(folder, R"("loyality": {})"));
  EXPECT_THAT(
      text,
      HasSubstr("error KITH-2101  kith.json asks for plugin 'loyality', which is in none of the plugin folders\n"));
  EXPECT_THAT(text, HasSubstr("kith.json:2:"));
  EXPECT_THAT(text, HasSubstr("looked " + folder.path("plugins")));
  EXPECT_THAT(text, HasSubstr("did you mean \"loyalty\" (0.1.0, in " + folder.path("plugins") + ")?"));
}

TEST(FindTest, ReportsMissingTooOldAndCircularNeedsAtOnce) {
  const Folder folder;
  folder.bundle("hotel", "0.1.0", needs(R"({"loyalty": "^0.1", "points": "*"})"));
  folder.bundle("loyalty", "0.2.1");
  folder.bundle("one", "0.1.0", needs(R"({"two": "*"})"));
  folder.bundle("two", "0.1.0", needs(R"({"one": "*"})"));
  const std::string text = problems(config_of(folder, R"("hotel": {}, "loyalty": {}, "one": {}, "two": {})"));
  EXPECT_THAT(text,
              HasSubstr("error KITH-2104  hotel 0.1.0 needs loyalty >=0.1.0 <0.2.0; loyalty 0.2.1 is installed\n"));
  EXPECT_THAT(text, HasSubstr("hotel/plugin.json:2:"));
  EXPECT_THAT(text, HasSubstr("hotel 0.1.0 needs points *; the config does not ask for points"));
  EXPECT_THAT(text, HasSubstr("KITH-2105  plugins need each other in a circle: one -> two -> one"));
  EXPECT_THAT(text, Not(HasSubstr("two -> one -> two"))) << "a circle is reported once";
  EXPECT_THAT(text, HasSubstr("nothing was loaded or changed"));
}

TEST(FindTest, RefusesVersionsThatTheConfigOrTheManifestDoesNotAccept) {
  const Folder folder;
  folder.bundle("sales", "0.3.0");
  folder.bundle("future", "0.1.0", R"("requires": {"kith": ">=7.0"})");
  folder.bundle("native", "0.1.0", R"("library": "native", "requires": {"kith": ">=0.1", "abi": "1.4"})");
  const std::string text = problems(config_of(folder, R"("sales": {"version": "^0.1"}, "future": {}, "native": {})"));
  EXPECT_THAT(text, HasSubstr("KITH-2106  kith.json asks for sales ^0.1; sales 0.3.0 is installed"));
  EXPECT_THAT(text, HasSubstr("future 0.1.0 needs kith >=7.0; this is kith 0.1.0"));
  EXPECT_THAT(text, HasSubstr("KITH-2120  native 0.1.0 is built for ABI 1.4; this core offers 0.1"));
}

TEST(FindTest, RefusesABundleThatSaysItIsAnother) {
  const Folder folder;
  folder.write("plugins/sales/plugin.json", R"({"id": "marketing", "version": "0.1.0", "label": {"en": "M"}})");
  EXPECT_THAT(problems(config_of(folder, R"("sales": {})")),
              AllOf(HasSubstr("KITH-2102"), HasSubstr("expect \"sales\""), HasSubstr("found \"marketing\"")));
}

TEST(FindTest, RefusesALibraryThatIsNamedByAPath) {
  const Folder folder;
  folder.bundle("sales", "0.1.0", R"("library": "../evil", "requires": {"kith": "*", "abi": "0.1"})");
  EXPECT_THAT(problems(config_of(folder, R"("sales": {})")), HasSubstr("/sales/plugin.json"));
}

TEST(FindTest, RefusesWhatOthersCanWrite) {
  const Folder folder;
  folder.bundle("sales");
  folder.bundle("retail");
  folder.permit("plugins/sales", fs::perms::all);
  folder.permit("plugins/retail/plugin.json", fs::perms::all);
  const std::string text = problems(config_of(folder, R"("sales": {}, "retail": {})"));
  EXPECT_THAT(text, AllOf(HasSubstr("KITH-2103"), HasSubstr("chmod go-w " + folder.path("plugins/sales") + "\n"),
                          HasSubstr("chmod go-w " + folder.path("plugins/retail/plugin.json") + "\n")));
}

TEST(FindTest, RefusesALinkThatLeadsOutOfTheFolder) {
  const Folder folder;
  folder.bundle("sales");
  folder.write("elsewhere/retail/plugin.json", R"({"id": "retail", "version": "0.1.0", "label": {"en": "R"}})");
  fs::create_directory_symlink(folder.path("elsewhere/retail"), folder.path("plugins/retail"));
  EXPECT_THAT(problems(config_of(folder, R"("sales": {}, "retail": {})")),
              HasSubstr("a symbolic link leads out of the plugin folder"));
}

TEST(FindTest, SaysThatABundleHasNoManifest) {
  const Folder folder;
  folder.write("plugins/sales/notes.txt", "nothing");
  EXPECT_THAT(problems(config_of(folder, R"("sales": {})")), HasSubstr("has no manifest"));
}

TEST(FindTest, LeavesOutWhatTheConfigCanDoWithout) {
  const Folder folder;
  folder.bundle("sales");
  folder.bundle("retail", "0.1.0", needs(R"({"sales": "*", "absent": "*"})"));
  folder.bundle("coupons", "0.1.0", needs(R"({"retail": "*"})"));
  const Found found = find_bundles(
      config_of(folder, R"("sales": {}, "retail": {}, "coupons": {}, "absent": {}, "off": {"enabled": false})",
                R"("on_error": "open_without")"),
      kQuiet);
  EXPECT_EQ(ids(found), std::vector<std::string>{"sales"});
  ASSERT_EQ(found.infos.size(), 5U);
  for (const BundleInfo& info : found.infos) {
    const BundleState expected = info.id == "sales" ? BundleState::declarative
                                 : info.id == "off" ? BundleState::disabled
                                                    : BundleState::refused;
    EXPECT_EQ(info.state, expected) << info.id;
    EXPECT_EQ(info.problem.empty(), expected != BundleState::refused) << info.id;
  }
}

TEST(FindTest, RefusesToOpenWithoutWhatAWantedPluginNeeds) {
  const Folder folder;
  folder.bundle("retail", "0.1.0", needs(R"({"sales": "*"})"));
  EXPECT_THAT(problems(config_of(folder, R"("retail": {}, "sales": {"on_error": "open_without"})")),
              HasSubstr("retail 0.1.0 needs sales, which is left out"));
}

TEST(FindTest, SaysThatANeededPluginIsDisabled) {
  const Folder folder;
  folder.bundle("sales");
  folder.bundle("retail", "0.1.0", needs(R"({"sales": "*"})"));
  EXPECT_THAT(problems(config_of(folder, R"("retail": {}, "sales": {"enabled": false})")),
              HasSubstr("the config disables sales"));
}

TEST(FindTest, ReportsABrokenManifestWithItsPlace) {
  const Folder folder;
  folder.write("plugins/sales/plugin.json", "{\"id\": \"sales\",\n \"version\": }");
  EXPECT_THAT(problems(config_of(folder, R"("sales": {})")),
              AllOf(HasSubstr("KITH-1001"), HasSubstr("sales/plugin.json:2:")));
}

}  // namespace
}  // namespace kith::internal::bundles::testing
