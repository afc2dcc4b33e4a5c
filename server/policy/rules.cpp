#include "policy/rules.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "policy/special_addresses.h"

namespace sallyport::policy {
namespace {

constexpr std::size_t kLongestRule = 320;  // bytes: a 255-byte name and a port, generously

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// `*` is any run of characters, dots too; `?` is one. `pattern` is lower case. Linear: only the
// last `*` is tried again.
bool glob(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_name = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_name = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == folded(name[n]))) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++star_name;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string_view without_trailing_dot(std::string_view host) {
  if (host.size() > 1 && host.back() == '.') host.remove_suffix(1);
  return host;
}

bool is_pattern_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
         c == '*' || c == '?' || byte >= 0x80;
}

// Digits, dots and wildcards only: somebody means addresses, and a pattern on names would not see
// them.
bool looks_like_addresses(std::string_view pattern) {
  const bool numeric = std::all_of(pattern.begin(), pattern.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == '*' || c == '?';
  });
  return numeric &&
         std::any_of(pattern.begin(), pattern.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Takes ":22" off the end of `text`. An IPv6 literal has a port only after its bracket.
std::expected<std::optional<unsigned>, std::string> take_port(std::string_view& text) {
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const bool bracketed = bracket != std::string_view::npos;
  if (bracketed ? colon < bracket : text.find(':') != colon) return std::nullopt;
  const std::string_view digits = text.substr(colon + 1);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port < 1 || port > 65535) {
    return std::unexpected("The port of \"" + std::string(text) + "\" must be 1 to 65535.");
  }
  text = text.substr(0, colon);
  return port;
}

}  // namespace

std::expected<Rule, std::string> Rule::parse(std::string_view text) {
  const std::string quoted = "\"" + std::string(text.substr(0, kLongestRule)) + "\"";
  if (text.empty() || text.size() > kLongestRule) {
    return std::unexpected("A rule is an address, a network or a host name: " + quoted +
                           " is not.");
  }
  Rule rule;
  rule.text_ = text;
  const auto port = take_port(text);
  if (!port) return std::unexpected(port.error());
  rule.port_ = *port;

  const bool is_network =
      text.find_first_of("/:[") != std::string_view::npos || Address::parse(text).has_value();
  if (is_network) {
    auto network = Network::parse(text);
    if (!network) return std::unexpected(network.error());
    rule.network_ = *network;
    return rule;
  }

  rule.pattern_ = without_trailing_dot(text);
  std::transform(rule.pattern_.begin(), rule.pattern_.end(), rule.pattern_.begin(), folded);
  if (rule.pattern_.empty() ||
      !std::all_of(rule.pattern_.begin(), rule.pattern_.end(), is_pattern_character)) {
    return std::unexpected("A rule is an address, a network or a host name: " + quoted +
                           " is not.");
  }
  if (looks_like_addresses(rule.pattern_)) {
    return std::unexpected(quoted + " would match names, not addresses; write a network such as " +
                           "10.0.0.0/8.");
  }
  return rule;
}

bool Rule::matches(std::string_view host, const Address& address, unsigned port) const {
  if (port_ && *port_ != port) return false;
  if (pattern_.empty()) return network_.contains(address);
  return glob(pattern_, without_trailing_dot(host));
}

bool Rule::names_loopback() const { return pattern_.empty() && is_loopback(network_); }

}  // namespace sallyport::policy
