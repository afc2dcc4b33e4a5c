#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "support/resume_fixture.h"

namespace sallyport::support {

// What happened to a page's sockets.
struct CutCounts {
  std::uint64_t resets = 0;          // RST
  std::uint64_t half_closes = 0;     // FIN
  std::uint64_t silences = 0;        // still there when the next one attached
  std::uint64_t in_own_frame = 0;    // after some bytes of a frame it was sending
  std::uint64_t unanswered = 0;      // after `attach`, before `attached`
  std::uint64_t in_their_frame = 0;  // of all: some bytes of a frame had come, and not all
  std::uint64_t in_sequence = 0;     // of all: came back inside an escape sequence
  std::uint64_t total() const {
    return resets + half_closes + silences + in_own_frame + unanswered;
  }
  void add(const CutCounts& other);
};

// A page that shows NumberedLines, types TypedLines, loses its socket again and again, and comes
// back each time: what it has not seen accepted is sent again, what it has is checked byte for
// byte. A difference is thrown.
class ReturningPage {
 public:
  struct Plan {
    std::uint64_t output = 0;         // bytes of it that will be printed, from `begin` on
    std::uint64_t input = 0;          // bytes that will be typed
    std::vector<std::uint64_t> cuts;  // after so many bytes of output, in order
  };

  // `browser` has a session that is about to print; its output is NumberedLines from `begin` on.
  ReturningPage(WebSocketOptions options, Ticket ticket, WebSocketClient browser,
                std::uint64_t begin, std::uint64_t typed, Plan plan, unsigned seed);

  // Until `exited`, which is returned.
  WebSocketClient::Json run();
  const CutCounts& counts() const { return counts_; }

 private:
  struct Input {
    std::uint64_t seq;
    std::string text;
  };

  void show();       // checks and takes what came
  void type_more();  // as much as is due
  void send(const Input& input);
  void forget_accepted(std::uint64_t seq);
  std::string next_piece();
  void wait(std::uint64_t output);  // until there is so much, `exited`, or the socket is gone
  void wait_inside_a_frame();
  void cut();
  void come_back();
  std::uint64_t place_to_go_on();
  std::uint64_t random(std::uint64_t below);

  WebSocketOptions options_;
  Ticket ticket_;
  std::optional<WebSocketClient> browser_;
  std::vector<WebSocketClient> silent_;
  std::uint64_t begin_;  // offset of the numbered lines
  std::uint64_t shown_;  // offset up to which the output was checked
  std::uint64_t seq_;    // of the last input
  std::uint64_t typed_ = 0;
  std::uint64_t typable_;  // all but one line, so that the shell ends after the last cut
  std::deque<Input> unaccepted_;
  std::size_t unaccepted_bytes_ = 0;
  Plan plan_;
  CutCounts counts_;
  std::mt19937_64 random_;
};

}  // namespace sallyport::support
