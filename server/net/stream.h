#pragma once

#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <cstddef>
#include <memory>
#include <utility>

#include "net/peer.h"
#include "net/task.h"
#include "net/tls_session.h"

namespace sallyport::net {

// A browser's connection: TCP or a Unix socket, plain or under TLS. Reads and writes as Asio's
// streams do (AsyncReadStream, AsyncWriteStream), so that Beast takes it. Plain, it is the socket
// and nothing more. Lives on its reader thread; not to be moved while an operation is under way.
class Stream {
 public:
  using executor_type = Executor;
  using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;
  using Error = boost::system::error_code;

  explicit Stream(Socket socket);  // plain; peer() is the socket's

  executor_type get_executor() noexcept { return socket_.get_executor(); }
  Socket& socket() { return socket_; }  // beneath TLS: for its options and to wait
  bool is_open() const { return socket_.is_open(); }

  // Who is at the other end; what log lines and brakes go by. Whoever has a listed proxy's word for
  // somebody else says so with set_peer().
  const Peer& peer() const { return peer_; }
  void set_peer(const Peer& peer) { peer_ = peer; }

  // Something that is given back when the connection is gone.
  void keep(std::shared_ptr<const void> place) { place_ = std::move(place); }

  // From here on all bytes are TLS's. What was read before is not part of it.
  Task<Error> start_tls(TlsContext context);
  const TlsSession* tls() const { return tls_.get(); }  // nullptr: plain

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    if (!tls_) return socket_.async_read_some(buffers, std::forward<Token>(token));
    asio::mutable_buffer first;
    for (auto at = asio::buffer_sequence_begin(buffers);
         first.size() == 0 && at != asio::buffer_sequence_end(buffers); ++at) {
      first = *at;
    }
    return asio::async_compose<Token, void(Error, std::size_t)>(Read{{*this}, first}, token,
                                                                socket_);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    if (!tls_) return socket_.async_write_some(buffers, std::forward<Token>(token));
    Write write{{*this}};
    for (auto at = asio::buffer_sequence_begin(buffers);
         write.count < write.buffers.size() && at != asio::buffer_sequence_end(buffers); ++at) {
      if (asio::const_buffer(*at).size() > 0) write.buffers[write.count++] = *at;
    }
    return asio::async_compose<Token, void(Error, std::size_t)>(std::move(write), token, socket_);
  }

  // No more from this side. The other may still send; TLS says its own word for it first.
  void end_writing(Error& error);
  void cancel(Error& error) { socket_.cancel(error); }
  void close(Error& error) { socket_.close(error); }

 private:
  // One operation under TLS: tries, and while it cannot go on waits for the socket and tries again.
  struct Operation {
    Stream& stream;
    TlsSession::Step step = {};
    bool waited = false;
    bool done = false;

    // A completion may not come before the call that asked for it has returned, hence the post.
    template <class Self>
    void go_on(Self& self) {
      Socket& socket = stream.socket_;
      if (step.want == TlsSession::Want::kNothing) {
        done = true;
        if (waited) return self.complete(step.error, step.bytes);
        return asio::post(socket.get_executor(), std::move(self));
      }
      waited = true;
      const auto kind =
          step.want == TlsSession::Want::kRead ? Socket::wait_read : Socket::wait_write;
      socket.async_wait(kind, std::move(self));
    }
    // A closed socket's number may be somebody else's by now: OpenSSL must not touch it.
    bool failed(Error& error) const {
      if (!error && !stream.is_open()) error = asio::error::operation_aborted;
      return error.failed();
    }
  };

  struct Read : Operation {
    asio::mutable_buffer buffer;

    template <class Self>
    void operator()(Self& self, Error error = {}) {
      if (done) return self.complete(step.error, step.bytes);
      step = failed(error) ? TlsSession::Step{.error = error} : stream.tls_->read(buffer);
      go_on(self);
    }
  };

  struct Write : Operation {
    std::array<asio::const_buffer, 16> buffers = {};  // as many as Asio's own sockets take
    std::size_t count = 0;
    std::size_t written = 0;

    template <class Self>
    void operator()(Self& self, Error error = {}) {
      if (done) return self.complete(step.error, step.bytes);
      if (failed(error)) {
        if (waited) stream.tls_->break_off_write();
        step = {.error = error, .bytes = written};
      } else {
        step = stream.tls_->write({buffers.data(), count}, written);
      }
      go_on(self);
    }
  };

  Socket socket_;
  Peer peer_;
  std::shared_ptr<const void> place_;
  std::unique_ptr<TlsSession> tls_;
};

}  // namespace sallyport::net
