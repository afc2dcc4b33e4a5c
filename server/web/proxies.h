#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/peer.h"
#include "policy/rules.h"
#include "web/http.h"

namespace sallyport::web {

// Who made a request and how, once every listed proxy in between was believed and nobody else.
// Brakes and log lines go by `peer`; for a terminal it is also its stream's (net::Stream::peer).
struct Caller {
  net::Peer peer;
  bool secure = false;  // by HTTPS
  std::string host;     // as the browser asked for it; empty: as the request says
};

// The proxies in front of the gateway. What they say about others counts, what anybody else says
// about others does not (X-Forwarded-For, -Proto, -Host; the PROXY protocol).
class Proxies {
 public:
  Proxies() = default;
  explicit Proxies(std::vector<policy::Network> trusted) : trusted_(std::move(trusted)) {}

  // Whoever can open our Unix socket was let in by the file's mode.
  bool trusts(const net::Peer& peer) const;

  // `direct`: who is at the other end of the connection. Of a chain in X-Forwarded-For it is the
  // last one that no listed proxy is: what is left of it may be anybody's invention. Of
  // X-Forwarded-Proto and -Host the last value counts, which the nearest proxy wrote.
  Caller caller(const Request& request, const Caller& direct) const;

 private:
  std::vector<policy::Network> trusted_;
};

}  // namespace sallyport::web
