#include <fstream>
#include <thread>

#include "unit/bundles/support.hpp"

namespace kith::internal::bundles::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

/// A core's plugins, without the core.
struct Opened {
  explicit Opened(Config with)
      : config(std::move(with)), found(find_bundles(config, kQuiet)), catalog(catalog_of(found, config)) {
    plugins = Plugins::load(found, *catalog, empty_api(), kQuiet);
  }
  const BundleInfo& info(const std::string& id) const {
    for (const BundleInfo& one : found.infos)
      if (one.id == id) return one;
    throw std::runtime_error("no bundle " + id);
  }
  Config config;
  Found found;
  catalog::CatalogPtr catalog;
  std::unique_ptr<Plugins> plugins;
};

std::string problems_with(const std::string& library) {
  const Folder folder;
  folder.faulty(library);
  return problems_of([&] { Opened opened(config_of(folder, R"("faulty": {})")); });
}

TEST(LoadTest, CallsAFunctionOfAPluginInC) {
  const Folder folder;
  folder.faulty("sound");
  Opened opened(config_of(folder, R"("faulty": {})"));
  EXPECT_EQ(opened.info("faulty").state, BundleState::loaded);
  EXPECT_EQ(opened.info("faulty").abi_minor, KITH_ABI_MINOR);
  EXPECT_EQ(opened.info("faulty").hash.size(), 64U);
  const access::FunctionCaller call = opened.plugins->functions();
  EXPECT_EQ(call(0, {Value::integer(21)}), Value::integer(42));
  EXPECT_EQ(call(0, {Value::null()}), Value::null());
  EXPECT_EQ(call(0, {Value::unknown()}), Value::unknown()) << "unknown never reaches a plugin";
}

TEST(LoadTest, RefusesALibraryThatIsMissing) {
  EXPECT_THAT(problems_with(""), AllOf(HasSubstr("KITH-2121"), HasSubstr("'faulty'"), HasSubstr("faulty.so"),
                                       HasSubstr("found no such file"), HasSubstr("fix")));
}

TEST(LoadTest, RefusesAFileThatIsNoLibrary) {
  const Folder folder;
  folder.faulty("");
  folder.write("plugins/faulty/faulty.so", "#!/bin/sh\necho hello\n");
  EXPECT_THAT(problems_of([&] { Opened opened(config_of(folder, R"("faulty": {})")); }),
              AllOf(HasSubstr("KITH-2122"), HasSubstr("begins with \"#!/bin/sh\""), HasSubstr("an ELF shared library"),
                    HasSubstr("faulty.so")));
}

TEST(LoadTest, RefusesALibraryThatIsCutOffBeforeTheLoaderTouchesIt) {
  const Folder folder;
  folder.faulty("sound");
  const std::string library = folder.path("plugins/faulty/faulty.so");
  for (const std::uintmax_t size : {2'000U, 300U, 20U}) {
    fs::resize_file(library, size);
    EXPECT_THAT(problems_of([&] { Opened opened(config_of(folder, R"("faulty": {})")); }),
                AllOf(HasSubstr("KITH-2122"), HasSubstr("cut off")))
        << size;
  }
}

TEST(LoadTest, RefusesALibraryThatTheLoaderRefusesAndNamesTheBundlesFile) {
  const Folder folder;
  folder.faulty("undefined");
  EXPECT_THAT(problems_of([&] { Opened opened(config_of(folder, R"("faulty": {})")); }),
              AllOf(HasSubstr("KITH-2122"),
                    HasSubstr(folder.path("plugins/faulty/faulty.so") + ": undefined symbol: kith_no_such_function"),
                    Not(HasSubstr("/proc/self")), Not(HasSubstr("Bad file descriptor"))));
}

struct Refusal {
  const char* library;
  std::vector<std::string> texts;
};
class RefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusalTest, NamesPluginFileExpectedFoundAndFix) {
  const std::string text = problems_with(GetParam().library);
  for (const std::string& expected : GetParam().texts) EXPECT_THAT(text, HasSubstr(expected));
  EXPECT_THAT(text, AllOf(HasSubstr("'faulty'"), HasSubstr("/plugins/faulty/faulty.so"), HasSubstr("  expect "),
                          HasSubstr(" found "), HasSubstr("  fix    ")));
}

INSTANTIATE_TEST_SUITE_P(
    OfEachFault, RefusalTest,
    ::testing::Values(Refusal{"no_symbol", {"KITH-2123", "kith_plugin_entry_v0"}},
                      Refusal{"next_major",
                              {"KITH-2120", "built for ABI 1.x; this core offers 0.1", "kith_plugin_entry_v1"}},
                      Refusal{"other_minor", {"KITH-2120", "built for ABI 0.7; this core offers 0.1"}},
                      Refusal{"other_id", {"KITH-2102", "claims another id", "\"impostor\""}},
                      Refusal{"other_version", {"KITH-2102", "claims another version", "\"9.9.9\""}},
                      Refusal{"other_name",
                              {"KITH-2124", "binds function 'quadruple', which its manifest does not declare",
                               "does not bind function 'twice'"}},
                      Refusal{"other_signature", {"KITH-2124", "(int)->int", "(double)->double"}},
                      Refusal{"entry_fails", {"KITH-2125", "the licence has run out", "KITH_INVALID"}},
                      Refusal{"entry_silent", {"KITH-2125", "KITH_IO (22) and gave no reason"}},
                      Refusal{"null_body", {"KITH-2124", "to nothing"}}),
    [](const ::testing::TestParamInfo<Refusal>& one) { return std::string(one.param.library); });

TEST(LoadTest, RefusesALibraryThatOthersCanWrite) {
  const Folder folder;
  folder.faulty("sound");
  folder.permit("plugins/faulty/faulty.so", fs::perms::all);
  EXPECT_THAT(problems_of([&] { Opened opened(config_of(folder, R"("faulty": {})")); }),
              AllOf(HasSubstr("KITH-2103"), HasSubstr("chmod go-w")));
}

TEST(LoadTest, RefusesALibraryBehindALinkOutOfItsBundle) {
  const Folder folder;
  folder.faulty("");
  folder.copy(std::string(KITH_FAULTY_LIBRARIES) + "/sound.so", "elsewhere/sound.so");
  fs::create_symlink(folder.path("elsewhere/sound.so"), folder.path("plugins/faulty/faulty.so"));
  EXPECT_THAT(problems_of([&] { Opened opened(config_of(folder, R"("faulty": {})")); }),
              HasSubstr("a symbolic link leads out"));
}

TEST(LoadTest, SharesOneMappingAmongCoresThatAreOpenAtOnce) {
  const Folder folder;
  folder.faulty("sound");
  auto first = std::make_unique<Opened>(config_of(folder, R"("faulty": {})"));
  Opened second(config_of(folder, R"("faulty": {})"));
  first.reset();
  EXPECT_EQ(second.plugins->functions()(0, {Value::integer(4)}), Value::integer(8));
}

TEST(LoadTest, RefusesAFileThatWasWrittenOverWhileItsOldCodeRuns) {
  const Folder folder;
  folder.faulty("sound");
  { Opened opened(config_of(folder, R"("faulty": {})")); }
  std::ofstream(folder.path("plugins/faulty/faulty.so"), std::ios::app | std::ios::binary) << "more";
  EXPECT_THAT(problems_of([&] { Opened opened(config_of(folder, R"("faulty": {})")); }),
              AllOf(HasSubstr("written over while this process runs the old code"), HasSubstr("restart the process")));
  folder.copy(std::string(KITH_FAULTY_LIBRARIES) + "/sound.so", "plugins/faulty/new.so");
  fs::rename(folder.path("plugins/faulty/new.so"), folder.path("plugins/faulty/faulty.so"));
  Opened renamed(config_of(folder, R"("faulty": {})"));
  EXPECT_EQ(renamed.plugins->functions()(0, {Value::integer(1)}), Value::integer(2))
      << "a new file in its place is another library";
}

TEST(LoadTest, LeavesOutARefusedPluginAndWhoNeedsIt) {
  const Folder folder;
  folder.faulty("entry_fails");
  folder.bundle("leaf", "0.1.0", R"("requires": {"kith": "*", "plugins": {"faulty": "*"}})");
  folder.bundle("plain");
  Opened opened(config_of(folder, R"("faulty": {}, "leaf": {}, "plain": {})", R"("on_error": "open_without")"));
  EXPECT_EQ(opened.plugins, nullptr) << "the catalog has to be made anew";
  ASSERT_EQ(opened.found.heads.size(), 1U);
  EXPECT_EQ(opened.found.heads[0].id, "plain");
  EXPECT_EQ(opened.info("faulty").state, BundleState::refused);
  EXPECT_THAT(opened.info("faulty").problem, HasSubstr("licence"));
  EXPECT_THAT(opened.info("leaf").problem, HasSubstr("needs faulty"));
  const catalog::CatalogPtr smaller = catalog_of(opened.found, opened.config);
  EXPECT_NE(Plugins::load(opened.found, *smaller, empty_api(), kQuiet), nullptr);
}

TEST(LoadTest, RefusesAllWhenOneThatIsWantedIsWrong) {
  const Folder folder;
  folder.faulty("other_id");
  folder.bundle("missing", "0.1.0", R"("library": "missing", "requires": {"kith": "*", "abi": "0.1"})");
  const std::string text = problems_of([&] { Opened opened(config_of(folder, R"("faulty": {}, "missing": {})")); });
  EXPECT_THAT(text, HasSubstr("KITH-2121"));
}

TEST(LoadTest, RunsTheInitialisersOfALibraryOnce) {
  const Folder folder;
  folder.faulty("with_initialisers");
  Opened opened(config_of(folder, R"("faulty": {})"));
  EXPECT_EQ(opened.plugins->functions()(0, {Value::integer(21)}), Value::integer(42));
  Opened again(config_of(folder, R"("faulty": {})"));
  EXPECT_EQ(again.plugins->functions()(0, {Value::integer(4)}), Value::integer(8));
}

TEST(LoadTest, RefusesALibraryWhoseInitialiserThrowsAndNeverTakesItAgain) {
  const Folder folder;
  folder.faulty("throws_at_load");
  const auto open = [&] { return problems_of([&] { Opened opened(config_of(folder, R"("faulty": {})")); }); };
  EXPECT_THAT(open(), AllOf(HasSubstr("KITH-2125"), HasSubstr("'faulty'"), HasSubstr("faulty.so"),
                            HasSubstr("static initialiser threw: the dongle is missing"), HasSubstr("restart")));
  EXPECT_THAT(open(), AllOf(HasSubstr("failed in this process before"), HasSubstr("the dongle is missing")));
  // Neither under another name.
  const Folder other;
  other.faulty("throws_at_load");
  EXPECT_THAT(problems_of([&] { Opened opened(config_of(other, R"("faulty": {})")); }), HasSubstr("before"));
  // Nor does it keep others from loading, on any thread.
  std::string sound = "nothing yet";
  std::thread([&] { sound = problems_with("with_initialisers"); }).join();
  EXPECT_EQ(sound, "");
}

TEST(LoadTest, RefusesALibraryWhoseInitialiserThrowsWhatIsNoException) {
  EXPECT_THAT(problems_with("throws_oddly_at_load"), AllOf(HasSubstr("KITH-2125"), HasSubstr("no std::exception")));
}

TEST(LoadTest, RefusesALibraryWhoseEntryThrowsAndNeverTakesItAgain) {
  const Folder folder;
  folder.faulty("entry_throws");
  const auto open = [&] { return problems_of([&] { Opened opened(config_of(folder, R"("faulty": {})")); }); };
  EXPECT_THAT(open(), AllOf(HasSubstr("KITH-2125"), HasSubstr("its entry failed: the dongle is missing")));
  EXPECT_THAT(open(), AllOf(HasSubstr("failed in this process before"), HasSubstr("the dongle is missing")));
}

}  // namespace
}  // namespace kith::internal::bundles::testing
