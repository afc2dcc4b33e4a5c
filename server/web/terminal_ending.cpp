// How a terminal socket ends, and how it is noticed that nobody is there any more.
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <utility>

#include "session/close_code.h"
#include "web/terminal_socket.h"

namespace sallyport::web {

namespace asio = boost::asio;
namespace failure = base::failure;
using boost::system::error_code;
using protocol::CloseCode;

namespace {

// A browser that does not answer the close frame is not waited for longer.
constexpr std::chrono::seconds kCloseTimeout{2};

// RFC 6455, section 5.2: a close frame of a client is two bytes (0x88, 0x82), a mask of four, and
// two of a code.
constexpr std::size_t kClientCloseBytes = 8;

}  // namespace

// The close frame goes past Beast: its async_close() waits for a read under way, and a read that
// finds the client breaking the protocol just then waits for the close, so that neither would ever
// end. Nor may Beast read the browser's answer: it would answer that. So its read ends first, and
// read_to_the_end() goes on.
void TerminalSocket::start_close(CloseCode code) {
  if (pinging_) return;  // its end comes back here; two writes must not mix
  closing_ = true;
  close_timer_.emplace(socket_.get_executor(), kCloseTimeout);
  close_timer_->async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->drop();
  });
  // RFC 6455, sections 5.2 and 7.4: final, opcode 8, two bytes of payload, which are the code.
  const auto number = static_cast<unsigned>(code);
  close_frame_ = {0x88, 2, static_cast<unsigned char>(number >> 8),
                  static_cast<unsigned char>(number & 0xff)};
  stop_reading();
}

// Again and again: a read that has its bytes already is not cancelled, and may begin another.
void TerminalSocket::stop_reading() {
  if (!reading_ || !open_) return;
  error_code ignored;
  socket_.next_layer().cancel(ignored);
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->stop_reading(); });
}

// Says the close and waits until the browser answers it, which says that it has read all before it.
// What is still on its way is taken and dropped: a TCP socket that is closed with bytes unread is
// reset, and the client might lose the last words. TCP is not half closed meanwhile: a proxy would
// take that for the end of both halves (nginx does) and the answer would never come.
net::Task<> TerminalSocket::read_to_the_end() {
  error_code error;
  co_await asio::async_write(socket_.next_layer(), asio::buffer(close_frame_),
                             asio::redirect_error(net::use_task, error));
  std::array<char, 4096> dropped;
  std::string last;  // bytes: as many as a browser's close frame has
  while (open_ && !error) {
    const auto count = co_await socket_.next_layer().async_read_some(
        asio::buffer(dropped), asio::redirect_error(net::use_task, error));
    last.append(dropped.data(), count);
    if (last.size() > kClientCloseBytes) last.erase(0, last.size() - kClientCloseBytes);
    if (end_seen_ || last.size() < kClientCloseBytes || !last.starts_with("\x88\x82")) continue;
    end_seen_ = true;
    error_code ignored;
    socket_.next_layer().end_writing(ignored);  // it is the browser's turn
  }
}

void TerminalSocket::fail(const base::Failure& failed) {
  if (phase_ == Phase::kEnded) return;
  log_.info("terminal.failed", {{"peer", peer_},
                                {"stage", base::name(failed.stage)},
                                {"code", failed.code},
                                {"message", failed.message}});
  phase_ = Phase::kEnded;
  if (options_.on_error) options_.on_error(socket_.get_executor(), failed);
  leave_session();
  closer_.close();
  prompt_timer_.cancel();
  outbox_.finish(failed, session::close_code(failed));
  flush();
}

void TerminalSocket::stop() {
  if (!open_) return;
  phase_ == Phase::kEnded ? drop() : fail(failure::gateway_stopping());
}

// The session goes on without this socket. Not from inside one of the session's calls: its seat
// would go under it.
void TerminalSocket::leave_session() {
  if (!port_) return;
  if (end_seen_) port_->end_seen();
  port_.reset();
  input_drained_.cancel();
}

void TerminalSocket::on_exited(const terminal::ShellExit& exit) {
  log_.info("session.exited",
            {{"session", session_}, {"status", exit.status}, {"signal", exit.signal}});
  phase_ = Phase::kEnded;
  if (input_blocked_) input_drained_.cancel();
  outbox_.finish(protocol::Exited{exit.status, exit.signal}, CloseCode::kSessionEnded);
  flush();
}

void TerminalSocket::on_failed(const base::Failure& failed) {
  log_.info("session.failed", {{"session", session_}, {"code", failed.code}});
  phase_ = Phase::kEnded;
  if (options_.on_error) options_.on_error(socket_.get_executor(), failed);
  if (input_blocked_) input_drained_.cancel();
  outbox_.finish(failed, session::close_code(failed));
  flush();
}

void TerminalSocket::drop() {
  if (!open_) return;
  open_ = false;
  error_code ignored;
  socket_.next_layer().close(ignored);
  ping_timer_.cancel();
  prompt_timer_.cancel();
  input_drained_.cancel();
  accepted_timer_.cancel();
  if (close_timer_) close_timer_->cancel();
}

net::Task<> TerminalSocket::keep_alive(std::shared_ptr<TerminalSocket> self) {
  for (;;) {
    self->ping_timer_.expires_after(self->options_.ping_interval);
    error_code ignored;
    co_await self->ping_timer_.async_wait(asio::redirect_error(net::use_task, ignored));
    if (!self->open_) co_return;
    // While input is blocked nothing is read, so silence means nothing; TCP_USER_TIMEOUT watches
    // the network then.
    if (!self->input_blocked_ && Clock::now() - self->last_heard_ >= self->options_.silent_after) {
      self->log_.info("terminal.silent", {{"peer", self->peer_}});
      self->drop();
      co_return;
    }
    if (self->pinging_ || self->closing_) continue;
    self->pinging_ = true;
    self->socket_.async_ping({}, [self](error_code error) {
      self->pinging_ = false;
      // While input is blocked no read finds out that the browser has gone.
      if (error) return self->drop();
      self->flush();
    });
  }
}

}  // namespace sallyport::web
