#include "app/setting_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/failure.h"
#include "net/unix_socket_file.h"
#include "policy/rules.h"
#include "web/origin.h"

namespace sallyport::app {
namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};
constexpr std::array kByteUnits{Unit{"GiB", 1024ULL * 1024 * 1024}, Unit{"MiB", 1024ULL * 1024},
                                Unit{"KiB", 1024}, Unit{"B", 1}};
constexpr std::array kTimeUnits{Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1'000},
                                Unit{"ms", 1}};

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<unsigned> port_number(std::string_view text) {
  const auto number = whole_number(text);
  if (!number || *number > 65535) return std::nullopt;
  return static_cast<unsigned>(*number);
}

// "256KiB" is 256 and its unit; a bare number has the empty unit.
template <std::size_t N>
std::optional<std::uint64_t> with_unit(std::string_view text, const std::array<Unit, N>& units,
                                       bool bare) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = whole_number(text.substr(0, digits));
  std::string_view suffix = text.substr(digits);
  if (!suffix.empty() && suffix.front() == ' ') suffix.remove_prefix(1);
  if (!number) return std::nullopt;
  if (suffix.empty() && bare) return *number;
  for (const Unit& unit : units) {
    std::uint64_t product = 0;
    if (suffix == unit.name && !__builtin_mul_overflow(*number, unit.factor, &product)) {
      return product;
    }
  }
  return std::nullopt;
}

template <std::size_t N>
std::string show_with_unit(std::uint64_t value, const std::array<Unit, N>& units) {
  for (const Unit& unit : units) {
    if (value >= unit.factor && value % unit.factor == 0) {
      return std::to_string(value / unit.factor) + std::string(unit.name);
    }
  }
  return "0" + std::string(units[N - 2].name);
}

}  // namespace

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kMost = 80;  // bytes: a line of a log, not a document
  std::string result = "\"";
  for (const char c : text.substr(0, kMost)) {
    const auto byte = static_cast<unsigned char>(c);
    result += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return result + (text.size() > kMost ? "…\"" : "\"");
}

Parsed<ListenAddress> parse_listen(std::string_view text) {
  constexpr std::string_view kHow =
      ": write ADDRESS:PORT, such as 127.0.0.1:8022, [::1]:8022 or 0.0.0.0:8022";
  const auto colon = text.rfind(':');
  const auto wrong = [&](std::string_view why) {
    return std::unexpected(in_quotes(text) + std::string(why) + std::string(kHow));
  };
  if (colon == std::string_view::npos) return wrong(" has no port");
  std::string_view host = text.substr(0, colon);
  const auto port = port_number(text.substr(colon + 1));
  if (host.empty()) return wrong(" has no address");
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.contains(':')) return wrong(" is an IPv6 address without its brackets");
  if (!port) return wrong(" has no port between 0 and 65535");
  if (host == "localhost") host = "127.0.0.1";
  if (!policy::Address::parse(host) || bracketed != host.contains(':')) {
    return wrong(" does not begin with an IP address of this machine");
  }
  return ListenAddress{std::string(host), *port};
}

bool is_loopback(std::string_view address) {
  if (net::is_unix(address)) return true;  // no other machine reaches it either
  const auto parsed = policy::Address::parse(address);
  if (!parsed) return false;
  const auto& bytes = parsed->bytes;
  const auto v4 = policy::Address::v4({127, 0, 0, 0}).bytes;
  const auto v6 = policy::Address::parse("::1");
  return std::equal(bytes.begin(), bytes.begin() + 13, v4.begin()) || parsed == v6;
}

std::string reachable_address(const std::string& address) {
  const auto parsed = policy::Address::parse(address);
  if (parsed == policy::Address::v4({0, 0, 0, 0})) return "127.0.0.1";
  return parsed == policy::Address{} ? "::1" : address;
}

Parsed<std::string> parse_origin(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return std::unexpected(in_quotes(text) + std::string(why) +
                           ": write what the browser's address bar begins with, such as "
                           "https://ssh.example.org");
  };
  const auto slashes = text.find("://");
  if (slashes == std::string_view::npos) return wrong(" has no https:// or http://");
  if (text.contains('*')) return wrong(" has a wildcard, and each origin is named by itself");
  if (text.find_first_of("/?#", slashes + 3) != std::string_view::npos) {
    return wrong(" goes on after the host");
  }
  const auto origin = web::parse_origin(text);
  if (!origin) return wrong(" is no origin");
  const bool usual = origin->port == (origin->scheme == "https" ? 443U : 80U);
  return origin->scheme + "://" + origin->host + (usual ? "" : ":" + std::to_string(origin->port));
}

Parsed<std::uint64_t> parse_count(std::string_view text, std::uint64_t least, std::uint64_t most) {
  const auto number = whole_number(text);
  if (number && *number >= least && *number <= most) return *number;
  return std::unexpected(in_quotes(text) + " is not a whole number from " + std::to_string(least) +
                         " to " + std::to_string(most));
}

Parsed<std::uint64_t> parse_bytes(std::string_view text, std::uint64_t least, std::uint64_t most) {
  const auto number = with_unit(text, kByteUnits, true);
  if (!number) {
    return std::unexpected(in_quotes(text) +
                           " is not a size: write bytes, or a number with KiB, MiB or GiB, such as "
                           "256KiB");
  }
  if (*number >= least && *number <= most) return *number;
  return std::unexpected(in_quotes(text) + " is not between " + show_bytes(least) + " and " +
                         show_bytes(most));
}

Parsed<milliseconds> parse_duration(std::string_view text, milliseconds least, milliseconds most) {
  const auto number = with_unit(text, kTimeUnits, false);
  if (!number) {
    return std::unexpected(in_quotes(text) +
                           " is not a time: write a number with ms, s, m or h, such as 10s");
  }
  // Compared before the signed type, which the number may not fit in.
  if (*number >= static_cast<std::uint64_t>(least.count()) &&
      *number <= static_cast<std::uint64_t>(most.count())) {
    return milliseconds(static_cast<milliseconds::rep>(*number));
  }
  return std::unexpected(in_quotes(text) + " is not between " + show_duration(least) + " and " +
                         show_duration(most));
}

std::string show_bytes(std::uint64_t bytes) { return show_with_unit(bytes, kByteUnits); }

std::string show_duration(milliseconds time) {
  return show_with_unit(static_cast<std::uint64_t>(time.count()), kTimeUnits);
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const auto first = item.find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    item = item.substr(first, item.find_last_not_of(" \t") - first + 1);
    items.emplace_back(item);
  }
  return items;
}

std::string join_list(const std::vector<std::string>& items, std::string_view between) {
  std::string result;
  for (const std::string& item : items) {
    if (!result.empty()) result += between;
    result += item;
  }
  return result;
}

std::string toml_list(std::string_view text) {
  std::string result;
  for (const std::string& item : split_list(text)) {
    result += (result.empty() ? "\"" : ", \"") + item + "\"";
  }
  return "[" + result + "]";
}

}  // namespace sallyport::app
