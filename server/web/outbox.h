#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "protocol/encode.h"
#include "session/viewer_port.h"

namespace sallyport::web {

// What goes to one browser next: control frames first, then the output its seat has for it, then
// the last words. It never holds output itself (that is the session's), so it stays small however
// slow the browser is.
class Outbox {
 public:
  template <class Message>
  void push(const Message& message) {
    std::string frame;
    protocol::encode(frame, message);
    control_.push_back(std::move(frame));
  }
  // Coalesced: only the newest is sent, so that they cost nothing however many there are.
  void push_accepted(std::uint64_t seq) { accepted_ = seq; }
  void push_pong(const protocol::Pong& pong) {
    pong_.clear();
    protocol::encode(pong_, pong);
  }
  void push_size(const protocol::Resized& size) {
    size_.clear();
    protocol::encode(size_, size);
  }
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

  // Puts the next frame into `frame` (replacing it). False: nothing to send now. `port` may be
  // null.
  bool next(std::string& frame, session::ViewerPort* port);

  // The close code, once everything else has gone out.
  std::optional<protocol::CloseCode> close_due(const session::ViewerPort* port) const;

 private:
  bool next_control(std::string& frame);

  std::deque<std::string> control_;
  std::string pong_;  // empty: none
  std::string size_;  // the same
  std::optional<std::uint64_t> accepted_;
  bool after_output_ = false;  // output went since the last `accepted`
  std::optional<std::string> last_;
  std::optional<protocol::CloseCode> close_;
};

}  // namespace sallyport::web
