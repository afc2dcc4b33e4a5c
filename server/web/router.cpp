#include "web/router.h"

#include <algorithm>

namespace sallyport::web {
namespace {

bool matches(const Route& route, std::string_view path) {
  if (!route.path.ends_with('*')) return route.path == path;
  const auto folder = route.path.substr(0, route.path.size() - 1);
  if (!path.starts_with(folder)) return false;
  const auto segment = path.substr(folder.size());
  return !segment.empty() && segment.find('/') == std::string_view::npos;
}

}  // namespace

std::string_view allowed_methods(const Route& route) {
  return route.handler == Handler::kTerminalSocket ? "GET" : "GET, HEAD";
}

Match find_route(std::span<const Route> routes, std::string_view method, std::string_view path) {
  for (const Route& route : routes) {
    if (!matches(route, path)) continue;
    const bool head = method == "HEAD" && route.handler != Handler::kTerminalSocket;
    return {&route, method == route.method || head};
  }
  return {};
}

std::optional<Target> parse_target(std::string_view target) {
  const auto visible = [](char c) { return c > 0x20 && c < 0x7f && c != '#'; };
  if (!std::ranges::all_of(target, visible)) return std::nullopt;
  Target parts;
  if (!target.starts_with('/')) {
    const auto colon = target.find("://");
    const auto scheme = target.substr(0, colon);
    if (colon == std::string_view::npos || (scheme != "http" && scheme != "https"))
      return std::nullopt;
    target.remove_prefix(colon + 3);
    const auto slash = std::min(target.find_first_of("/?"), target.size());
    if (slash == 0) return std::nullopt;
    parts.authority = target.substr(0, slash);
    target.remove_prefix(slash);
  }
  parts.path = target.substr(0, target.find('?'));
  if (parts.path.empty()) parts.path = "/";
  return parts;
}

}  // namespace sallyport::web
