#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/failure.h"
#include "protocol/frames.h"
#include "terminal/shell_port.h"

namespace sallyport::session {

// What a session tells a connection that shows it. Every call comes on the viewer's own thread.
class Viewer {
 public:
  virtual ~Viewer() = default;
  // After an `attach`: it has its seat. Again when a watcher fell behind what is kept: its output
  // goes on at the new start.
  virtual void on_attached(const protocol::Attached& attached) = 0;
  virtual void on_output() = 0;                      // there is more to take()
  virtual void on_accepted(std::uint64_t seq) = 0;   // all input up to seq was taken for the shell
  virtual void on_resized(protocol::Size size) = 0;  // to watchers
  virtual void on_pong(const protocol::Pong& pong) = 0;
  // The last, one of the two. What is left of the output can still be taken.
  virtual void on_exited(const terminal::ShellExit& exit) = 0;
  virtual void on_failed(const base::Failure& failure) = 0;
};

// A connection's seat at a session: a cursor in its log and, for one of them, the keyboard. The
// same for a session on this thread (seat.h) and on another (remote_seat.h). Every call is made on
// the viewer's own thread; destroying it leaves the session, which goes on.
class ViewerPort {
 public:
  static constexpr std::size_t kMostOutput = 64 * 1024;  // bytes in one piece

  struct Piece {
    std::uint64_t end = 0;  // offset just after `data`
    std::string_view data;  // valid until the next call
  };

  virtual ~ViewerPort() = default;
  virtual bool has_output() const = 0;
  // The next output. Empty: on_attached() (it was moved forward) or on_resized() came instead.
  virtual Piece take() = 0;
  // What breaks the protocol (an ack of what was never taken, input that leaves a gap) is answered
  // by on_failed() with a bad_frame.
  virtual void ack(std::uint64_t end) = 0;
  virtual void input(std::uint64_t seq, std::string_view utf8) = 0;
  virtual void resize(protocol::Size size) = 0;
  virtual void ping(std::uint64_t id) = 0;  // answered by on_pong()
  // Bytes taken as input that the host has not taken yet.
  virtual std::size_t input_backlog() const = 0;
  // The viewer stopped reading its socket because input_backlog() is high, so it cannot see acks
  // either: until that is over output is paced by what was taken, or a program that echoes its
  // input would wait for an ack that waits for it.
  virtual void set_acks_unread(bool unread) = 0;
  virtual void hang_up() = 0;  // ends the shell; the viewer hears nothing more
  // The browser has seen how it ended: nobody needs to come back for it.
  virtual void end_seen() = 0;
};

// What an `attach` asks for, once its token was good.
struct Return {
  bool watch = false;
  std::uint64_t received = 0;
  protocol::Size size;
  std::string client = {};  // who numbers the input
  bool take = true;         // also from another client
};

}  // namespace sallyport::session
