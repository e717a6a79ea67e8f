// Templates ("tpl" of the manifest grammar): a string that is exactly one {{expr}} is that typed value; any other
// string with {{expr}} is text. Labels are picked by language before they come here.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "expr/evaluate/evaluate.hpp"

namespace kith::internal::expr {

class Template {
 public:
  /// Diagnostics' offsets count from the start of `source`. nullptr programs never occur: on diagnostics the result is
  /// empty.
  static Template compile(std::string_view source, const Scope& scope, std::vector<Diagnostic>& diagnostics);
  bool is_single() const noexcept;   ///< exactly one {{expr}}
  bool is_literal() const noexcept;  ///< no {{expr}} at all
  Value render(RecordView& record, const Env& env) const;
  Type type() const;
  const std::vector<ProgramPtr>& programs() const noexcept { return programs_; }

 private:
  std::vector<std::string> literals_;  ///< one more than programs_
  std::vector<ProgramPtr> programs_;
  bool single_ = false;
  Value literal_;  ///< a template without {{expr}}, as the wanted type has it
  Type type_;
};

}  // namespace kith::internal::expr
