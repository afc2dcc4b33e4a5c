#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "protocol/encode.h"
#include "terminal/output_log.h"

namespace sallyport::web {

// What goes to one browser next: control frames first, then the output its cursor has not reached,
// then the last words. It never holds output itself (that is the log's), so it stays small however
// slow the browser is.
class Outbox {
 public:
  static constexpr std::size_t kOutputBytes = 64 * 1024;  // most output in one frame

  template <class Message>
  void push(const Message& message) {
    std::string frame;
    protocol::encode(frame, message);
    control_.push_back(std::move(frame));
  }
  // Coalesced: only the newest number is sent.
  void push_accepted(std::uint64_t seq) { accepted_ = seq; }
  // The last frame of the connection, behind all output that is there when it is reached.
  template <class Message>
  void finish(const Message& message, protocol::CloseCode code) {
    if (close_) return;
    last_.emplace();
    protocol::encode(*last_, message);
    close_ = code;
  }
  // No last frame, and nothing before it either: the close handshake is all that is left to do.
  void finish_now(protocol::CloseCode code);

  // Puts the next frame into `frame` (replacing it). False: nothing to send now. `log` may be null.
  bool next(std::string& frame, const terminal::OutputLog* log);
  std::uint64_t cursor() const { return cursor_; }
  void set_cursor(std::uint64_t offset) { cursor_ = offset; }

  // The close code, once everything else has gone out.
  std::optional<protocol::CloseCode> close_due(const terminal::OutputLog* log) const;

 private:
  bool has_output(const terminal::OutputLog* log) const { return log && cursor_ < log->end(); }

  std::deque<std::string> control_;
  std::optional<std::uint64_t> accepted_;
  std::optional<std::string> last_;
  std::optional<protocol::CloseCode> close_;
  std::uint64_t cursor_ = 0;
};

}  // namespace sallyport::web
