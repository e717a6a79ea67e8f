// The catalog as the expression language sees it.
#pragma once
#include "catalog/model/model.hpp"

namespace kith::internal::catalog {

/// Looks at the catalog at each call, so it can be used while the catalog is still being built.
class CatalogNames final : public expr::Names {
 public:
  explicit CatalogNames(const Catalog& catalog) : catalog_(catalog) {}

  std::string record_type_name(std::int32_t record_type) const override;
  std::optional<expr::Member> member(std::int32_t record_type, std::string_view name) const override;
  std::vector<std::string> member_names(std::int32_t record_type) const override;
  std::optional<expr::LifecycleMembers> lifecycle(std::int32_t record_type, std::string_view name) const override;
  std::vector<std::string> lifecycle_names(std::int32_t record_type) const override;
  std::optional<expr::Member> segment(std::int32_t record_type, std::string_view name) const override;
  std::vector<std::string> segment_names(std::int32_t record_type) const override;
  std::optional<expr::Type> setting(std::string_view name) const override;
  std::vector<std::string> setting_names() const override;
  std::optional<expr::Type> parameter(std::string_view set, std::string_view name) const override;
  std::vector<std::string> parameter_names() const override;
  std::optional<expr::FunctionSignature> function(std::string_view name) const override;
  std::vector<std::string> function_names() const override;
  std::optional<expr::RelationshipSet> relationship(std::int32_t record_type, std::string_view name) const override;
  std::vector<std::string> relationship_names(std::int32_t record_type) const override;
  std::optional<expr::ConsentMembers> consents(std::int32_t record_type) const override;
  std::vector<std::string> purpose_names() const override;
  std::optional<expr::Type> setting_key(std::string_view name) const override;
  std::string time_zone() const override { return catalog_.time_zone; }
  std::string phone_region() const override { return catalog_.phone_region; }
  std::int32_t actor_type() const override;

 private:
  const RecordType* type(std::int32_t record_type) const;
  const Catalog& catalog_;
};

/// A trigger's hidden member: no expression can name it, no description shows it.
inline bool is_hidden(const Member& member) { return member.name.find('#') != std::string::npos; }

}  // namespace kith::internal::catalog
