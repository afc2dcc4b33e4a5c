#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <variant>

#include "net/stream.h"
#include "net/task.h"
#include "web/http.h"
#include "web/refusal.h"

namespace sallyport::web {

// Reads the requests of one connection, one after the other; what was read beyond one is kept for
// the next (RFC 9112, section 9.3.2). Lives beside its stream, in the connection's coroutine.
class RequestReader {
 public:
  // `header_limit`: bytes of request line and fields; `body_limit`: bytes of content, which is
  // dropped.
  RequestReader(net::Stream& stream, std::size_t header_limit, std::size_t body_limit)
      : stream_(stream), header_limit_(header_limit), body_limit_(body_limit) {}

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
  // The request whose first byte is here, whole within `limit`. A Refusal leaves the connection
  // unusable but for one answer.
  net::Task<Outcome> read(std::chrono::milliseconds limit);

 private:
  net::Task<boost::system::error_code> read_some();

  net::Stream& stream_;
  std::size_t header_limit_;
  std::size_t body_limit_;
  std::string buffer_;
};

}  // namespace sallyport::web
