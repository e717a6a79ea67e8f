// From the tree as written to the checked tree. Complains about everything it finds in one go: a term that failed has
// failed_type(), with which everything agrees.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/parse/syntax.hpp"
#include "expr/tree/functions.hpp"
#include "expr/tree/node.hpp"
#include "expr/tree/types.hpp"

namespace kith::internal::expr {

class Checker {
 public:
  Checker(std::string_view source, const Scope& scope, std::vector<Diagnostic>& diagnostics)
      : source_(source), scope_(scope), names_(*scope.names), diagnostics_(diagnostics) {}

  /// Never null.
  NodePtr check(const Syntax& syntax);
  /// A set of the record itself; nothing, with a complaint, when it is none.
  std::optional<Hop> check_set(const Syntax& syntax);
  /// Makes the whole fit what its place wants, or complains.
  void require(NodePtr& root, const Type& wanted);
  /// Stored expressions: now() only where its instant of change is known.
  void require_known_changes(const Node& node);

 private:
  struct Part {
    std::string name;
    std::size_t begin = 0, end = 0;
  };
  struct Chain {
    std::vector<Part> parts;
    bool old = false;               ///< began with `old`
    bool self = false;              ///< began with `record`, `old`, `actor` or a macro's variable
    std::int8_t slot = -1;          ///< of `actor` or the variable
    std::int32_t record_type = -1;  ///< where what is left of the parts begins
    std::size_t begin = 0, end = 0;
  };
  struct Resolved {
    std::vector<Step> path;
    Member member;
    std::string name;
    std::int32_t record_type = -1;
  };
  struct Failure {
    std::size_t index = 0;
    std::int32_t record_type = -1;
    std::string not_a_ref;  ///< a name that was found but leads no further
    Type found;
    bool set = false;
    bool seen = false;
  };
  /// A record from which something is asked: state(), in_segment(), rel(), a set.
  struct Anchor {
    std::vector<Step> path;
    std::int32_t record_type = -1;
    bool old = false;
    std::int8_t slot = -1;
  };
  /// The variable of a macro that is being checked.
  struct Variable {
    std::string name;
    std::int32_t record_type = -1;
  };
  enum class Adapted : std::uint8_t { no, yes, complained };

  // check_names.cpp
  bool chain_of(const Syntax& syntax, Chain& chain) const;
  bool open_chain(Chain& chain);
  bool known_opening(Chain& chain) const;
  bool resolve(const std::vector<Part>& parts, std::size_t from, std::int32_t record_type, Resolved& out,
               Failure& failure) const;
  NodePtr check_name(const Syntax& syntax);
  NodePtr member_node(const Syntax& syntax, const Chain& chain, Resolved found);
  NodePtr self_node(const Syntax& syntax, const Chain& chain);
  void complain_of_name(const Chain& chain, const Failure& failure);
  std::string suggestion(std::int32_t record_type, const std::vector<std::string>& wanted) const;
  bool path_to(const Syntax* target, Anchor& anchor);
  NodePtr anchored_member(const Syntax& syntax, Anchor anchor, const Member& member, const std::string& name);
  bool may_use(const Syntax& syntax, const std::vector<Step>& path, bool derived);
  NodePtr check_parameter(const Syntax& syntax);

  // checker.cpp
  NodePtr check_literal(const Syntax& syntax);
  NodePtr make(Op op, const Syntax& syntax) const;
  NodePtr failed(const Syntax& syntax) const;
  NodePtr finish(NodePtr node) const;
  void complain(ProblemNumber number, std::size_t begin, std::size_t end, std::string message, std::string fix);
  void complain(ProblemNumber number, const Node& at, std::string message, std::string fix);
  std::string text_of(const Node& node) const;
  std::string text_at(const Syntax& syntax) const;
  Adapted adapt(Node& node, const Type& to);
  Adapted adapt_constant(Node& node, const Type& to);
  Adapted adapt_text(Node& node, const Type& to);
  bool unify(Node& a, Node& b, std::string_view verb);
  void complain_of_mismatch(const Node& a, const Node& b, std::string_view verb);

  // check_fixes.cpp
  std::string mismatch_fix(const Node& a, const Node& b, std::string_view verb) const;
  std::string fix_of_text(const Node& text, const Node& other, std::string_view verb) const;
  std::string fix_of_days(const Node& moment, const Node& days) const;
  void complain_of_remainder(const Node& node);
  static std::string literal_meant(std::string_view name);

  // checker.cpp, of types
  Type join(Node& a, Node& b, std::string_view verb);
  bool expect(Node& node, Kind kind, std::string_view what);

  // check_operators.cpp
  NodePtr check_unary(const Syntax& syntax);
  NodePtr check_binary(const Syntax& syntax);
  NodePtr check_logic(const Syntax& syntax);
  NodePtr check_comparison(const Syntax& syntax, Op op);
  NodePtr check_in(const Syntax& syntax);
  NodePtr check_arithmetic(const Syntax& syntax);
  bool arithmetic_type(Node& node, std::string_view mark);
  NodePtr check_conditional(const Syntax& syntax);

  // check_forms.cpp
  void put_under_brought(Node& node, Type to) const;
  Adapted adapt_parameter(Node& node, const Type& to) const;
  void bring(Node& node, TextForm form, bool keyed);
  void bring_together(Node& a, Node& b, bool equality);
  void bring_part(Node& test);

  // check_zones.cpp
  bool has_own_zone() const;
  NodePtr own_zone(const Node& at) const;
  NodePtr date_of_now(const Node& now, NodePtr zone) const;
  NodePtr under(Function function, Kind kind, NodePtr part) const;
  void to_date(NodePtr& node) const;
  void meet_as_dates(NodePtr& a, NodePtr& b) const;
  void take_own_zone(Node& node) const;

  // check_calls.cpp
  NodePtr check_call(const Syntax& syntax);
  NodePtr check_own_form(const Syntax& syntax);
  NodePtr check_lifecycle(const Syntax& syntax);
  NodePtr check_segment(const Syntax& syntax);
  NodePtr check_setting(const Syntax& syntax);
  NodePtr check_published(const Syntax& syntax);
  NodePtr check_change(const Syntax& syntax, Op op);
  NodePtr check_coalesce(const Syntax& syntax);
  NodePtr check_function(const Syntax& syntax, const FunctionEntry& entry);
  NodePtr check_plugin(const Syntax& syntax, const std::string& name, const FunctionSignature& signature,
                       std::size_t first);
  NodePtr unknown_function(const Syntax& syntax, const std::string& name);
  bool function_type(Node& node, const FunctionEntry& entry);
  bool conversion_type(Node& node);
  bool zone_is_good(Node& zone);
  bool count_arguments(const Syntax& syntax, std::size_t least, std::size_t most, std::string_view usage);
  const Syntax* text_argument(const Syntax& syntax, std::size_t index, std::string_view usage);

  // check_functions.cpp
  bool text_function_type(Node& node, const FunctionEntry& entry);
  bool number_function_type(Node& node, const FunctionEntry& entry);
  bool money_type(Node& node, const FunctionEntry& entry);
  bool civil_date_type(Node& node);
  bool take(Node& argument, Kind kind, const std::string& what);
  bool take_one_of(Node& argument, std::initializer_list<Kind> kinds, const FunctionEntry& entry);

  // check_sets.cpp
  NodePtr check_macro(const Syntax& syntax);
  bool names_a_set(const Syntax& syntax) const;
  bool set_of(const Syntax& syntax, Anchor& owner, Step& set);
  bool related_set(const Syntax& syntax, Anchor& owner, Step& set);
  bool may_ask_set(const Syntax& syntax, const MacroEntry& macro);
  NodePtr macro_over(const Syntax& syntax, const MacroEntry& macro, const Syntax* set, std::size_t first);
  bool bind_variable(const MacroEntry& macro, const Syntax& variable, std::int32_t record_type);
  bool macro_body(const Syntax& syntax, const MacroEntry& macro, Node& node, std::size_t first);
  bool macro_type(Node& node, const MacroEntry& macro);
  NodePtr check_consented(const Syntax& syntax);
  NodePtr consent_node(const Syntax& syntax, const Anchor& anchor, const ConsentMembers& consents,
                       const std::string& purpose, const Syntax* channel);
  NodePtr no_set(const Syntax& syntax);

  std::string_view source_;
  const Scope& scope_;
  const Names& names_;
  std::vector<Diagnostic>& diagnostics_;
  std::vector<Variable> variables_;  ///< by slot
  bool inside_change_ = false;
};

}  // namespace kith::internal::expr
