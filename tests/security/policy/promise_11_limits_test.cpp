// Promise 11: limits live in the server. What a page does or does not do changes nothing.
#include <gmock/gmock.h>

#include "support/gateway_fixture.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

class Promise11LimitsAreTheServers : public GatewayTest {};

TEST_F(Promise11LimitsAreTheServers, LoginsUnderWay) {
  settings().max_logins = 2;
  start();
  ScriptedSshServer slow({.silent_at = Script::Stage::kAuth});
  const ScriptedSshServer host;
  std::vector<WebSocketClient> waiting;
  for (int i = 0; i < 2; ++i) {
    waiting.push_back(connect());
    waiting.back().send(open_frame(slow.port(), password("x")));
  }
  ASSERT_TRUE(slow.wait_until_stopped());
  ASSERT_TRUE(eventually([&] { return gateway().sessions() == 2; }));
  {
    auto browser = connect();
    browser.send(open_frame(host.port(), password("right horse")));
    EXPECT_EQ(told(browser.expect("error")),
              "policy too-many-logins: Too many logins are under way. | Try again in a moment.");
    EXPECT_EQ(browser.close_code(), 4013u);
  }
  EXPECT_EQ(host.connections(), 0);
  waiting.pop_back();
  ASSERT_TRUE(eventually([&] { return gateway().sessions() == 1; }));
  open(open_frame(host.port(), password("right horse"))).hang_up();
}

TEST_F(Promise11LimitsAreTheServers, Connections) {
  settings().max_connections = 3;
  start();
  std::vector<WebSocketClient> open;
  for (int i = 0; i < 2; ++i) open.push_back(connect());
  open.emplace_back(socket_options());  // TCP and no word yet: it counts
  {
    WebSocketClient beyond(socket_options());
    EXPECT_TRUE(beyond.sees_the_end());
  }
  EXPECT_EQ(gateway().connections(), 2U);
  open.erase(open.begin());  // a terminal's place is given back as well
  ASSERT_TRUE(eventually([&] { return gateway().connections() == 1; }));
  EXPECT_TRUE(eventually([&] {
    WebSocketClient next(socket_options());
    try {
      return next.upgrade() == 101;
    } catch (const std::exception&) {
      return false;  // closed unread: the place is given back a moment after the terminal
    }
  }));
}

TEST_F(Promise11LimitsAreTheServers, ConnectionsLoginsAndSessionsOfOneClient) {
  settings().trusted_proxies = {"192.0.2.1"};  // so whoever comes from loopback is a client
  settings().connections_by_client = 3;
  settings().logins_by_client = 1;
  settings().sessions_by_client = 2;
  start();
  ScriptedSshServer slow({.silent_at = Script::Stage::kAuth});
  const ScriptedSshServer host;
  auto waiting = connect();
  waiting.send(open_frame(slow.port(), password("x")));
  ASSERT_TRUE(slow.wait_until_stopped());
  const auto refusal = [&] {
    auto browser = connect();
    browser.send(open_frame(host.port(), password("right horse")));
    const auto code = browser.expect("error").at("code");
    browser.close_code();
    return code;
  };
  EXPECT_EQ(refusal(), "too-many-logins");
  waiting.drop();
  ASSERT_TRUE(eventually([&] { return gateway().sessions() == 0; }));

  auto first = open(open_frame(host.port(), password("right horse")));
  auto second = open(open_frame(host.port(), password("right horse")));
  EXPECT_EQ(refusal(), "too-many-own-sessions");
  ASSERT_TRUE(eventually([&] { return gateway().connections() == 2; }));
  auto third = WebSocketClient(socket_options());
  {
    WebSocketClient beyond(socket_options());
    EXPECT_TRUE(beyond.sees_the_end());
  }
  first.hang_up();
  second.hang_up();
}

TEST_F(Promise11LimitsAreTheServers, PromptsAndRounds) {
  Script endless{.offers_password = false, .offers_interactive = true};
  for (int i = 0; i < 30; ++i)
    endless.rounds.push_back({"again", "", {{"Password: ", false, "no"}}});
  start();
  const ScriptedSshServer host(endless);
  auto browser = connect();
  browser.send(open_frame(host.port(), interactive()));
  int prompts = 0;
  while (true) {
    browser.wait_until([&] { return browser.has_event(); }, "a prompt or the end");
    const auto event = browser.take_event();
    if (event.at("type") == "error") {
      EXPECT_EQ(event.at("code"), "too-many-prompts");
      break;
    }
    ASSERT_EQ(event.at("type"), "prompt");
    ASSERT_LE(++prompts, 20);
    browser.send({{"type", "answer"}, {"prompt", event.at("id")}, {"values", {"no"}}});
  }
  EXPECT_EQ(prompts, 20);
}

}  // namespace
}  // namespace sallyport::support
