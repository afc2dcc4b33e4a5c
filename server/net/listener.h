#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/log.h"
#include "net/reader_threads.h"
#include "net/stream.h"

namespace sallyport::net {

// Accepts TCP connections and hands each, with TCP_NODELAY set, to the least loaded reader thread:
// `on_socket` runs there, with the connection already counted in that reader's load (whoever ends
// the connection calls add_load(-1)). When the process is out of descriptors it waits and goes on
// instead of spinning.
class Listener {
 public:
  using OnSocket = std::function<void(Stream, ReaderThread&)>;
  // Binds and listens at once. `address` is an IPv4 or IPv6 literal, with or without brackets; port
  // 0 takes a free one. Throws std::runtime_error with a sentence ("127.0.0.1:8022 is in use ...")
  // when it cannot. `readers` and `log` must outlive the accepting thread's last run.
  Listener(ReaderThread& accepts_on, ReaderThreads& readers, const base::Log& log,
           const std::string& address, unsigned port, OnSocket on_socket);
  ~Listener();  // close()

  asio::ip::tcp::endpoint local_endpoint() const;  // the real port when 0 was asked
  void start();                                    // once
  // From any thread; done when it returns if that is the accepting one. Connections that nobody
  // has accepted yet are refused from then on.
  void close();

 private:
  struct State;
  static Task<> accept_loop(std::shared_ptr<State> state);
  std::shared_ptr<State>
      state_;  // shared with the loop, which may still be waiting when the listener goes
};

}  // namespace sallyport::net
