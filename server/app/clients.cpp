#include "app/clients.h"

#include <algorithm>

#include "policy/login_brakes.h"
#include "ssh/dialer.h"

namespace sallyport::app {

std::string Clients::key(const net::Peer& peer) const {
  if (peer.kind != net::Peer::Kind::kNetwork) return {};
  if (proxies_.empty() && peer.address.is_loopback()) return {};
  const policy::Address address = ssh::to_policy(peer.address);
  const bool is_proxy = std::ranges::any_of(
      proxies_, [&](const policy::Network& network) { return network.contains(address); });
  return is_proxy ? std::string() : policy::client_key(address);
}

}  // namespace sallyport::app
