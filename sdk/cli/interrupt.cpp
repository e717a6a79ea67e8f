#include "cli/interrupt.hpp"

#include <chrono>
#include <csignal>

namespace kith::cli {
namespace {

// A handler may touch nothing else than such a flag.
volatile std::sig_atomic_t interrupted = 0;
void on_signal(int) { interrupted = 1; }

}  // namespace

Interrupt::Interrupt() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}
Interrupt::~Interrupt() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}
bool Interrupt::asked() const noexcept { return interrupted != 0; }

OnInterrupt::OnInterrupt(const Interrupt& interrupt, std::function<void()> act)
    : watcher_([this, &interrupt, act = std::move(act)] {
        while (!over_.load()) {
          if (interrupt.asked()) {
            act();
            return;
          }
          std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
      }) {}
OnInterrupt::~OnInterrupt() {
  over_.store(true);
  watcher_.join();
}

}  // namespace kith::cli
