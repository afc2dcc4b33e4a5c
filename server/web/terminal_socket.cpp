#include "web/terminal_socket.h"

#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <utility>

#include "net/deadline.h"
#include "net/spawn.h"
#include "protocol/decode.h"
#include "web/read_ahead.h"

namespace sallyport::web {

namespace asio = boost::asio;
namespace failure = base::failure;
using Socket = boost::beast::websocket::stream<net::Stream>;
template struct GrantReadAhead<Socket, &Socket::impl_>;
using boost::system::error_code;
using protocol::CloseCode;

namespace {

// Input that the host has not taken: beyond this the browser's socket is not read. More than the
// page ever has in flight.
constexpr std::size_t kInputBacklog = 1024 * 1024;

// How often it is looked whether that is over; mostly it is said.
constexpr std::chrono::milliseconds kLookAgain{100};

// Input of so many bytes is a key, not a paste that waits for its `accepted`; its echo comes soon,
// or there is none (a password).
constexpr std::size_t kKey = 32;
constexpr std::chrono::milliseconds kEchoPatience{50};

// What the kernel may hold unsent for a browser. More would only sit in front of the echo of the
// next key.
constexpr int kNotSentLowWater = 16 * 1024;

// Above this a frame's buffer is given back when the connection goes idle.
constexpr std::size_t kIdleBuffer = 2 * 1024;

void set_socket_options(net::Stream::Socket& socket, std::chrono::milliseconds silent_after) {
  const int fd = socket.native_handle();
  const int on = 1;
  const auto user_timeout = static_cast<unsigned>(silent_after.count());
  // A failure of these costs speed, not correctness.
  (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  (void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kNotSentLowWater, sizeof kNotSentLowWater);
  (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout, sizeof user_timeout);
}

}  // namespace

TerminalSocket::TerminalSocket(net::Stream stream, const TerminalOptions& options,
                               const session::Opener& opener, const session::Registry& registry,
                               const base::Log& log)
    : socket_(std::move(stream)),
      options_(options),
      opener_(opener),
      registry_(registry),
      log_(log),
      peer_(socket_.next_layer().peer().text()),
      client_(options.client_of ? options.client_of(socket_.next_layer().peer()) : std::string()),
      ping_timer_(socket_.get_executor()),
      prompt_timer_(socket_.get_executor()),
      input_drained_(socket_.get_executor()),
      accepted_timer_(socket_.get_executor()) {
  set_socket_options(socket_.next_layer().socket(), options_.silent_after);
}

const char* TerminalSocket::name(Phase phase) {
  switch (phase) {
    case Phase::kFirstFrame:
      return "as the first frame";
    case Phase::kOpening:
      return "before `opened`";
    case Phase::kRunning:
      return "after `opened`";
    case Phase::kEnded:
      return "after the end";
  }
  return "";
}

// Which frame may come when. A late `answer` is no mistake: the prompt may have ended while it was
// on its way.
bool TerminalSocket::allowed(Phase phase, const protocol::ClientFrame& frame) {
  constexpr bool kYes = true, kNo = false;
  static constexpr std::array<std::array<bool, 4>, std::variant_size_v<protocol::ClientFrame>>
      kTable{{
          // first frame, opening, running, ended
          {kYes, kNo, kNo, kYes},   // open
          {kYes, kNo, kNo, kYes},   // attach
          {kYes, kNo, kNo, kYes},   // list
          {kNo, kNo, kYes, kYes},   // input
          {kNo, kYes, kYes, kYes},  // resize
          {kNo, kNo, kYes, kYes},   // ack
          {kNo, kYes, kYes, kYes},  // answer
          {kNo, kYes, kYes, kYes},  // close
          {kNo, kNo, kYes, kYes},   // ping
      }};
  return kTable[frame.index()][static_cast<std::size_t>(phase)];
}

net::Task<> TerminalSocket::run(Request request) {
  const auto self = shared_from_this();
  if (co_await accept(request)) {
    net::spawn(socket_.get_executor(), log_, "keep-alive", keep_alive(self));
    co_await read_frames();
    if (closing_) co_await read_to_the_end();
  }
  drop();
  log_.info("terminal.closed", {{"peer", peer_}, {"session", session_}});
  leave_session();
  closer_.close();
}

net::Task<bool> TerminalSocket::accept(const Request& request) {
  namespace websocket = boost::beast::websocket;
  socket_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
    response.set(http::field::sec_websocket_protocol, protocol::kSubprotocol);
    response.erase(http::field::server);
  }));
  socket_.read_message_max(0);  // read_message() has its own, stricter limit with an answer
  socket_.auto_fragment(false);
  socket_.text(true);
  socket_.control_callback([this](websocket::frame_type, auto) { last_heard_ = Clock::now(); });

  const net::Deadline deadline(socket_.get_executor(), options_.first_frame_timeout,
                               [this] { drop(); });
  error_code error;
  co_await socket_.async_accept(request, asio::redirect_error(net::use_task, error));
  co_return !error;
}

net::Task<> TerminalSocket::read_frames() {
  std::optional<net::Deadline> first_frame;
  first_frame.emplace(socket_.get_executor(), options_.first_frame_timeout, [this] {
    fail(failure::too_slow("The first frame", base::whole_seconds(options_.first_frame_timeout)));
  });
  while (co_await read_message()) {
    const auto bytes = received_.data();
    const std::string_view text(static_cast<const char*>(bytes.data()), bytes.size());
    auto frame = protocol::decode(text);
    explicit_bzero(bytes.data(), bytes.size());
    wipe_read_ahead(socket_);
    first_frame.reset();
    received_.consume(received_.size());
    if (received_.capacity() > kIdleBuffer) received_.shrink_to_fit();
    if (!frame) {
      fail(failure::bad_frame(frame.error()));
    } else if (!allowed(phase_, *frame)) {
      fail(failure::bad_frame(std::string("this type is not allowed ") + name(phase_)));
    } else {
      handle(*frame);
    }
    if (port_ && port_->input_backlog() > kInputBacklog) co_await wait_for_input_drained();
  }
}

// One whole message into received_. False: the socket is gone.
net::Task<bool> TerminalSocket::read_message() {
  while (!closing_) {
    // The close is under way: what comes now is not looked at.
    if (phase_ == Phase::kEnded) received_.consume(received_.size());
    const auto limit =
        phase_ == Phase::kRunning ? protocol::kFrameLimit : protocol::kFirstFrameLimit;
    error_code error;
    // In pieces: a message of any length is given up as soon as it is longer than it may be. Never
    // 0 or less: Beast would make room for as much as the frame's header says.
    reading_ = true;
    co_await socket_.async_read_some(received_, limit + 1 - received_.size(),
                                     asio::redirect_error(net::use_task, error));
    reading_ = false;
    if (error) co_return false;
    last_heard_ = Clock::now();
    if (phase_ == Phase::kEnded) continue;
    if (received_.size() > limit) {
      fail(failure::bad_frame("longer than " + std::to_string(limit / 1024) + " KiB"));
    } else if (socket_.got_binary()) {
      fail(failure::bad_frame("binary, not text"));
    } else if (socket_.is_message_done()) {
      co_return true;
    }
  }
  co_return false;
}

void TerminalSocket::handle(protocol::ClientFrame& frame) {
  if (phase_ == Phase::kEnded) return;
  struct Visitor {
    TerminalSocket& self;
    void operator()(protocol::Open& open) const {
      self.phase_ = Phase::kOpening;
      self.size_ = open.size;
      net::spawn(self.socket_.get_executor(), self.log_, "login",
                 login(self.shared_from_this(), std::move(open)));
    }
    void operator()(protocol::Attach& attach) const { self.attach(attach); }
    void operator()(protocol::List& list) const {
      self.phase_ = Phase::kEnded;
      self.outbox_.finish(self.registry_.list(list), CloseCode::kSessionEnded);
      self.flush();
    }
    void operator()(protocol::Input& input) const {
      self.echo_is_near_ = input.data.size() <= kKey;
      self.port_->input(input.seq, input.data);
      base::wipe(input.data);  // it may be a password that the host asked for
      self.echo_is_near_ = false;
    }
    void operator()(protocol::Resize& resize) const {
      self.size_ = resize.size;
      if (self.port_) self.port_->resize(resize.size);
    }
    void operator()(protocol::Ack& ack) const { self.port_->ack(ack.end); }
    void operator()(protocol::Ping& ping) const { self.port_->ping(ping.id); }
    void operator()(protocol::Answer& answer) const { self.on_answer(std::move(answer)); }
    void operator()(protocol::Close&) const {
      self.log_.info("session.closed", {{"peer", self.peer_}, {"session", self.session_}});
      self.phase_ = Phase::kEnded;
      if (self.port_) self.port_->hang_up();
      self.leave_session();
      self.closer_.close();
      self.prompt_timer_.cancel();
      self.outbox_.finish_now(CloseCode::kSessionEnded);
      self.flush();
    }
  };
  std::visit(Visitor{*this}, frame);
}

// While the host takes no input the browser's socket is not read, so a paste of any size costs
// kInputBacklog and one frame.
net::Task<> TerminalSocket::wait_for_input_drained() {
  input_blocked_ = true;
  port_->set_acks_unread(true);
  while (open_ && port_ && phase_ == Phase::kRunning && port_->input_backlog() > 0) {
    error_code ignored;
    input_drained_.expires_after(kLookAgain);
    co_await input_drained_.async_wait(asio::redirect_error(net::use_task, ignored));
  }
  input_blocked_ = false;
  last_heard_ = Clock::now();
  if (port_) port_->set_acks_unread(false);
}

void TerminalSocket::on_accepted(std::uint64_t seq) {
  if (input_blocked_) input_drained_.cancel();
  outbox_.push_accepted(seq);
  if (!echo_is_near_) return flush();
  // The frame, and the browser's work with it, would be in the way of the echo: it goes behind it.
  if (std::exchange(accepting_, true)) return;
  accepted_timer_.expires_after(kEchoPatience);
  accepted_timer_.async_wait([self = shared_from_this()](error_code) {
    self->accepting_ = false;
    self->flush();
  });
}

void TerminalSocket::flush() {
  // Taking output may say that the viewer was moved forward, which wants to be flushed.
  if (writing_ || closing_ || !open_ || flushing_) return;
  flushing_ = true;
  const bool more = outbox_.next(frame_, port_.get());
  flushing_ = false;
  if (more) {
    writing_ = true;
    socket_.async_write(
        asio::buffer(frame_),
        [self = shared_from_this()](error_code error, std::size_t) { self->on_written(error); });
  } else if (const auto code = outbox_.close_due(port_.get())) {
    start_close(*code);
  }
}

void TerminalSocket::on_written(error_code error) {
  writing_ = false;
  if (phase_ == Phase::kRunning && frame_.size() <= kIdleBuffer)
    base::wipe(frame_);  // `opened` has the token
  if (error) return drop();
  flush();
  if (!writing_ && frame_.capacity() > kIdleBuffer) std::string().swap(frame_);
}

}  // namespace sallyport::web
