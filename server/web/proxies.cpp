#include "web/proxies.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "web/field_list.h"

namespace sallyport::web {
namespace {

std::optional<unsigned> parse_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port > 65535) return std::nullopt;
  return port;
}

// "10.0.0.9", "10.0.0.9:51234", "fd00::9", "[fd00::9]", "[fd00::9]:51234".
std::optional<net::Peer> parse_hop(std::string_view text) {
  std::string_view port_text;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    port_text = text.substr(end + 1);
    if (!port_text.empty() && !port_text.starts_with(':')) return std::nullopt;
    text = text.substr(1, end - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    port_text = text.substr(text.find(':'));
    text = text.substr(0, text.find(':'));
  }
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  unsigned port = 0;
  if (!port_text.empty()) {
    const auto parsed = parse_port(port_text.substr(1));
    if (!parsed) return std::nullopt;
    port = *parsed;
  }
  return net::Peer::at(address, port);
}

// All fields of a name as one list (RFC 9110, section 5.3).
std::string joined(const Request& request, std::string_view name) {
  std::string list;
  for (auto [at, end] = request.equal_range({name.data(), name.size()}); at != end; ++at) {
    if (!list.empty()) list += ",";
    list += view(at->value());
  }
  return list;
}

// Takes the last member off: from the right, because what is left of the nearest proxy's own word
// may be of any length.
std::string_view take_last(std::string_view& list) {
  while (!list.empty()) {
    const auto comma = list.rfind(',');
    const auto begin = comma == std::string_view::npos ? 0 : comma + 1;
    const auto member = trimmed(list.substr(begin));
    list = list.substr(0, begin == 0 ? 0 : comma);
    if (!member.empty()) return member;
  }
  return {};
}

std::string last_member(const Request& request, std::string_view name) {
  const std::string list = joined(request, name);
  std::string_view left = list;
  return std::string(take_last(left));
}

}  // namespace

bool Proxies::trusts(const net::Peer& peer) const {
  if (peer.kind == net::Peer::Kind::kUnix) return true;
  if (peer.kind != net::Peer::Kind::kNetwork) return false;
  // Without the zone ("%eth0") of a link-local one.
  const std::string text = peer.address.to_string();
  const auto address = policy::Address::parse(text.substr(0, text.find('%')));
  return address && std::ranges::any_of(trusted_, [&](const policy::Network& network) {
           return network.contains(*address);
         });
}

Caller Proxies::caller(const Request& request, const Caller& direct) const {
  Caller caller = direct;
  if (!trusts(direct.peer)) return caller;
  const std::string chain = joined(request, "X-Forwarded-For");
  for (std::string_view left = chain; trusts(caller.peer);) {
    const auto peer = parse_hop(take_last(left));
    if (!peer) break;
    caller.peer = *peer;
  }
  const std::string proto = last_member(request, "X-Forwarded-Proto");
  if (equals_ignoring_case(proto, "https")) caller.secure = true;
  if (equals_ignoring_case(proto, "http")) caller.secure = false;
  caller.host = last_member(request, "X-Forwarded-Host");
  return caller;
}

}  // namespace sallyport::web
