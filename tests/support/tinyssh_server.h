#pragma once

#include <sys/types.h>

#include <string>
#include <thread>
#include <vector>

#include "throwaway_account.h"

namespace sallyport::support {

// The real TinySSH on loopback, which knows Ed25519 keys and nothing older. It serves one
// connection on its standard input, as inetd(8) would start it; here this does.
class TinySshServer {
 public:
  explicit TinySshServer(const std::vector<std::string>& authorized_keys);
  ~TinySshServer();
  TinySshServer(const TinySshServer&) = delete;
  TinySshServer& operator=(const TinySshServer&) = delete;
  unsigned port() const { return port_; }
  const std::string& user() const { return account_.user(); }
  std::string log() const;

 private:
  void accept_loop();

  ThrowawayAccount account_;
  int listener_ = -1;
  unsigned port_ = 0;
  std::vector<pid_t> children_;
  std::thread acceptor_;
};

}  // namespace sallyport::support
