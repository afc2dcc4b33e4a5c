#include "web/router.h"

#include <gtest/gtest.h>

#include <set>

namespace sallyport::web {
namespace {

void expect_every_route_found(std::span<const Route> routes) {
  std::set<std::string> paths;
  for (const Route& route : routes) {
    EXPECT_TRUE(paths.insert(std::string(route.path)).second) << route.path << " is listed twice";
    std::string path(route.path);
    if (path.ends_with('*')) path.replace(path.size() - 1, 1, "file");
    const Match match = find_route(routes, route.method, path);
    EXPECT_EQ(match.route, &route) << path;
    EXPECT_TRUE(match.method_allowed);
    EXPECT_FALSE(find_route(routes, "POST", path).method_allowed) << path;
    EXPECT_FALSE(find_route(routes, "get", path).method_allowed)
        << path;  // methods mind their case
    EXPECT_EQ(find_route(routes, "HEAD", path).method_allowed,
              route.handler != Handler::kTerminalSocket)
        << path;
  }
}

TEST(Router, EveryRouteIsFoundByItsOwnPathAndShadowedByNone) {
  expect_every_route_found(kRoutes);
  expect_every_route_found(kMetricsRoutes);
}

TEST(Router, MonitoringAndBrowsersHaveNothingButTheHealthCheckInCommon) {
  for (const Route& route : kMetricsRoutes) {
    EXPECT_EQ(find_route(kRoutes, route.method, route.path).route != nullptr,
              route.handler == Handler::kHealth)
        << route.path;
  }
}

TEST(Router, OnlyTheSocketNeedsAnUpgradeAndItAlwaysDoes) {
  for (const Route& route : kRoutes) {
    EXPECT_EQ(route.needs == Needs::kUpgradeFromOurPage, route.handler == Handler::kTerminalSocket)
        << route.path;
  }
}

TEST(Router, OtherPathsAreUnknown) {
  for (const auto* path : {"", "//", "/index.html", "/ws/", "/WS", "/healthz/", "/assets",
                           "/assets/", "/assets/a/b", "/assets/../ws", "/%77s", "*", "/metrics"}) {
    EXPECT_EQ(find_route(kRoutes, "GET", path).route, nullptr) << path;
  }
}

TEST(Router, AllowNamesWhatTheRouteTakes) {
  EXPECT_EQ(allowed_methods(*find_route(kRoutes, "GET", "/").route), "GET, HEAD");
  EXPECT_EQ(allowed_methods(*find_route(kRoutes, "GET", "/ws").route), "GET");
}

TEST(Target, OriginAndAbsoluteFormAreTaken) {
  EXPECT_EQ(parse_target("/ws?token=x?y")->path, "/ws");
  EXPECT_EQ(parse_target("/ws?token=x")->authority, std::nullopt);
  EXPECT_EQ(parse_target("/")->path, "/");
  EXPECT_EQ(parse_target("http://gate:8022/ws?x")->path, "/ws");
  EXPECT_EQ(parse_target("http://gate:8022/ws?x")->authority, "gate:8022");
  EXPECT_EQ(parse_target("https://gate")->path, "/");
  EXPECT_EQ(parse_target("http://gate?x")->path, "/");
}

TEST(Target, EverythingElseIsMalformed) {
  for (const auto* target : {"", "*", "gate:8022", "ws", "ftp://gate/", "http:///", "http://",
                             "/a b", "/a#b", "/\x7f", "/\xc3\xa9", "?x"}) {
    EXPECT_FALSE(parse_target(target)) << target;
  }
}

}  // namespace
}  // namespace sallyport::web
