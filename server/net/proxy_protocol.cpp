#include "net/proxy_protocol.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <vector>

namespace sallyport::net {
namespace {

namespace ip = boost::asio::ip;
using State = ProxyParse::State;

constexpr std::string_view kVersion1 = "PROXY ";
constexpr std::size_t kLongestLine = 107;  // section 2.1, with its end
constexpr std::string_view kVersion2{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t kFixedPart = 16;  // section 2.2: signature, version, family, length

constexpr ProxyParse kBad{.state = State::kBad};
constexpr ProxyParse kIncomplete{};

std::optional<unsigned> parse_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  // No leading zero, as the specification says.
  if (!whole || port > 65535 || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  return port;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (;;) {
    const auto blank = line.find(' ');
    words.push_back(line.substr(0, blank));
    if (blank == std::string_view::npos) return words;
    line.remove_prefix(blank + 1);
  }
}

std::optional<ip::address> parse_address(std::string_view text, bool v6) {
  boost::system::error_code error;
  const auto address = ip::make_address(std::string(text), error);
  // A zone ("%eth0") means something on one machine only.
  if (error || address.is_v6() != v6 || text.find('%') != std::string_view::npos)
    return std::nullopt;
  return address;
}

ProxyParse parse_line(std::string_view bytes) {
  const auto end = bytes.substr(0, kLongestLine).find("\r\n");
  if (end == std::string_view::npos) return bytes.size() >= kLongestLine ? kBad : kIncomplete;
  ProxyParse parsed{.state = State::kDone, .bytes = end + 2};
  const auto words = words_of(bytes.substr(0, end));
  if (words[1] == "UNKNOWN") return parsed;  // what follows it is to be passed over
  const bool v6 = words[1] == "TCP6";
  if (words.size() != 6 || (!v6 && words[1] != "TCP4")) return kBad;
  const auto from = parse_address(words[2], v6);
  const auto to = parse_address(words[3], v6);
  const auto port = parse_port(words[4]);
  if (!from || !to || !port || !parse_port(words[5])) return kBad;
  parsed.header.client = Peer::at(*from, *port);
  return parsed;
}

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

unsigned short_at(std::string_view bytes, std::size_t at) {
  return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}

template <class Address>
Address address_at(std::string_view bytes, std::size_t at) {
  typename Address::bytes_type raw;
  for (std::size_t i = 0; i < raw.size(); ++i) raw[i] = static_cast<unsigned char>(bytes[at + i]);
  return Address(raw);
}

// Section 2.2, "Type-Length-Value": each whole, one after the other to the end. False: they are
// not.
bool read_additions(std::string_view bytes, ProxyHeader& header) {
  constexpr unsigned kTls = 0x20;         // PP2_TYPE_SSL
  constexpr std::size_t kTlsFixed = 5;    // flags and the client certificate's verdict
  constexpr unsigned kClientUsedTls = 1;  // PP2_CLIENT_SSL
  while (!bytes.empty()) {
    if (bytes.size() < 3) return false;
    const std::size_t length = short_at(bytes, 1);
    if (bytes.size() - 3 < length) return false;
    if (byte_at(bytes, 0) == kTls) {
      if (length < kTlsFixed) return false;
      header.secure = (byte_at(bytes, 3) & kClientUsedTls) != 0;
    }
    bytes.remove_prefix(3 + length);
  }
  return true;
}

ProxyParse parse_binary(std::string_view bytes) {
  if (bytes.size() < kFixedPart) return kIncomplete;
  const unsigned command = byte_at(bytes, 12);
  const unsigned family = byte_at(bytes, 13);
  const std::size_t length = short_at(bytes, 14);
  if (kFixedPart + length > kProxyHeaderLimit) return kBad;
  if (command != 0x20 && command != 0x21) return kBad;  // version 2, LOCAL or PROXY
  if (bytes.size() < kFixedPart + length) return kIncomplete;

  ProxyParse parsed{.state = State::kDone, .bytes = kFixedPart + length};
  const auto rest = bytes.substr(kFixedPart, length);
  if (command == 0x20) return parsed;  // LOCAL: what follows is to be passed over
  std::size_t used = 0;
  if (family == 0x11) {  // TCP over IPv4
    used = 12;
    if (length < used) return kBad;
    parsed.header.client = Peer::at(address_at<ip::address_v4>(rest, 0), short_at(rest, 8));
  } else if (family == 0x21) {  // TCP over IPv6
    used = 36;
    if (length < used) return kBad;
    parsed.header.client = Peer::at(address_at<ip::address_v6>(rest, 0), short_at(rest, 32));
  } else if (family == 0x31) {  // a Unix socket
    used = 216;
    if (length < used) return kBad;
  } else if (family == 0x00) {  // UNSPEC: nothing is known
    return parsed;
  } else {
    return kBad;
  }
  if (!read_additions(rest.substr(used), parsed.header)) return kBad;
  return parsed;
}

}  // namespace

ProxyParse parse_proxy_header(std::string_view bytes) {
  const auto begins = [bytes](std::string_view mark) {
    const auto length = std::min(bytes.size(), mark.size());
    return bytes.substr(0, length) == mark.substr(0, length);
  };
  if (begins(kVersion1)) return bytes.size() < kVersion1.size() ? kIncomplete : parse_line(bytes);
  if (begins(kVersion2)) return parse_binary(bytes);
  return kBad;
}

}  // namespace sallyport::net
