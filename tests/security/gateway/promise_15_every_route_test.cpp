// Every route of the router's own table with every method, from nobody's page and from a foreign
// one: what opens a terminal opens none, and what is public gives what is public. A new route is
// covered by being added, and a new handler does not compile here before somebody has said what it
// may give away.
#include <array>

#include "support/gateway_fixture.h"
#include "support/http_client.h"
#include "web/router.h"

namespace sallyport::support {
namespace {

constexpr std::array kMethods{"GET",     "HEAD",  "POST",  "PUT",     "DELETE",
                              "OPTIONS", "TRACE", "PATCH", "PROPFIND"};

web::Response ask(unsigned port, std::string_view method, const std::string& path,
                  const std::string& fields) {
  web::Client client(port);
  client.send(web::get(path, fields, method));
  const auto answer = client.read(method == "HEAD");
  return answer.value_or(web::Response{});
}

std::string upgrade_from(const std::string& origin) {
  return "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: "
         "sallyport.v1\r\n" +
         (origin.empty() ? "" : "Origin: " + origin + "\r\n");
}

class Promise15EveryRoute : public GatewayTest {
 protected:
  void SetUp() override { start(); }

  // What somebody without a sign-in may get there, by GET.
  void expect_public(const web::Route& route, const web::Response& answer) {
    switch (route.handler) {
      case web::Handler::kPage:
        EXPECT_EQ(answer.status, 200u);
        EXPECT_EQ(answer.field("content-type"), "text/html; charset=utf-8");
        return;
      case web::Handler::kAsset:
        EXPECT_EQ(answer.status, 404u);  // none is called "x"
        return;
      case web::Handler::kHealth:
        EXPECT_EQ(answer.status, 200u);
        EXPECT_EQ(answer.body, R"({"status":"ok"})");
        return;
      case web::Handler::kMetrics:
        FAIL() << "the browsers' listener gives nobody the metrics";
      case web::Handler::kTerminalSocket:
        EXPECT_GE(answer.status, 400u);
        return;
    }
  }
  static std::string path_of(const web::Route& route) {
    std::string path(route.path);
    if (path.ends_with('*')) path.back() = 'x';
    return path;
  }
};

TEST_F(Promise15EveryRoute, GivesNobodyMoreThanWhatIsPublic) {
  for (const auto& route : web::kRoutes) {
    for (const std::string_view method : kMethods) {
      SCOPED_TRACE(std::string(method) + " " + path_of(route));
      const auto answer = ask(gateway().port(), method, path_of(route), "");
      if (method == "GET") {
        expect_public(route, answer);
      } else if (method != "HEAD") {
        EXPECT_EQ(answer.status, 405u);
      }
    }
  }
  EXPECT_EQ(gateway().connections(), 0u);
}

TEST_F(Promise15EveryRoute, UpgradesForNoForeignPage) {
  for (const auto& route : web::kRoutes) {
    for (const std::string_view method : kMethods) {
      for (const std::string origin : {"", "null", "http://evil.example"}) {
        SCOPED_TRACE(std::string(method) + " " + path_of(route) + " from '" + origin + "'");
        EXPECT_NE(ask(gateway().port(), method, path_of(route), upgrade_from(origin)).status, 101u);
      }
    }
  }
  EXPECT_EQ(gateway().connections(), 0u);
}

// What is not in the table is not there: neither the other listener's routes nor what peers have
// had (files beside the program, paths that climb).
TEST_F(Promise15EveryRoute, HasNoOthers) {
  for (const std::string path :
       {"/metrics", "/ws/", "/ws/x", "/assets/", "/assets/../etc/passwd", "/assets/%2e%2e/x", "//",
        "/index.html", "/.git/config", "/sallyport.toml", "/known_hosts", "/assets/x/y"}) {
    SCOPED_TRACE(path);
    EXPECT_EQ(ask(gateway().port(), "GET", path, "").status, 404u);
  }
}

}  // namespace
}  // namespace sallyport::support
