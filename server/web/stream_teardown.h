#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <memory>
#include <utility>

#include "net/stream.h"

// How Beast ends the connection beneath a WebSocket (RFC 6455, section 7.1.1); found by the
// stream's type. As it does for plain TCP: no more from us, then what still comes is dropped until
// the peer has ended its half, then closed. Without the reading in between the close would be a
// reset.
namespace sallyport::net {

struct Teardown {
  Stream& stream;
  enum class Step { kBegin, kReading, kDone } step = Step::kBegin;
  Stream::Error outcome = {};
  std::shared_ptr<std::array<char, 2048>> dropped = {};

  template <class Self>
  void operator()(Self& self, Stream::Error error = {}, std::size_t = 0) {
    if (step == Step::kDone) return self.complete(outcome);
    if (step == Step::kBegin) {
      stream.end_writing(error);
      if (error) {
        step = Step::kDone;
        outcome = error;
        return boost::asio::post(stream.get_executor(), std::move(self));
      }
      step = Step::kReading;
      dropped = std::make_shared<std::array<char, 2048>>();
    } else if (error) {
      if (error == boost::asio::error::eof) stream.close(error);
      return self.complete(error);
    }
    Stream& from = stream;
    const auto buffer = boost::asio::buffer(*dropped);
    from.async_read_some(buffer, std::move(self));
  }
};

template <class Handler>
void async_teardown(boost::beast::role_type, Stream& stream, Handler&& handler) {
  boost::asio::async_compose<Handler, void(Stream::Error)>(Teardown{stream}, handler,
                                                           stream.get_executor());
}

// Beast's blocking calls end with it; nobody here makes one.
inline void teardown(boost::beast::role_type, Stream& stream, Stream::Error& error) {
  stream.close(error);
}

// Beast's own idle timer, which is off here, would end a stream so.
inline void beast_close_socket(Stream& stream) {
  Stream::Error ignored;
  stream.close(ignored);
}

}  // namespace sallyport::net
