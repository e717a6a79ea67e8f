// The same customers three ways: as records for expressions, as plain structs for code written by hand, and as columns.
#pragma once
#include <array>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/time/time.hpp"
#include "expr/bare_names.hpp"
#include "expr/batch/batch.hpp"

namespace kith::internal::bench {

inline constexpr std::int64_t kNow = 1'767'607'200'000'000;  // 2026-01-05T10:00:00Z
inline constexpr std::size_t kPeople = 32;                   // as records: 25 KiB, as warm as one that was just read
inline const Currency kYuan{{'C', 'N', 'Y'}, 2};

enum Field : std::int32_t { kN, kM, kX, kNote, kLanguage, kKind, kJoined, kSeen, kBorn, kBalance, kOk, kFields };

/// As somebody would write it who needs only this.
struct Customer {
  std::optional<std::int64_t> n, m;
  std::optional<double> x;
  std::optional<std::string> note, language, kind;
  std::optional<std::int64_t> joined, seen;  // microseconds
  std::optional<std::int64_t> born;          // days
  std::optional<std::int64_t> balance;       // minor units
  std::optional<bool> ok;
};

class FieldNames final : public expr::BareNames {
 public:
  std::string record_type_name(std::int32_t) const override { return "customer"; }
  std::optional<expr::Member> member(std::int32_t, std::string_view name) const override;
  std::vector<std::string> member_names(std::int32_t) const override { return {}; }

 private:
  expr::EnumValues kinds_{{"person", "organization", "household"}, false, false};
};

class Row final : public expr::RecordView {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) { show_facts(values_.data()); }
  Row(const Row&) = delete;
  Value self() override { return Value::null(); }
  expr::Timed get(std::int32_t member) override { return {values_[static_cast<std::size_t>(member)], kForever}; }
  expr::RecordView* follow(std::int32_t) override { return nullptr; }

 private:
  std::vector<Value> values_;
};

/// Columns of kBatchRows rows, for both sides.
struct Columns {
  std::array<std::vector<std::int64_t>, kFields> ints;
  std::vector<double> x;
  std::array<std::vector<std::string_view>, kFields> texts;
  std::array<expr::Mask, kFields> valid;
};

struct People {
  People();
  FieldNames names;
  std::deque<Customer> customers;  ///< kBatchRows of them; the scalar cases take the first kPeople
  std::deque<Row> rows;
  Columns columns;
  expr::ProgramPtr compile(std::string_view source) const;
  /// The columns that the program reads.
  expr::Batch batch_for(const expr::Program& program) const;
};
People& people();

}  // namespace kith::internal::bench
