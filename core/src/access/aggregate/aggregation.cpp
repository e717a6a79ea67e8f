#include "access/aggregate/aggregation.hpp"

#include <algorithm>
#include <map>

#include "access/aggregate/body.hpp"
#include "base/problem/error.hpp"
#include "base/problem/limits.hpp"
#include "base/text/text.hpp"

namespace kith::internal::access {
namespace {

bool is_path(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  }) && !(text.front() >= '0' && text.front() <= '9');
}

Error invalid(std::string message, std::string fix) {
  return {ProblemNumber::query_invalid, std::move(message), std::move(fix)};
}

std::string choice_fix(std::string_view wanted, const std::vector<std::string>& names) {
  std::string fix = did_you_mean(wanted, names);
  return fix.empty() ? "there are " + join(names, ", ") : fix;
}

/// Checks one request into a body.
class Maker {
 public:
  Maker(const catalog::Catalog& catalog, Aggregation::Body& body)
      : catalog_(catalog), body_(body), type_(catalog.type(body.request.record_type).number) {}
  void make() {
    body_.derivations = body_.query.derivations();
    const Prepared& filter = *body_.query.body().prepared;
    if (filter.residual()) add_reads(*filter.filter);  // the evaluator finishes it
    for (const GroupBy& by : body_.request.by) add_group(by);
    if (body_.request.figures.empty()) body_.request.figures.push_back({"", "count", "", ""});
    for (const FigureRequest& figure : body_.request.figures) add_figure(figure);
    make_order();
    make_having();
  }

 private:
  std::size_t place_of(Selected selected) {
    for (std::size_t i = 0; i < body_.places.size(); ++i) {
      const ReadPlace& known = body_.places[i];
      if (known.member == selected.member && known.refs == selected.refs) return i;
    }
    add_derivations(selected);
    body_.places.push_back({std::move(selected)});
    return body_.places.size() - 1;
  }

  /// Of the member, and of refs on the way to it.
  void add_derivations(const Selected& place) {
    std::int32_t type = type_;
    for (const std::int32_t ref : place.refs) {
      add_derivation(body_.derivations, &member(type, ref));
      type = member(type, ref).type.record_type;
    }
    add_derivation(body_.derivations, member_of(catalog_, place));
  }

  void add_column(std::string name, const expr::Type& type) {
    for (const Column& column : body_.columns) {
      if (column.name == name)
        throw invalid("two columns of the result are called \"" + name + "\"",
                      "give one of them a \"name\" of its own");
    }
    check_limit(Limit::name, name.size());
    body_.columns.push_back({std::move(name), type});
  }

  void add_group(const GroupBy& by) {
    Selected selected = resolve(catalog_, type_, trim(by.member));
    Grouped grouped;
    grouped.unnest = by.unnest;
    grouped.fill = by.fill;
    grouped.type = selected.type;
    if (by.unnest)
      grouped.type = element_of(by, selected.type);
    else if (selected.type.kind == Kind::json)
      throw invalid("can't group by \"" + by.member + "\": its type is " + expr::type_name(selected.type),
                    selected.type.element == Kind::null ? "group by a field with a single value"
                                                        : "say \"unnest\": true to group by its elements");
    if (!by.bucket.empty()) make_bucket(by, grouped);
    if (by.fill && (grouped.bucket == Bucket::none || filled_))
      throw invalid("\"fill\" at \"" + by.member + "\" " + (filled_ ? "is the second" : "has no bucket to fill"),
                    "fill one date or instant that has a \"bucket\"");
    filled_ = filled_ || by.fill;
    grouped.by_key = has_key(grouped.type.form);
    grouped.place = place_of(std::move(selected));
    const std::string plain = by.member + (by.bucket.empty() ? "" : "_" + by.bucket);
    add_column(by.name.empty() ? std::string(trim(plain)) : by.name, grouped.type);
    body_.by.push_back(std::move(grouped));
  }

  expr::Type element_of(const GroupBy& by, const expr::Type& list) {
    if (list.kind != Kind::json || list.element == Kind::null)
      throw invalid("\"" + by.member + "\" is no list whose elements are known: its type is " + expr::type_name(list),
                    "leave out \"unnest\"");
    if (std::exchange(unnested_, true))
      throw invalid("\"" + by.member + "\" is a second list to unnest", "unnest one list in an aggregate");
    expr::Type type = expr::Type::of(list.element);
    type.values = list.values;
    type.record_type = list.record_type;
    type.form = list.form;
    return type;
  }

  static void make_bucket(const GroupBy& by, Grouped& grouped) {
    const auto bucket = bucket_named(by.bucket);
    if (!bucket) throw invalid("\"" + by.bucket + "\" is no bucket of days", choice_fix(by.bucket, bucket_names()));
    if (grouped.type.kind != Kind::date && grouped.type.kind != Kind::timestamp)
      throw invalid("\"" + by.member + "\" has no buckets: its type is " + expr::type_name(grouped.type),
                    "give a bucket to dates and instants only");
    grouped.bucket = *bucket;
    grouped.type = expr::Type::of(Kind::date);
  }

  expr::ProgramPtr compiled(std::string_view source, std::optional<expr::Type> wanted, const expr::Names& names,
                            std::int32_t type) const {
    expr::Scope scope;
    scope.names = &names;
    scope.record_type = type;
    scope.wanted = wanted;
    scope.parameters = parameter_types(body_.request.parameters);
    return expr::compile_or_throw(source, scope);
  }

  /// What an expression reads of the record and of those behind its refs is read with the row.
  expr::ProgramPtr of_rows(std::string_view source, std::optional<expr::Type> wanted) {
    expr::ProgramPtr program = compiled(source, wanted, catalog_.names(), type_);
    add_reads(*program);
    return program;
  }

  void add_reads(const expr::Program& program) {
    for (const expr::Read& read : program.reads) {
      if (read.member >= 0) add_derivation(body_.derivations, &member(read.record_type, read.member));
      add_read(read);
    }
  }

  const catalog::Member& member(std::int32_t type, std::int32_t number) const {
    return catalog_.type(type).members[static_cast<std::size_t>(number)];
  }

  void look_at(Selected place) { body_.places[place_of(std::move(place))].by_expressions = true; }

  void add_read(const expr::Read& read) {
    Selected place;
    place.record_type = type_;
    for (const expr::Hop& hop : read.path) {
      if (hop.through_set || hop.relationship >= 0) return;  // of a set: its records are asked
      place.refs.push_back(hop.member);
      place.record_type = member(hop.record_type, hop.member).type.record_type;
      Selected there = place;  // whether the record behind the ref is there
      there.type = expr::Type::of(Kind::ref);
      there.type.record_type = place.record_type;
      look_at(std::move(there));
    }
    if (read.member < 0 || member(read.record_type, read.member).role == catalog::Role::child_set) return;
    place.member = read.member;
    place.type = member(read.record_type, read.member).type;
    look_at(std::move(place));
  }

  void add_figure(const FigureRequest& figure) {
    const auto fn = figure_named(figure.fn);
    if (!fn) throw invalid("there is no figure \"" + figure.fn + "\"", choice_fix(figure.fn, figure_names()));
    const std::string of(trim(figure.of));
    Figured made;
    expr::Type type;
    if (of.empty()) {
      if (*fn != expr::Aggregate::count)
        throw invalid(figure.fn + " says not of what", "give it \"of\": a member, path or expression");
    } else if (is_path(of)) {
      Selected selected = resolve(catalog_, type_, of);
      type = selected.type;
      made.place = place_of(std::move(selected));
    } else {
      made.of = of_rows(of, std::nullopt);
      type = made.of->type;
    }
    made.kind = figure_kind(*fn, type, of);
    if (!trim(figure.where).empty()) made.where = of_rows(figure.where, expr::Type::of(Kind::boolean));
    add_column(name_of(figure, of), made.kind.type);
    body_.figures.push_back(std::move(made));
  }

  static std::string name_of(const FigureRequest& figure, const std::string& of) {
    if (!figure.name.empty()) return figure.name;
    if (of.empty()) return figure.fn;
    if (!is_path(of))
      throw invalid("the " + figure.fn + " of \"" + of + "\" has no name", "give it a \"name\" for its column");
    std::string name = figure.fn + "_" + of;
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
  }

  std::size_t column_named(std::string_view name) const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < body_.columns.size(); ++i) {
      if (body_.columns[i].name == name) return i;
      names.push_back(body_.columns[i].name);
    }
    throw invalid("can't order by \"" + std::string(name) + "\": the result has no such column",
                  "its columns are " + join(names, ", "));
  }

  void make_order() {
    check_limit(Limit::order, body_.request.order_by.size());
    if (trim(body_.request.order_by).empty()) return;
    for (const std::string& piece : split(body_.request.order_by, ',')) {
      std::string_view name = trim(piece);
      ResultOrder term;
      if (const std::size_t space = name.find_last_of(" \t"); space != std::string_view::npos) {
        const std::string word = lower_ascii(name.substr(space + 1));
        if (word != "asc" && word != "desc")
          throw invalid("\"" + std::string(name) + "\" is not an order",
                        "write \"name\", \"name asc\" or \"name desc\"");
        term.descending = word == "desc";
        name = trim(name.substr(0, space));
      }
      term.column = column_named(name);
      body_.order.push_back(term);
    }
  }

  void make_having() {
    if (trim(body_.request.having).empty()) return;
    const ResultColumns names(catalog_, body_.columns);
    body_.having = compiled(body_.request.having, expr::Type::of(Kind::boolean), names, names.record_type());
  }

  const catalog::Catalog& catalog_;
  Aggregation::Body& body_;
  std::int32_t type_;
  bool unnested_ = false, filled_ = false;
};

QueryRequest filter_of(const AggregationRequest& request) {
  QueryRequest filter;
  filter.record_type = request.record_type;
  filter.where = request.where;
  filter.parameters = request.parameters;
  filter.select = {"id"};
  return filter;
}

void check_size(const AggregationRequest& request) {
  check_limit(Limit::select, request.by.size() + request.figures.size());
  if (request.limit < 0)
    throw invalid("a limit of " + std::to_string(request.limit), "ask for at least one row, or leave it out");
}

}  // namespace

Aggregation::Aggregation(const catalog::Catalog& catalog, PreparedQueries* kept, AggregationRequest request) {
  check_size(request);
  Query query(catalog, kept, filter_of(request));
  request.parameters = query.request().parameters;
  body_ = std::make_unique<Body>(std::move(request), std::move(query));
  Maker(catalog, *body_).make();
}

Aggregation::~Aggregation() = default;
Aggregation::Aggregation(Aggregation&&) noexcept = default;

const std::vector<std::int32_t>& Aggregation::derivations() const { return body_->derivations; }

}  // namespace kith::internal::access
