#include "policy/special_addresses.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace sallyport::policy {
namespace {

constexpr const char* kThisMachine =
    "an unspecified address, by which the kernel dials this machine";

constexpr std::array<std::pair<std::string_view, const char*>, 13> kNever{{
    {"0.0.0.0/8", kThisMachine},
    {"::/128", kThisMachine},
    {"169.254.0.0/16", "link-local; 169.254.169.254 gives out a cloud machine's credentials"},
    {"fe80::/10", "link-local"},
    {"fd00:ec2::/32", "metadata and credentials of Amazon's machines"},
    {"fd20:ce::254/128", "metadata of Google's machines"},
    {"fd00:42::42/128", "metadata of Scaleway's machines"},
    {"100.100.100.200/32", "metadata of Alibaba's machines"},
    {"192.0.0.192/32", "metadata of Oracle's machines"},
    {"168.63.129.16/32", "the host agent of Azure's machines"},
    {"224.0.0.0/4", "multicast"},
    {"ff00::/8", "multicast"},
    {"255.255.255.255/32", "broadcast"},
}};

Network parsed(std::string_view text) { return Network::parse(text).value(); }

const Network& loopback_v4() {
  static const Network network = parsed("127.0.0.0/8");
  return network;
}
const Network& loopback_v6() {
  static const Network network = parsed("::1");
  return network;
}

Address octets(const Address& address, std::array<std::size_t, 4> at) {
  const auto& b = address.bytes;
  return Address::v4({b[at[0]], b[at[1]], b[at[2]], b[at[3]]});
}

}  // namespace

const char* never_a_target(const Address& address) {
  static const auto networks = [] {
    std::vector<std::pair<Network, const char*>> all;
    for (const auto& [text, reason] : kNever) all.emplace_back(parsed(text), reason);
    return all;
  }();
  const auto found = std::find_if(networks.begin(), networks.end(),
                                  [&](const auto& each) { return each.first.contains(address); });
  return found == networks.end() ? nullptr : found->second;
}

bool is_loopback(const Address& address) {
  return loopback_v4().contains(address) || loopback_v6().contains(address);
}

bool is_loopback(const Network& network) {
  const auto holds = [&](const Network& loopback) {
    return network.prefix >= loopback.prefix && loopback.contains(network.address);
  };
  return holds(loopback_v4()) || holds(loopback_v6());
}

std::vector<Address> embedded_v4(const Address& address) {
  static const Network nat64 = parsed("64:ff9b::/96");
  static const Network local_nat64 = parsed("64:ff9b:1::/48");
  static const Network six_to_four = parsed("2002::/16");
  static const Network teredo = parsed("2001::/32");
  static const Network translated = parsed("::ffff:0:0:0/96");
  static const Network compatible = parsed("::/96");
  constexpr std::array<std::size_t, 4> kEnd{12, 13, 14, 15};

  if (loopback_v6().contains(address)) return {};
  if (nat64.contains(address) || translated.contains(address) || compatible.contains(address)) {
    return {octets(address, kEnd)};
  }
  // A site's own translator has a prefix of 48, 56, 64 or 96 bits (RFC 6052, 2.2), and an address
  // does not say which: it is read as all of them.
  if (local_nat64.contains(address)) {
    std::vector<Address> readings{octets(address, {6, 7, 9, 10}), octets(address, {7, 9, 10, 11}),
                                  octets(address, {9, 10, 11, 12}), octets(address, kEnd)};
    std::erase_if(readings, [](const Address& reading) { return reading.bytes[12] == 0; });
    return readings;
  }
  if (six_to_four.contains(address)) return {octets(address, {2, 3, 4, 5})};
  if (teredo.contains(address)) {
    Address client = octets(address, kEnd);
    for (std::size_t at : kEnd) client.bytes[at] ^= 0xFF;  // RFC 4380, 4: obfuscated
    return {client};
  }
  constexpr std::array<std::uint8_t, 4> kIsatap{0x00, 0x00, 0x5E, 0xFE};
  constexpr std::array<std::uint8_t, 4> kGlobalIsatap{0x02, 0x00, 0x5E, 0xFE};
  const auto* interface = address.bytes.data() + 8;
  if (std::equal(kIsatap.begin(), kIsatap.end(), interface) ||
      std::equal(kGlobalIsatap.begin(), kGlobalIsatap.end(), interface)) {
    return {octets(address, kEnd)};
  }
  return {};
}

}  // namespace sallyport::policy
