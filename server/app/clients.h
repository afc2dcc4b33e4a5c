#pragma once

#include <string>
#include <utility>
#include <vector>

#include "net/peer.h"
#include "policy/rules.h"

namespace sallyport::app {

// Whom the limits by client count, in policy::client_key()'s words. Empty, which no such limit
// counts: a listed proxy and a Unix socket's peer, which stand for many; and, where no proxy is
// listed, loopback, for a proxy that is not listed may be there.
class Clients {
 public:
  explicit Clients(std::vector<policy::Network> proxies) : proxies_(std::move(proxies)) {}
  std::string key(const net::Peer& peer) const;

 private:
  std::vector<policy::Network> proxies_;
};

}  // namespace sallyport::app
