#pragma once

#include <chrono>
#include <functional>

#include "base/log.h"
#include "net/stream.h"

namespace sallyport::web {

struct OpeningOptions {
  std::function<net::TlsContext()> tls = {};      // none: connections are plain
  std::chrono::milliseconds tls_timeout{10'000};  // from accept to the end of the handshake
};

// What a new connection needs before its first request can be read.
enum class Opening {
  kReady,
  kGone,       // nobody to answer, or nobody who understands an answer
  kPlainHttp,  // something that is not TLS came where TLS is spoken, and has not been read yet
};
net::Task<Opening> open_stream(net::Stream& stream, const OpeningOptions& options,
                               const base::Log& log);

}  // namespace sallyport::web
