#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "net/peer.h"

namespace sallyport::net {

// What a proxy says about the connection it passes on, before the connection's own bytes (the PROXY
// protocol, versions 1 and 2, as HAProxy's doc/proxy-protocol.txt specifies it).
struct ProxyHeader {
  std::optional<Peer> client;  // nothing: the proxy's own connection (LOCAL), or UNKNOWN
  bool secure = false;         // the client came by TLS (version 2, PP2_TYPE_SSL)
};

struct ProxyParse {
  enum class State { kIncomplete, kDone, kBad };
  State state = State::kIncomplete;
  std::size_t bytes = 0;  // of kDone: how long the header is
  ProxyHeader header = {};
};

// A header of version 2 with all that is added to it; an honest one has a few hundred bytes.
inline constexpr std::size_t kProxyHeaderLimit = 1024;

// `bytes` is all that came so far. Strict: exactly what the specification has, in that spelling.
ProxyParse parse_proxy_header(std::string_view bytes);

}  // namespace sallyport::net
