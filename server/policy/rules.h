#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::policy {

// An IP address without Asio: IPv4 is kept as IPv4-mapped IPv6 (RFC 4291, 2.5.5.2), so that
// "::ffff:127.0.0.1" is 127.0.0.1 to every rule.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  static std::optional<Address> parse(
      std::string_view text);  // strict literals only: no 127.1, no octal
  static Address v4(std::array<std::uint8_t, 4> octets);
  bool is_v4() const;
  std::string text() const;
  bool operator==(const Address&) const = default;
};

// The addresses whose first `prefix` bits are `address`'s.
struct Network {
  Address address;
  unsigned prefix = 0;  // bits of the 128: an IPv4 prefix and 96 more
  // A network of IPv6 holds no IPv4 address, though all of those are ::ffff:0:0/96 here: who writes
  // [::]/0 means IPv6.
  bool contains(const Address& candidate) const;
  // `10.0.0.0/8`, `[fd00::]/8`, `fd00::/8`, `10.0.0.5`. The error is a sentence.
  static std::expected<Network, std::string> parse(std::string_view text);
};

// One rule of targets.allow / targets.deny: `10.0.0.0/8`, `10.0.0.5:22`, `[fd00::]/8`, `*.corp`,
// `db-?.corp:22`,
// `*:22`, `*`. Host patterns match the name the user typed (case folded, trailing dot dropped),
// CIDRs the resolved address.
class Rule {
 public:
  // The error is a sentence that names the rule.
  static std::expected<Rule, std::string> parse(std::string_view text);
  bool matches(std::string_view host, const Address& address, unsigned port) const;
  // A network within loopback: `*` and `0.0.0.0/0` match loopback, but do not name it.
  bool names_loopback() const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string pattern_;  // lower case; empty: a network rule
  Network network_;
  std::optional<unsigned> port_;  // none: any
};

struct Rules {
  std::vector<Rule> allow;  // empty: everything that no rule denies, but loopback
  std::vector<Rule> deny;
};

}  // namespace sallyport::policy
