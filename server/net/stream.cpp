#include "net/stream.h"

#include <boost/asio/redirect_error.hpp>

#include "net/address.h"

namespace sallyport::net {
namespace {

Peer peer_of(const Stream::Socket& socket) {
  boost::system::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return {};
  const sockaddr& address = *endpoint.data();
  if (address.sa_family == AF_UNIX) return {.kind = Peer::Kind::kUnix};
  const auto known = address_of(address);
  if (!known) return {};
  return Peer::at(*known, port_of(address));
}

}  // namespace

Stream::Stream(Socket socket) : socket_(std::move(socket)), peer_(peer_of(socket_)) {}

Task<Stream::Error> Stream::start_tls(TlsContext context) {
  Error error;
  socket_.native_non_blocking(true, error);
  if (error) co_return error;
  tls_ = std::make_unique<TlsSession>(context, socket_.native_handle());
  while (socket_.is_open()) {
    const auto step = tls_->handshake();
    if (step.want == TlsSession::Want::kNothing) co_return step.error;
    const auto kind = step.want == TlsSession::Want::kRead ? Socket::wait_read : Socket::wait_write;
    co_await socket_.async_wait(kind, asio::redirect_error(use_task, error));
    if (error) co_return error;
  }
  co_return asio::error::operation_aborted;
}

void Stream::end_writing(Error& error) {
  if (tls_ && socket_.is_open()) tls_->end_writing();
  socket_.shutdown(Socket::shutdown_send, error);
}

}  // namespace sallyport::net
