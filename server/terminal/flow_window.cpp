#include "terminal/flow_window.h"

namespace sallyport::terminal {

bool FlowWindow::produced(std::uint64_t end) {
  produced_ = end;
  if (outstanding() >= size_) paused_ = was_full_ = true;
  return paused_;
}

void FlowWindow::sent(std::uint64_t end, Clock::time_point now) {
  if (timed_end_ != 0 || end <= acked_) return;
  timed_end_ = end;
  timed_since_ = now;
  timed_bytes_ = end - acked_;
  was_full_ = paused_;
}

bool FlowWindow::acked(std::uint64_t end, Clock::time_point now) {
  if (end < acked_ || end > produced_) return false;
  acked_ = end;
  if (timed_end_ != 0 && end >= timed_end_) {
    timed_end_ = 0;
    measured(now - timed_since_);
  }
  // Half, not just below: each pause costs the host a round trip, so one should be worth it.
  if (outstanding() < (size_ + 1) / 2) paused_ = false;
  return true;
}

void FlowWindow::restart(std::uint64_t offset) {
  *this = FlowWindow(most_), produced_ = acked_ = offset;
}

void FlowWindow::measured(Clock::duration time) {
  using Seconds = std::chrono::duration<double>;
  shortest_ = std::min(shortest_, time);
  // Only while the window is what limits: else the time says nothing about its size.
  if (!was_full_) return;
  const Seconds unhindered = std::max<Clock::duration>(shortest_, kSoon);
  const Seconds queued = Seconds(time) - unhindered;
  const auto size = static_cast<double>(size_);
  double fit = size * 2;  // nothing waits: there is room for more on the way
  if (queued > Seconds(kQueueTime) / 4) {
    const double rate = static_cast<double>(timed_bytes_) / Seconds(time).count();
    fit = std::clamp(rate * Seconds(unhindered + kQueueTime).count(), size / 2, size * 2);
  }
  size_ = std::clamp(static_cast<std::uint64_t>(fit), least_, most_);
}

}  // namespace sallyport::terminal
