// A host as others build theirs: by another compiler, against another C++ library, with an allocator of its own, or
// with a sanitizer in the program and none in libkith. Opens a core in the folder that it is given, works, fails on
// purpose, and says "well" in the end; what crosses the line wrongly aborts it.
#include <kith/kith.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>

#ifdef HOST_OWN_NEW
// Each block begins with a mark. A block that comes from elsewhere has none, and one of ours ends in no other
// allocator.
namespace {
constexpr std::uint64_t kMark = 0x6b6974682d686f73;
constexpr std::size_t kRoom = 32;

void* allocate(std::size_t size) {
  auto* block = static_cast<unsigned char*>(std::malloc(size + kRoom));
  if (block == nullptr) throw std::bad_alloc();
  std::memcpy(block, &kMark, sizeof kMark);
  return block + kRoom;
}

void release(void* memory) noexcept {
  if (memory == nullptr) return;
  auto* block = static_cast<unsigned char*>(memory) - kRoom;
  std::uint64_t mark = 0;
  std::memcpy(&mark, block, sizeof mark);
  if (mark != kMark) {
    std::fputs("a block of another allocator was given to the host's operator delete\n", stderr);
    std::abort();
  }
  std::memset(block, 0, sizeof mark);
  std::free(block);
}
}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }
#endif

namespace {

void need(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("it is not so that ") + what);
}

template <class Body>
std::int32_t code_of(Body&& body) {
  try {
    body();
    return KITH_OK;
  } catch (const kith::Error& error) {
    return error.code();
  }
}

void work(kith::OwnedSession& me) {
  const std::string long_name(150, 'x');  // longer than any string keeps inside itself
  for (int i = 0; i < 50; ++i) me.create("customer", {{"kind", "person"}, {"name", long_name + std::to_string(i)}});
  int found = 0;
  for (auto row : me.query("customer").where("name.size() > $n", {{"n", 10}}).order_by("name").limit(100))
    found += row["name"].text().size() > 150 ? 1 : 0;
  need(found == 50, "all fifty are found");
  need(!me.run("catalog").empty(), "the catalog is told");
}

void fail_on_purpose(kith::Core& core, kith::OwnedSession& me, const std::string& folder) {
  need(code_of([&] { me.query("customer").where("nonsense ==").run(); }) == KITH_INVALID,
       "a wrong expression is refused");
  need(code_of([&] { me.create("customer", {{"kind", "persn"}}); }) == KITH_INVALID, "a wrong value is refused");
  need(code_of([&] { me.run("no such verb"); }) == KITH_UNSUPPORTED, "an unknown verb is refused");
  need(code_of([&] { core.session({.tenant = "nobody", .actor = "x"}); }) == KITH_NOT_FOUND, "no tenant is made up");
  kith::Options options;
  options.config_json = R"({"database": {"url": "sqlite:)" + folder + R"(/no/such/folder/crm.kith"}})";
  need(code_of([&] { kith::Core::open(options); }) == KITH_IO, "a folder that is not there is an I/O problem");
  kith::Options clock;
  clock.config_json = R"({"database": {"url": "sqlite:)" + folder + R"(/clock.kith"}})";
  clock.now_us = []() -> std::int64_t { throw std::runtime_error("the host's clock broke"); };
  need(code_of([&] { kith::Core::open(clock); }) == KITH_MISUSE, "a callback that throws is the host's mistake");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string folder = argv[1];
  try {
    kith::Options options;
    options.config_json = R"({"database": {"url": "sqlite:)" + folder + R"(/crm.kith"}})";
    auto core = kith::Core::open(options);
    auto me = core.session({.actor = "host"});
    work(me);
    fail_on_purpose(core, me, folder);
    while (core.run_due(std::chrono::milliseconds(100))) {
      if (core.run("pending").find("\"events\":0") != std::string::npos) break;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  std::puts("well");
  return 0;
}
