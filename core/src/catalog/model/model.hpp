// What exists: everything that the core and the loaded plugins declare, as one validated whole. Immutable once built;
// every floor above reads it, nobody writes it. All numbers (`index`, `record_type`, ...) are positions in the vectors
// here, valid for this catalog object only; what is stored uses names or the store's own lasting numbers.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem/error.hpp"
#include "base/value/value.hpp"
#include "expr/names.hpp"
#include "expr/program.hpp"
#include "expr/template.hpp"

namespace kith::internal::catalog {

inline constexpr std::string_view kCoreBundle = "kith";  ///< owner of what the core declares itself

/// Language tag -> text. "en" is always there.
struct Label {
  std::map<std::string, std::string, std::less<>> texts;
  const std::string& in(std::string_view language) const;  ///< falls back to "en"
};

struct EnumValue {
  std::string id;  ///< as it is stored and asked for: "phone", "retail.live"
  Label label;
  std::string owner{};  ///< the bundle that added it; "" = the one that declares the member
  std::string after{};  ///< the value that it was added behind; "" = none
};

enum class Pii : std::uint8_t { none, personal, sensitive };

/// What a member is, which decides how it is written and where it lies.
enum class Role : std::uint8_t {
  field,     ///< a fact that people and systems write
  system,    ///< a fact that the engine writes: version, created_at, a lifecycle's state
  derived,   ///< in <table>__d, written by floor derive
  child_set  ///< no column: the inverse of a ref
};

/// One name on a record type. `members` of a RecordType are numbered by position; expr::Member::index is that number.
struct Member {
  std::string name;   ///< as in expressions: "name", "retail.tier", "retail.orders"
  std::string owner;  ///< bundle id
  Label label;
  Role role = Role::field;
  expr::Type type;     ///< child_set: Kind::ref with the child's type
  std::string column;  ///< physical: "name", "retail__tier"; "" for child_set
  Place place;         ///< of its declaration
  // facts
  bool required = false, unique = false, index = false;
  std::optional<Value> default_value;
  std::optional<double> min, max;          ///< numbers, money in major units
  std::optional<std::int64_t> max_length;  ///< code points
  std::string pattern;                     ///< ECMAScript regular expression for the whole text; "" = any
  std::string format;                      ///< "", email, phone, time_zone, currency, country, language
  Pii pii = Pii::none;
  std::unique_ptr<expr::EnumValues> values;  ///< enum; `type.values` points here
  std::vector<EnumValue> value_labels;
  std::string inverse;  ///< ref: the set's name on the target, as in expressions there; "" = none
  // child_set
  std::int32_t set_ref_member = -1;  ///< the ref member of the child type that points here
  // derived
  std::int32_t derivation = -1;  ///< in Catalog::derivations
};

struct RecordType {
  std::int32_t number = -1;
  std::string name;  ///< "customer", "retail.order"
  std::string owner;
  Label label;
  std::string table;                                ///< "customer", "retail__order"
  std::int32_t title_member = -1, key_member = -1;  ///< -1 = none
  std::vector<std::int32_t> timeline_path;          ///< ref members to the customer; empty = not on a timeline
  bool append_only = false;
  std::vector<Member> members;
  std::vector<std::vector<std::int32_t>> unique_sets, index_sets;  ///< members, tenant is put first by the store
  std::vector<std::int32_t> lifecycles;                            ///< in Catalog::lifecycles
  Place place;
  const Member* find(std::string_view member_name) const;
  std::map<std::string, std::int32_t, std::less<>> by_name;
};

/// trigger: of a workflow's `became`; automatic: which transition of a lifecycle is to fire by itself. Both are hidden.
enum class DerivationKind : std::uint8_t { formula, rollup, segment, score, trigger, automatic };
using expr::Aggregate;

struct ScoreRule {
  /// raise: floor, the band is at least `band`; replace: override, the band is `band` whatever the points say. Both give
  /// no points; replacements come before floors, and the highest wins.
  enum class Form : std::uint8_t { points, steps, per_unit, per_event, raise, replace };
  enum class OnUnknown : std::uint8_t { zero, max, withhold };
  std::string id;
  Label text;  ///< templates {{n}}, {{v}}
  Form form = Form::points;
  OnUnknown on_unknown = OnUnknown::zero;
  expr::ProgramPtr when;          ///< points, raise, replace
  expr::ProgramPtr value;         ///< steps, per_unit
  std::int64_t points_milli = 0;  ///< points
  std::vector<std::pair<double, std::int64_t>>
      steps;                                   ///< from (major units for money), points in thousandths; ascending
  std::int64_t each_milli = 0, cap_milli = 0;  ///< per_unit, per_event
  std::size_t band = 0;                        ///< raise, replace: position in ScoreModel::bands
  // per_event
  expr::Hop over;          ///< a set of the score's record type: child records, or the other ends of its edges
  expr::ProgramPtr where;  ///< on the record of the set, may be null
  expr::ProgramPtr at;     ///< on the record of the set: timestamp or date
  std::optional<std::int64_t> window_days;
  Place place;
  bool gives_band() const { return form == Form::raise || form == Form::replace; }
};
struct ScoreGroup {
  std::string id;
  std::optional<std::int64_t> min_milli, max_milli;
  std::vector<ScoreRule> rules;
};
struct ScoreDimension {
  std::string id;
  Label label;
  std::vector<ScoreGroup> groups;
};
struct ScoreBand {
  std::string id;
  std::int64_t from_milli = 0;
  Label label;
};
struct ScoreModel {
  expr::ProgramPtr applies_when;  ///< null = always
  std::int64_t low_milli = 0, high_milli = 100'000;
  bool normalise = false;
  std::vector<ScoreDimension> dimensions;
  std::vector<ScoreBand> bands;  ///< ascending; empty = none
};

struct Derivation {
  std::int32_t number = -1;  ///< position in Catalog::derivations; these are in dependency order
  DerivationKind kind = DerivationKind::formula;
  std::string name;  ///< "retail.net_orders_12m"; a trigger's: "<workflow id>#trigger"; "<lifecycle>#auto"
  std::string owner, owner_version;
  Label label;
  std::int32_t record_type = -1;
  std::int32_t member = -1;       ///< its value's member
  std::int32_t band_member = -1;  ///< score with bands: enum member "<name>_band"
  expr::ProgramPtr program;       ///< formula, segment, trigger
  // rollup
  expr::Hop over;  ///< the set: child records, or those at the other end of a relationship's edges
  Aggregate aggregate = Aggregate::count;
  /// On the records of the set; may be null. `at`: by which the latest is found; of count_distinct, `value` tells them apart.
  expr::ProgramPtr where, value, at;
  std::unique_ptr<ScoreModel> score;
  std::int32_t lifecycle = -1;  ///< automatic: in Catalog::lifecycles
  /// Everything it reads, over all of its programs, as seen from its record (rollup and per_event: through the set).
  std::vector<expr::Read> reads;
  std::vector<std::string> parameter_sets;
  /// Source, settings read, versions of plugin functions called: changes when stored values must be made anew.
  std::string fingerprint;
  Place place;
};

enum class Category : std::uint8_t { open, active, on_hold, won, lost, closed };
struct State {
  std::string id;
  Label label;
  Category category = Category::open;
  std::vector<std::int32_t> required;  ///< members
  expr::ProgramPtr enter_guard;
  Label deny;
};
/// What makes a transition fire by itself. It is due when `when` holds or `after_us` have passed in its state; it fires
/// when it is due and the guards hold too.
struct Automatic {
  expr::ProgramPtr when;                 ///< null: `after_us` says it
  std::optional<std::int64_t> after_us;  ///< since the state was entered
  std::optional<std::int64_t> order;     ///< among those that leave one state: the lowest that is due wins
  expr::ProgramPtr guard, enter_guard;   ///< the transition's and its target's, as a stored derivation may read them
  std::string text() const;              ///< "after 30d", or the text of `when`
};
struct Transition {
  std::string event;
  Label label;
  std::vector<std::string> from;
  std::string to;
  expr::ProgramPtr guard;
  Label deny;
  bool reason_required = false;
  std::string permission;
  std::optional<Automatic> automatic;
  Place place;
};
/// Entering `state` lifts another lifecycle of the same record to `target`, where it stands lower in that one's order.
struct Raise {
  std::string state;
  std::int32_t lifecycle = -1;
  std::string target;
};
struct Lifecycle {
  std::int32_t number = -1;
  std::string name;  ///< "customer.lifecycle", "retail.shopper_state"
  std::string owner, owner_version;
  Label label;
  std::int32_t record_type = -1;
  std::int32_t state_member = -1, since_member = -1;
  std::vector<std::string> initial;  ///< the first is the default
  std::vector<State> states;
  std::vector<Transition> transitions;
  std::vector<std::string> order;  ///< lowest first: what "raises" of other lifecycles goes by; empty = can't be raised
  std::vector<Raise> raises;
  std::string slot;                            ///< those of one slot exclude each other; "" = none
  std::vector<std::int32_t> earlier_in_slot;   ///< lifecycles that are asked before this one
  expr::ProgramPtr applies_when;               ///< null = always
  expr::ProgramPtr begin_guard;                ///< enter_guard of the first state, for a record to which it comes to apply
  std::int32_t automatic = -1;                 ///< the hidden derivation that says what fires; -1 = nothing ever does
  const State* state(std::string_view id) const;
  /// Its place in the order; -1 = not in it.
  std::int32_t rank(std::string_view state) const;
  bool always_applies() const { return !applies_when && earlier_in_slot.empty(); }
};

struct Validation {
  std::string id, owner;  ///< id is "bundle.id"
  std::int32_t record_type = -1;
  std::int32_t field_member = -1;  ///< -1 = the record
  expr::ProgramPtr reject_when;
  bool reject_on_unknown = false;
  Label text;
};

enum class Cardinality : std::uint8_t { one_to_one, one_to_many, many_to_one, many_to_many };
struct RelationshipEnd {
  std::int32_t record_type = -1;
  std::string kind;  ///< a customer kind; "" = any
};
struct Relationship {
  std::int32_t number = -1;
  std::string name, inverse, owner;
  Label label, inverse_label;
  RelationshipEnd from, to;
  Cardinality cardinality = Cardinality::many_to_many;
  bool acyclic = false, symmetric = false;
  struct Attribute {
    std::string name;
    expr::Type type;
    Label label;
  };
  std::vector<Attribute> attributes;
};

/// A field of a record to be written by a workflow: a typed template, or a label in several languages.
struct Assignment {
  std::string name;  ///< member name, argument name or payload key
  std::int32_t member = -1;
  std::optional<Value> literal;
  std::map<std::string, expr::Template, std::less<>> templates;  ///< by language; "" = any language
};
struct WorkflowAction {
  enum class Kind : std::uint8_t { set, transition, create, log, relate, emit, call };
  Kind kind = Kind::set;
  std::string id;
  std::string target;  ///< create: record type; transition: lifecycle; relate: relationship; emit: event; call: action
  std::int32_t target_number = -1;  ///< create: record type; call: in Catalog::actions; relate: relationship
  std::string event;                ///< transition
  std::vector<Assignment> assignments;
};
struct Trigger {
  enum class Kind : std::uint8_t {
    created,
    updated,
    entered_state,
    left_state,
    transitioned,
    entered_segment,
    left_segment,
    became,
    band
  };
  Kind kind = Kind::created;
  std::vector<std::int32_t> watched;  ///< updated: members; empty = any
  std::string lifecycle, state, event;
  std::int32_t derivation = -1;    ///< segment, score, or the hidden one of `became`
  std::string from_band, to_band;  ///< "" = any
};
struct Workflow {
  std::int32_t number = -1;
  std::string id, owner, owner_version;  ///< id is "retail.win_back"
  Label label;
  std::int32_t record_type = -1;
  Trigger trigger;
  expr::ProgramPtr condition;
  enum class Once : std::uint8_t { event, record, root } once_per = Once::event;
  std::int64_t phase = 0, priority = 0;
  bool enabled = true;
  std::vector<WorkflowAction> actions;
  Place place;
};

struct Argument {
  std::string name;
  expr::Type type;
};
struct Function {
  std::int32_t number = -1;
  std::string name, owner, owner_version;  ///< "retail.days_between_orders"
  std::vector<Argument> arguments;
  Kind returns = Kind::null;
  std::string abi_signature;  ///< "(timestamp,timestamp)->double"
};
struct Action {
  std::int32_t number = -1;
  std::string name, owner;
  std::int32_t record_type = -1;
  bool database_effect = true;
  std::vector<Argument> arguments;
  std::vector<std::int32_t> writes;  ///< record types
  std::string runs_as;
};
struct Job {
  std::int32_t number = -1;
  std::string name, owner;
  Label text;
  std::vector<Argument> arguments;
  std::vector<std::int32_t> writes;
  std::vector<std::string> publishes;  ///< parameter sets
  std::string runs_as;
};
struct ParameterSet {
  std::string name, owner;  ///< "insight.rfm"
  std::vector<Argument> values;
};
struct Setting {
  std::string name, owner;  ///< "retail.lapse_days"
  expr::Type type;
  Value value;  ///< the default or what the config says
  bool from_config = false;
  Label label;
  std::optional<expr::Type> key;                ///< a keyed table; `value` is then null
  std::vector<std::pair<Value, Value>> entries;  ///< of a keyed table
};
/// What people are asked to consent to.
struct Purpose {
  std::string name, owner;  ///< "marketing.newsletter"
  Label label, text;
  std::string version;
};
/// What a role may do. Checked and kept; floor access enforces it.
struct RoleGrant {
  std::string type;       ///< a record type, or "bundle.*" for all of a bundle
  std::string operation;  ///< read, create, update, delete, transition, export
  std::string scope;      ///< none, own, team, all
};
struct RoleDeclaration {
  std::string name, owner;  ///< "retail.clerk"
  Label label;
  std::vector<RoleGrant> grants;
  std::vector<std::string> permissions;  ///< qualified
};
struct Permission {
  std::string name, owner;
  Label label;
};
struct Bundle {
  std::string id, version;
  Label label;
  std::vector<std::string> needs, needs_optional;
  bool overlay = false;
  std::string library;  ///< "" = declarative
};

class Catalog {
 public:
  Catalog();
  ~Catalog();
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  std::vector<Bundle> bundles;  ///< in dependency order; the core's own ("kith") first
  std::vector<RecordType> record_types;
  std::vector<Derivation>
      derivations;  ///< in dependency order: a derivation reads only earlier ones (of the same record or others)
  std::vector<Lifecycle> lifecycles;
  std::vector<Validation> validations;
  std::vector<Relationship> relationships;
  std::vector<Workflow> workflows;  ///< in running order: phase, priority, plugin id, workflow id
  std::vector<Function> functions;
  std::vector<Action> actions;
  std::vector<Job> jobs;
  std::vector<ParameterSet> parameter_sets;
  std::vector<Setting> settings;
  std::vector<Purpose> purposes;
  std::vector<RoleDeclaration> roles;
  std::vector<Permission> permissions;
  Currency currency{};  ///< the tenants' (one for now)
  std::string language = "en", time_zone = "UTC", phone_region;

  const RecordType* find_type(std::string_view name) const;
  /// Throws unknown_record_type with a suggestion.
  const RecordType& type(std::string_view name) const;
  const RecordType& type(std::int32_t number) const { return record_types[static_cast<std::size_t>(number)]; }
  /// Throws unknown_field with a suggestion.
  const Member& member(const RecordType& type, std::string_view name) const;
  std::int32_t member_index(const RecordType& type, std::string_view name) const;
  const Derivation* find_derivation(std::string_view name) const;
  const Lifecycle* find_lifecycle(std::int32_t record_type, std::string_view name) const;
  const Relationship* find_relationship(std::string_view name) const;  ///< by name or inverse
  std::int32_t target_of(const expr::Hop& hop) const;                  ///< the record type to which it leads; -1 = any
  std::string set_text(const expr::Hop& set) const;  ///< as it is written: "retail.orders", "rel('works_for')"
  const Setting* find_setting(std::string_view name) const;
  const ParameterSet* find_parameter_set(std::string_view name) const;
  const Job* find_job(std::string_view name) const;
  const Action* find_action(std::string_view name) const;
  const expr::Names& names() const;  ///< for compiling expressions against this catalog
  /// Derivations that read (record_type, member) anywhere in a path; members that are derived included.
  struct Reader {
    std::int32_t derivation;
    std::vector<expr::Hop> path;  ///< from the derivation's record to the record that is read
  };
  /// A member of -1: those that ask only whether the record is there.
  const std::vector<Reader>& readers(std::int32_t record_type, std::int32_t member) const;
  /// Derivations that read the edges of a relationship: the path leads to the record at whose end they are looked for.
  struct EdgeReader {
    Reader reader;
    std::int32_t record_type;
  };
  const std::vector<EdgeReader>& edge_readers(std::int32_t relationship) const;
  void index_readers();  ///< called by the builder once all derivations are there
  /// Called by the builder: numbers the type and makes it findable.
  RecordType& add_type(RecordType type);
  /// Keeps the values of an enum that is no record's field (a setting's, an attribute's) as long as the catalog.
  const expr::EnumValues* keep(expr::EnumValues values);

 private:
  struct Index;
  std::unique_ptr<Index> index_;
};
using CatalogPtr = std::shared_ptr<const Catalog>;

std::string category_name(Category c);
std::string derivation_kind_name(DerivationKind k);
/// The aggregate of a rollup as manifests call it; counted by what tells records apart, it is a count still.
std::string_view aggregate_name(Aggregate aggregate);
std::optional<Aggregate> aggregate_named(std::string_view name);

}  // namespace kith::internal::catalog
