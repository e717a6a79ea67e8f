#include "expression_data.hpp"

namespace kith::internal::bench {
namespace {

struct Named {
  std::string_view name;
  Kind kind;
};
constexpr std::array<Named, kFields> kNamed = {{{"n", Kind::integer},
                                                {"m", Kind::integer},
                                                {"x", Kind::real},
                                                {"note", Kind::text},
                                                {"language", Kind::text},
                                                {"kind", Kind::text},
                                                {"joined", Kind::timestamp},
                                                {"seen", Kind::timestamp},
                                                {"born", Kind::date},
                                                {"balance", Kind::money},
                                                {"ok", Kind::boolean}}};

template <class T>
Value value_of(const std::optional<T>& field, Kind kind) {
  if (!field) return Value::null();
  if constexpr (std::is_same_v<T, std::string>) {
    return Value::text(*field);
  } else if constexpr (std::is_same_v<T, double>) {
    return Value::real(*field);
  } else if (kind == Kind::money) {
    return Value::money(*field, kYuan);
  } else {
    return Value::with(kind, *field);
  }
}

class Maker {
 public:
  Customer customer() {
    static const std::vector<std::string> notes = {"gold", "silver", "a note that is longer than what fits in place",
                                                   "", "called twice"};
    static const std::vector<std::string> languages = {"zh", "en", "de"};
    static const std::vector<std::string> kinds = {"person", "person", "organization", "household"};
    Customer one;
    one.n = sometimes(below(20));
    one.m = sometimes(below(100));
    one.x = sometimes(static_cast<double>(below(1000)) / 1000.0);
    one.note = sometimes(notes[static_cast<std::size_t>(below(5))]);
    one.language = sometimes(languages[static_cast<std::size_t>(below(3))]);
    one.kind = kinds[static_cast<std::size_t>(below(4))];
    one.joined = sometimes(kNow - below(900) * kMicrosPerDay - below(kMicrosPerDay));
    one.seen = sometimes(kNow - below(60) * kMicrosPerDay - below(kMicrosPerDay));
    one.born = sometimes(below(20'000));
    one.balance = sometimes(below(40'000));
    one.ok = below(3) > 0;
    return one;
  }

 private:
  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }
  template <class T>
  std::optional<T> sometimes(T value) {
    return below(10) == 0 ? std::nullopt : std::optional<T>{std::move(value)};
  }
  std::mt19937_64 random_{7};
};

}  // namespace

std::optional<expr::Member> FieldNames::member(std::int32_t, std::string_view name) const {
  for (std::size_t i = 0; i < kNamed.size(); ++i) {
    if (kNamed[i].name != name) continue;
    expr::Type type = expr::Type::of(kNamed[i].kind);
    if (i == kKind) type.values = &kinds_;
    if (i == kBalance) type.currency = kYuan;
    return expr::Member{expr::MemberKind::field, static_cast<std::int32_t>(i), type, i != kKind};
  }
  return std::nullopt;
}

People::People() {
  Maker make;
  columns.x.resize(expr::kBatchRows);
  for (auto& one : columns.ints) one.resize(expr::kBatchRows);
  for (auto& one : columns.texts) one.resize(expr::kBatchRows);
  for (std::size_t row = 0; row < expr::kBatchRows; ++row) {
    const Customer& c = customers.emplace_back(make.customer());
    std::vector<Value> values = {
        value_of(c.n, Kind::integer),        value_of(c.m, Kind::integer),      value_of(c.x, Kind::real),
        value_of(c.note, Kind::text),        value_of(c.language, Kind::text),  value_of(c.kind, Kind::text),
        value_of(c.joined, Kind::timestamp), value_of(c.seen, Kind::timestamp), value_of(c.born, Kind::date),
        value_of(c.balance, Kind::money),    value_of(c.ok, Kind::boolean)};
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i].is_null()) continue;
      columns.valid[i].set(row);
      if (i != kX) columns.ints[i][row] = values[i].i;
    }
    columns.x[row] = c.x.value_or(0);
    if (c.note) columns.texts[kNote][row] = *c.note;
    if (c.language) columns.texts[kLanguage][row] = *c.language;
    columns.texts[kKind][row] = *c.kind;
    rows.emplace_back(std::move(values));
  }
}

expr::ProgramPtr People::compile(std::string_view source) const {
  expr::Scope scope;
  scope.names = &names;
  scope.record_type = 0;
  return expr::compile_or_throw(source, scope);
}

expr::Batch People::batch_for(const expr::Program& program) const {
  expr::Batch batch;
  batch.rows = expr::kBatchRows;
  for (const expr::Read& read : program.reads) {
    const auto i = static_cast<std::size_t>(read.member);
    expr::Column column;
    column.kind = kNamed[i].kind;
    column.ints = columns.ints[i].data();
    column.reals = columns.x.data();
    column.texts = columns.texts[i].data();
    column.currency = kYuan;
    column.valid = &columns.valid[i];
    batch.columns.push_back(column);
  }
  return batch;
}

People& people() {
  static People all;
  return all;
}

}  // namespace kith::internal::bench
