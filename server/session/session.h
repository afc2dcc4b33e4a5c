#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "net/task.h"
#include "protocol/frames.h"
#include "session/registry.h"
#include "session/viewer_port.h"
#include "terminal/charset.h"
#include "terminal/flow_window.h"
#include "terminal/output_log.h"
#include "terminal/shell_port.h"

namespace sallyport::session {

// What is known of a session from its login on, for `opened` and the log.
struct Description {
  std::string id;
  std::string host;
  unsigned port = 22;
  std::string username;
  std::string banner;
  protocol::Algorithms algorithms;
};

struct SessionOptions {
  std::size_t window_bytes = 256 * 1024;  // un-acknowledged output before the shell waits
  std::size_t log_bytes = 1024 * 1024;    // output kept
};

// One shell and who watches it. Lives on one reader thread; every call is made there.
//
// Output: shell -> charset -> log; the viewer pulls from the log at its own cursor. When the
// viewer's un-acknowledged output reaches the window the shell is paused, so nothing here grows
// beyond log_bytes + one read of the shell. Input: numbered; each number is taken once.
class Session : public terminal::ShellEvents, public std::enable_shared_from_this<Session> {
 public:
  Session(net::Executor executor, Registry::Slot slot, SessionOptions options,
          terminal::Charset charset);
  ~Session() override;

  // The login is over: `shell` sends its events here from now on.
  void run(std::unique_ptr<terminal::Shell> shell, Description description);
  const Description& description() const { return description_; }
  const base::Secret& token() const { return token_; }

  // The one who has the keyboard. It sees all output from log().start() on and must detach before
  // it goes.
  void attach(Viewer& viewer);
  void detach(Viewer& viewer);

  const terminal::OutputLog& log() const { return log_; }
  // The viewer handed all output before `offset` to its socket.
  void sent(std::uint64_t offset);
  // False: it acknowledges what was never sent; the client is broken.
  bool ack(std::uint64_t end);
  // False: `seq` leaves a gap. A number that was taken before is acknowledged again and has no
  // other effect.
  bool input(std::uint64_t seq, std::string_view utf8);
  // Bytes taken as input that the host has not taken yet.
  std::size_t input_backlog() const;
  // The viewer stopped reading its socket because input_backlog() is high, so it cannot see acks
  // either: until that is over output is paced by what was sent, or a program that echoes its input
  // would wait for an ack that waits for it.
  void set_acks_unread(bool unread);
  void resize(protocol::Size size);
  void hang_up();  // ends the shell; the viewer hears nothing more
  bool ended() const { return ended_; }

 private:
  void on_output(std::string_view bytes) override;
  void on_output_pause() override;
  void on_input_drained() override;
  void on_exit(const terminal::ShellExit& exit) override;
  void on_failure(const base::Failure& failure) override;
  void finish_output();
  void update_reading();

  net::Executor executor_;
  Registry::Slot slot_;
  terminal::Charset charset_;
  terminal::OutputLog log_;
  terminal::FlowWindow window_;
  std::string decoded_;  // scratch of on_output(), kept for its capacity
  std::string encoded_;  // scratch of input()
  std::unique_ptr<terminal::Shell> shell_;
  Description description_;
  base::Secret token_;
  Viewer* viewer_ = nullptr;
  std::chrono::steady_clock::time_point started_;
  std::uint64_t input_seq_ = 0;  // the last number taken
  std::uint64_t sent_ = 0;       // offset up to which the viewer's socket has it
  std::uint64_t told_ = 0;       // log end when the viewer was last told
  bool acks_unread_ = false;
  bool reading_ = true;  // the shell is not paused
  bool ended_ = false;
};

}  // namespace sallyport::session
