#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <variant>

#include "net/task.h"
#include "web/http.h"
#include "web/refusal.h"

namespace sallyport::web {

struct RequestLimits {
  std::size_t header;               // bytes of request line and fields
  std::size_t body;                 // bytes of content, which is dropped
  std::chrono::milliseconds whole;  // from the first byte to the last
};

// Reads the requests of one connection, one after the other; what was read beyond one is kept for
// the next (RFC 9112, section 9.3.2). Lives beside its socket, in the connection's coroutine.
class RequestReader {
 public:
  RequestReader(net::Socket& socket, RequestLimits limits) : socket_(socket), limits_(limits) {}

  struct Gone {};  // nobody to answer: the peer closed or broke the connection
  struct Received {
    Request request;
    bool content_unread =
        false;  // the client waits to be asked for it (Expect: 100-continue): answer and close
  };
  using Outcome = std::variant<Gone, Received, Refusal>;

  // True when the next request's first bytes are here already.
  bool has_begun() const { return !buffer_.empty(); }
  // Waits for the first byte of the next request, at most `limit`. False when nothing came.
  net::Task<bool> wait(std::chrono::milliseconds limit);
  // The request whose first byte is here. A Refusal leaves the connection unusable but for one
  // answer.
  net::Task<Outcome> read();

 private:
  net::Task<boost::system::error_code> read_some();

  net::Socket& socket_;
  RequestLimits limits_;
  std::string buffer_;
};

}  // namespace sallyport::web
