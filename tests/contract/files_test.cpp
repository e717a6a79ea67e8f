// What `kith` reads and writes as files: nothing of its own is written over, nothing makes it wait, what it makes is
// its owner's alone, and reading needs no right to write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "contract/bundles.hpp"

namespace kith::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPeopleMapping = R"({"id": "people", "source": "shop", "records": [
  {"id": "c", "type": "customer", "mode": "upsert", "key": {"external_id": "id"},
   "set": {"kind": "'person'", "name": "name", "email": "email"}}]})";

class FilesTest : public BundlesTest {
 protected:
  void SetUp() override { mask_ = ::umask(022); }
  void TearDown() override { ::umask(mask_); }

  void customers() const {
    here_.init();
    ok({"create", "customer", "kind=person", "name=Ada Li"});
    here_.write("m.json", kPeopleMapping);
    here_.write("rows.csv", "id,name,email\n1,Bo,not an address\n2,Cy,cy@example.com\n");
  }
  /// With a time limit: what waits for the other end of a pipe would wait for ever.
  Outcome soon(const std::vector<std::string>& words) const {
    ProgramOptions options;
    options.limit = std::chrono::seconds(20);
    return here_.kith(words, options);
  }
  void pipe(const std::string& name) const {
    fs::remove_all(here_.path(name));
    ASSERT_EQ(::mkfifo(here_.path(name).c_str(), 0600), 0);
  }
  unsigned mode_of(const std::string& name) const {
    struct stat status {};
    EXPECT_EQ(::stat(here_.path(name).c_str(), &status), 0) << name;
    return status.st_mode & 0777U;
  }

  mode_t mask_ = 0;
};

// --- one's own files
// --------------------------------------------------------------------------------------------------

TEST_F(FilesTest, AnExportNeverLandsOnWhatKithHoldsOrReadsByWhateverName) {
  customers();
  fs::create_symlink("customers.kith", here_.path("soft.csv"));
  fs::create_hard_link(here_.path("customers.kith"), here_.path("hard.csv"));
  const std::string config = here_.read("kith.json");
  for (const char* name : {"customers.kith", "soft.csv", "hard.csv", "./customers.kith", "customers.kith-wal",
                           "customers.kith-journal", "kith.json"}) {
    const Outcome outcome = here_.kith({"export", "customer", "-o", name});
    EXPECT_EQ(outcome.exit, 2) << name << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("can't be written")) << name;
  }
  EXPECT_EQ(here_.read("kith.json"), config);
  EXPECT_THAT(ok({"count", "customer"}).out, HasSubstr("1"));
}

TEST_F(FilesTest, RejectsNeverLandOnWhatTheImportOrTheCoreNeeds) {
  customers();
  fs::create_hard_link(here_.path("customers.kith"), here_.path("hard.csv"));
  fs::create_symlink("m.json", here_.path("soft.json"));
  for (const char* name : {"customers.kith", "hard.csv", "kith.json", "m.json", "soft.json"}) {
    const Outcome outcome = here_.kith({"import", "rows.csv", "--map", "m.json", "--reject-file", here_.path(name)});
    EXPECT_EQ(outcome.exit, 2) << name << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("the reject file can't be written")) << name;
  }
  // The same by the mapping.
  std::string mapping = kPeopleMapping;
  mapping.insert(mapping.rfind('}'), R"(, "options": {"reject_file": "customers.kith"})");
  here_.write("m.json", mapping);
  const Outcome outcome = here_.kith({"import", "rows.csv", "--map", "m.json"});
  EXPECT_EQ(outcome.exit, 2) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("that is the database"));
  EXPECT_THAT(ok({"count", "customer"}).out, HasSubstr("1"));
}

TEST_F(FilesTest, TheDatabaseIsNoTextToImport) {
  customers();
  EXPECT_EQ(here_.kith({"import", "customers.kith", "--map", "m.json"}).exit, 2);
  EXPECT_EQ(here_.kith({"import", "rows.csv", "--map", "customers.kith"}).exit, 2);
}

TEST_F(FilesTest, TheLogNeverLandsOnTheDatabase) {
  here_.write("kith.json", R"({"database": {"url": "sqlite:c.kith"}, "log": {"file": "c.kith"}})");
  const Outcome outcome = here_.kith({"count", "customer"});
  EXPECT_NE(outcome.exit, 0);
  EXPECT_THAT(outcome.err, HasSubstr("the log can't be written"));
  EXPECT_FALSE(fs::exists(here_.path("c.kith")));
}

TEST_F(FilesTest, AFirstConfigurationLeavesEverythingElseAlone) {
  here_.write("kith.json.new", "mine");
  here_.init();
  EXPECT_EQ(here_.read("kith.json.new"), "mine");
}

// --- regular files only
// -----------------------------------------------------------------------------------------------

TEST_F(FilesTest, APipeIsRefusedWhereAFileIsExpected) {
  customers();
  pipe("pipe");
  for (const std::vector<std::string>& words : {std::vector<std::string>{"-c", "pipe", "check"},
                                                {"import", "pipe", "--map", "m.json"},
                                                {"import", "rows.csv", "--map", "pipe"}}) {
    const Outcome outcome = soon(words);
    EXPECT_EQ(outcome.exit, 3) << words.front() << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("a pipe, not a regular file"));
  }
  const Outcome out = soon({"export", "customer", "-o", "pipe"});
  EXPECT_EQ(out.exit, 10) << out.err;
  EXPECT_THAT(out.err, HasSubstr("a pipe that nobody reads"));
}

TEST_F(FilesTest, APipeIsRefusedAsAPartOfABundle) {
  bundle("odd",
         R"({"id": "odd", "version": "0.1.0", "label": {"en": "Odd"}, "requires": {"kith": ">=0.1", "abi": "0.1"},
    "library": "odd"})");
  use(R"("odd": {})");
  pipe("plugins/odd/odd.so");
  const Outcome library = soon({"count", "customer"});
  EXPECT_EQ(library.exit, 4) << library.err;
  EXPECT_THAT(library.err, HasSubstr("plugins/odd/odd.so"));
  pipe("plugins/odd/plugin.json");
  const Outcome manifest = soon({"check"});
  EXPECT_NE(manifest.exit, 0);
  EXPECT_THAT(manifest.err, HasSubstr("a pipe, not a regular file"));
  EXPECT_NE(soon({"-c", "other.json", "init", "--with", "odd", "--plugins", "plugins"}).exit, 0);
}

// --- rights
// -----------------------------------------------------------------------------------------------------------

TEST_F(FilesTest, WhatIsMadeIsItsOwnersAlone) {
  customers();
  ok({"export", "customer", "-o", "out.csv"});
  EXPECT_EQ(here_.kith({"import", "rows.csv", "--map", "m.json"}).exit, 1);
  for (const char* name : {"kith.json", "customers.kith", "out.csv", "rows.csv.rejects.csv"})
    EXPECT_EQ(mode_of(name), 0600U) << name;
}

TEST_F(FilesTest, WhatIsMadeIsAsWideAsConfigured) {
  here_.write("kith.json", R"({"database": {"url": "sqlite:c.kith"}, "file_mode": "0664", "log": {"file": "k.log"}})");
  ok({"export", "customer", "-o", "out.csv"});
  for (const char* name : {"c.kith", "k.log", "out.csv"}) EXPECT_EQ(mode_of(name), 0664U) << name;
  for (const char* mode : {"0777", "0644x", "44", "0466", "1600", ""}) {
    here_.write("kith.json", R"({"database": {"url": "sqlite:c.kith"}, "file_mode": ")" + std::string(mode) + "\"}");
    const Outcome outcome = here_.kith({"check"});
    EXPECT_EQ(outcome.exit, 3) << mode;
    EXPECT_THAT(outcome.err, HasSubstr("kith.json:1:")) << mode;
  }
}

// --- exports
// ----------------------------------------------------------------------------------------------------------

TEST_F(FilesTest, AnExportThatFailsLeavesTheFileAsItWas) {
  customers();
  here_.write("out.csv", "of yesterday");
  EXPECT_NE(here_.kith({"export", "customer", "-o", "out.csv", "--where", "nothing == 1"}).exit, 0);
  EXPECT_NE(here_.kith({"export", "customer", "-o", "out.csv", "--order", "nothing"}).exit, 0);
  EXPECT_EQ(here_.read("out.csv"), "of yesterday");
  EXPECT_NE(here_.kith({"export", "customer", "-o", "new.csv", "--where", "nothing == 1"}).exit, 0);
  EXPECT_FALSE(fs::exists(here_.path("new.csv")));
  for (const auto& entry : fs::directory_iterator(here_.path(".")))
    EXPECT_THAT(entry.path().string(), Not(HasSubstr(".part")));
}

TEST_F(FilesTest, AnExportReplacesWhatALinkLeadsToAndKeepsItsRights) {
  customers();
  here_.write("out.csv", "of yesterday, and much longer than what comes now");
  fs::permissions(here_.path("out.csv"), fs::perms(0640));
  fs::create_symlink("out.csv", here_.path("link.csv"));
  ok({"export", "customer", "-o", "link.csv", "--select", "name"});
  EXPECT_TRUE(fs::is_symlink(here_.path("link.csv")));
  EXPECT_EQ(here_.read("out.csv"), "name\r\nAda Li\r\n");
  EXPECT_EQ(mode_of("out.csv"), 0640U);
  fs::create_symlink("made.csv", here_.path("ahead.csv"));
  ok({"export", "customer", "-o", "ahead.csv", "--select", "name"});
  EXPECT_TRUE(fs::is_symlink(here_.path("ahead.csv")));
  EXPECT_EQ(here_.read("made.csv"), "name\r\nAda Li\r\n");
}

// --- reading without a right to write
// ---------------------------------------------------------------------------------

TEST_F(FilesTest, ReadOnlyChangesNothing) {
  customers();
  const auto before = fs::last_write_time(here_.path("customers.kith"));
  EXPECT_THAT(ok({"--read-only", "list", "customer", "--select", "name"}).out, HasSubstr("Ada Li"));
  const Outcome refused = here_.kith({"--read-only", "create", "customer", "kind=person", "name=Bo"});
  EXPECT_NE(refused.exit, 0);
  EXPECT_THAT(refused.err, HasSubstr("opened for reading only"));
  EXPECT_EQ(fs::last_write_time(here_.path("customers.kith")), before);
}

TEST_F(FilesTest, AnotherUserReadsWhereNothingCanBeWritten) {
  if (geteuid() != 0 || !has_program("setpriv")) GTEST_SKIP() << "needs to become another user";
  here_.write("kith.json", R"({"database": {"url": "sqlite:c.kith"}, "file_mode": "0644", "log": {"file": "k.log"}})");
  ok({"create", "customer", "kind=person", "name=Ada Li"});
  for (const char* name : {"", "kith.json", "c.kith"})
    fs::permissions(here_.path(name),
                    fs::perms::group_read | fs::perms::others_read | fs::perms::group_exec | fs::perms::others_exec,
                    fs::perm_options::add);
  const auto as_nobody = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", KITH_PROGRAM});
    ProgramOptions options;
    options.folder = here_.path();
    return run_program(words, options);
  };
  if (as_nobody({"--version"}).exit != 0) GTEST_SKIP() << "another user can't run the program where it was built";
  for (const std::vector<std::string>& words : {std::vector<std::string>{"list", "customer", "--select", "name"},
                                                {"--read-only", "list", "customer", "--select", "name"}}) {
    const Outcome outcome = as_nobody(words);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("Ada Li"));
  }
  here_.write("kith.json", R"({"database": {"url": "sqlite:c.kith"}, "file_mode": "0644"})");
  fs::permissions(here_.path("kith.json"), fs::perms::group_read | fs::perms::others_read, fs::perm_options::add);
  const Outcome refused = as_nobody({"create", "customer", "kind=person", "name=Bo"});
  EXPECT_EQ(refused.exit, 10) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("--read-only"));
}

// --- what is printed
// --------------------------------------------------------------------------------------------------

TEST_F(FilesTest, TextsOfOthersReachTheTerminalAsEscapes) {
  bundle("odd", "{\"id\": \"odd\", \"version\": \"0.1.0\", \"label\": {\"en\": \"O\"}, \"bad\xE2\x80\xAE key\": 1}");
  use(R"("odd": {})");
  const Outcome manifest = here_.kith({"check"});
  EXPECT_EQ(manifest.exit, 3);
  EXPECT_THAT(manifest.err, Not(HasSubstr("\xE2\x80\xAE")));
  EXPECT_THAT(manifest.err, HasSubstr("\\u202e"));
  const Outcome words = here_.kith({"no\x1b[2Jsuch\nerror KITH-9001  forged"});
  EXPECT_THAT(words.err, Not(HasSubstr("\x1b")));
  EXPECT_THAT(words.err, Not(HasSubstr("\nerror KITH-9001")));
}

TEST_F(FilesTest, DataReachesTheTerminalAsEscapes) {
  here_.init();
  const std::string key = create({"customer", "kind=person", "name=A\x1b[2Jda\xE2\x80\xAE"});
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"list", "customer", "--select", "name"}, {"get", key}, {"timeline", key}}) {
    const Outcome outcome = here_.kith(words);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b"))) << words.front();
    EXPECT_THAT(outcome.out, Not(HasSubstr("\xE2\x80\xAE"))) << words.front();
  }
  // Data for programs stays what it is.
  EXPECT_THAT(ok({"export", "customer", "--select", "name"}).out, HasSubstr("A\x1b[2Jda"));
}

// --- limits
// -----------------------------------------------------------------------------------------------------------

TEST_F(FilesTest, ACellBeyondTheLimitIsRejectedAndTheRestGoesOn) {
  customers();
  here_.write("rows.csv", "id,name,email\n1," + std::string(30'000'000, 'x') + ",\n2,Cy,\n3,\"" +
                              std::string(5'000'000, 'y') + "\",\n4,Di,\n" + std::string(600, 'k') + ",Ed,\n");
  const Outcome outcome = here_.kith({"import", "rows.csv", "--map", "m.json"});
  EXPECT_EQ(outcome.exit, 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("limit \"csv_cell\""));
  EXPECT_THAT(outcome.err, HasSubstr("limit \"external_id\""));
  EXPECT_THAT(ok({"count", "customer"}).out, HasSubstr("3"));
  EXPECT_LT(fs::file_size(here_.path("rows.csv.rejects.csv")), 10'000U);
}

TEST_F(FilesTest, AQuestionBeyondALimitNamesIt) {
  customers();
  const Outcome order = here_.kith({"list", "customer", "--order", std::string(5'000, 'x')});
  EXPECT_EQ(order.exit, 2) << order.err;
  EXPECT_THAT(order.err, HasSubstr("limit \"order\""));
  std::string names = "name";
  for (int i = 0; i < 600; ++i) names += ",name";
  const Outcome select = here_.kith({"list", "customer", "--select", names});
  EXPECT_EQ(select.exit, 2) << select.err;
  EXPECT_THAT(select.err, HasSubstr("limit \"select\""));
}

std::string many_of(std::size_t count, const std::string& before, const std::string& item, const std::string& after) {
  std::string out = before;
  for (std::size_t i = 0; i < count; ++i) {
    std::string one = item;
    for (std::size_t at = 0; (at = one.find('#', at)) != std::string::npos;) one.replace(at, 1, std::to_string(i));
    out += (i == 0 ? "" : ",") + one;
  }
  return out + after;
}

TEST_F(FilesTest, ACatalogBeyondALimitIsRefusedSoon) {
  const std::string head = R"({"id": "big", "version": "0.1.0", "label": {"en": "B"}, "requires": {"kith": ">=0.1"}, )";
  const std::string type = R"("record_types": [{"name": "t", "label": {"en": "T"}, "fields": [)";
  struct Case {
    const char* limit;
    std::string manifest;
  };
  const Case cases[] = {
      {"section", head + many_of(100'000, type, R"({"name": "f#", "type": "int"})", "]}]}")},
      {"type_members", head + many_of(9'000, type, R"({"name": "f#", "type": "int"})", "]}]}")},
      {"derivations", head + many_of(9'000, type + R"({"name": "a", "type": "int"}]}], "formulas": {"big.t": [)",
                                     R"({"name": "x#", "type": "int", "expr": "a + #"})", "]}}")},
      {"problems", head + many_of(9'000, type, R"({"name": "f#", "typo": "int"})", "]}]}")},
  };
  use(R"("big": {})");
  for (const Case& one : cases) {
    bundle("big", one.manifest);
    const Outcome outcome = soon({"check"});
    EXPECT_EQ(outcome.exit, 3) << one.limit << outcome.err.substr(0, 500);
    EXPECT_THAT(outcome.err, HasSubstr("limit \"" + std::string(one.limit) + "\""));
    EXPECT_LT(outcome.err.size(), 100'000U) << one.limit;
  }
}

TEST_F(FilesTest, TenantsBeyondALimitAreRefusedSoon) {
  here_.write("kith.json",
              many_of(50'000, R"({"database": {"url": "sqlite:c.kith"}, "tenants": {)", R"("t#": {})", "}}"));
  const Outcome outcome = soon({"check"});
  EXPECT_EQ(outcome.exit, 3) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("limit \"tenants\""));
}

// --- what is not enforced
// ---------------------------------------------------------------------------------------------

TEST_F(FilesTest, CheckSaysThatNothingIsEnforcedForPeopleYet) {
  here_.init();
  EXPECT_THAT(ok({"check"}).out, HasSubstr("nothing is enforced for people yet"));
  EXPECT_FALSE(data({"check"}).at("notes").as_array().empty());
}

TEST_F(FilesTest, ARightThatNobodyWouldBeAskedForIsRefused) {
  bundle("odd", R"({"id": "odd", "version": "0.1.0", "label": {"en": "O"}, "requires": {"kith": ">=0.1"},
    "permissions": [{"name": "p"}],
    "roles": [{"name": "seller", "label": {"en": "S"}, "grants": {"customer": {"read": "own"}}}]})");
  use(R"("odd": {})");
  const Outcome outcome = here_.kith({"check"});
  EXPECT_EQ(outcome.exit, 3) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("\"permissions\" of a manifest would protect nothing"));
  EXPECT_THAT(outcome.err, HasSubstr("the role \"odd.seller\" would protect nothing"));
}

}  // namespace
}  // namespace kith::test
