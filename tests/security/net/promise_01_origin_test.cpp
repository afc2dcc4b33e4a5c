// Promise 1: only our own page can open a socket, on every route that opens one.
#include <gtest/gtest.h>

#include "raw_client.h"
#include "support/gateway_fixture.h"
#include "web/router.h"

namespace sallyport::support {
namespace {

std::vector<std::string> upgrade_routes() {
  std::vector<std::string> paths;
  for (const web::Route& route : web::kRoutes) {
    if (route.needs == web::Needs::kUpgradeFromOurPage) paths.emplace_back(route.path);
  }
  return paths;
}

class Promise01OnlyOurPage : public GatewayTest {
 protected:
  std::string address() { return "127.0.0.1:" + std::to_string(gateway().port()); }
  // The status of an upgrade on each route, which must be the same on all.
  std::string answered(std::string_view host, std::string_view origin,
                       std::string_view fields = "") {
    std::string all;
    for (const std::string& path : upgrade_routes()) {
      const RawClient client(gateway().port());
      const std::string status = status_of(client.ask(upgrade_request(path, host, origin, fields)));
      if (!all.empty() && all != status) return "all=" + all + " but " + path + "=" + status;
      all = status;
    }
    return all;
  }
};

TEST_F(Promise01OnlyOurPage, HasRoutesToProveItOn) { EXPECT_FALSE(upgrade_routes().empty()); }

TEST_F(Promise01OnlyOurPage, AnyOtherOriginIsRefused) {
  settings().origins = {"https://example.com"};
  start();
  const std::string port = std::to_string(gateway().port());
  for (const std::string& origin :
       {std::string(), std::string("null"), std::string("https://other.example"),
        std::string("https://example.com:8443"), std::string("https://sub.example.com"),
        std::string("https://evil-example.com"), std::string("https://example.com.evil"),
        std::string("http://example.com"), std::string("https://example.com/"),
        std::string("https://example.com."), std::string("https://user@example.com"),
        std::string("https://example.com https://evil.example"), std::string("wss://example.com"),
        "http://evil.example:" + port}) {
    EXPECT_EQ(answered("example.com", origin), "403") << origin;
  }
  EXPECT_EQ(answered("example.com", "https://example.com"), "101");
  EXPECT_EQ(answered("example.com", "https://example.com", "Origin: https://evil.example\r\n"),
            "403")
      << "two are none";
}

TEST_F(Promise01OnlyOurPage, ByAnAddressOnlyTheSameAddressPortAndScheme) {
  start();
  EXPECT_EQ(answered(address(), "http://" + address()), "101");
  EXPECT_EQ(answered(address(), "https://" + address()), "403");
  EXPECT_EQ(answered(address(), "http://127.0.0.1:1"), "403");
  EXPECT_EQ(answered(address(), "http://127.0.0.2:" + std::to_string(gateway().port())), "403");
  EXPECT_EQ(answered("evil.example", "http://evil.example"), "403")
      << "a name that somebody lets point at us";
}

TEST_F(Promise01OnlyOurPage, WhatAProxyForwardedDecidesOnlyWhenItIsListed) {
  settings().trusted_proxies = {"127.0.0.1"};
  start();
  const std::string https = "X-Forwarded-Proto: https\r\n";
  EXPECT_EQ(answered(address(), "https://" + address(), https), "101");
  EXPECT_EQ(answered(address(), "http://" + address(), https), "403") << "http for https";
  EXPECT_EQ(
      answered("127.0.0.1", "https://10.0.0.1:8443", https + "X-Forwarded-Host: 10.0.0.1:8443\r\n"),
      "101");
  EXPECT_EQ(answered(address(), "https://ssh.example", https + "X-Forwarded-Host: ssh.example\r\n"),
            "403")
      << "a name counts only when it is in `origins`, whoever forwards it";
}

TEST_F(Promise01OnlyOurPage, WhatAnybodyElseForwardedDecidesNothing) {
  start();
  EXPECT_EQ(answered(address(), "https://" + address(), "X-Forwarded-Proto: https\r\n"), "403");
  EXPECT_EQ(answered(address(), "http://10.0.0.1:8443", "X-Forwarded-Host: 10.0.0.1:8443\r\n"),
            "403");
  EXPECT_EQ(answered(address(), "http://" + address(),
                     "X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n"),
            "101");
}

}  // namespace
}  // namespace sallyport::support
