#include <algorithm>
#include <array>
#include <cstddef>

#include "policy/grant.h"

namespace sallyport::policy {
namespace {

struct Forbidden {
  const char* network;
  const char* reason;
};
// What no rule and no preset can make a target.
constexpr std::array kNever{
    Forbidden{"0.0.0.0/8", "unspecified: the kernel dials this machine"},
    Forbidden{"::/128", "unspecified: the kernel dials this machine"},
    Forbidden{"169.254.0.0/16",
              "link-local; 169.254.169.254 gives out a cloud machine's credentials"},
    Forbidden{"fe80::/10", "link-local"},
    Forbidden{"fd00:ec2::254/128", "metadata of Amazon's machines"},
    Forbidden{"fd00:ec2::23/128", "credentials of Amazon's pods"},
    Forbidden{"fd20:ce::254/128", "metadata of Google's machines"},
    Forbidden{"100.100.100.200/32", "metadata of Alibaba's machines"},
    Forbidden{"192.0.0.192/32", "metadata of Oracle's machines"},
    Forbidden{"168.63.129.16/32", "the host agent of Azure's machines"},
    Forbidden{"224.0.0.0/4", "multicast"},
    Forbidden{"ff00::/8", "multicast"},
    Forbidden{"255.255.255.255/32", "broadcast"},
};

const std::vector<Network>& never_targets() {
  static const std::vector<Network> networks = [] {
    std::vector<Network> parsed;
    for (const Forbidden& forbidden : kNever) {
      parsed.push_back(Network::parse(forbidden.network).value());
    }
    return parsed;
  }();
  return networks;
}

// An address that a translator on the way turns into an IPv4 one is judged as that: NAT64 (RFC
// 6052, 2.1), 6to4 (RFC 3056, 2), and the IPv4-compatible form (RFC 4291, 2.5.5.1), whose first two
// are :: and ::1.
std::optional<Address> embedded_v4(const Address& address) {
  static const Network nat64 = Network::parse("64:ff9b::/96").value();
  static const Network six_to_four = Network::parse("2002::/16").value();
  static const Network compatible = Network::parse("::/96").value();
  const auto octets_at = [&](std::size_t at) {
    const auto& b = address.bytes;
    return Address::v4({b[at], b[at + 1], b[at + 2], b[at + 3]});
  };
  if (nat64.contains(address)) return octets_at(12);
  if (six_to_four.contains(address)) return octets_at(2);
  const bool loopback_v6 = address == Address::parse("::1");
  if (compatible.contains(address) && !loopback_v6) return octets_at(12);
  return std::nullopt;
}

bool is_never_a_target(const Address& address) {
  const auto& networks = never_targets();
  return std::any_of(networks.begin(), networks.end(),
                     [&](const Network& network) { return network.contains(address); });
}

bool is_unspecified(const Address& address) {
  return address == Address{} || address == Address::v4({0, 0, 0, 0});
}

bool is_loopback(const Address& address) {
  static const Network v4 = Network::parse("127.0.0.0/8").value();
  return v4.contains(address) || address == Address::parse("::1");
}

// A listener on every address is reached through any of loopback. (Its other addresses are the
// machine's interfaces: whoever wires the gateway names those as listeners too.)
bool is_own_listener(const std::vector<Endpoint>& listeners, const Endpoint& target) {
  return std::any_of(listeners.begin(), listeners.end(), [&](const Endpoint& listener) {
    if (listener.port != target.port) return false;
    return listener.address == target.address ||
           (is_unspecified(listener.address) && is_loopback(target.address));
  });
}

bool any_matches(const std::vector<Rule>& rules, const std::string& host, const Endpoint& target) {
  return std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) {
    return rule.matches(host, target.address, target.port);
  });
}

}  // namespace

Policy::Policy(Rules rules, std::vector<Endpoint> own_listeners)
    : rules_(std::move(rules)), own_listeners_(std::move(own_listeners)) {}

bool Policy::allows(const std::string& host, const Endpoint& target, bool is_preset) const {
  if (any_matches(rules_.deny, host, target)) return false;
  if (is_never_a_target(target.address) || is_own_listener(own_listeners_, target)) return false;
  if (const auto inner = embedded_v4(target.address)) {
    const Endpoint translated{*inner, target.port};
    if (any_matches(rules_.deny, host, translated) || is_never_a_target(*inner) ||
        is_own_listener(own_listeners_, translated)) {
      return false;
    }
  }
  return is_preset || rules_.allow.empty() || any_matches(rules_.allow, host, target);
}

std::vector<Grant> Policy::decide(const std::string& host, unsigned port,
                                  const std::vector<Address>& addresses, bool is_preset) const {
  std::vector<Grant> grants;
  if (port < 1 || port > 65535) return grants;
  for (const Address& address : addresses) {
    const Endpoint target{address, port};
    if (allows(host, target, is_preset)) grants.push_back(Grant(target));
  }
  return grants;
}

}  // namespace sallyport::policy
