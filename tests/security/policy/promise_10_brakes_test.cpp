// Promise 10: guessing is slowed by client, by account and by target, and nobody can lock somebody
// else out for good. (The arithmetic of the brakes is in tests/unit/policy.)
#include <gmock/gmock.h>

#include "app/clients.h"
#include "support/gateway_fixture.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;

class Promise10GuessingIsSlowed : public GatewayTest {
 protected:
  Promise10GuessingIsSlowed() {
    settings().login_failures = 2;
    settings().login_delay = 400ms;
    settings().login_delay_most = 800ms;
  }
  Json attempt(const ScriptedSshServer& host, std::string_view password,
               const std::string& username = "ana") {
    auto browser = connect();
    browser.send(
        open_frame(host.port(), GatewayTest::password(password), {{"username", username}}));
    browser.wait_until([&] { return browser.has_event(); }, "an answer");
    auto answer = browser.take_event();
    if (answer.at("type") == "opened") browser.hang_up();
    return answer;
  }
  // The same from behind a proxy on this machine.
  std::string attempt_from(const std::string& client, const ScriptedSshServer& host,
                           std::string_view password, const std::string& username) {
    auto options = socket_options();
    options.forwarded_for = client;
    WebSocketClient browser(options);
    if (browser.upgrade() != 101) throw std::runtime_error(browser.refusal());
    browser.send(
        open_frame(host.port(), GatewayTest::password(password), {{"username", username}}));
    browser.wait_until([&] { return browser.has_event(); }, "an answer");
    const auto answer = browser.take_event();
    if (answer.at("type") == "opened") browser.hang_up();
    return code(answer);
  }
  static std::string code(const Json& answer) { return answer.value("code", "opened"); }
};

TEST_F(Promise10GuessingIsSlowed, WhoGuessesWaitsAndIsToldHowLong) {
  start();
  const ScriptedSshServer host;
  EXPECT_EQ(code(attempt(host, "a")), "not-accepted");
  EXPECT_EQ(code(attempt(host, "b")), "not-accepted");
  const int asked = host.connections();
  const auto braked = attempt(host, "right horse");
  EXPECT_EQ(told(braked),
            "policy slow-down: Too many logins have failed: the next one may begin in 1 s. | Wait "
            "that long, then try again; nothing is locked.");
  EXPECT_EQ(braked.at("params").at("seconds"), "1");
  EXPECT_EQ(host.connections(), asked) << "the host hears nothing of it";
  EXPECT_EQ(code(attempt(host, "a", "bob")), "not-accepted") << "another account";

  // The wait ends by itself, and tries during it do not make it longer.
  EXPECT_TRUE(eventually([&] { return code(attempt(host, "right horse")) == "opened"; }));
}

TEST_F(Promise10GuessingIsSlowed, ASuccessResetsNothing) {
  start();
  const ScriptedSshServer host;
  EXPECT_EQ(code(attempt(host, "a")), "not-accepted");
  EXPECT_EQ(code(attempt(host, "right horse")), "opened");
  EXPECT_EQ(code(attempt(host, "b")), "not-accepted");
  EXPECT_EQ(code(attempt(host, "c")), "slow-down");
}

TEST_F(Promise10GuessingIsSlowed, AKeyThatCannotBeReadIsNoGuess) {
  start();
  const ScriptedSshServer host;
  for (int i = 0; i < 4; ++i) {
    auto browser = connect();
    browser.send(open_frame(host.port(), {{"method", "publickey"}, {"key", "no key"}}));
    EXPECT_EQ(code(browser.expect("error")), "key-unreadable");
  }
  EXPECT_EQ(code(attempt(host, "right horse")), "opened");
}

TEST_F(Promise10GuessingIsSlowed, AClientThatGuessesHoldsUpItselfAndNobodyElse) {
  settings().trusted_proxies = {"127.0.0.1"};
  settings().login_delay = 20s;
  settings().login_delay_most = 20s;
  start();
  const ScriptedSshServer host;
  EXPECT_EQ(attempt_from("198.51.100.1", host, "a", "ana"), "not-accepted");
  EXPECT_EQ(attempt_from("198.51.100.1", host, "b", "ana"), "not-accepted");
  EXPECT_EQ(attempt_from("198.51.100.1", host, "right horse", "ana"), "slow-down");
  EXPECT_EQ(attempt_from("198.51.100.1", host, "a", "bob"), "slow-down") << "another account";
  EXPECT_EQ(attempt_from("203.0.113.5", host, "right horse", "ana"), "opened")
      << "whose account it is comes from elsewhere";
  // One customer has a whole /64 to come from.
  EXPECT_EQ(attempt_from("2001:db8::1", host, "a", "eve"), "not-accepted");
  EXPECT_EQ(attempt_from("2001:db8::2", host, "b", "eve"), "not-accepted");
  EXPECT_EQ(attempt_from("2001:db8::3", host, "c", "mia"), "slow-down");
  EXPECT_EQ(attempt_from("2001:db8:0:1::3", host, "c", "mia"), "not-accepted");
}

TEST_F(Promise10GuessingIsSlowed, ANameThatNoListedProxySaysIsNoOtherClient) {
  settings().trusted_proxies = {"192.0.2.1"};
  settings().login_delay = 20s;
  settings().login_delay_most = 20s;
  start();
  const ScriptedSshServer host;
  EXPECT_EQ(attempt_from("198.51.100.1", host, "a", "ana"), "not-accepted");
  EXPECT_EQ(attempt_from("198.51.100.2", host, "b", "bob"), "not-accepted");
  EXPECT_EQ(attempt_from("198.51.100.3", host, "c", "eve"), "slow-down");
}

TEST(Promise10Clients, AreWhoeverIsNotAProxyThatStandsForMany) {
  const auto peer = [](const char* address) {
    return net::Peer::at(boost::asio::ip::make_address(address), 1234);
  };
  const app::Clients unlisted({});
  EXPECT_EQ(unlisted.key(peer("192.0.2.7")), "192.0.2.7");
  EXPECT_EQ(unlisted.key(peer("::ffff:192.0.2.7")), "192.0.2.7");
  EXPECT_EQ(unlisted.key(peer("2001:db8::1")), "2001:db8::/64");
  EXPECT_EQ(unlisted.key(peer("127.0.0.1")), "") << "a proxy that nobody listed may be there";
  EXPECT_EQ(unlisted.key(peer("::1")), "");
  EXPECT_EQ(unlisted.key({.kind = net::Peer::Kind::kUnix}), "");
  const app::Clients listed({*policy::Network::parse("10.0.0.0/8")});
  EXPECT_EQ(listed.key(peer("10.1.2.3")), "");
  EXPECT_EQ(listed.key(peer("127.0.0.1")), "127.0.0.1");
  EXPECT_EQ(listed.key(peer("192.0.2.7")), "192.0.2.7");
}

}  // namespace
}  // namespace sallyport::support
