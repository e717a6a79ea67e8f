// A bank's core, and a client on the way through it.
#pragma once
#include "plugins/world.hpp"

namespace kith::test {

inline constexpr const char* kClientState = "finance.client_state";

struct Bank : World {
  Bank()
      : World(R"({"sales": {}, "finance": {}})"),
        officer(me.create("member", {{"login", "olga"}, {"name", "Olga Officer"}})),
        compliance(me.create("member", {{"login", "carl"}, {"name", "Carl Compliance"}})),
        client(person("Ada Li")) {}
  Ref officer, compliance, client;

  std::string state() { return value(client, "state('finance.client_state')"); }
  void go(std::string_view event) { me.transition(client, kClientState, event); }
  void set(std::initializer_list<Field> fields) { me.update(client, fields); }
  std::string denial(std::string_view event) {
    const Error error = failure_of([&] { go(event); });
    EXPECT_EQ(error.code(), KITH_INVALID);
    return error.what();
  }
  Ref document(std::string_view expires_on = "2030-01-31", bool verified = true) {
    return me.create("finance.identity_document", {{"customer", client.text()},
                                                   {"kind", "passport"},
                                                   {"number", "P-" + std::to_string(++documents)},
                                                   {"expires_on", expires_on},
                                                   {"verified", verified}});
  }
  Ref product(std::string_view code, int risk) {
    return me.create("sales.product", {{"code", code}, {"name", code}, {"finance.product_risk", risk}});
  }
  Ref account(std::string_view number, const Ref& product) {
    return me.create("finance.account", {{"number", number},
                                         {"customer", client.text()},
                                         {"product", product.text()},
                                         {"opened_on", "2026-03-01"},
                                         {"balance", "5000"},
                                         {"last_movement_at", "2026-03-01T10:00:00Z"}});
  }
  /// Everything known, and nothing that speaks against the client.
  void assess() {
    set({{"country", "SE"},
         {"finance.pep_status", "none"},
         {"finance.industry_risk", "low"},
         {"finance.onboarding_channel", "branch"},
         {"finance.sanctions_status", "clear"},
         {"finance.risk_rating", "low"}});
  }
  void submit() {
    document();
    set({{"finance.submitted_by", officer.text()}});
    go("onboard");
    go("submit");
  }
  void activate() {
    assess();
    submit();
    set({{"finance.approved_by", compliance.text()}});
    go("approve");
    settle();
  }

 private:
  int documents = 0;
};

}  // namespace kith::test
