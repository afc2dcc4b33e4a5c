#pragma once

#include <string.h>

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/websocket/stream.hpp>

// A WebSocket stream of Beast's reads ahead into a buffer of its own, in which a frame's text, mask
// taken off, stays until other frames overwrite it: a password, for as long as the session runs.
// Beast lends no way to it, so this takes one: an explicit instantiation may name a private member
// (C++23, [temp.spec.general], 6).
namespace sallyport::web {

template <class Stream>
struct ReadAheadOf {
  friend auto& implementation_of(ReadAheadOf, Stream& stream);
};

template <class Stream, auto Member>
struct GrantReadAhead {
  friend auto& implementation_of(ReadAheadOf<Stream>, Stream& stream) { return *(stream.*Member); }
};

// For a stream on which no read is under way: what was read is wiped, what is still to be read is
// kept. Instantiate GrantReadAhead<Stream, &Stream::impl_> before.
template <class Stream>
void wipe_read_ahead(Stream& stream) {
  auto& buffer = implementation_of(ReadAheadOf<Stream>{}, stream).rd_buf;
  const auto unused = buffer.prepare(buffer.max_size() - buffer.size());
  for (const boost::asio::mutable_buffer part : boost::beast::buffers_range_ref(unused)) {
    ::explicit_bzero(part.data(), part.size());
  }
}

}  // namespace sallyport::web
