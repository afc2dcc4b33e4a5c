#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include "policy/rules.h"

namespace sallyport::policy {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned kMappedBits = 96;

std::optional<unsigned> parse_prefix(std::string_view text, unsigned most) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}

// `address` with the bits after the first `prefix` cleared.
Address masked(Address address, unsigned prefix) {
  for (std::size_t i = 0; i < address.bytes.size(); ++i) {
    const unsigned before = static_cast<unsigned>(i) * 8;
    const unsigned kept = prefix <= before ? 0 : std::min(prefix - before, 8U);
    address.bytes[i] = static_cast<std::uint8_t>(address.bytes[i] & (0xFF00U >> kept));
  }
  return address;
}

}  // namespace

Address Address::v4(std::array<std::uint8_t, 4> octets) {
  Address address;
  std::copy(kMapped.begin(), kMapped.end(), address.bytes.begin());
  std::copy(octets.begin(), octets.end(), address.bytes.begin() + kMapped.size());
  return address;
}

std::optional<Address> Address::parse(std::string_view text) {
  if (text.empty() || text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  std::array<std::uint8_t, 4> octets{};
  if (::inet_pton(AF_INET, terminated.c_str(), octets.data()) == 1) return v4(octets);
  Address address;
  if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

bool Address::is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes.begin()); }

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (is_v4()) {
    ::inet_ntop(AF_INET, bytes.data() + kMapped.size(), buffer.data(), buffer.size());
  } else {
    ::inet_ntop(AF_INET6, bytes.data(), buffer.data(), buffer.size());
  }
  return buffer.data();
}

bool Network::contains(const Address& candidate) const {
  if (candidate.is_v4() && prefix < kMappedBits) return false;
  return masked(candidate, prefix) == address;
}

std::expected<Network, std::string> Network::parse(std::string_view text) {
  const std::string quoted = "\"" + std::string(text) + "\"";
  const std::size_t slash = text.find('/');
  std::string_view literal = text.substr(0, slash);
  if (literal.size() > 2 && literal.front() == '[' && literal.back() == ']') {
    literal = literal.substr(1, literal.size() - 2);
  }
  const auto address = Address::parse(literal);
  if (!address) return std::unexpected(quoted + " is not an address or a network.");
  // A prefix counts in the family it was written in.
  const bool written_v4 = literal.find(':') == std::string_view::npos;
  const unsigned most = written_v4 ? 32 : 128;
  unsigned bits = most;
  if (slash != std::string_view::npos) {
    const auto given = parse_prefix(text.substr(slash + 1), most);
    if (!given) {
      return std::unexpected("The prefix of " + quoted + " must be 0 to " + std::to_string(most) +
                             ".");
    }
    bits = *given;
  }
  const Network network{*address, written_v4 ? bits + kMappedBits : bits};
  const Address base = masked(*address, network.prefix);
  if (base != *address) {
    return std::unexpected(quoted + " has bits beyond its prefix; write " + base.text() + "/" +
                           std::to_string(bits) + ".");
  }
  return network;
}

}  // namespace sallyport::policy
