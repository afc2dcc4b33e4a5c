#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace sallyport::terminal {

// How far the browser may fall behind before the shell waits. Offsets are the OutputLog's, in
// bytes; acks are absolute.
//
// Its size follows the browser: what lies between the shell and the screen delays the answer to
// Ctrl-C, so a browser (or a network) that takes 5 MB/s gets a smaller window than one that takes
// 100: what it takes in the time an ack needs when nothing waits, and kQueueTime more (as TCP Vegas
// does, Brakmo and Peterson 1995).
class FlowWindow {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::uint64_t kLeast = 32 * 1024;  // bytes; one frame
  static constexpr std::uint64_t kFirst = 64 * 1024;  // until an ack says more
  static constexpr std::chrono::milliseconds kQueueTime{20};
  // An ack that takes less says nothing about the network: a page answers between two pictures (16
  // ms).
  static constexpr std::chrono::milliseconds kSoon{15};

  // `most` in bytes; 256 KiB unless configured.
  explicit FlowWindow(std::uint64_t most)
      : most_(most), least_(std::min(most, kLeast)), size_(std::min(most, kFirst)) {}

  // The log grew to `end`. Returns whether the shell must be paused now.
  bool produced(std::uint64_t end);
  // All before `end` was handed to the browser's socket.
  void sent(std::uint64_t end, Clock::time_point now);
  // The terminal parsed all up to `end`. Acks that go back or beyond what was produced are refused
  // (false): a lie.
  bool acked(std::uint64_t end, Clock::time_point now);
  // A viewer begins at `offset` with nothing outstanding; nothing is known of its way.
  void restart(std::uint64_t offset);

  // True from the moment unacked output reaches size() until acks bring it below half: then the
  // shell goes on.
  bool paused() const { return paused_; }
  std::uint64_t outstanding() const { return produced_ - acked_; }
  std::uint64_t size() const { return size_; }

 private:
  void measured(Clock::duration time);

  std::uint64_t most_;
  std::uint64_t least_;
  std::uint64_t size_;
  std::uint64_t produced_ = 0;
  std::uint64_t acked_ = 0;
  bool paused_ = false;

  std::uint64_t timed_end_ = 0;  // the piece whose ack is timed; 0: none
  Clock::time_point timed_since_{};
  std::uint64_t timed_bytes_ = 0;  // what had to be taken until then
  bool was_full_ = false;          // since that piece was sent
  Clock::duration shortest_ = Clock::duration::max();
};

}  // namespace sallyport::terminal
