#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/log.h"
#include "net/reader_threads.h"
#include "net/stream.h"

namespace sallyport::net {

// Where a listener listens.
struct ListenAt {
  // An IPv4 or IPv6 literal, with or without brackets; or "unix:" and the path of a Unix socket.
  std::string address;
  unsigned port = 0;          // 0 takes a free one
  unsigned unix_mode = 0660;  // who may open a Unix socket
};

// Accepts connections and hands each, TCP with TCP_NODELAY set, to the least loaded reader thread:
// `on_socket` runs there, with the connection already counted in that reader's load (whoever ends
// the connection calls add_load(-1)). When the process is out of descriptors it waits and goes on
// instead of spinning.
class Listener {
 public:
  using OnSocket = std::function<void(Stream, ReaderThread&)>;
  // Binds and listens at once. Throws std::runtime_error with a sentence ("127.0.0.1:8022 is in use
  // ...") when it cannot. A Unix socket that a program left behind is replaced, one that somebody
  // listens on is not. `readers` and `log` must outlive the accepting thread's last run.
  Listener(ReaderThread& accepts_on, ReaderThreads& readers, const base::Log& log,
           const ListenAt& where, OnSocket on_socket);
  ~Listener();  // close()

  // With the real port when 0 was asked; of a Unix socket 0.0.0.0:0.
  asio::ip::tcp::endpoint local_endpoint() const;
  void start();  // once
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
