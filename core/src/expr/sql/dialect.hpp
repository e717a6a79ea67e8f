// All that differs from one database to the other. A new database is a new subclass and nothing else.
#pragma once
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "expr/sql/sql_text.hpp"
#include "expr/tree/node.hpp"

namespace kith::internal::expr {

class SqlDialect {
 public:
  virtual ~SqlDialect() = default;
  /// A value, not null, that is bound.
  virtual Sql parameter(Value value) const = 0;
  virtual Sql null_of(const Type& type) const = 0;
  /// A text that is about to be compared: by code point, whatever the column's collation is.
  virtual Sql collated(const Sql& text) const = 0;

  /// One step of + - * / %, of ints or of doubles. Its range may be checked later, by checked_int and checked_real.
  virtual Sql arithmetic(Op op, bool real, const Sql& a, const Sql& b) const = 0;
  virtual Sql negative(bool real, const Sql& value) const = 0;
  /// The 64-bit result of integer arithmetic, NULL where it went out of range.
  virtual Sql checked_int(const Sql& raw) const = 0;
  /// The finite result of arithmetic on doubles, NULL elsewhere.
  virtual Sql checked_real(const Sql& raw) const = 0;
  /// a - b of two ints, held at the ends of the range.
  virtual Sql saturated_difference(const Sql& a, const Sql& b) const = 0;

  virtual Sql int_to_real(const Sql& value) const = 0;
  /// Towards zero, NULL outside of 64 bits.
  virtual Sql real_to_int(const Sql& value) const = 0;
  virtual Sql int_to_text(const Sql& value) const = 0;
  virtual Sql text_length(const Sql& text) const = 0;                   ///< in code points
  virtual Sql first_of(const Sql& text, const Sql& length) const = 0;   ///< so many code points
  virtual Sql from_place(const Sql& text, const Sql& place) const = 0;  ///< from the place on; the first is 1
  virtual Sql position(const Sql& text, const Sql& part) const = 0;     ///< > 0 where it is found; 1 for ''
  virtual Sql lower_ascii(const Sql& text) const = 0;
  virtual Sql trimmed(const Sql& text, std::string_view characters) const = 0;  ///< of these characters at both ends
  /// Every place of `what`, from left to right; of '' there is none. NULL where it would be larger than `most_bytes`.
  virtual Sql replaced(const Sql& text, const Sql& what, const Sql& by, std::uint64_t most_bytes) const = 0;
  /// From a place on, the first being 0, so many code points; NULL where one of them is below 0. nullopt: to the end.
  virtual Sql substring(const Sql& text, const Sql& start, const std::optional<Sql>& length) const = 0;
  virtual Sql floor_real(const Sql& value) const = 0;
  virtual Sql round_real(const Sql& value) const = 0;                         ///< half away from zero
  virtual Sql extreme(bool least, const std::vector<Sql>& values) const = 0;  ///< NULL where one is
  /// Of a number of days, NULL outside of the years 1..9999.
  virtual Sql date_part(Function part, const Sql& day) const = 0;
  /// The number of the day; NULL where there is no such day in the years 1..9999.
  virtual Sql civil_date(const Sql& year, const Sql& month, const Sql& day) const = 0;
  /// "(SELECT a AS x, b AS y)", to be read FROM: so that what is long is written once.
  virtual Sql named(const std::vector<std::pair<Sql, std::string_view>>& values) const = 0;
  virtual Sql list_size(const Sql& json) const = 0;
  /// TRUE, or not TRUE, of a JSON array; NULL when it is none. `element` is not NULL; null_in_list asks for null.
  virtual Sql list_has(const Sql& json, Kind element_kind, const Sql& element, bool wanted) const = 0;
  /// A query, without parentheses, whose rows are the values, in a column named `value`: all of them in one bind.
  /// nullopt where this database can't read such values back exactly. The values are alive and of one kind.
  virtual std::optional<Sql> rows_of(const std::vector<Value>& values) const = 0;
  virtual Sql list_has_null(const Sql& json, bool wanted) const = 0;
};

const SqlDialect& sqlite_dialect();
const SqlDialect& postgresql_dialect();
const SqlDialect& dialect_of(Dialect dialect);

/// "a AS x, b AS y"
Sql named_columns(const std::vector<std::pair<Sql, std::string_view>>& values);
/// Of columns y, m and d of `alias`: whether there is such a day in the years 1..9999.
Sql is_civil_date(std::string_view alias);

/// " + ", " - ", ...
std::string_view arithmetic_sign(Op op);

}  // namespace kith::internal::expr
