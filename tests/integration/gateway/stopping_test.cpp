// A graceful stop: every browser is told, and the gateway is gone within its grace.
#include <gmock/gmock.h>

#include <thread>

#include "plain_host.h"
#include "support/gateway_fixture.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr unsigned kStopping = 1001;

using Stopping = GatewayTest;

TEST_F(Stopping, BrowsersInEveryStageAreToldThatTheGatewayStops) {
  settings().stop_grace = 20s;
  settings().handshake_timeout = 60s;
  start();
  PlainHost host;
  auto waiting = connect();  // before its first frame
  auto opening = connect();
  opening.send(open_frame(host.port(), password("x")));
  host.accept();

  // The close handshake needs the browsers' answers, so somebody else stops the gateway.
  std::thread stopper([this] { gateway().stop(); });
  for (auto* browser : {&waiting, &opening}) {
    EXPECT_EQ(told(browser->expect("error")),
              "running gateway-stopping: The gateway is stopping. | Connect again in a moment.");
    EXPECT_EQ(browser->close_code(), kStopping);
  }
  stopper.join();
  EXPECT_TRUE(host.sees_the_end());
}

TEST_F(Stopping, BrowsersWithARunningShellAreToldToo) {
  settings().stop_grace = 20s;
  start();
  ScriptedSshServer server;
  auto idle = open(open_frame(server.port(), password("right horse")));
  auto flooded = open(open_frame(server.port(), password("right horse")));
  flooded.set_acking(false);
  flooded.type("!flood 5000000\n");
  flooded.wait_until([&] { return flooded.output_end() > 50'000; }, "the flood");

  std::thread stopper([this] { gateway().stop(); });
  for (auto* browser : {&idle, &flooded}) {
    EXPECT_EQ(browser->expect("error").at("code"), "gateway-stopping");
    EXPECT_EQ(browser->close_code(), kStopping);
  }
  stopper.join();
  EXPECT_EQ(gateway().sessions(), 0u);
}

TEST_F(Stopping, ABrowserThatDoesNotAnswerCostsNoMoreThanTheGrace) {
  settings().stop_grace = 500ms;
  start();
  auto browser = connect();
  browser.set_reading(false);
  const auto began = Clock::now();
  stop();
  EXPECT_LT(Clock::now() - began, 10s);
}

TEST_F(Stopping, ALoginToAHostThatDoesNotAnswerDoesNotHoldItUp) {
  settings().stop_grace = 20s;
  settings().connect_timeout = 60s;
  start();
  const PlainHost host(PlainHost::Kind::kFull);
  auto browser = connect();
  browser.send(open_frame(host.port(), password("x")));
  browser.wait_until([&] { return browser.stages().size() == 3; }, "progress: connect");
  std::thread stopper([this] { gateway().stop(); });
  EXPECT_EQ(browser.close_code(), kStopping);
  const auto began = Clock::now();
  stopper.join();
  EXPECT_LT(Clock::now() - began, 10s);
}

TEST_F(Stopping, AGatewayThatNeverServedStopsAtOnce) {
  start();
  gateway().stop();
  EXPECT_EQ(gateway().connections(), 0u);
}

}  // namespace
}  // namespace sallyport::support
