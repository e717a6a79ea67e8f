// Actions of a plugin, inside a transaction as workflows call them.
#include "base/time/time.hpp"
#include "store/connection/database.hpp"
#include "unit/bundles/support.hpp"

namespace kith::internal::bundles::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kWaitUs = 5'000'000;
constexpr std::int64_t kNow = 20'000 * kMicrosPerDay;

class ActionTest : public ::testing::Test {
 protected:
  ActionTest() {
    for (const char* id : {"probe", "words"})
      folder_.copy(std::string(KITH_TEST_PLUGINS) + "/" + id + "/plugin.json",
                   "plugins/" + std::string(id) + "/plugin.json");
    folder_.copy(std::string(KITH_TEST_PLUGINS) + "/probe/probe.so", "plugins/probe/probe.so");
    config_ = config_of(folder_, R"("probe": {}, "words": {})");
    found_ = find_bundles(config_, kQuiet);
    catalog_ = catalog_of(found_, config_);
    plugins_ = Plugins::load(found_, *catalog_, empty_api(), kQuiet);
    store::StoreOptions options;
    options.url = config_.database_url;
    database_ = store::Database::open(options, kQuiet);
  }

  /// Calls an action of the probe on a customer; the problems it ends in.
  std::string call(const std::string& name, const std::vector<facts::Input>& arguments, std::string* actor = nullptr) {
    store::Writer writer = database_->write(kWaitUs);
    const store::Plan plan = store::plan_layout(writer.connection(), *catalog_);
    const store::Layout layout(catalog_, store::apply_layout(writer.connection(), *catalog_, plan, kNow));
    IdSource ids;
    access::Unit unit(writer.connection(), layout,
                      {"default", store::tenant_number(writer.connection(), "default", true), "system:probe"}, kNow,
                      true, ids, nullptr);
    derive::Engine derivations(unit);
    facts::Transaction transaction(unit, derivations);
    SessionFactory factory;
    factory.inside_transaction = [&](access::Unit&, derive::Engine&, facts::Transaction&, const std::string& who,
                                     const std::string& body) {
      if (actor) *actor = who;
      return LentSession{SessionLease(), [this, body]() -> std::optional<Problem> {
                           if (broken_.empty()) return std::nullopt;
                           Problem problem;
                           problem.number = ProblemNumber::misuse;
                           problem.message = body + " " + broken_;
                           return problem;
                         }};
    };
    RecordId record;
    record.bytes[0] = 1;
    return problems_of([&] {
      plugins_->actions(factory)(catalog_->find_action("probe." + name)->number, unit, derivations, transaction,
                                 catalog_->type("customer").number, record, arguments, 2, "run-1/a");
    });
  }

  std::string broken_;  ///< what the session says that a body did
  Folder folder_;
  Config config_;
  Found found_;
  catalog::CatalogPtr catalog_;
  std::unique_ptr<Plugins> plugins_;
  std::unique_ptr<store::Database> database_;
};

TEST_F(ActionTest, GetsItsRecordArgumentsAttemptAndInstant) {
  std::string actor;
  EXPECT_EQ(call("check_input", {{"n", Value::integer(7)}, {"label", Value::text("seven")}}, &actor), "");
  EXPECT_EQ(actor, "system:probe");
  EXPECT_THAT(call("check_input", {{"n", Value::integer(8)}}),
              HasSubstr("action 'probe.check_input' of plugin probe 0.1.0 failed: n"));
}

TEST_F(ActionTest, SaysWhyItRefuses) { EXPECT_THAT(call("refuse", {}), HasSubstr("failed: not this one")); }

TEST_F(ActionTest, FailsWhereItsSessionSaysThatItBrokeARuleWhateverItReturns) {
  broken_ = "called rollback";
  EXPECT_THAT(call("check_input", {{"n", Value::integer(7)}, {"label", Value::text("seven")}}),
              HasSubstr("action 'probe.check_input' of plugin probe 0.1.0 called rollback"));
  EXPECT_THAT(call("refuse", {}), ::testing::AllOf(HasSubstr("called rollback"), HasSubstr("said   not this one")));
}

}  // namespace
}  // namespace kith::internal::bundles::testing
