// A set of derivations of one record type, by their position in its plan.
#pragma once
#include <bit>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>

namespace kith::internal::derive {

class Slots {
 public:
  bool has(std::size_t position) const noexcept {
    return position / kBits < words_.size() && (words_[position / kBits] >> (position % kBits) & 1U) != 0;
  }
  void add(std::size_t position) {
    if (position / kBits >= words_.size()) words_.resize(position / kBits + 1, 0);
    words_[position / kBits] |= std::uint64_t{1} << (position % kBits);
  }
  void remove(std::size_t position) noexcept {
    if (position / kBits < words_.size()) words_[position / kBits] &= ~(std::uint64_t{1} << (position % kBits));
  }
  void add(const Slots& others) {
    if (others.words_.size() > words_.size()) words_.resize(others.words_.size(), 0);
    for (std::size_t i = 0; i < others.words_.size(); ++i) words_[i] |= others.words_[i];
  }
  void remove(const Slots& others) noexcept {
    for (std::size_t i = 0; i < words_.size() && i < others.words_.size(); ++i) words_[i] &= ~others.words_[i];
  }
  Slots both(const Slots& others) const {
    Slots out;
    const std::size_t common = words_.size() < others.words_.size() ? words_.size() : others.words_.size();
    out.words_.resize(common, 0);
    for (std::size_t i = 0; i < common; ++i) out.words_[i] = words_[i] & others.words_[i];
    return out;
  }
  bool meets(const Slots& others) const noexcept {
    for (std::size_t i = 0; i < words_.size() && i < others.words_.size(); ++i)
      if ((words_[i] & others.words_[i]) != 0) return true;
    return false;
  }
  bool empty() const noexcept {
    for (const std::uint64_t word : words_)
      if (word != 0) return false;
    return true;
  }
  std::size_t size() const noexcept {
    std::size_t size = 0;
    for (const std::uint64_t word : words_) size += static_cast<std::size_t>(std::popcount(word));
    return size;
  }
  void clear() noexcept { words_.clear(); }
  /// In ascending order, which is the order of dependency.
  template <typename Visit>
  void each(Visit&& visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t word = words_[i]; word != 0; word &= word - 1)
        visit(i * kBits + static_cast<std::size_t>(std::countr_zero(word)));
    }
  }

 private:
  static constexpr std::size_t kBits = 64;
  boost::container::small_vector<std::uint64_t, 2> words_;
};

}  // namespace kith::internal::derive
