// An ISV's program: it opens a core in a file, adds two customers, relates them, and asks questions.
//   embed_cpp [FOLDER]   writes kith.json and crm.kith there; default: the working directory
#include <kith/kith.hpp>

#include <chrono>
#include <fstream>
#include <iostream>

int main(int argc, char** argv) try {
  const std::string folder = argc > 1 ? argv[1] : ".";
  const std::string config = folder + "/kith.json";
  if (!std::ifstream(config))  // the first run writes the configuration
    std::ofstream(config) << R"({
  "database": { "url": "sqlite:crm.kith" },
  "locale": { "language": "en", "currency": "EUR", "time_zone": "Europe/Berlin" }
})";

  auto core = kith::Core::open(config);
  auto me = core.session({.tenant = "default", .actor = "alice"});

  // Everything inside is one transaction: all of it is there afterwards, or nothing.
  me.transact([](kith::Session& tx) {
    auto acme = tx.create("customer", {{"kind", "organization"}, {"name", "Acme Ltd"}});
    auto ada = tx.create("customer", {{"kind", "person"}, {"name", "Ada Li"}, {"email", "Ada@Example.com"}});
    tx.relate(ada, "works_for", acme, {{"title", "CTO"}});
    tx.create("task", {{"title", "Call Ada"}, {"customer", ada.text()}, {"due_on", "2030-01-15"}});
    tx.transition(ada, "customer.lifecycle", "engage");
    tx.transition(ada, "customer.lifecycle", "qualify");
  });

  // Values of the program enter an expression by name, never by pasting.
  const std::string kind = "person";
  auto people = me.query("customer")
                    .where("kind == $kind && email != null", {{"kind", kind}})
                    .select({"id", "name", "email"})
                    .order_by("name");
  for (auto row : people) std::cout << row["name"] << " <" << row["email"] << ">\n";

  // A mistake is an exception of one type that says what, where and what to do.
  try {
    me.create("customer", {{"kind", "persn"}, {"name", "Bo"}});
  } catch (const kith::Error& error) {
    std::cout << error.what() << '\n';
  }
  while (auto next = core.run_due(std::chrono::milliseconds(50)))  // workflows and stale values; no thread of its own
    if (*next > me.now()) break;
} catch (const kith::Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
