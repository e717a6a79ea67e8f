#include <gtest/gtest.h>

#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {
namespace {

std::string shown(const Explained& explained) {
  std::string out = explained.source + "=" +
                    (explained.value.is_unknown() ? "?"
                     : explained.value.is_null()  ? "null"
                                                  : to_text(explained.value));
  if (explained.parts.empty()) return out;
  out += " [";
  for (std::size_t i = 0; i < explained.parts.size(); ++i) out += (i == 0 ? "" : "; ") + shown(explained.parts[i]);
  return out + "]";
}

TEST(ExplainTest, ShowsEachTermWithWhatItCameToInOrder) {
  const World world;
  Record anna(world, kCustomer, 1);
  anna.set("n", Value::integer(5)).set("ok", Value::boolean(false)).set("name", Value::text("Anna"));
  Scope scope;
  scope.names = &world;
  scope.record_type = kCustomer;
  scope.rules.allow_old = true;
  Env env;
  env.now = 1000;
  const auto explained = [&](std::string_view source) {
    return shown(explain(*compile_or_throw(source, scope), anna, env));
  };
  EXPECT_EQ(explained("n > 3 && (ok || m < 1)"),
            "n > 3 && (ok || m < 1)=? [n > 3=true [n=5]; (ok || m < 1)=? [ok=false; m < 1=? [m=null]]]");
  EXPECT_EQ(explained("ok ? n : n + 1"), "ok ? n : n + 1=6 [ok=false; n + 1=6 [n=5]]");
  EXPECT_EQ(explained("coalesce(m, n, 1 / n)"), "coalesce(m, n, 1 / n)=5 [m=null; n=5]");
  EXPECT_EQ(explained("name.contains('nn')"), "name.contains('nn')=true [name=Anna]");
  EXPECT_EQ(explained("became(n > 3)"), "became(n > 3)=true [n > 3=true [n=5]; before: n > 3=? [n=null]]");
  const Explained timed = explain(*compile_or_throw("joined < now() || n > 3", scope), anna, env);
  EXPECT_EQ(timed.until, kForever);
  EXPECT_EQ(timed.parts.size(), 2U);
}

}  // namespace
}  // namespace kith::internal::expr::testing
