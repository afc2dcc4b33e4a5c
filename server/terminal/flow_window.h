#pragma once

#include <cstdint>

namespace sallyport::terminal {

// How far the browser may fall behind before the shell waits. Offsets are the OutputLog's, in
// bytes; acks are absolute.
class FlowWindow {
 public:
  explicit FlowWindow(std::uint64_t size);  // bytes; 256 KiB unless configured

  // The log grew to `end`. Returns whether the shell must be paused now.
  bool produced(std::uint64_t end);
  // The terminal parsed all up to `end`. Acks that go back or beyond what was produced are refused
  // (false): a lie.
  bool acked(std::uint64_t end);
  // A viewer begins at `offset` with nothing outstanding.
  void restart(std::uint64_t offset);

  // True from the moment unacked output reaches size until acks bring it below half: then the shell
  // goes on.
  bool paused() const { return paused_; }
  std::uint64_t outstanding() const { return produced_ - acked_; }

 private:
  std::uint64_t size_;
  std::uint64_t produced_ = 0;
  std::uint64_t acked_ = 0;
  bool paused_ = false;
};

}  // namespace sallyport::terminal
