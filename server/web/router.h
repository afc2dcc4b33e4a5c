#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::web {

// Who answers a route.
enum class Handler { kPage, kAsset, kHealth, kMetrics, kTerminalSocket };
// What a request must show before its handler sees it.
enum class Needs { kNothing, kUpgradeFromOurPage };

struct Route {
  std::string_view method;  // "GET"; HEAD comes along, except where a socket is opened
  std::string_view path;    // exact, or up to a final '*' that stands for one more segment
  Handler handler;
  Needs needs;
};

// Everything browsers are answered. Tests walk it, so a new route is covered by being added.
inline constexpr std::array kRoutes{
    Route{"GET", "/", Handler::kPage, Needs::kNothing},
    Route{"GET", "/assets/*", Handler::kAsset, Needs::kNothing},
    Route{"GET", "/healthz", Handler::kHealth, Needs::kNothing},
    Route{"GET", "/ws", Handler::kTerminalSocket, Needs::kUpgradeFromOurPage},
};

// Everything the monitoring is answered, on a listener of its own: what a reverse proxy publishes
// of the other one must not tell the world who works where.
inline constexpr std::array kMetricsRoutes{
    Route{"GET", "/metrics", Handler::kMetrics, Needs::kNothing},
    Route{"GET", "/healthz", Handler::kHealth, Needs::kNothing},
};

// The methods of a route as its Allow field has them (RFC 9110, section 10.2.1): "GET, HEAD" or
// "GET".
std::string_view allowed_methods(const Route& route);

struct Match {
  const Route* route = nullptr;  // nullptr: no such path (404)
  bool method_allowed = false;   // false with a route: 405
};

// `path` as parse_target gives it. Paths are compared byte by byte: none of ours needs
// percent-encoding.
Match find_route(std::span<const Route> routes, std::string_view method, std::string_view path);

// The parts of a request target (RFC 9112, section 3.2), as views into it.
struct Target {
  std::string_view path;  // begins with '/'; without the query
  std::optional<std::string_view>
      authority;  // of the absolute form: it then counts in place of Host
};

// Origin form ("/ws?x") and absolute form ("http://host/ws"); nothing for the other two, which no
// route here has, for a fragment, and for what is not visible ASCII.
std::optional<Target> parse_target(std::string_view target);

}  // namespace sallyport::web
