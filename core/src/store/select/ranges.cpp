#include "store/select/ranges.hpp"

#include <algorithm>

namespace kith::internal::store {
namespace {

void append(expr::Sql& to, const std::string& text, const std::vector<Value>& binds) {
  to.text += text;
  to.binds.insert(to.binds.end(), binds.begin(), binds.end());
}

/// The terms before `count` are as they are in the key; ends with " AND ".
expr::Sql equal_terms(const Order& order, const PageKey& key, std::size_t count) {
  expr::Sql equal;
  for (std::size_t i = 0; i < count; ++i) {
    if (key.order[i].is_null()) {
      equal.text += order.keys[i] + " IS NULL AND ";
    } else {
      append(equal, order.keys[i] + " = ? AND ", {key.order[i]});
    }
  }
  return equal;
}

const char* sign(bool descending) { return descending ? " < ?" : " > ?"; }

/// From the term on, from the beginning.
void add_all(const Order& order, expr::Sql equal, std::size_t term, bool nulls_apart, std::vector<Range>& out) {
  const bool one = term + 1 >= order.keys.size();
  // One term has its nulls last in an index as in a page; so have several in descending order.
  const bool natural = std::all_of(order.descending.begin() + static_cast<std::ptrdiff_t>(term), order.descending.end(),
                                   [](bool descending) { return descending; });
  if (term >= order.keys.size() || (!nulls_apart && (one || (natural && order.id_descending)))) {
    out.push_back({std::move(equal), {}, {}, term, false});
    return;
  }
  out.push_back({equal, order.keys[term] + " IS NOT NULL", {}, term, true});
  out.push_back({std::move(equal), order.keys[term] + " IS NULL", {}, term + 1, false});
}

void add_equal(const Order& order, std::size_t term, const Value& value, expr::Sql& equal) {
  if (value.is_null()) {
    equal.text += order.keys[term] + " IS NULL AND ";
  } else {
    append(equal, order.keys[term] + " = ? AND ", {value});
  }
}

}  // namespace

expr::Sql Range::where() const {
  expr::Sql out = equal;
  append(out, bound, bound_values);
  if (bound.empty() && !out.text.empty()) out.text.resize(out.text.size() - 5);  // " AND "
  return out;
}

std::vector<Range> ranges(const Order& order, const PageKey* after, bool nulls_apart) {
  std::vector<Range> out;
  if (after == nullptr) {
    add_all(order, {}, 0, nulls_apart, out);
    return out;
  }
  const Value id = Value::ref(-1, after->id);
  const std::size_t terms = order.keys.size();
  const std::string beyond_id = std::string("t.id") + sign(order.id_descending);
  if (terms == 0) return {{{}, beyond_id, {id}, 0, false}};
  for (std::size_t term = terms; term-- > 0;) {
    const Value& value = after->order[term];
    const std::string& key = order.keys[term];
    const expr::Sql equal = equal_terms(order, *after, term);
    const bool last = term + 1 == terms;
    if (value.is_null()) {  // nothing comes behind the nulls
      if (last) out.push_back({equal, key + " IS NULL AND " + beyond_id, {id}, terms, false});
      continue;
    }
    const bool together = last && order.descending[term] == order.id_descending;
    if (last && !together) out.push_back({equal, key + " = ? AND " + beyond_id, {value, id}, terms, false});
    if (together) {
      out.push_back({equal,
                     "(" + key + ", t.id)" + (order.descending[term] ? " < (?, ?)" : " > (?, ?)"),
                     {value, id},
                     term,
                     true});
    } else {
      out.push_back({equal, key + sign(order.descending[term]), {value}, term, true});
    }
    out.push_back({equal, key + " IS NULL", {}, term + 1, false});
  }
  return out;
}

bool has_groups(const Order& order, const Range& range) { return range.not_null && range.from + 1 < order.keys.size(); }

std::vector<Range> split(const Order& order, const Range& range, const Value& first) {
  std::vector<Range> out;
  expr::Sql group = range.equal;
  add_equal(order, range.from, first, group);
  add_all(order, std::move(group), range.from + 1, false, out);
  out.push_back({range.equal, order.keys[range.from] + sign(order.descending[range.from]), {first}, range.from, true});
  return out;
}

Range whole_range(const Order& order, const PageKey* after) {
  if (after == nullptr) return {};
  expr::Sql out{"(", {}};
  for (std::size_t i = 0; i < order.keys.size(); ++i) {
    if (after->order[i].is_null()) continue;
    const expr::Sql equal = equal_terms(order, *after, i);
    append(out, "(" + equal.text, equal.binds);
    append(out, "(" + order.keys[i] + sign(order.descending[i]) + " OR " + order.keys[i] + " IS NULL)) OR ",
           {after->order[i]});
  }
  const expr::Sql equal = equal_terms(order, *after, order.keys.size());
  append(out, "(" + equal.text, equal.binds);
  append(out, std::string("t.id") + sign(order.id_descending) + "))", {Value::ref(-1, after->id)});
  return {{}, out.text, out.binds, 0, false};
}

}  // namespace kith::internal::store
