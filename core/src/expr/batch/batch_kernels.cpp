#include "expr/batch/batch_kernels.hpp"

#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "expr/batch/batch_evaluation.hpp"

namespace kith::internal::expr {
namespace {

template <class T>
Mask one_by_one(Op op, const T* values, T with, std::size_t rows) {
  return decide_all(
      op, rows, [=](std::size_t row) { return values[row]; }, [=](std::size_t) { return with; });
}

#if defined(__x86_64__)

// AVX2 compares four whole numbers at a time. Only these functions are compiled for it, and only called where it is.
// Whole words of a mask; the rows behind the last one are left to the caller.

[[gnu::target("avx2")]] inline std::uint64_t four_bits(__m256d compared) {
  return static_cast<std::uint64_t>(_mm256_movemask_pd(compared));
}

template <bool Equal>
[[gnu::target("avx2")]] inline __m256i compare_four(__m256i a, __m256i b) {
  return Equal ? _mm256_cmpeq_epi64(a, b) : _mm256_cmpgt_epi64(a, b);
}

/// Turned: with op value, which for "greater" is value < with. Negated: all bits the other way.
template <bool Equal, bool Turned, bool Negated>
[[gnu::target("avx2")]] void ints_by_four(const std::int64_t* values, std::int64_t with, std::size_t words, Mask& out) {
  const __m256i others = _mm256_set1_epi64x(with);
  for (std::size_t word = 0; word < words; ++word) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 64; i += 4) {
      const __m256i four = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values + word * 64 + i));
      const __m256i compared = Turned ? compare_four<Equal>(others, four) : compare_four<Equal>(four, others);
      bits |= four_bits(_mm256_castsi256_pd(compared)) << i;
    }
    out.words[word] = Negated ? ~bits : bits;
  }
}

template <int Comparison>
[[gnu::target("avx2")]] void reals_by_four(const double* values, double with, std::size_t words, Mask& out) {
  const __m256d others = _mm256_set1_pd(with);
  for (std::size_t word = 0; word < words; ++word) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 64; i += 4) {
      bits |= four_bits(_mm256_cmp_pd(_mm256_loadu_pd(values + word * 64 + i), others, Comparison)) << i;
    }
    out.words[word] = bits;
  }
}

/// Two views lie in 32 bytes, each as its size and a pointer in one order or the other.
template <bool SizeFirst>
[[gnu::target("avx2")]] void sizes_by_four(const std::string_view* texts, std::size_t size, std::size_t words,
                                           Mask& out) {
  static_assert(sizeof(std::string_view) == 16);
  const __m256i others = _mm256_set1_epi64x(static_cast<std::int64_t>(size));
  for (std::size_t word = 0; word < words; ++word) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 64; i += 4) {
      const auto* four = reinterpret_cast<const __m256i*>(texts + word * 64 + i);
      const __m256i two = _mm256_loadu_si256(four);
      const __m256i more = _mm256_loadu_si256(four + 1);
      const __m256i sizes = SizeFirst ? _mm256_unpacklo_epi64(two, more) : _mm256_unpackhi_epi64(two, more);
      constexpr int kInOrder = 0b11'01'10'00;  // they come as 0, 2, 1, 3
      const __m256i same = _mm256_cmpeq_epi64(_mm256_permute4x64_epi64(sizes, kInOrder), others);
      bits |= four_bits(_mm256_castsi256_pd(same)) << i;
    }
    out.words[word] = bits;
  }
}
bool has_size_first() {
  const std::string_view view("two", 2);
  std::size_t first = 0;
  std::memcpy(&first, &view, sizeof first);
  return first == view.size();
}
void sizes_by_four(const std::string_view* texts, std::size_t size, std::size_t words, Mask& out) {
  static const bool size_first = has_size_first();
  size_first ? sizes_by_four<true>(texts, size, words, out) : sizes_by_four<false>(texts, size, words, out);
}

void by_four(Op op, const std::int64_t* values, std::int64_t with, std::size_t words, Mask& out) {
  switch (op) {
    case Op::less: return ints_by_four<false, true, false>(values, with, words, out);
    case Op::less_equal: return ints_by_four<false, false, true>(values, with, words, out);
    case Op::greater: return ints_by_four<false, false, false>(values, with, words, out);
    case Op::greater_equal: return ints_by_four<false, true, true>(values, with, words, out);
    case Op::not_equal: return ints_by_four<true, false, true>(values, with, words, out);
    default: return ints_by_four<true, false, false>(values, with, words, out);
  }
}

// As the operators of C++ compare: with a NaN only "not equal" is true.
void by_four(Op op, const double* values, double with, std::size_t words, Mask& out) {
  switch (op) {
    case Op::less: return reals_by_four<_CMP_LT_OQ>(values, with, words, out);
    case Op::less_equal: return reals_by_four<_CMP_LE_OQ>(values, with, words, out);
    case Op::greater: return reals_by_four<_CMP_GT_OQ>(values, with, words, out);
    case Op::greater_equal: return reals_by_four<_CMP_GE_OQ>(values, with, words, out);
    case Op::not_equal: return reals_by_four<_CMP_NEQ_UQ>(values, with, words, out);
    default: return reals_by_four<_CMP_EQ_OQ>(values, with, words, out);
  }
}

Lanes ask_processor() { return __builtin_cpu_supports("avx2") ? Lanes::four : Lanes::one; }

template <class T>
Mask compare(Op op, const T* values, T with, std::size_t rows, Lanes lanes) {
  if (lanes == Lanes::one) return one_by_one(op, values, with, rows);
  Mask mask;
  const std::size_t words = rows / 64;
  by_four(op, values, with, words, mask);
  if (rows % 64 != 0) mask.words[words] = one_by_one(op, values + words * 64, with, rows % 64).words[0];
  return mask;
}

#else

Lanes ask_processor() { return Lanes::one; }

template <class T>
Mask compare(Op op, const T* values, T with, std::size_t rows, Lanes) {
  return one_by_one(op, values, with, rows);
}

#endif

}  // namespace

Lanes widest_lanes() {
  static const Lanes lanes = ask_processor();
  return lanes;
}

Mask compare_rows(Op op, const std::int64_t* values, std::int64_t with, std::size_t rows, Lanes lanes) {
  return compare(op, values, with, rows, lanes);
}
Mask compare_rows(Op op, const double* values, double with, std::size_t rows, Lanes lanes) {
  return compare(op, values, with, rows, lanes);
}

Mask rows_of_size(const std::string_view* texts, std::size_t size, std::size_t rows, Lanes lanes) {
  const auto fits = [=](std::size_t row) { return texts[row].size() == size; };
#if defined(__x86_64__)
  if (lanes == Lanes::four) {
    Mask mask;
    const std::size_t words = rows / 64;
    sizes_by_four(texts, size, words, mask);
    for (std::size_t row = words * 64; row < rows; ++row) {
      if (fits(row)) mask.set(row);
    }
    return mask;
  }
#else
  static_cast<void>(lanes);
#endif
  return mask_of(rows, fits);
}

}  // namespace kith::internal::expr
