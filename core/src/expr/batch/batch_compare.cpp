// Comparisons of columns, and the other forms that give a condition.
#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "base/time/time.hpp"
#include "expr/batch/batch_evaluation.hpp"
#include "expr/batch/batch_kernels.hpp"
#include "expr/tree/types.hpp"

namespace kith::internal::expr {
namespace {

template <class T>
Mask decide_arrays(Op op, std::size_t rows, const T* a, const T* b) {
  return decide_all(
      op, rows, [a](std::size_t row) -> const T& { return a[row]; },
      [b](std::size_t row) -> const T& { return b[row]; });
}
// A column with one value, or with a column.
template <class T>
Mask decide_arrays(Op op, std::size_t rows, const T* a, const T* b, const T& same) {
  if (b != nullptr) return decide_arrays(op, rows, a, b);
  return decide_all(
      op, rows, [a](std::size_t row) -> const T& { return a[row]; },
      [value = same](std::size_t) -> const T& { return value; });
}

bool is_text(Kind kind) { return kind == Kind::text || kind == Kind::json; }

const Currency* currency_of(const Column& column) {
  if (column.kind != Kind::money || column.currencies != nullptr) return nullptr;
  return column.same != nullptr ? &column.same->currency : &column.currency;
}

/// One value of a row as the scalar rules take it.
struct RowLook {
  RowLook(const Column& column, std::size_t row) : value(value_at(column, row)), until(until_at(column, row)) {}
  Look look() const { return {&value, until}; }
  Value value;
  std::int64_t until;
};

/// A condition that is filled row by row.
class TruthBuilder {
 public:
  TruthBuilder(BatchSpace& space, std::size_t rows, bool timed) : until_(timed ? space.ints() : nullptr) {
    if (timed) std::fill_n(until_, rows, kForever);
    truth_.until = until_;
  }
  void set(std::size_t row, const Judged& judged) {
    if (judged.truth == Truth::yes) truth_.yes.set(row);
    if (judged.truth == Truth::no) truth_.no.set(row);
    if (until_ != nullptr) until_[row] = judged.until;
  }
  BatchTruth done() const { return truth_; }

 private:
  BatchTruth truth_;
  std::int64_t* until_;
};

/// The first and the last Word of each text, which are all of it where it is one to two Words long.
template <class Word>
Mask same_ends(const Mask& rows, const std::string_view* texts, std::string_view text) {
  const auto at = [](const char* data) {
    Word word;
    std::memcpy(&word, data, sizeof word);
    return word;
  };
  const std::size_t behind = text.size() - sizeof(Word);
  const Word first = at(text.data());
  const Word last = at(text.data() + behind);
  Mask same;
  for (std::size_t word = 0; word < Mask::kWords; ++word) {
    std::uint64_t found = 0;
    for (std::uint64_t bits = rows.words[word]; bits != 0; bits &= bits - 1) {
      const auto place = static_cast<std::size_t>(std::countr_zero(bits));
      const char* data = texts[word * 64 + place].data();
      const bool differs = ((at(data) ^ first) | (at(data + behind) ^ last)) != 0;
      found |= static_cast<std::uint64_t>(!differs) << place;
    }
    same.words[word] = found;
  }
  return same;
}

// Texts that are as long as the other are looked at, and only where it is asked.
Mask same_texts(std::size_t rows, const Column& a, std::string_view text, const Mask& asked) {
  Mask same;
  const Mask long_enough = rows_of_size(a.texts, text.size(), rows);
  if (text.empty()) return long_enough;
  const Mask looked_at = asked & long_enough;
  if (text.size() == 1) return same_ends<std::uint8_t>(looked_at, a.texts, text);
  if (text.size() <= 4) return same_ends<std::uint16_t>(looked_at, a.texts, text);
  if (text.size() <= 8) return same_ends<std::uint32_t>(looked_at, a.texts, text);
  if (text.size() <= 16) return same_ends<std::uint64_t>(looked_at, a.texts, text);
  for_each_row(looked_at, [&](std::size_t row) {
    const char* data = a.texts[row].data();
    if (data[0] == text[0] && std::memcmp(data, text.data(), text.size()) == 0) same.set(row);
  });
  return same;
}

}  // namespace

// Of rows that are alive on both sides and asked; the others come to anything.
Mask BatchWalk::test(Op op, const Column& a, const Column& b, const Mask& asked) const {
  if (a.kind == Kind::null || b.kind == Kind::null) return {};
  if (a.same != nullptr) return test(mirrored(op), b, a, asked);
  const bool one = b.same != nullptr;
  if (a.kind == Kind::real && one) return compare_rows(op, a.reals, b.same->d, batch_.rows);
  if (a.kind == Kind::real) return decide_arrays(op, batch_.rows, a.reals, b.reals);
  if (is_text(a.kind) && one && !is_ordering(op)) {
    const Mask same = same_texts(batch_.rows, a, b.same->s, asked & alive(a));
    return op == Op::equal ? same : without(all_, same);
  }
  if (is_text(a.kind))
    return decide_arrays(op, batch_.rows, a.texts, b.texts, one ? std::string_view{b.same->s} : std::string_view{});
  if (a.kind == Kind::ref) return decide_arrays(op, batch_.rows, a.ids, b.ids, one ? b.same->id : RecordId{});
  if (one) return compare_rows(op, a.ints, b.same->i, batch_.rows);
  return decide_arrays(op, batch_.rows, a.ints, b.ints);
}

BatchTruth BatchWalk::comparison(const Node& node, const Mask& active) {
  if (node.now_side != 0) return against_now(node, active);
  if (node.uses_now) {
    if (const int side = days_since_side(node); side >= 0)
      return days_compared(node, static_cast<std::size_t>(side), active);
    if (is_against_today(node)) return column_truth(by_record(node, active));
  }
  const Column a = column(*node.parts[0], active);
  const Column b = column(*node.parts[1], active);
  return compared(node.op, node, a, b, active);
}

BatchTruth BatchWalk::compared(Op op, const Node& node, const Column& a, const Column& b, const Mask& active) {
  const bool ordering = is_ordering(op);
  const Type& left = node.parts[0]->type;
  const bool ranks = ordering && a.kind == Kind::text && left.values != nullptr && left.values->ordered &&
                     node.parts[1]->type.values != nullptr;
  const bool money = a.kind == Kind::money && b.kind == Kind::money;
  if (ranks || (money && (currency_of(a) == nullptr || currency_of(b) == nullptr)))
    return compared_by_rows(op, node, a, b, active);
  const Mask a_alive = alive(a);
  const Mask b_alive = alive(b);
  BatchTruth out;
  if (!money || same_currency(*currency_of(a), *currency_of(b))) {
    const Mask both = a_alive & b_alive;
    const Mask yes = test(op, a, b, active);
    out.yes = both & yes;
    out.no = without(both, yes);
  }
  if (!ordering) {
    const Mask a_null = nulls(a);
    const Mask b_null = nulls(b);
    const Mask same = a_null & b_null;
    const Mask other = (a_null & b_alive) | (a_alive & b_null);
    out.yes = out.yes | (op == Op::equal ? same : other);
    out.no = out.no | (op == Op::equal ? other : same);
  }
  out.until = fate(a, b, ordering);
  return out;
}

BatchTruth BatchWalk::compared_by_rows(Op op, const Node& node, const Column& a, const Column& b, const Mask& active) {
  TruthBuilder builder(space_, batch_.rows, timed_ && (times(a) != nullptr || times(b) != nullptr));
  for_each_row(active, [&](std::size_t row) {
    const RowLook left(a, row);
    const RowLook right(b, row);
    builder.set(row, judge_comparison(op, node.parts[0]->type, node.parts[1]->type, left.look(), right.look()));
  });
  return builder.done();
}

BatchTruth BatchWalk::against_now(const Node& node, const Mask& active) {
  const bool now_left = node.now_side == 1;
  const Node& moving = *node.parts[now_left ? 0 : 1];
  if (moving.reads_record) return column_truth(by_record(node, active));
  const Op op = now_left ? mirrored(node.op) : node.op;
  const Column e = column(*node.parts[now_left ? 1 : 0], active);
  const Evaluator::Clock clock = Evaluator(env_, nullptr, timed_).clock(moving);
  const Mask e_alive = alive(e);
  const Mask e_null = nulls(e);
  BatchTruth out;
  const Mask definite = is_ordering(op) ? e_alive : e_alive | e_null;
  if (!clock.dead) {
    const Value at = Value::timestamp(clock.at);
    Column there;
    there.kind = Kind::timestamp;
    there.same = &at;
    const Mask yes = test(op, e, there, active);
    out.yes = e_alive & yes;
    out.no = without(e_alive, yes);
    if (!is_ordering(op)) (op == Op::not_equal ? out.yes : out.no) = (op == Op::not_equal ? out.yes : out.no) | e_null;
  }
  if (!timed_) return out;
  const std::int64_t clock_until = std::min(clock.until, env_.now == kForever ? kForever : env_.now + 1);
  const std::int64_t bound = std::min(clock.until, clock.range_end(env_.now));
  std::int64_t* until = space_.ints();
  for (std::size_t row = 0; row < batch_.rows; ++row) {
    const std::int64_t own = until_at(e, row);
    if (clock.dead) {
      until[row] = definite[row] ? clock_until : std::max(own, clock_until);
    } else if (!definite[row]) {
      until[row] = own;
    } else if (!e_alive[row]) {
      until[row] = std::min(own, bound);
    } else {
      until[row] = flip_of(op, e.same != nullptr ? e.same->i : e.ints[row], clock.at, env_.now, std::min(own, bound));
    }
  }
  out.until = until;
  return out;
}

BatchTruth BatchWalk::days_compared(const Node& node, std::size_t side, const Mask& active) {
  const Op op = side == 0 ? node.op : mirrored(node.op);
  const Column t = column(*node.parts[side]->parts[0], active);
  const Column e = column(*node.parts[1 - side], active);
  if (e.same == nullptr || e.same->is_dead() || t.same != nullptr || t.kind == Kind::null) {
    TruthBuilder builder(space_, batch_.rows, timed_);
    for_each_row(active, [&](std::size_t row) {
      const RowLook left(t, row);
      const RowLook right(e, row);
      builder.set(row, judge_days(op, left.look(), right.look(), env_.now));
    });
    return builder.done();
  }
  const bool date = t.kind == Kind::date;
  const Wide unit = date ? 1 : kMicrosPerDay;
  const Wide here = date ? floor_divide(env_.now, kMicrosPerDay) : Wide{env_.now};
  const std::int64_t days = e.same->i;
  // days_since(t) >= wanted
  const auto at_least = [&](Wide wanted) -> Mask {
    const Wide last = here - wanted * unit;  // the latest moment that is old enough
    if (!fits(wanted) || last < std::numeric_limits<std::int64_t>::min()) return {};
    if (last > std::numeric_limits<std::int64_t>::max() || (date && wanted == std::numeric_limits<std::int64_t>::min()))
      return all_;
    return compare_rows(Op::less_equal, t.ints, static_cast<std::int64_t>(last), batch_.rows);
  };
  const Wide more = Wide{days} + 1;
  const Mask yes = op == Op::greater         ? at_least(more)
                   : op == Op::greater_equal ? at_least(days)
                   : op == Op::less          ? without(all_, at_least(days))
                   : op == Op::less_equal    ? without(all_, at_least(more))
                   : op == Op::equal         ? without(at_least(days), at_least(more))
                                             : without(all_, without(at_least(days), at_least(more)));
  const Mask there = alive(t);
  BatchTruth out{there & yes, without(there, yes), nullptr};
  if (!timed_) return out;
  std::int64_t* until = space_.ints();
  if (t.until == nullptr) {
    std::fill_n(until, batch_.rows, kForever);
  } else {
    std::copy_n(t.until, batch_.rows, until);
  }
  for_each_row(active & there, [&](std::size_t row) {
    until[row] = std::min({until[row], e.same_until, days_until(op, start_of(t.kind, t.ints[row]), days, env_.now)});
  });
  out.until = until;
  return out;
}

BatchTruth BatchWalk::in_values(const Node& node, const Mask& active) {
  const Column x = column(*node.parts[0], active);
  const bool literals = std::all_of(node.parts.begin() + 1, node.parts.end(), [&](const NodePtr& part) {
    return part->op == Op::constant && (part->constant.is_null() || part->constant.kind == x.kind);
  });
  if (!literals || x.same != nullptr || x.kind == Kind::money || x.kind == Kind::null || node.parts.size() == 1) {
    return in_values_by_rows(node, x, active);
  }
  Mask found;
  bool with_null = false;
  for (std::size_t i = 1; i < node.parts.size(); ++i) {
    const Value& element = node.parts[i]->constant;
    Column one;
    one.kind = x.kind;
    one.same = &element;
    with_null = with_null || element.is_null();
    if (!element.is_null()) found = found | test(Op::equal, x, one, without(active, found));
  }
  const Mask there = alive(x);
  const Mask null = nulls(x);
  BatchTruth out{there & found, without(there, found), times(x)};
  (with_null ? out.yes : out.no) = (with_null ? out.yes : out.no) | null;
  return out;
}

BatchTruth BatchWalk::in_values_by_rows(const Node& node, const Column& x, const Mask& active) {
  std::vector<Column> elements;
  for (std::size_t i = 1; i < node.parts.size(); ++i) elements.push_back(column(*node.parts[i], active));
  TruthBuilder builder(space_, batch_.rows, timed_);
  for_each_row(active, [&](std::size_t row) {
    const RowLook left(x, row);
    Judged judged{Truth::no, kForever};
    std::int64_t latest = std::numeric_limits<std::int64_t>::min();
    bool unknown = false;
    for (const Column& element : elements) {
      const RowLook right(element, row);
      const Truth same = equal_values(left.value, right.value);
      const std::int64_t until = fate_of(left.look(), right.look(), false).until;
      if (same == Truth::yes) {
        judged.truth = Truth::yes;
        latest = std::max(latest, until);
      }
      unknown = unknown || same == Truth::unknown;
      judged.until = std::min(judged.until, until);
    }
    if (judged.truth == Truth::yes) {
      judged.until = latest;
    } else if (unknown) {
      judged.truth = Truth::unknown;
    }
    builder.set(row, judged);
  });
  return builder.done();
}

BatchTruth BatchWalk::in_list(const Node& node, const Mask& active) {
  const Column x = column(*node.parts[0], active);
  const Column list = column(*node.parts[1], active);
  TruthBuilder builder(space_, batch_.rows, timed_ && (times(x) != nullptr || times(list) != nullptr));
  for_each_row(active, [&](std::size_t row) {
    const RowLook left(x, row);
    const RowLook right(list, row);
    builder.set(row, judge_in_list(left.look(), right.look()));
  });
  return builder.done();
}

BatchTruth BatchWalk::text_test(const Node& node, const Mask& active) {
  const Column text = column(*node.parts[0], active);
  const Column part = column(*node.parts[1], active);
  const Mask both = alive(text) & alive(part);
  const auto view = [](const Column& column, std::size_t row) {
    return column.same != nullptr ? std::string_view{column.same->s} : column.texts[row];
  };
  Mask yes;
  for_each_row(active & both, [&](std::size_t row) {
    if (test_text(node.function, view(text, row), view(part, row))) yes.set(row);
  });
  return {yes, without(both, yes), fate(text, part, true)};
}

}  // namespace kith::internal::expr
