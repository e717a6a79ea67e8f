// libFuzzer's door: kith_fuzz_expr -dict=tests/fuzz/expr.dict FOLDER tests/fuzz/corpus/expr
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fuzz/expr_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string fault = kith::test::fault_of_expression({reinterpret_cast<const char*>(data), size});
  if (fault.empty()) return 0;
  std::fprintf(stderr, "%s\n", fault.c_str());
  std::abort();
}
