// Promise 9: what a proxy says about others counts only when the proxy is listed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "raw_client.h"
#include "support/gateway_fixture.h"
#include "support/throwaway_certificate.h"
#include "support/tls_client.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kVersion1 = "PROXY TCP4 192.0.2.7 127.0.0.1 51246 443\r\n";
const std::string kVersion2 =
    "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\x7f\0\0\x01\xc8\x2e\x01\xbb"s;
// Is answered 404 and stands in the log at `debug`, with whoever asked.
constexpr const char* kAsk = "GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";

class Promise09ListedProxies : public GatewayTest {
 protected:
  // A running gateway, what it logs until logged() is caught.
  void start_logged() {
    settings().log_level = base::LogLevel::kDebug;
    testing::internal::CaptureStderr();
    captured_ = true;
    start();
  }
  std::string logged() {
    stop();
    captured_ = false;
    return testing::internal::GetCapturedStderr();
  }
  void TearDown() override {
    if (captured_) testing::internal::GetCapturedStderr();
    GatewayTest::TearDown();
  }
  std::string ask(const std::string& before, const std::string& fields = "") {
    const RawClient client(gateway().port());
    client.send(before + kAsk + fields + "\r\n");
    return status_of(client.read_to_end());
  }

  bool captured_ = false;
};

constexpr const char* kForwarded =
    "X-Forwarded-For: 203.0.113.9, 192.0.2.7\r\nX-Forwarded-Proto: https\r\n";

TEST_F(Promise09ListedProxies, AListedOnesWordIsInTheLog) {
  settings().trusted_proxies = {"127.0.0.0/8"};
  start_logged();
  EXPECT_EQ(ask("", kForwarded), "404");
  EXPECT_THAT(logged(), HasSubstr("path=/nothing status=404"));
}

TEST_F(Promise09ListedProxies, TheClientIsTheOneBehindTheListedProxy) {
  settings().trusted_proxies = {"127.0.0.0/8"};
  start_logged();
  ask("", kForwarded);
  const std::string log = logged();
  EXPECT_THAT(log, HasSubstr("peer=192.0.2.7"));
  EXPECT_THAT(log, Not(HasSubstr("203.0.113.9"))) << "what the client itself claimed";
}

TEST_F(Promise09ListedProxies, FromElsewhereNothingChanges) {
  settings().trusted_proxies = {"10.0.0.0/8"};
  start_logged();
  ask("", kForwarded);
  const std::string log = logged();
  EXPECT_THAT(log, HasSubstr("peer=127.0.0.1:"));
  EXPECT_THAT(log, Not(HasSubstr("192.0.2.7")));
}

TEST_F(Promise09ListedProxies, TheProxyProtocolNamesTheClientInBothVersions) {
  settings().trusted_proxies = {"127.0.0.1"};
  settings().proxy_protocol = true;
  start_logged();
  for (const std::string& header : {std::string(kVersion1), kVersion2}) {
    EXPECT_EQ(ask(header), "404");
  }
  const std::string log = logged();
  EXPECT_THAT(log, HasSubstr("peer=192.0.2.7:51246"));
  EXPECT_THAT(log, Not(HasSubstr("http.request method=GET path=/nothing status=404 bytes=36 "
                                 "peer=127.0.0.1")));
}

TEST_F(Promise09ListedProxies, TheProxyProtocolMayComeByteByByte) {
  settings().trusted_proxies = {"127.0.0.1"};
  settings().proxy_protocol = true;
  start();
  for (const std::string& header : {std::string(kVersion1), kVersion2}) {
    const RawClient client(gateway().port());
    for (const char byte : header) ASSERT_TRUE(client.send({&byte, 1}));
    EXPECT_EQ(status_of(client.ask(kAsk + "\r\n"s)), "404");
  }
}

TEST_F(Promise09ListedProxies, AListedOneMustSpeakItAndInTime) {
  settings().trusted_proxies = {"127.0.0.1"};
  settings().proxy_protocol = true;
  settings().tls_handshake_timeout = 200ms;
  start();
  EXPECT_EQ(ask(""), "") << "no header, no answer";
  EXPECT_EQ(ask("PROXY TCP4 192.0.2.7\r\n"), "");
  const RawClient silent(gateway().port());
  EXPECT_EQ(silent.read_to_end(), "");
  const RawClient slow(gateway().port());
  slow.send("PROXY TCP4 192.");
  EXPECT_EQ(slow.read_to_end(), "");
}

TEST_F(Promise09ListedProxies, NobodyElseMaySpeakIt) {
  settings().trusted_proxies = {"10.0.0.0/8"};
  settings().proxy_protocol = true;
  start_logged();
  EXPECT_EQ(ask(kVersion1), "400");
  EXPECT_EQ(ask(kVersion2), "400");
  EXPECT_EQ(ask(""), "404") << "who comes directly is served as ever";
  EXPECT_THAT(logged(), Not(HasSubstr("192.0.2.7")));
}

TEST_F(Promise09ListedProxies, TheHeaderStandsBeforeTls) {
  TemporaryFolder folder;
  settings().tls = make_certificate_files(folder.path(), "gate");
  settings().trusted_proxies = {"127.0.0.1"};
  settings().proxy_protocol = true;
  start_logged();
  {
    TlsClient client(gateway().port(), {.before = kVersion1});
    ASSERT_TRUE(client.connected()) << client.trouble();
    client.send(kAsk + "\r\n"s);
    EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 404 "));
  }
  EXPECT_THAT(logged(), HasSubstr("peer=192.0.2.7:51246"));
}

}  // namespace
}  // namespace sallyport::support
