#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "terminal.h"
#include "web_frames.h"

namespace sallyport::bench {

// Thousands of sessions of a gateway on one thread, on the scripted host. Every call has an end:
// what does not come in time is an exception.
class Fleet {
 public:
  Fleet(unsigned gateway_port, const Target& target);
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  // Opens `count` more, `in_flight` at a time, each up to its prompt.
  void open(std::size_t count, unsigned in_flight);
  std::size_t size() const { return sessions_.size(); }

  // The first `typists` press a key `per_second` times each, evenly spread, and wait for each echo.
  // Returns the echo times in microseconds.
  std::vector<double> type(std::size_t typists, double per_second, std::chrono::seconds duration);

  // Each session gets `line` and a new line as input.
  void send_all(const std::string& line);
  // From now on output is not acknowledged.
  void stop_acknowledging() { acknowledges_ = false; }
  // Reads what comes for so long.
  void run(std::chrono::duration<double> duration);
  // Bytes of output of all sessions.
  std::uint64_t received() const { return received_; }

 private:
  enum class State { kUpgrading, kOpening, kPrompting, kOpen };
  struct Session {
    int socket = -1;
    State state = State::kUpgrading;
    FrameReader reader;
    std::uint64_t seq = 0;
    std::string prompt;      // until it is whole
    Clock::time_point sent;  // of the key whose echo is awaited
    bool awaits_echo = false;
  };

  void start_one();
  void turn_until(Clock::time_point time);
  void on_readable(Session& session);
  void on_frame(Session& session, const FrameReader::Frame& frame);
  void on_output(Session& session, const OutputFrame& output);
  void send(Session& session);

  unsigned port_;
  std::string open_frame_;
  int epoll_ = -1;
  std::deque<Session> sessions_;  // never move
  std::size_t open_ = 0;
  bool acknowledges_ = true;
  std::uint64_t received_ = 0;
  std::string sending_;
  std::string text_;  // scratch of on_output()
  std::vector<double> echo_times_;
};

}  // namespace sallyport::bench
