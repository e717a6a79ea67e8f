// Macros over sets: the records of all three types, over refs and relationships, with conditions that mix the fields of
// the record looked at with those of the records around it.
#include "unit/expr/worlds/generator.hpp"

namespace kith::internal::expr::testing {
namespace {}  // namespace

// Of the record itself, or of the record that a macro around looks at.
Generator::Set Generator::any_set(const std::string& variable) {
  static const std::vector<Set> sets = {{"retail.orders", About::order},
                                        {"retail.orders", About::order},
                                        {"parent.retail.orders", About::order},
                                        {"retail.best.retail.orders", About::order},
                                        {"home.chief.retail.orders", About::order},
                                        {"retail.children", About::customer},
                                        {"parent.retail.children", About::customer},
                                        {"home.residents", About::customer},
                                        {"rel('knows')", About::customer},
                                        {"rel('known_by')", About::customer},
                                        {"rel('friends')", About::customer},
                                        {"parent.rel('knows')", About::customer},
                                        {"rel('lives_in')", About::region},
                                        {"home.rel('homes')", About::customer}};
  Set set = pick(sets);
  if (!variable.empty()) set.text.insert(0, variable + ".");
  return set;
}

std::string Generator::condition(About about, const std::string& v, int depth) {
  if (depth > 0 && chance(35)) {
    return "(" + condition(about, v, depth - 1) + (chance(50) ? " && " : " || ") + condition(about, v, depth - 1) + ")";
  }
  if (depth > 0 && chance(10)) return "!(" + condition(about, v, depth - 1) + ")";
  if (depth > 0 && nested_ < 2 && about == About::customer && chance(25)) {
    const Set set = any_set(v);
    ++nested_;
    const std::string inner = v + "2";
    std::string out =
        set.text + (chance(50) ? ".exists(" : ".all(") + inner + ", " + condition(set.about, inner, 0) + ")";
    --nested_;
    return out;
  }
  static const std::vector<std::string> of_order = {"V.done",
                                                    "V.done == null",
                                                    "V.qty > n",
                                                    "V.qty <= 2",
                                                    "V.total >= 10",
                                                    "V.total > balance",
                                                    "V.note == note",
                                                    "V.customer == record",
                                                    "V.customer.n < V.qty",
                                                    "V.margin > 0",
                                                    "V.tier >= 'silver'",
                                                    "V.tier == tier",
                                                    "V.place.rank > 1",
                                                    "V.place == home",
                                                    "V.at < now()",
                                                    "V.at >= now() - duration('2d')",
                                                    "days_since(V.at) > 1",
                                                    "V.qty / m > 1",
                                                    "V.due_on >= today()",
                                                    "has(V.weight)",
                                                    "V.note.startsWith('a')"};
  static const std::vector<std::string> of_customer = {"V.ok",
                                                       "V.n > n",
                                                       "V.m != 7",
                                                       "V.tier == tier",
                                                       "V.balance > spent",
                                                       "V.retail.vip",
                                                       "V.retail.score > 1",
                                                       "V.parent == record",
                                                       "V == parent",
                                                       "V.home == home",
                                                       "V.seen < now()",
                                                       "V.note == null",
                                                       "V.state('customer.lifecycle') == 'lead'",
                                                       "V.in_segment('retail.vips')",
                                                       "V.parent.ok",
                                                       "V.born == born",
                                                       "'a' in V.tags",
                                                       "V.joined + duration('1d') > now()"};
  static const std::vector<std::string> of_region = {"V.rank > 1",       "V.rank == n",         "V.code == note",
                                                     "V == home",        "V.chief == record",   "V.chief.ok",
                                                     "V.opened < now()", "V.size_class != null"};
  if (chance(12)) return comparison(0);
  std::string text = pick(about == About::order ? of_order : about == About::customer ? of_customer : of_region);
  for (std::size_t at = text.find('V'); at != std::string::npos; at = text.find('V', at + v.size()))
    text.replace(at, 1, v);
  return text;
}

std::string Generator::set_test(int depth) {
  const Set set = any_set({});
  const std::string v = nested_ == 0 ? "v" : "w";
  ++nested_;
  std::string out;
  const std::string inner = condition(set.about, v, depth > 2 ? 2 : depth - 1);
  switch (below(7)) {
    case 0: out = set.text + ".exists_one(" + v + ", " + inner + ")"; break;
    case 1:
      out = "(" + set.text + (chance(30) ? ".count()" : ".count(" + v + ", " + inner + ")") + pick(kComparisons) +
            std::to_string(below(4)) + ")";
      break;
    case 2: out = "(size(" + set.text + ")" + pick(kComparisons) + std::to_string(below(3)) + ")"; break;
    case 3:
    case 4: out = set.text + ".all(" + v + ", " + inner + ")"; break;
    default: out = set.text + ".exists(" + v + ", " + inner + ")"; break;
  }
  --nested_;
  return out;
}

std::string Generator::element(About about, const std::string& v, Kind kind) {
  const auto mixed = [&](const std::string& field, const std::string& outer) {
    switch (below(6)) {
      case 0: return "coalesce(" + field + ", " + outer + ")";
      case 1: return "(" + condition(about, v, 0) + " ? " + field + " : null)";
      case 2: return outer;
      default: return field;
    }
  };
  switch (kind) {
    case Kind::integer:
      if (about == About::region) return mixed(v + ".rank", "n");
      if (about == About::customer)
        return chance(25) ? "(" + v + ".n * 2)" : mixed(chance(50) ? v + ".m" : v + ".retail.score", "n");
      return chance(20) ? "(" + v + ".qty / m)" : chance(20) ? v + ".margin" : mixed(v + ".qty", "n");
    case Kind::real:
      if (about == About::region) return "double(" + v + ".rank)";
      return mixed(about == About::customer ? v + ".x" : v + ".weight", "x");
    case Kind::money: return mixed(about == About::customer ? v + ".spent" : v + ".total", "balance");
    default:
      if (about == About::region) return v + ".opened";
      return chance(15) ? "(" + v + (about == About::customer ? ".seen" : ".at") + " + duration('1d'))"
                        : mixed(about == About::customer ? v + ".joined" : v + ".at", "seen");
  }
}

std::string Generator::set_value(Kind kind) {
  Set set = any_set({});
  while (kind == Kind::money && set.about == About::region) set = any_set({});
  const std::string v = nested_ == 0 ? "v" : "w";
  ++nested_;
  std::string out;
  const auto call = [&](const std::string& name, const std::string& value) {
    out = set.text + "." + name + "(" + v + ", " + (chance(60) ? condition(set.about, v, 1) + ", " : "") + value + ")";
  };
  const std::string at = set.about == About::order      ? (chance(30) ? ".due_on" : ".at")
                         : set.about == About::customer ? (chance(50) ? ".joined" : ".born")
                                                        : ".opened";
  static const std::vector<std::string> amounts = {"sum", "sum", "min", "max"};
  if (chance(20)) {
    call("latest", v + at + ", " + element(set.about, v, kind));
  } else if (kind == Kind::integer && chance(30)) {
    call("count_distinct", element(set.about, v, chance(50) ? Kind::integer : Kind::timestamp));
  } else if (kind == Kind::integer && chance(25)) {
    out = set.text + ".count(" + v + ", " + condition(set.about, v, 1) + ")";
  } else if (kind == Kind::real) {
    call(chance(50)   ? "avg"
         : chance(50) ? "median"
                      : "max",
         element(set.about, v, chance(60) ? Kind::integer : Kind::real));
    if (out.find(".max(") != std::string::npos) out = "double(" + set.text + ".count())";
  } else if (kind == Kind::timestamp) {
    call(chance(50) ? "min" : "max", element(set.about, v, kind));
  } else if (kind == Kind::money && chance(25)) {
    call(chance(50) ? "avg" : "median", element(set.about, v, kind));
  } else {
    call(pick(amounts), element(set.about, v, kind));
  }
  --nested_;
  return out;
}

}  // namespace kith::internal::expr::testing
