#pragma once

#include <array>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/beast/websocket/stream_fwd.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/log.h"
#include "base/wiping_allocator.h"
#include "net/closer.h"
#include "net/stream.h"
#include "protocol/frames.h"
#include "session/conversation.h"
#include "session/opener.h"
#include "session/viewer_port.h"
#include "web/http.h"
#include "web/outbox.h"
#include "web/stream_teardown.h"
#include "web/terminal_sockets.h"

namespace sallyport::web {

// One browser's WebSocket: reads its frames, runs its login, and shows it its session. Included by
// the files that are about it (terminal_*.cpp), nowhere else: Beast is slow to compile.
class TerminalSocket final : public session::Conversation,
                             public session::Viewer,
                             public std::enable_shared_from_this<TerminalSocket> {
 public:
  TerminalSocket(net::Stream stream, const TerminalOptions& options, const session::Opener& opener,
                 const session::Registry& registry, const base::Log& log);

  // The connection's whole life; returns when the socket is gone.
  net::Task<> run(Request request);
  void stop();  // the gateway is stopping: says so, then closes

 private:
  enum class Phase { kFirstFrame, kOpening, kRunning, kEnded };
  static const char* name(Phase phase);
  static bool allowed(Phase phase, const protocol::ClientFrame& frame);

  // Reading.
  net::Task<bool> accept(const Request& request);
  net::Task<> read_frames();
  net::Task<bool> read_message();
  void handle(protocol::ClientFrame& frame);
  void on_answer(protocol::Answer answer);
  net::Task<> wait_for_input_drained();
  void attach(const protocol::Attach& request);
  bool browser_left();
  static net::Task<> login(std::shared_ptr<TerminalSocket> self, protocol::Open request);

  // session::Conversation
  const std::string& client() const override { return client_; }
  void progress(base::Stage stage) override;
  net::Task<base::Result<bool>> confirm(protocol::HostKeyPrompt prompt) override;
  net::Task<base::Result<std::vector<base::Secret>>> ask(protocol::QuestionsPrompt prompt) override;
  void give_up(const base::Failure& failure) override;
  net::Task<base::Result<protocol::Answer>> await_answer(std::optional<std::size_t> values);

  // session::Viewer
  void on_attached(const protocol::Attached& attached) override;
  void on_output() override { flush(); }
  void on_accepted(std::uint64_t seq) override;
  void on_resized(protocol::Size size) override;
  void on_pong(const protocol::Pong& pong) override;
  void on_exited(const terminal::ShellExit& exit) override;
  void on_failed(const base::Failure& failure) override;

  // Writing.
  void flush();
  void on_written(boost::system::error_code error);
  void start_close(protocol::CloseCode code);
  void stop_reading();
  net::Task<> read_to_the_end();

  // Ending.
  void fail(const base::Failure& failure);
  void leave_session();
  void drop();  // closes the TCP socket; everything that waits unwinds
  static net::Task<> keep_alive(std::shared_ptr<TerminalSocket> self);

  using Clock = std::chrono::steady_clock;

  boost::beast::websocket::stream<net::Stream> socket_;
  const TerminalOptions& options_;
  const session::Opener& opener_;
  const session::Registry& registry_;
  const base::Log& log_;
  std::string peer_;
  std::string client_;
  Phase phase_ = Phase::kFirstFrame;
  bool open_ = true;  // the TCP socket is

  // The message being read. Passwords are in it, before `opened` and, for sudo, after.
  boost::beast::basic_flat_buffer<base::WipingAllocator<char>> received_;
  Clock::time_point last_heard_ = Clock::now();
  net::Timer ping_timer_;
  bool pinging_ = false;

  net::Closer closer_;  // of the login that runs
  std::uint64_t prompt_id_ = 0;
  struct Awaited {
    std::optional<std::size_t> values;  // of a `questions` prompt's answer; none: it has `accept`
  };
  std::optional<Awaited> awaited_;  // a prompt is open
  std::optional<protocol::Answer> answer_;
  std::optional<base::Failure> given_up_;  // why no answer is needed any more
  net::Timer prompt_timer_;
  protocol::Size size_;

  std::unique_ptr<session::ViewerPort> port_;  // the seat at the session
  std::string session_;                        // its id
  net::Timer input_drained_;  // used as a condition: cancelled when the host has taken all input
  bool input_blocked_ = false;
  net::Timer accepted_timer_;  // until then a key's `accepted` waits for its echo
  bool accepting_ = false;     // it runs
  bool echo_is_near_ = false;  // the input being taken is a key

  Outbox outbox_;
  std::string frame_;  // being written
  bool writing_ = false;
  bool flushing_ = false;
  bool reading_ = false;   // Beast is
  bool closing_ = false;   // nothing but the close frame is written any more
  bool end_seen_ = false;  // the browser answered the close, so it has read what came before
  std::array<unsigned char, 4> close_frame_{};
  std::optional<net::Timer> close_timer_;
};

}  // namespace sallyport::web
