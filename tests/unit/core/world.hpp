// A core in a folder of its own, gone with the test.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <kith/kith.hpp>

#include <cstdint>
#include <filesystem>
#include <string>

namespace kith_test {

class World {
 public:
  World() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kith-core-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~World() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  kith::Options options(const std::string& more = "") const {
    kith::Options o;
    o.config_json = R"({"database": {"url": "sqlite:)" + folder_.string() + R"(/crm.kith"})" + more + "}";
    return o;
  }
  kith::Core open(const std::string& more = "") const { return kith::Core::open(options(more)); }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

inline kith::Ref person(kith::Session& session, const std::string& name) {
  return session.create("customer", {{"kind", "person"}, {"name", name}});
}

/// How many there are, each read.
inline std::int64_t customers(kith::Session& session) {
  std::int64_t n = 0;
  for (auto row : session.query("customer").select({"id"}).limit(100'000)) n += row[0].is_null() ? 0 : 1;
  return n;
}

/// The class of the failure that a body ends with; KITH_OK when it ends well.
template <class Body>
std::int32_t code_of(Body&& body) {
  try {
    body();
    return KITH_OK;
  } catch (const kith::Error& error) {
    return error.code();
  }
}

}  // namespace kith_test
