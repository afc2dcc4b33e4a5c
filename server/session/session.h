#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.h"
#include "base/secret.h"
#include "metrics/meter.h"
#include "net/task.h"
#include "protocol/frames.h"
#include "session/lifetime.h"
#include "session/registry.h"
#include "session/viewer_port.h"
#include "terminal/charset.h"
#include "terminal/flow_window.h"
#include "terminal/output_log.h"
#include "terminal/shell_port.h"

namespace sallyport::session {

class Seat;

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
  unsigned watchers = 8;                  // at most; 0: nobody may look on
  LifetimeOptions lifetime;
};

// One shell and who watches it. Lives on one reader thread; every call is made there. It outlives
// its viewers' sockets: the registry keeps it until the shell's end was seen, a limit is reached,
// or somebody hangs up.
//
// Output: shell -> charset -> log; each viewer pulls from the log at its own cursor (seat.h). When
// the un-acknowledged output of whoever has the keyboard reaches the window the shell is paused;
// while nobody has it, when the log is full (for a while). Input: numbered; each number is taken
// once.
class Session : public terminal::ShellEvents, public std::enable_shared_from_this<Session> {
 public:
  // `options` and `meter` must outlive the session.
  Session(net::Executor executor, Registry::Slot slot, const SessionOptions& options,
          metrics::Meter& meter, terminal::Charset charset);
  ~Session() override;

  // The login is over: `shell` sends its events here from now on, and the session can be found.
  // `client` names whoever numbers the input.
  void run(std::unique_ptr<terminal::Shell> shell, Description description, protocol::Size size,
           std::string client, Registry& registry);
  const Description& description() const { return description_; }
  const base::Secret& token() const { return token_; }
  const base::Secret* watch_token() const { return watch_.empty() ? nullptr : &watch_; }

  // The first viewer: it has the keyboard and sees all output.
  std::unique_ptr<ViewerPort> open(Viewer& viewer);
  // Somebody who comes back (and takes the keyboard from whoever has it) or looks on. `port` is
  // set before the viewer hears the first thing, which is before this returns.
  base::Result<void> attach(Viewer& viewer, const Return& request,
                            std::unique_ptr<ViewerPort>& port);

  void hang_up();        // ends the shell and the session; who watches is told
  void forget_output();  // memory is short: what is kept goes, if nobody has the keyboard

 private:
  friend class Seat;  // a viewer's share of all this

  // terminal::ShellEvents
  void on_output(std::string_view bytes) override;
  void on_output_pause() override;
  void on_input_drained() override;
  void on_exit(const terminal::ShellExit& exit) override;
  void on_failure(const base::Failure& failure) override;

  // For seats.
  void leave(Seat& seat, bool end_seen);
  void taken(std::uint64_t offset);  // the keyboard's viewer has all before it
  void acked(std::uint64_t end);
  bool input(std::uint64_t seq, std::string_view utf8);  // false: seq leaves a gap
  std::size_t input_backlog() const { return shell_ && !ended_ ? shell_->backlog() : 0; }
  void set_acks_unread(bool unread);
  void resize(protocol::Size size);
  protocol::Pong pong(std::uint64_t id) const;
  protocol::Attached attached_at(std::uint64_t start, bool yours = true) const;

  void append(std::string_view utf8);
  void end(const base::Failure& failure);  // by a limit
  void release_shell();
  void tell_end();
  void tell_end(Viewer& viewer) const;
  void nudge();
  void update_reading();
  void update_timer();
  void on_timer();

  net::Executor executor_;
  std::optional<Registry::Slot> slot_;  // until the shell has ended
  Registry::Membership membership_;
  const SessionOptions& options_;
  metrics::Meter& meter_;
  terminal::Charset charset_;
  terminal::OutputLog log_;
  terminal::FlowWindow window_;
  std::unique_ptr<terminal::Shell> shell_;
  Description description_;
  base::Secret token_;
  base::Secret watch_;
  protocol::Size size_;
  Seat* keyboard_ = nullptr;
  std::vector<Seat*> watchers_;
  Lifetime lifetime_;
  net::Timer timer_;  // of lifetime_
  Lifetime::Time timer_at_ = Lifetime::Time::max();
  std::chrono::steady_clock::time_point started_;
  std::optional<std::chrono::steady_clock::time_point> typed_;    // no output since
  std::optional<std::chrono::steady_clock::time_point> stalled_;  // the shell waits since
  std::string client_;           // who has the keyboard, or had it last
  std::string numbered_by_;      // whose input was taken last
  std::uint64_t input_seq_ = 0;  // the last number taken
  std::uint64_t taken_ = 0;      // offset up to which the keyboard's socket has the output
  std::uint64_t told_ = 0;       // log end when the viewers were last told
  bool acks_unread_ = false;
  bool was_resized_ = false;
  std::optional<terminal::ShellExit> exit_;  // how it ended: one of the two
  std::optional<base::Failure> failure_;
  bool ended_ = false;
};

}  // namespace sallyport::session
