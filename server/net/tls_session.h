#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

// OpenSSL's SSL_CTX and SSL, whose headers few files need.
struct ssl_ctx_st;
struct ssl_st;

namespace sallyport::net {

using TlsContext = std::shared_ptr<ssl_ctx_st>;

// The server's end of one TLS connection (RFC 8446, RFC 5246) on a non-blocking socket. Never
// waits: each call does what can be done now and says what it waits for. OpenSSL reads and writes
// the socket itself, so that no byte is copied twice and an idle connection holds no buffers.
class TlsSession {
 public:
  enum class Want { kNothing, kRead, kWrite };
  struct Step {
    Want want = Want::kNothing;  // kNothing: done, with an error or without
    boost::system::error_code error = {};
    std::size_t bytes = 0;
  };

  // `socket` must stay open, and the same, for as long as anything below is called.
  TlsSession(const TlsContext& context, int socket);  // throws std::bad_alloc

  Step handshake();
  // eof when the peer ended its half, with TLS's word for it or without.
  Step read(boost::asio::mutable_buffer into);
  // Writes what is in `buffers` from byte `done` on, which it moves forward. After a `want` it must
  // be called with the same buffers until it is done: a record may be half written.
  Step write(std::span<const boost::asio::const_buffer> buffers, std::size_t& done);
  // The write that wants more will not be repeated: nothing can be written any more.
  void break_off_write() { broken_ = true; }
  // TLS's word for "no more from me" (close_notify), as far as the socket takes it now.
  void end_writing();

  std::string version() const;  // "TLSv1.3"
  std::string cipher() const;   // "TLS_AES_128_GCM_SHA256"

 private:
  Step judge(int result) const;

  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  bool broken_ = false;
};

}  // namespace sallyport::net
