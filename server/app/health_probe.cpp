#include "app/health_probe.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include "base/failure.h"
#include "net/unix_socket_file.h"

namespace sallyport::app {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

// The status line of an answer (RFC 9112, section 4) is all that is read: "HTTP/1.1 200".
constexpr std::size_t kStatusBytes = 12;

// One connection, one request, the first words of the answer; every wait ends at the deadline. What
// is wrong is the end of a sentence that begins with the place.
class Probe {
 public:
  using Trouble = std::optional<std::string>;

  explicit Probe(std::chrono::milliseconds limit) : deadline_(Clock::now() + limit) {}
  ~Probe() {
    tls_.reset();
    if (fd_ >= 0) ::close(fd_);
  }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  Trouble connect(const asio::generic::stream_protocol::endpoint& to) {
    fd_ = ::socket(to.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd_ < 0) return no_answer(errno);
    if (::connect(fd_, to.data(), static_cast<socklen_t>(to.size())) == 0) return {};
    if (errno != EINPROGRESS) return no_answer(errno);
    if (auto trouble = wait(POLLOUT)) return trouble;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return no_answer(error);
    return {};
  }

  // Without a look at the certificate: its name is that of the page, not of this machine's
  // loopback, and nothing is told.
  Trouble secure() {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    tls_.reset(SSL_new(context_.get()));
    if (!tls_ || SSL_set_fd(tls_.get(), fd_) != 1) return "cannot be asked: OpenSSL failed.";
    return repeat([this] { return SSL_connect(tls_.get()); });
  }

  Trouble write(std::string_view text) {
    if (tls_)
      return repeat(
          [&] { return SSL_write(tls_.get(), text.data(), static_cast<int>(text.size())); });
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN) return no_answer(errno);
      if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
      if (sent < 0)
        if (auto trouble = wait(POLLOUT)) return trouble;
    }
    return {};
  }

  Trouble read(std::string& text, std::size_t bytes) {
    while (text.size() < bytes) {
      std::array<char, kStatusBytes> some{};
      const std::size_t most = std::min(some.size(), bytes - text.size());
      std::size_t got = 0;
      if (tls_) {
        if (auto trouble = repeat([&] { return SSL_read_ex(tls_.get(), some.data(), most, &got); }))
          return trouble;
      } else {
        const ssize_t count = ::recv(fd_, some.data(), most, 0);
        if (count == 0) return "gave no answer: End of file.";
        if (count < 0 && errno != EAGAIN) return no_answer(errno);
        if (count < 0) {
          if (auto trouble = wait(POLLIN)) return trouble;
          continue;
        }
        got = static_cast<std::size_t>(count);
      }
      text.append(some.data(), got);
    }
    return {};
  }

 private:
  static std::string no_answer(int error) {
    return "gave no answer: " + std::string(std::strerror(error)) + ".";
  }

  Trouble wait(short events) {
    for (;;) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
      if (left <= 0) return "did not answer in time.";
      pollfd socket{fd_, events, 0};
      const int ready = ::poll(&socket, 1, static_cast<int>(left));
      if (ready > 0) return {};
      if (ready < 0 && errno != EINTR) return no_answer(errno);
    }
  }

  // Until the call succeeds (1 or more), as a non-blocking socket lets it.
  template <class Call>
  Trouble repeat(const Call& call) {
    for (;;) {
      ERR_clear_error();
      const int result = call();
      if (result > 0) return {};
      const int error = SSL_get_error(tls_.get(), result);
      if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        const char* reason = ERR_reason_error_string(ERR_peek_last_error());
        return "gave no answer over TLS: " + std::string(reason ? reason : "connection lost") + ".";
      }
      if (auto trouble = wait(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT)) return trouble;
    }
  }

  Clock::time_point deadline_;
  int fd_ = -1;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, &SSL_free};
};

}  // namespace

std::expected<void, std::string> probe_health(const HealthTarget& target,
                                              std::chrono::milliseconds limit) {
  asio::generic::stream_protocol::endpoint endpoint;
  std::string place = target.address;
  if (net::is_unix(target.address)) {
    endpoint = asio::local::stream_protocol::endpoint(net::unix_path(target.address));
  } else {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(target.address, error);
    if (error) return std::unexpected(target.address + " is not an IP address.");
    endpoint = asio::ip::tcp::endpoint(address, static_cast<unsigned short>(target.port));
    place = base::host_port(address.to_string(), target.port);
  }

  Probe probe(limit);
  std::string status;
  auto trouble = probe.connect(endpoint);
  if (!trouble && target.proxy_protocol) trouble = probe.write("PROXY UNKNOWN\r\n");
  if (!trouble && target.tls) trouble = probe.secure();
  if (!trouble) {
    trouble = probe.write("GET " + target.path + " HTTP/1.1\r\nHost: localhost" +
                          "\r\nConnection: close\r\n\r\n");
  }
  if (!trouble) trouble = probe.read(status, kStatusBytes);
  if (trouble) return std::unexpected(place + " " + *trouble);
  if (!status.starts_with("HTTP/1.") || !status.ends_with(" 200")) {
    return std::unexpected(place + " answered, but not that it is well.");
  }
  return {};
}

}  // namespace sallyport::app
