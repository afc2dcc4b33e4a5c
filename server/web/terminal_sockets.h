#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/failure.h"
#include "base/log.h"
#include "net/reader_threads.h"
#include "net/stream.h"
#include "net/task.h"
#include "session/opener.h"
#include "web/http.h"

namespace sallyport::web {

struct TerminalOptions {
  std::chrono::milliseconds first_frame_timeout{10'000};  // from the upgrade to a whole first frame
  std::chrono::milliseconds prompt_timeout{120'000};      // for an answer to a prompt
  std::chrono::milliseconds ping_interval{20'000};
  std::chrono::milliseconds silent_after{60'000};  // without a sign of life the socket is dropped
  // Who is held to account for what comes from a peer; empty: not known.
  std::function<std::string(const net::Peer&)> client_of = {};
  // Hears of every `error` that a browser is told, on that socket's reader thread.
  std::function<void(const net::Executor&, const base::Failure&)> on_error = {};
};

// All browsers' sockets of the gateway: one WebSocket per terminal, speaking sallyport.v1
// (docs/protocol.md).
class TerminalSockets {
 public:
  // What is passed by reference must outlive the last run of every reader thread.
  TerminalSockets(TerminalOptions options, net::ReaderThreads& readers,
                  const session::Opener& opener, const session::Registry& registry,
                  const base::Log& log);
  ~TerminalSockets();

  // Takes over a checked upgrade request, on the reader's own thread; counts itself in the reader's
  // load.
  void start(net::Stream stream, Request request, net::ReaderThread& reader);

  // Any thread. Tells every browser that the gateway is stopping (close 1001); new ones are told at
  // once.
  void stop();
  // Blocks the caller (no reader thread) until no socket is open or `limit` is over; whether none
  // is.
  bool wait_until_closed(std::chrono::milliseconds limit) const;
  std::size_t size() const;  // open sockets; any thread

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace sallyport::web
