// The probe by the C++ glue. probe.c is the same plugin without it; both must give the same bits.
#include <kith/plugin.hpp>

KITH_PLUGIN(abi_probe) {
  const auto factor = static_cast<std::uint64_t>(plugin.settings().integer("factor").value());
  plugin.function("mix", [factor](std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * factor ^ static_cast<std::uint64_t>(b));
  });
  plugin.function("wave", [](double a, double b) {
    double sum = 0;
    for (int i = 1; i <= 8; ++i) sum = sum * a + b / i - a * b;
    return sum / (b * b + 1);
  });
  plugin.function("label", [](std::string_view a, std::string_view b) {
    std::string out(a);
    out += '/';
    out += b;
    return out;
  });
  plugin.function("shift", [](kith::Date a, std::int64_t b) { return kith::Date{a.days + b % 1'000}; });
  plugin.function("span", [](kith::Timestamp a, kith::Timestamp b) { return kith::Duration{b.us - a.us}; });
  plugin.function("worth", [](kith::Money a, std::int64_t b) {
    a.minor *= b % 100;
    return a;
  });
  plugin.function("both", [](bool a, bool b) { return a && b; });
  plugin.function("first_set", [](std::optional<std::int64_t> a, std::optional<std::int64_t> b) { return a ? a : b; });
  plugin.function("refuses", [](std::int64_t a) {
    if (a == 13) throw kith::Error(KITH_INVALID, "13 brings bad luck");
    return a;
  });
  plugin.job("count", [](kith::JobContext& job) {
    for (std::uint64_t i = 1; i <= 10; ++i) {
      job.stop_if_cancelled();
      job.progress(i, 10);
    }
  });
}
