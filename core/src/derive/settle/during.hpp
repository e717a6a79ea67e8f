// Something has another value for a while, and what it had before however the while ends.
#pragma once
#include <utility>

namespace kith::internal::derive {

template <class T>
class During {
 public:
  During(T& place, T value) : place_(place), before_(std::exchange(place, std::move(value))) {}
  During(const During&) = delete;
  During& operator=(const During&) = delete;
  ~During() { place_ = std::move(before_); }

 private:
  T& place_;
  T before_;
};

}  // namespace kith::internal::derive
