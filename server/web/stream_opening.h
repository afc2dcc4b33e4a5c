#pragma once

#include <chrono>
#include <functional>

#include "base/log.h"
#include "net/stream.h"
#include "web/proxies.h"

namespace sallyport::web {

struct OpeningOptions {
  std::function<net::TlsContext()> tls = {};  // none: connections are plain
  Proxies proxies = {};
  // Listed proxies begin with the PROXY protocol, always; nobody else may.
  bool proxy_protocol = false;
  // From accept to the end of the handshake, and of the proxy's word before it.
  std::chrono::milliseconds timeout{10'000};
};

// What a new connection needs before its first request can be read.
enum class Opening {
  kPlain,      // it can be read; or, the same,
  kSecure,     // and the browser came by TLS: ours, or that of a listed proxy
  kGone,       // nobody to answer, or nobody who understands an answer
  kPlainHttp,  // something that is not TLS came where TLS is spoken, and has not been read yet
};
// From here on stream.peer() is whom a listed proxy named by the PROXY protocol.
net::Task<Opening> open_stream(net::Stream& stream, const OpeningOptions& options,
                               const base::Log& log);

}  // namespace sallyport::web
