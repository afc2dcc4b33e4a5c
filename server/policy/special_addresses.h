#pragma once

#include <vector>

#include "policy/rules.h"

namespace sallyport::policy {

// Why no rule and no preset can make `address` a target (metadata of clouds, link-local, multicast,
// broadcast, unspecified); null: it is none of those.
const char* never_a_target(const Address& address);

// 127.0.0.0/8 and ::1: this machine, behind its own firewall.
bool is_loopback(const Address& address);
// The same for a whole network, so that 0.0.0.0/0 is none.
bool is_loopback(const Network& network);

// The IPv4 addresses that something on the way may turn `address` into: NAT64 (RFC 6052, RFC 8215),
// 6to4 (RFC 3056), Teredo (RFC 4380), ISATAP (RFC 5214), SIIT (RFC 2765) and the IPv4-compatible
// form (RFC 4291, 2.5.5.1). An address is judged as each of them, too.
std::vector<Address> embedded_v4(const Address& address);

}  // namespace sallyport::policy
