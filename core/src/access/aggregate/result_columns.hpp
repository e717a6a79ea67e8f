// The columns of an aggregate as names of the language: what `having` is written in.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/query.hpp"
#include "expr/bare_names.hpp"

namespace kith::internal::access {

/// A row of the result is a record of a type that the catalog does not know; all else is asked of the catalog.
class ResultColumns final : public expr::BareNames {
 public:
  ResultColumns(const catalog::Catalog& catalog, const std::vector<Column>& columns);
  std::int32_t record_type() const { return type_; }

  std::string record_type_name(std::int32_t record_type) const override;
  std::optional<expr::Member> member(std::int32_t record_type, std::string_view name) const override;
  std::vector<std::string> member_names(std::int32_t record_type) const override;
  std::optional<expr::Type> setting(std::string_view name) const override { return names_->setting(name); }
  std::vector<std::string> setting_names() const override { return names_->setting_names(); }
  std::optional<expr::Type> parameter(std::string_view set, std::string_view name) const override {
    return names_->parameter(set, name);
  }
  std::vector<std::string> parameter_names() const override { return names_->parameter_names(); }
  std::optional<expr::FunctionSignature> function(std::string_view name) const override {
    return names_->function(name);
  }
  std::vector<std::string> function_names() const override { return names_->function_names(); }
  std::string time_zone() const override { return names_->time_zone(); }
  std::string phone_region() const override { return names_->phone_region(); }

 private:
  const expr::Names* names_;
  const std::vector<Column>* columns_;
  std::int32_t type_;
};

/// One row of the result; a figure that is unknown is null here.
class ResultRow final : public expr::RecordView {
 public:
  explicit ResultRow(std::int32_t record_type) : type_(record_type) {}
  void turn_to(const std::vector<Value>& row);
  Value self() override { return Value::ref(type_, RecordId{}); }
  expr::Timed get(std::int32_t member) override { return {row_[static_cast<std::size_t>(member)], kForever}; }
  expr::RecordView* follow(std::int32_t) override { return nullptr; }

 private:
  std::int32_t type_;
  std::vector<Value> row_;
};

}  // namespace kith::internal::access
