// An expression, parsed and checked against names and types: immutable, shared, free of state. Compile once, run often.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem/error.hpp"
#include "expr/names.hpp"

namespace kith::internal::expr {

struct Node;        // expr/tree/node.hpp: the checked tree
struct QuickForms;  // expr/quick/quick.hpp: its common forms, compiled

/// One hop of a path from the record to another.
struct Hop {
  bool through_set = false;       ///< false: by a ref field; true: to the children of a set
  std::int32_t record_type = -1;  ///< the type on which `member` stands
  std::int32_t member = -1;
  std::int32_t relationship = -1;  ///< through_set: >= 0 = over the edges of this relationship, and there is no member
  bool inverse = false;            ///< relationship: from the end to which it leads back to where it begins
  friend bool operator==(const Hop&, const Hop&) = default;
};

/// One entry of a read set: the member that is read, and the path to the record that has it. Without a member it is the
/// edges of a relationship that end at that record, or, with neither, whether the record is there.
struct Read {
  std::vector<Hop> path;  ///< empty: the record itself
  std::int32_t record_type = -1;
  std::int32_t member = -1;
  std::int32_t relationship = -1;
  friend bool operator==(const Read&, const Read&) = default;
};

/// How much of an expression SQL can decide (design/expressions.md, Dual lowering).
enum class SqlClass : std::uint8_t { exact, superset, vm_only };
const char* sql_class_name(SqlClass c);

/// What is asked of a set of records: by a macro, or by a rollup, which has those from `count` on.
enum class Aggregate : std::uint8_t {
  exists,
  all,
  exists_one,
  count,
  sum,
  min,
  max,
  avg,
  median,
  count_distinct,
  latest
};

/// What of a set of related records may be asked.
enum class SetUse : std::uint8_t {
  none,
  counts,  ///< exists, all, exists_one, count, size
  all
};

/// Where an expression stands decides what it may use.
struct Rules {
  bool allow_old = false;  ///< changed(f), old.f, became(e)
  bool stored = false;     ///< a derivation: now() only in the forms of design/derivations.md, no actor, no parameters
  bool allow_refs = true;
  bool allow_derived = true;
  bool allow_parameters = true;  ///< $name
  bool allow_actor = true;       ///< `actor`; never where `stored`
  SetUse sets = SetUse::all;
};

struct ParameterType {
  std::string name;  ///< without the $
  Type type;
};

/// What compile needs to know besides the source.
struct Scope {
  const Names* names = nullptr;
  std::int32_t record_type = -1;
  std::optional<Type> wanted;  ///< the result must be of this type, or null
  Rules rules;
  std::vector<ParameterType> parameters;
};

/// One complaint about a source text; offsets are bytes of the source.
struct Diagnostic {
  ProblemNumber number = ProblemNumber::expression_syntax;
  std::size_t begin = 0, end = 0;
  std::string message;
  std::string fix;
};

class Program {
 public:
  Program();
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  std::string source;
  std::int32_t record_type = -1;
  Type type;
  bool nullable = true;
  std::unique_ptr<Node> root;
  std::unique_ptr<QuickForms> quick;    ///< to which the nodes point
  std::vector<Read> reads;              ///< without duplicates, edge fields of each hop included
  std::vector<std::string> settings;    ///< read by setting()
  std::vector<std::string> parameters;  ///< sets read by param()
  std::vector<std::string> functions;   ///< of plugins
  std::vector<std::string> values;      ///< of enums, where a bundle has added them: "retail.live"
  bool uses_now = false;
  bool uses_old = false;
  bool uses_actor = false;
  bool uses_sets = false;
  bool uses_zones = false;    ///< dates of a zone other than UTC: the time zone data decides
  bool uses_unicode = false;  ///< fold(), upper(), lower(), and what tells addresses apart: the Unicode data decides
  std::int64_t cost = 1;      ///< steps of one evaluation, where each set has a hundred records
  SqlClass sql_class = SqlClass::exact;
};
using ProgramPtr = std::shared_ptr<const Program>;

/// nullptr when there are diagnostics (at least one is then added; all that can be found are). Limits: 8 KiB, depth 32.
ProgramPtr compile(std::string_view source, const Scope& scope, std::vector<Diagnostic>& diagnostics);
/// A set of related records by itself, with nothing asked of it: retail.orders, rel('works_for'). Only a set of the
/// record itself; nothing when there are diagnostics.
std::optional<Hop> compile_set(std::string_view source, const Scope& scope, std::vector<Diagnostic>& diagnostics);
/// For sources that come from a host or a test: throws Error with one Problem per diagnostic, `where` its line and
/// column, excerpt with carets.
ProgramPtr compile_or_throw(std::string_view source, const Scope& scope);

/// A Problem with an excerpt of the source and carets below it. `place_of` maps an offset of the source to a place in
/// its file; may be empty.
Problem to_problem(const Diagnostic& diagnostic, std::string_view source, const std::string& what,
                   const std::function<Place(std::size_t)>& place_of);

}  // namespace kith::internal::expr
