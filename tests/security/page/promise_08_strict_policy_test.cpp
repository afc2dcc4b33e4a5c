// Every reply says what a browser may do with it, whoever asked for what and in which way: the
// page, its assets, errors, refusals and what is no request at all. A new route is covered by being
// added.
#include <gmock/gmock.h>

#include <array>
#include <set>

#include "support/gateway_fixture.h"
#include "support/http_client.h"
#include "web/embedded.h"
#include "web/router.h"

namespace sallyport::support {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

constexpr std::array kMethods{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"};
constexpr std::array kAccepts{"", "Accept: text/html\r\n", "Accept: */*\r\n"};

void expect_strict(const web::Response& answer, const std::string& framers = "'none'") {
  const std::string policy = answer.field("content-security-policy");
  EXPECT_THAT(policy, StartsWith("default-src 'none'; "));
  EXPECT_THAT(policy, HasSubstr("base-uri 'none'"));
  EXPECT_THAT(policy, HasSubstr("form-action 'none'"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors " + framers));
  // No way round it, and no other origin but those that may frame it.
  for (const auto* way : {"unsafe-", "*", "data:", "blob:", "strict-dynamic", "sha256-"}) {
    EXPECT_THAT(policy, Not(HasSubstr(way)));
  }
  if (framers == "'none'") {
    EXPECT_THAT(policy, Not(HasSubstr("//")));
    EXPECT_EQ(answer.field("x-frame-options"), "DENY");
  }
  if (answer.field("content-type").starts_with("text/html")) {
    EXPECT_THAT(policy, HasSubstr("require-trusted-types-for 'script'; trusted-types 'none'"));
    EXPECT_EQ(answer.field("cache-control"), "no-store");
  } else {
    EXPECT_THAT(policy, Not(HasSubstr("script-src")));
  }
  EXPECT_EQ(answer.field("x-content-type-options"), "nosniff");
  EXPECT_EQ(answer.field("referrer-policy"), "no-referrer");
  EXPECT_EQ(answer.field("cross-origin-opener-policy"), "same-origin");
  EXPECT_EQ(answer.field("cross-origin-resource-policy"), "same-origin");
  EXPECT_THAT(answer.field("permissions-policy"), HasSubstr("clipboard-read=()"));
  EXPECT_THAT(answer.field("permissions-policy"), HasSubstr("clipboard-write=(self)"));
  EXPECT_THAT(answer.field("permissions-policy"), HasSubstr("camera=()"));
  // Nothing is kept in cookies, nothing shared with other origins, nothing told of the server.
  for (const auto* none : {"set-cookie", "access-control-allow-origin", "server", "x-powered-by"}) {
    EXPECT_EQ(answer.field(none), "") << none;
  }
}

class Promise08StrictPolicy : public GatewayTest {
 protected:
  web::Response ask(const std::string& request, bool head = false) {
    web::Client client(gateway().port());
    client.send(request);
    const auto answer = client.read(head);
    EXPECT_TRUE(answer) << request.substr(0, 60);
    return answer.value_or(web::Response{});
  }
};

TEST_F(Promise08StrictPolicy, OnEveryRouteAndEveryMethod) {
  start();
  std::vector<std::string> paths{"/nowhere", "/assets/nothing", "/metrics", "/index.html"};
  for (const auto& route : web::kRoutes) paths.emplace_back(route.path);
  for (const auto& asset : web::embedded_assets()) paths.push_back("/" + std::string(asset.file));
  for (const auto& path : paths) {
    for (const std::string method : kMethods) {
      for (const auto* accept : kAccepts) {
        SCOPED_TRACE(method + " " + path + " " + accept);
        expect_strict(ask(web::get(path, accept, method), method == "HEAD"));
      }
    }
  }
}

TEST_F(Promise08StrictPolicy, OnWhatIsRefusedAndOnWhatIsNoRequest) {
  start();
  const std::string upgrade =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sallyport.v1\r\n";
  const std::array requests{
      web::get("/ws"),
      web::get("/ws", upgrade + "Origin: http://evil.example\r\n"),
      web::get("/", "X: " + std::string(20'000, 'x') + "\r\n"),
      web::get("/", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
      web::get("/", "Content-Length: 999999999\r\n"),
      std::string("GET / HTTP/1.1\r\n\r\n"),
      std::string("GET / HTTP/9.9\r\nHost: x\r\n\r\n"),
      std::string("\x16\x03\x01 no HTTP at all\r\n\r\n"),
      std::string("GET <script> HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n"),
  };
  for (const auto& request : requests) {
    SCOPED_TRACE(request.substr(0, 60));
    const auto answer = ask(request);
    EXPECT_GE(answer.status, 400U);
    expect_strict(answer);
    EXPECT_THAT(answer.body, Not(HasSubstr("<script>")));
  }
}

TEST_F(Promise08StrictPolicy, OnWhatHasNotChanged) {
  start();
  const std::string path = "/" + std::string(web::embedded_assets().front().file);
  const auto first = ask(web::get(path));
  const auto again = ask(web::get(path, "If-None-Match: " + first.field("etag") + "\r\n"));
  EXPECT_EQ(again.status, 304U);
  expect_strict(again);
}

TEST_F(Promise08StrictPolicy, OnTheMetricsListenerToo) {
  settings().metrics_address = "127.0.0.1";
  start();
  for (const auto& route : web::kMetricsRoutes) {
    SCOPED_TRACE(route.path);
    web::Client client(gateway().metrics_port());
    expect_strict(client.ask(web::get(route.path)));
  }
}

TEST_F(Promise08StrictPolicy, NoTwoPagesHaveTheSameNonce) {
  start();
  std::set<std::string> policies;
  for (int i = 0; i < 32; ++i) {
    const auto answer = ask(web::get("/", "Accept: text/html\r\n"));
    const std::string policy = answer.field("content-security-policy");
    EXPECT_THAT(policy, MatchesRegex(".*style-src 'self' 'nonce-[A-Za-z0-9_-]{22,}'.*"));
    policies.insert(policy);
    EXPECT_THAT(answer.body, Not(HasSubstr(" style=\"")));
    EXPECT_THAT(answer.body, Not(HasSubstr(" onclick")));
  }
  EXPECT_EQ(policies.size(), 32U);
}

TEST_F(Promise08StrictPolicy, FramedOnlyByThoseThatAreNamedAndNothingButThePage) {
  settings().frame_ancestors = {"'self'", "https://portal.example.org"};
  start();
  const auto page = ask(web::get("/", "Accept: text/html\r\n"));
  expect_strict(page, "'self' https://portal.example.org;");
  EXPECT_EQ(page.field("x-frame-options"), "");
  expect_strict(ask(web::get("/healthz")));
  expect_strict(ask(web::get("/nowhere", "Accept: text/html\r\n")));
}

}  // namespace
}  // namespace sallyport::support
