#include "web/origin.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace sallyport::web {
namespace {

constexpr std::size_t kLongestHost = 255;  // RFC 1035, section 2.3.4

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

// The shortest form, so that two spellings of one address are one host; nothing when it is no IPv6
// address.
std::optional<std::string> shortest_ipv6(const std::string& text) {
  in6_addr address{};
  if (inet_pton(AF_INET6, text.c_str(), &address) != 1) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> shortest{};
  if (inet_ntop(AF_INET6, &address, shortest.data(), shortest.size()) == nullptr)
    return std::nullopt;
  return std::string(shortest.data());
}

bool is_name(std::string_view host) {
  if (host.empty() || host.size() > kLongestHost || host.front() == '.' || host.back() == '.')
    return false;
  return std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

std::optional<std::string> parse_host(std::string_view text) {
  if (text.size() > kLongestHost) return std::nullopt;
  if (text.starts_with('[')) {
    if (!text.ends_with(']')) return std::nullopt;
    const auto address = shortest_ipv6(std::string(text.substr(1, text.size() - 2)));
    if (!address) return std::nullopt;
    return "[" + *address + "]";
  }
  std::string name = lower_case(text);
  if (!is_name(name)) return std::nullopt;
  return name;
}

std::optional<unsigned> parse_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (port == 0 || port > 65535 || text.size() > 5) return std::nullopt;
  return port;
}

// Whether a host as parse_origin() gives it is a name that no DNS answer can point elsewhere.
bool is_ip_literal(std::string_view host) {
  if (host.starts_with('[')) return true;
  in_addr address{};
  return inet_pton(AF_INET, std::string(host).c_str(), &address) == 1;
}

}  // namespace

std::optional<Origin> parse_origin(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  Origin origin;
  origin.scheme = lower_case(text.substr(0, colon));
  if (origin.scheme != "http" && origin.scheme != "https") return std::nullopt;
  origin.port = origin.scheme == "http" ? 80 : 443;

  std::string_view authority = text.substr(colon + 3);
  // The colon before a port is the last one, and outside the brackets of an IPv6 literal.
  const auto last_colon = authority.rfind(':');
  const auto bracket = authority.rfind(']');
  if (last_colon != std::string_view::npos &&
      (bracket == std::string_view::npos || last_colon > bracket)) {
    const auto port = parse_port(authority.substr(last_colon + 1));
    if (!port) return std::nullopt;
    origin.port = *port;
    authority = authority.substr(0, last_colon);
  }
  const auto host = parse_host(authority);
  if (!host) return std::nullopt;
  origin.host = *host;
  return origin;
}

OriginRule::OriginRule(const std::vector<std::string>& allowed) {
  for (const auto& text : allowed) {
    auto origin = parse_origin(text);
    if (!origin) {
      throw std::invalid_argument(
          "\"" + text +
          "\" is no origin. Write scheme, host and, where it is not the scheme's own, "
          "port, like https://ssh.corp.example or https://ssh.corp.example:8443.");
    }
    allowed_.push_back(std::move(*origin));
  }
}

bool OriginRule::allows(std::optional<std::string_view> origin, std::string_view host,
                        std::string_view scheme) const {
  if (!origin) return false;
  const auto page = parse_origin(*origin);
  if (!page) return false;
  if (std::ranges::find(allowed_, *page) != allowed_.end()) return true;
  const auto self = parse_origin(std::string(scheme) + "://" + std::string(host));
  return self && *page == *self && (self->host == "localhost" || is_ip_literal(self->host));
}

}  // namespace sallyport::web
