// The rows of the failure table that come before SSH speaks: what the user reads, word by word.
#include <gmock/gmock.h>

#include "plain_host.h"
#include "support/gateway_fixture.h"

namespace sallyport::support {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

constexpr unsigned kForbidden = 4003;
constexpr unsigned kCouldNotConnect = 4014;

policy::Rules rules(std::initializer_list<const char*> allow,
                    std::initializer_list<const char*> deny = {}) {
  policy::Rules made;
  for (const auto* text : allow) made.allow.push_back(*policy::Rule::parse(text));
  for (const auto* text : deny) made.deny.push_back(*policy::Rule::parse(text));
  return made;
}

class FailuresBeforeSsh : public GatewayTest {
 protected:
  FailuresBeforeSsh() {
    settings().connect_timeout = 1s;
    settings().handshake_timeout = 1s;
  }
  // What the user reads, and the close code.
  std::pair<std::string, unsigned> failure_of(const Json& frame) {
    auto browser = connect();
    browser.send(frame);
    auto words = told(browser.expect("error"));
    stages_ = browser.stages();
    return {std::move(words), browser.close_code()};
  }
  std::vector<std::string> stages_;
};

TEST_F(FailuresBeforeSsh, AnAddressThatNoRuleAllowsIsRefusedByPolicy) {
  settings().targets = rules({"10.0.0.0/8:22"});
  start();
  EXPECT_EQ(failure_of(open_frame(23, password("x"), {{"host", "127.0.0.1"}})),
            std::pair(std::string("policy not-allowed: This gateway does not allow 127.0.0.1:23. "
                                  "| Ask its administrator, or see targets.allow."),
                      kForbidden));
}

TEST_F(FailuresBeforeSsh, ADeniedAddressIsRefusedThoughAllIsAllowed) {
  // Debian's installer and debootstrap differ in what they call localhost.
  settings().targets = rules({"*"}, {"127.0.0.0/8", "::1"});
  start();
  const auto [words, code] = failure_of(open_frame(22, password("x"), {{"host", "localhost"}}));
  EXPECT_THAT(words, StartsWith("policy not-allowed: This gateway does not allow localhost:22."));
  EXPECT_EQ(code, kForbidden);
}

TEST_F(FailuresBeforeSsh, TheGatewayDoesNotDialItself) {
  start();
  const auto own = std::to_string(gateway().port());
  const auto [words, code] = failure_of(open_frame(gateway().port(), password("x")));
  EXPECT_THAT(words,
              StartsWith("policy not-allowed: This gateway does not allow 127.0.0.1:" + own + "."));
  EXPECT_EQ(code, kForbidden);
}

TEST_F(FailuresBeforeSsh, ANameThatDoesNotExistCouldNotBeFound) {
  start();
  // RFC 6761, section 6.4: `.invalid` is never found.
  EXPECT_EQ(failure_of(open_frame(22, password("x"), {{"host", "db-3.invalid"}})),
            std::pair(std::string("resolve not-found: db-3.invalid could not be found. | Check the "
                                  "spelling, or use its address."),
                      kCouldNotConnect));
  EXPECT_THAT(stages_, ElementsAre("policy", "resolve"));
}

TEST_F(FailuresBeforeSsh, APortNobodyListensOnRefusedTheConnection) {
  start();
  const unsigned port = PlainHost::closed_port();
  EXPECT_EQ(failure_of(open_frame(port, password("x"))),
            std::pair("connect refused: 127.0.0.1:" + std::to_string(port) +
                          " refused the connection. | Is the SSH server running there?",
                      kCouldNotConnect));
  EXPECT_THAT(stages_, ElementsAre("policy", "resolve", "connect"));
}

TEST_F(FailuresBeforeSsh, AHostWhoseQueueIsFullDidNotAnswer) {
  start();
  const PlainHost host(PlainHost::Kind::kFull);
  EXPECT_EQ(failure_of(open_frame(host.port(), password("x"))),
            std::pair("connect connect-timeout: 127.0.0.1:" + std::to_string(host.port()) +
                          " did not answer within 1 s. | Is the SSH server running there?",
                      kCouldNotConnect));
}

TEST_F(FailuresBeforeSsh, AHostThatNeverSaysAWordDidNotFinishTheHandshake) {
  start();
  const PlainHost host;
  EXPECT_EQ(failure_of(open_frame(host.port(), password("x"))),
            std::pair("handshake handshake-timeout: 127.0.0.1:" + std::to_string(host.port()) +
                          " did not finish the SSH handshake within 1 s. | Is it an SSH server, "
                          "and is it overloaded?",
                      kCouldNotConnect));
  EXPECT_THAT(stages_, ElementsAre("policy", "resolve", "connect", "handshake"));
}

TEST_F(FailuresBeforeSsh, AWebServerDoesNotSpeakSsh) {
  settings().handshake_timeout = 30s;
  start();
  PlainHost host;
  auto browser = connect();
  browser.send(open_frame(host.port(), password("x")));
  host.accept();
  host.say("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  host.hang_up();
  EXPECT_EQ(told(browser.expect("error")),
            "handshake not-ssh: 127.0.0.1:" + std::to_string(host.port()) +
                " does not speak SSH. | Check the port: SSH servers usually listen on 22.");
  EXPECT_EQ(browser.close_code(), kCouldNotConnect);
}

TEST_F(FailuresBeforeSsh, AHostThatOnlySaysItIsSshDidNotFinishTheHandshake) {
  start();
  PlainHost host;
  auto browser = connect();
  browser.send(open_frame(host.port(), password("x")));
  host.accept();
  host.say("SSH-2.0-Stalled_1.0\r\n");
  EXPECT_THAT(told(browser.expect("error")),
              HasSubstr("did not finish the SSH handshake within 1 s."));
  EXPECT_EQ(browser.close_code(), kCouldNotConnect);
  EXPECT_TRUE(host.sees_the_end());
}

TEST_F(FailuresBeforeSsh, AHostThatHangsUpAtOnceFailedTheHandshake) {
  start();
  PlainHost host;
  auto browser = connect();
  browser.send(open_frame(host.port(), password("x")));
  host.accept();
  host.hang_up();
  EXPECT_THAT(told(browser.expect("error")),
              StartsWith("handshake handshake-failed: The SSH handshake with 127.0.0.1 failed: it "
                         "closed the connection before it said anything."));
  EXPECT_EQ(browser.close_code(), kCouldNotConnect);
}

TEST_F(FailuresBeforeSsh, APresetThatIsNotConfiguredIsSaidByName) {
  start();
  const auto [words, code] =
      failure_of({{"type", "open"}, {"preset", "db-9"}, {"cols", 80}, {"rows", 24}});
  EXPECT_EQ(words,
            "policy unknown-preset: This gateway has no host named \"db-9\". | Reload the page: "
            "its list of hosts may have changed.");
  EXPECT_EQ(code, kCouldNotConnect);
}

TEST_F(FailuresBeforeSsh, TheSessionBeyondTheLimitIsToldSo) {
  settings().max_sessions = 1;
  settings().handshake_timeout = 30s;
  start();
  PlainHost host;
  auto first = connect();
  first.send(open_frame(host.port(), password("x")));
  host.accept();  // its place is taken now
  EXPECT_EQ(failure_of(open_frame(host.port(), password("x"))),
            std::pair(std::string("policy too-many-sessions: This gateway already has its 1 "
                                  "sessions. | Try again later, or ask its administrator to raise "
                                  "the limit."),
                      4013u));
  first.drop();
  EXPECT_TRUE(host.sees_the_end());
}

TEST_F(FailuresBeforeSsh, AnEncodingNobodyKnowsIsABadFrame) {
  start();
  const auto [words, code] = failure_of(open_frame(22, password("x"), {{"encoding", "klingon"}}));
  EXPECT_THAT(words,
              StartsWith("running bad-frame: The gateway did not understand the page: open: "));
  EXPECT_EQ(code, 4000u);
}

TEST_F(FailuresBeforeSsh, ThereIsNoSessionToComeBackTo) {
  start();
  const auto [words, code] = failure_of({{"type", "attach"},
                                         {"session", "3xQzT0aPq1Yk2VbN"},
                                         {"token", "kqX1h0vJ8mZbV4mS9rY2cT7wE5uI3oP6aD0fG1hJ2kL"},
                                         {"received", 0},
                                         {"cols", 80},
                                         {"rows", 24}});
  EXPECT_EQ(words,
            "running no-such-session: There is no such session. | It has ended. Connect again.");
  EXPECT_EQ(code, 4004u);
}

}  // namespace
}  // namespace sallyport::support
