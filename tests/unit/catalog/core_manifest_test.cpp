#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

TEST(CoreManifestTest, BuildsWithoutAnyPlugin) {
  const Built built = Manifests().build();
  ASSERT_BUILDS(built);
  for (const char* name : {"customer", "contact_point", "consent", "address", "hold", "interaction", "task",
                           "attachment", "member", "team", "exchange_rate"})
    EXPECT_NE(built->find_type(name), nullptr) << name;
  EXPECT_EQ(built->record_types.size(), 11U);
}

TEST(CoreManifestTest, OwnsItsNamesAndKeepsThemBare) {
  const Built built = Manifests().build();
  ASSERT_BUILDS(built);
  const RecordType& customer = built->type("customer");
  EXPECT_EQ(customer.owner, kCoreBundle);
  EXPECT_EQ(customer.table, "customer");
  EXPECT_EQ(built->member(customer, "email").format, "email");
  EXPECT_EQ(built->member(customer, "email").column, "email");
  EXPECT_EQ(built->member(customer, "interactions").role, Role::child_set);
  EXPECT_TRUE(built->type("interaction").append_only);
  EXPECT_EQ(built->bundles.front().id, "kith");
}

TEST(CoreManifestTest, HasTheCustomerLifecycleWithAGuardAndItsStateAsMembers) {
  const Built built = Manifests().build();
  ASSERT_BUILDS(built);
  const RecordType& customer = built->type("customer");
  const Lifecycle* lifecycle = built->find_lifecycle(customer.number, "customer.lifecycle");
  ASSERT_NE(lifecycle, nullptr);
  EXPECT_EQ(lifecycle->initial.front(), "prospect");
  const Member& state = built->member(customer, "lifecycle");
  EXPECT_EQ(state.role, Role::system);
  EXPECT_THAT(state.type.values->ids, testing::ElementsAre("prospect", "lead", "qualified", "customer", "former"));
  EXPECT_EQ(built->member(customer, "lifecycle_since").type.kind, Kind::timestamp);
  const auto qualify = std::find_if(lifecycle->transitions.begin(), lifecycle->transitions.end(),
                                    [](const Transition& t) { return t.event == "qualify"; });
  ASSERT_NE(qualify, lifecycle->transitions.end());
  EXPECT_NE(qualify->guard, nullptr);
  EXPECT_FALSE(qualify->deny.in("zh").empty());
}

TEST(CoreManifestTest, HasTheRelationshipsOfTheDesign) {
  const Built built = Manifests().build();
  ASSERT_BUILDS(built);
  const Relationship* works_for = built->find_relationship("employs");
  ASSERT_NE(works_for, nullptr);
  EXPECT_EQ(works_for->name, "works_for");
  EXPECT_EQ(works_for->from.kind, "person");
  EXPECT_EQ(works_for->attributes.front().name, "title");
  EXPECT_TRUE(built->find_relationship("subsidiary_of")->acyclic);
  EXPECT_TRUE(built->find_relationship("partner_of")->symmetric);
}

TEST(CoreManifestTest, GivesEveryRecordTypeTheSystemMembers) {
  const Built built = Manifests().build();
  ASSERT_BUILDS(built);
  for (const RecordType& type : built->record_types)
    for (const char* name : {"version", "created_at", "created_by", "updated_at", "updated_by"})
      EXPECT_EQ(built->member(type, name).role, Role::system) << type.name << "." << name;
}

TEST(CoreManifestTest, LeadsInteractionsToTheCustomersTimeline) {
  const Built built = Manifests().build();
  ASSERT_BUILDS(built);
  const RecordType& interaction = built->type("interaction");
  EXPECT_THAT(interaction.timeline_path, testing::ElementsAre(built->member_index(interaction, "customer")));
}

}  // namespace
}  // namespace kith::internal::catalog
