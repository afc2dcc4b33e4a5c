#include "ssh/shell.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <cstdint>
#include <utility>

namespace sallyport::ssh {
namespace {

using boost::system::error_code;

// Drives the pump of a running shell: a turn, then a wait for what the turn left to be waited for.
// No coroutine, so that a wake costs one handler. Held by its owner and by whatever it waits for.
class Runner : public std::enable_shared_from_this<Runner> {
 public:
  Runner(std::shared_ptr<Connection> connection, terminal::ShellEvents& events)
      : connection_(std::move(connection)), events_(&events), idle_(connection_->executor()) {}

  void start() {
    turn_soon();
    keep_alive_later();
  }

  void write(std::string_view bytes) {
    if (!events_) return;
    if (pump().write(bytes)) after_call();
  }
  std::size_t backlog() const { return pump().backlog(); }
  void resize(unsigned cols, unsigned rows) {
    if (events_ && pump().resize(cols, rows)) after_call();
  }
  std::optional<std::chrono::microseconds> round_trip() const {
    tcp_info info{};
    socklen_t size = sizeof info;
    const int fd = connection_->socket().native_handle();
    if (!events_ || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
    return std::chrono::microseconds(info.tcpi_rtt);
  }
  void pause() { pump().pause(); }
  void resume() {
    if (!pump().paused()) return;
    pump().resume();
    if (events_) after_call();
  }
  // No event after it; the handlers that are under way find nobody to tell.
  void close() {
    events_ = nullptr;
    pump().pause();
    idle_.cancel();
    connection_->close();
  }

 private:
  Pump& pump() const { return connection_->pump(); }

  // Never from inside a call: the session would be entered again.
  void turn_soon() {
    if (std::exchange(turn_posted_, true)) return;
    boost::asio::post(connection_->executor(), [self = shared_from_this()] {
      self->turn_posted_ = false;
      self->turn();
    });
  }
  // A call from inside a turn needs no other: the turn looks at all of it when it ends.
  void after_call() {
    if (!in_turn_) turn_soon();
  }

  void turn() {
    if (!events_) return;
    in_turn_ = true;
    const bool input_waited = pump().backlog() > 0;
    bool printed = false;
    const Pump::Wants wants = pump().turn([&](std::string_view bytes) {
      printed = true;
      if (events_) events_->on_output(bytes);
    });
    if (events_ && printed && !wants.again) events_->on_output_pause();
    if (events_ && input_waited && pump().backlog() == 0) events_->on_input_drained();
    in_turn_ = false;
    if (!events_) return;
    if (pump().end() != Pump::End::kRunning) return finish();
    wait_for(pump().wants());
  }

  void wait_for(Pump::Wants wants) {
    if (wants.again) turn_soon();
    if (wants.read && !wants.again && !std::exchange(read_armed_, true)) {
      connection_->socket().async_wait(net::Socket::wait_read,
                                       [self = shared_from_this()](const error_code&) {
                                         self->read_armed_ = false;
                                         self->wake();
                                       });
    }
    if (wants.write && !std::exchange(write_armed_, true)) {
      connection_->socket().async_wait(net::Socket::wait_write,
                                       [self = shared_from_this()](const error_code&) {
                                         self->write_armed_ = false;
                                         self->wake();
                                       });
    }
  }

  void wake() {
    if (!events_) return;
    pump().woke();
    turn();
  }

  // A coarse timer per link, not one per message: it looks whether anything was sent since it last
  // looked.
  void keep_alive_later() {
    idle_.expires_after(connection_->timeouts().keepalive);
    idle_.async_wait([self = shared_from_this()](const error_code& error) {
      if (error || !self->events_) return;
      const std::uint64_t sent = self->pump().transport().sent();
      if (sent == self->sent_before_) self->pump().keep_alive();
      self->sent_before_ = self->pump().transport().sent();
      self->keep_alive_later();
      self->turn();
    });
  }

  void finish() {
    terminal::ShellEvents& events = *std::exchange(events_, nullptr);
    idle_.cancel();
    const Pump::End end = pump().end();
    if (end == Pump::End::kExited) {
      const terminal::ShellExit exit = pump().exit();
      connection_->close();
      return events.on_exit(exit);
    }
    const base::Failure failure = connection_->failure(base::Stage::kRunning);
    connection_->close();
    events.on_failure(failure);
  }

  std::shared_ptr<Connection> connection_;
  terminal::ShellEvents* events_;  // null: it is over
  net::Timer idle_;
  std::uint64_t sent_before_ = 0;
  bool turn_posted_ = false;
  bool in_turn_ = false;
  bool read_armed_ = false;
  bool write_armed_ = false;
};

class RunningShell final : public terminal::Shell {
 public:
  explicit RunningShell(std::shared_ptr<Runner> runner) : runner_(std::move(runner)) {}
  ~RunningShell() override { runner_->close(); }
  void write(std::string_view bytes) override { runner_->write(bytes); }
  std::size_t backlog() const override { return runner_->backlog(); }
  void resize(unsigned cols, unsigned rows) override { runner_->resize(cols, rows); }
  std::optional<std::chrono::microseconds> round_trip() const override {
    return runner_->round_trip();
  }
  void pause() override { runner_->pause(); }
  void resume() override { runner_->resume(); }
  void hang_up() override { runner_->close(); }

 private:
  std::shared_ptr<Runner> runner_;
};

}  // namespace

std::unique_ptr<terminal::Shell> run_shell(std::shared_ptr<Connection> connection,
                                           terminal::ShellEvents& events) {
  auto runner = std::make_shared<Runner>(std::move(connection), events);
  runner->start();
  return std::make_unique<RunningShell>(std::move(runner));
}

}  // namespace sallyport::ssh
