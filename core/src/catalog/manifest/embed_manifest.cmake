# Writes OUTPUT, a C++ source with the text of the file INPUT. In pieces, because compilers limit one literal to 64 KiB;
# cut at line ends, so that no character of several bytes is torn apart.
file(READ ${INPUT} text)
string(LENGTH "${text}" length)
set(pieces "")
set(at 0)
while(at LESS length)
  string(SUBSTRING "${text}" ${at} 8000 piece)
  string(FIND "${piece}" "\n" last REVERSE)
  math(EXPR size "${last} + 1")
  if(size EQUAL 0)
    message(FATAL_ERROR "${INPUT} has a line of more than 8000 bytes, or no line end at its end")
  endif()
  string(SUBSTRING "${piece}" 0 ${size} piece)
  string(APPEND pieces "    R\"kith_json(${piece})kith_json\",\n")
  math(EXPR at "${at} + ${size}")
endwhile()
file(WRITE ${OUTPUT} "// Made from core/manifest/core.json by embed_manifest.cmake.
#include \"catalog/manifest/core_manifest_text.hpp\"

namespace kith::internal::catalog {
namespace {
constexpr std::string_view kPieces[] = {
${pieces}};
}  // namespace

std::span<const std::string_view> core_manifest_pieces() { return kPieces; }

}  // namespace kith::internal::catalog
")
