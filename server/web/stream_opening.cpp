#include "web/stream_opening.h"

#include <sys/socket.h>

#include <boost/asio/redirect_error.hpp>
#include <string>

#include "net/deadline.h"

namespace sallyport::web {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// The first byte of every TLS connection: a record of type handshake (RFC 8446, section 5.1). No
// request of HTTP begins with it.
constexpr unsigned char kHandshakeRecord = 0x16;

}  // namespace

net::Task<Opening> open_stream(net::Stream& stream, const OpeningOptions& options,
                               const base::Log& log) {
  if (!options.tls) co_return Opening::kReady;
  const net::Deadline deadline(stream.get_executor(), options.tls_timeout, [&stream] {
    error_code ignored;
    stream.close(ignored);
  });
  error_code error;
  co_await stream.socket().async_wait(net::Stream::Socket::wait_read,
                                      asio::redirect_error(net::use_task, error));
  unsigned char first = 0;
  if (error || ::recv(stream.socket().native_handle(), &first, 1, MSG_PEEK) != 1)
    co_return Opening::kGone;
  if (first != kHandshakeRecord) co_return Opening::kPlainHttp;

  error = co_await stream.start_tls(options.tls());
  if (error) {
    const std::string peer = stream.peer().text();
    const std::string reason = deadline.expired() ? "too slow" : error.message();
    log.info("tls.failed", {{"peer", peer}, {"reason", reason}});
    co_return Opening::kGone;
  }
  log.debug("tls.ready", {{"peer", stream.peer().text()},
                          {"version", stream.tls()->version()},
                          {"cipher", stream.tls()->cipher()}});
  co_return Opening::kReady;
}

}  // namespace sallyport::web
