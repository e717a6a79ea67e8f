// Ctrl-C and termination: asked for between steps, so that what runs ends at a place from which it can go on.
#pragma once
#include <atomic>
#include <functional>
#include <thread>

namespace kith::cli {

/// From now on SIGINT and SIGTERM set a flag instead of ending the program; the old handling comes back at the end.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  bool asked() const noexcept;
};

/// Calls `act` once, on a thread of its own, when an interrupt is asked for while this object lives.
class OnInterrupt {
 public:
  OnInterrupt(const Interrupt& interrupt, std::function<void()> act);
  ~OnInterrupt();
  OnInterrupt(const OnInterrupt&) = delete;
  OnInterrupt& operator=(const OnInterrupt&) = delete;

 private:
  std::atomic<bool> over_{false};
  std::thread watcher_;
};

}  // namespace kith::cli
