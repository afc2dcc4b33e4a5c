#include "web/stream_opening.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <optional>
#include <string>

#include "net/deadline.h"
#include "net/proxy_protocol.h"

namespace sallyport::web {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// The first byte of every TLS connection: a record of type handshake (RFC 8446, section 5.1). No
// request of HTTP begins with it.
constexpr unsigned char kHandshakeRecord = 0x16;

// Waits for bytes and looks at them without taking them. 0: there will be none.
net::Task<std::size_t> peek(net::Stream& stream, asio::mutable_buffer into) {
  error_code error;
  co_await stream.socket().async_wait(net::Stream::Socket::wait_read,
                                      asio::redirect_error(net::use_task, error));
  if (error || !stream.is_open()) co_return 0;
  const ssize_t got =
      ::recv(stream.socket().native_handle(), into.data(), into.size(), MSG_PEEK | MSG_DONTWAIT);
  co_return got > 0 ? static_cast<std::size_t>(got) : 0;
}

// The proxy's header and not a byte behind it: what follows may be TLS's, which reads the socket
// itself.
net::Task<std::optional<net::ProxyHeader>> read_proxy_header(net::Stream& stream) {
  using State = net::ProxyParse::State;
  std::string header;
  std::array<char, net::kProxyHeaderLimit> seen;
  while (header.size() < net::kProxyHeaderLimit) {
    const std::size_t got = co_await peek(stream, asio::buffer(seen));
    if (got == 0) co_return std::nullopt;
    const auto parsed = net::parse_proxy_header(header + std::string(seen.data(), got));
    if (parsed.state == State::kBad) co_return std::nullopt;
    const bool done = parsed.state == State::kDone;
    const std::size_t ours = done ? parsed.bytes - header.size() : got;
    if (::recv(stream.socket().native_handle(), seen.data(), ours, MSG_DONTWAIT) !=
        static_cast<ssize_t>(ours)) {
      co_return std::nullopt;
    }
    if (done) co_return parsed.header;
    header.append(seen.data(), ours);
  }
  co_return std::nullopt;
}

}  // namespace

net::Task<Opening> open_stream(net::Stream& stream, const OpeningOptions& options,
                               const base::Log& log) {
  const bool announced = options.proxy_protocol && options.proxies.trusts(stream.peer());
  if (!options.tls && !announced) co_return Opening::kPlain;
  const net::Deadline deadline(stream.get_executor(), options.timeout, [&stream] {
    error_code ignored;
    stream.close(ignored);
  });

  bool secure = false;
  if (announced) {
    const auto header = co_await read_proxy_header(stream);
    if (!header) {
      const std::string proxy = stream.peer().text();
      log.info("proxy.refused",
               {{"peer", proxy},
                {"reason", deadline.expired() ? "too slow" : "no PROXY protocol header"}});
      co_return Opening::kGone;
    }
    secure = header->secure;
    if (header->client) stream.set_peer(*header->client);
  }
  if (!options.tls) co_return secure ? Opening::kSecure : Opening::kPlain;

  unsigned char first = 0;
  const std::size_t got = co_await peek(stream, asio::buffer(&first, 1));
  if (got == 0) co_return Opening::kGone;
  if (first != kHandshakeRecord) co_return Opening::kPlainHttp;
  const error_code error = co_await stream.start_tls(options.tls());
  const std::string peer = stream.peer().text();
  if (error) {
    const std::string reason = deadline.expired() ? "too slow" : error.message();
    log.info("tls.failed", {{"peer", peer}, {"reason", reason}});
    co_return Opening::kGone;
  }
  log.debug(
      "tls.ready",
      {{"peer", peer}, {"version", stream.tls()->version()}, {"cipher", stream.tls()->cipher()}});
  co_return Opening::kSecure;
}

}  // namespace sallyport::web
