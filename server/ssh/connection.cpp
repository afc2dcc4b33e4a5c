#include "ssh/connection.h"

#include <sys/socket.h>

#include <boost/asio/redirect_error.hpp>
#include <cerrno>

#include "terminal/charset.h"

namespace sallyport::ssh {
namespace {

using base::Failure;
using base::Stage;
using boost::system::error_code;

constexpr std::size_t kMaxNames = 512;  // bytes of a host's list of algorithms, in a sentence
constexpr std::size_t kMaxReason = 256;

}  // namespace

ssize_t Connection::SocketStream::send(const char* data, std::size_t size) {
  const ssize_t n = ::send(descriptor_, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  return n < 0 ? -errno : n;
}

ssize_t Connection::SocketStream::recv(char* data, std::size_t size) {
  const ssize_t n = ::recv(descriptor_, data, size, MSG_DONTWAIT);
  return n < 0 ? -errno : n;
}

Connection::Connection(net::Socket socket, LinkNames names, LinkTimeouts timeouts)
    : socket_(std::move(socket)),
      stream_(socket_.native_handle()),
      pump_(stream_),
      names_(std::move(names)),
      timeouts_(timeouts) {
  error_code ignored;
  socket_.native_non_blocking(true, ignored);
}

net::Task<bool> Connection::ready() {
  if (closed_) co_return false;
  const auto kind = pump_.wants().write ? net::Socket::wait_write : net::Socket::wait_read;
  error_code error;
  co_await socket_.async_wait(kind, boost::asio::redirect_error(net::use_task, error));
  if (closed_ || error) co_return false;
  pump_.woke();
  co_return true;
}

void Connection::start_clock(std::chrono::milliseconds limit) {
  ends_ = std::chrono::steady_clock::now() + limit;
  deadline_.emplace(executor(), limit, [this] {
    out_of_time_ = true;
    close();
  });
}

void Connection::stop_clock() { deadline_.reset(); }

void Connection::pause_clock() {
  left_ = ends_ - std::chrono::steady_clock::now();
  deadline_.reset();
}

void Connection::go_on_clock() {
  if (!closed_) start_clock(std::chrono::ceil<std::chrono::milliseconds>(left_));
}

void Connection::watch(std::function<void()> on_end) {
  on_end_ = std::move(on_end);
  watch_on(++*watch_);
}

void Connection::stop_watching() {
  ++*watch_;
  on_end_ = nullptr;
}

void Connection::watch_on(unsigned watch) {
  socket_.async_wait(
      net::Socket::wait_read, [this, watch, current = watch_](const error_code& error) {
        if (*current != watch) return;
        pump_.woke();
        if (!error && !closed_) pump_.fill();
        const bool over = error || closed_ || pump_.transport().end() != Transport::End::kNone;
        // What the host sends while it should wait fills a small buffer and is then left to the
        // kernel.
        if (!over && pump_.transport().full()) return;
        if (!over) return watch_on(watch);
        const auto tell = std::exchange(on_end_, nullptr);
        stop_watching();
        if (tell) tell();
      });
}

void Connection::close() {
  if (closed_) return;
  closed_ = true;
  if (busy_) {
    ::shutdown(socket_.native_handle(), SHUT_RDWR);
    return;
  }
  pump_.cut();
  error_code ignored;
  socket_.close(ignored);
}

void Connection::set_busy(bool busy) {
  busy_ = busy;
  if (!busy_ && closed_) {
    closed_ = false;
    close();
  }
}

Failure Connection::timeout(Stage stage) const {
  switch (stage) {
    case Stage::kHandshake:
      if (pump_.transport().received() > 0 && !pump_.transport().greeting().identified()) {
        return base::failure::not_ssh(names_.host, names_.port);
      }
      return base::failure::handshake_timeout(names_.host, names_.port,
                                              base::whole_seconds(timeouts_.handshake));
    case Stage::kAuthenticate:
      return base::failure::authenticate_timeout(names_.host,
                                                 base::whole_seconds(timeouts_.authenticate));
    default:
      return base::failure::shell_timeout(names_.host, base::whole_seconds(timeouts_.shell));
  }
}

Failure Connection::handshake_failure() const {
  const Transport& transport = pump_.transport();
  const KexinitReader& greeting = transport.greeting();
  if (!greeting.identified()) {
    if (transport.received() > 0) return base::failure::not_ssh(names_.host, names_.port);
    return base::failure::handshake_failed(names_.host,
                                           "it closed the connection before it said anything");
  }
  if (greeting.kexinit()) {
    using algorithms::Posture;
    if (const auto mismatch = algorithms::mismatch(*greeting.kexinit(), posture_)) {
      const bool legacy_helps = posture_ == Posture::kModern &&
                                !algorithms::mismatch(*greeting.kexinit(), Posture::kLegacy);
      return base::failure::no_common_algorithm(names_.host, mismatch->kind,
                                                terminal::printable(mismatch->offered, kMaxNames),
                                                mismatch->accepted, legacy_helps);
    }
  }
  if (!pump_.goodbye().empty()) {
    return base::failure::handshake_failed(
        names_.host, "it said \"" + terminal::printable(pump_.goodbye(), kMaxReason) + "\"");
  }
  if (transport.end() != Transport::End::kNone) {
    return base::failure::handshake_failed(names_.host, "it closed the connection");
  }
  return base::failure::handshake_failed(names_.host,
                                         terminal::printable(pump_.error().text, kMaxReason));
}

Failure Connection::failure(Stage stage) const {
  if (out_of_time_) return timeout(stage);
  const Transport::End end = pump_.transport().end();
  if (stage == Stage::kHandshake && !closed_ && end != Transport::End::kTimedOut)
    return handshake_failure();
  Failure failure;
  if (end == Transport::End::kTimedOut) {
    failure = base::failure::stopped_answering(names_.host);
  } else if (closed_ || end == Transport::End::kClosed || pump_.disconnected()) {
    failure = base::failure::host_closed(names_.host);
  } else {
    failure = base::failure::protocol_broken(names_.host,
                                             terminal::printable(pump_.error().text, kMaxReason));
  }
  if (!pump_.goodbye().empty()) {
    failure.hint =
        "It said \"" + terminal::printable(pump_.goodbye(), kMaxReason) + "\". " + failure.hint;
  }
  failure.stage = stage;
  return failure;
}

}  // namespace sallyport::ssh
