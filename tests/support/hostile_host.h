#pragma once

#include <atomic>
#include <list>
#include <mutex>
#include <set>
#include <thread>

#include "rude_ssh_server.h"

namespace sallyport::support {

// A RudeSshServer for each connection, on loopback, with a thread of its own.
class HostileHost {
 public:
  explicit HostileHost(RudeSshServer::Moment moment = RudeSshServer::Moment::kNever,
                       RudeSshServer::Act act = {});
  ~HostileHost();
  HostileHost(const HostileHost&) = delete;
  HostileHost& operator=(const HostileHost&) = delete;
  unsigned port() const { return port_; }
  std::size_t sent() const { return sent_; }  // bytes that some client took
  // No connection is sent more: whatever floods is at an end then.
  static constexpr std::size_t kMost = 48 * 1024 * 1024;

 private:
  void accept_loop();
  void serve(int descriptor);

  RudeSshServer::Moment moment_;
  RudeSshServer::Act act_;
  int listener_ = -1;
  unsigned port_ = 0;
  std::atomic<std::size_t> sent_ = 0;
  std::mutex mutex_;
  bool closing_ = false;
  std::set<int> open_;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace sallyport::support
