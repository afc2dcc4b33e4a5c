#include "terminal/flow_window.h"

namespace sallyport::terminal {

FlowWindow::FlowWindow(std::uint64_t size) : size_(size) {}

bool FlowWindow::produced(std::uint64_t end) {
  produced_ = end;
  if (outstanding() >= size_) paused_ = true;
  return paused_;
}

bool FlowWindow::acked(std::uint64_t end) {
  if (end < acked_ || end > produced_) return false;
  acked_ = end;
  // Half, not just below: each pause costs the host a round trip, so one should be worth it.
  if (outstanding() < (size_ + 1) / 2) paused_ = false;
  return true;
}

void FlowWindow::restart(std::uint64_t offset) {
  produced_ = offset;
  acked_ = offset;
  paused_ = false;
}

}  // namespace sallyport::terminal
