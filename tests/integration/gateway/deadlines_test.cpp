// Every wait for a browser has an end.
#include <gmock/gmock.h>

#include "plain_host.h"
#include "support/gateway_fixture.h"

namespace sallyport::support {
namespace {

using ::testing::StartsWith;
using namespace std::chrono_literals;

constexpr unsigned kTooSlow = 4008;

using Deadlines = GatewayTest;

TEST_F(Deadlines, ASocketWithoutAFirstFrameIsTooSlow) {
  settings().first_frame_timeout = 1s;
  start();
  auto browser = connect();
  EXPECT_EQ(told(browser.expect("error")),
            "running too-slow: The first frame did not arrive within 1 s. | Connect again.");
  EXPECT_EQ(browser.close_code(), kTooSlow);
}

TEST_F(Deadlines, HalfAFirstFrameIsTooSlow) {
  settings().first_frame_timeout = 1s;
  start();
  auto browser = connect();
  const auto frame = WebSocketClient::frame_bytes(1, true, open_frame(22, password("x")).dump());
  browser.send_raw(std::string_view(frame).substr(0, frame.size() / 2));
  EXPECT_EQ(browser.expect("error").at("code"), "too-slow");
  EXPECT_EQ(browser.close_code(), kTooSlow);
}

TEST_F(Deadlines, AConnectionThatNeverAsksForAnythingIsClosed) {
  settings().header_timeout = 500ms;
  start();
  WebSocketClient idle(socket_options());
  idle.send_raw("GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgr");
  PlainHost host;  // something else goes on meanwhile
  auto browser = connect();
  browser.send(open_frame(PlainHost::closed_port(), password("x")));
  EXPECT_EQ(browser.expect("error").at("code"), "refused");
  EXPECT_TRUE(idle.sees_the_end());
}

TEST_F(Deadlines, ABrowserThatFallsSilentIsDroppedAndItsLoginWithIt) {
  settings().ping_interval = 100ms;
  settings().silent_after = 500ms;
  settings().handshake_timeout = 60s;
  start();
  PlainHost host;
  auto browser = connect();
  browser.send(open_frame(host.port(), password("x")));
  host.accept();
  browser.set_reading(false);  // so its pings stay unanswered
  EXPECT_TRUE(eventually([this] { return gateway().connections() == 0; }));
  EXPECT_TRUE(host.sees_the_end());
}

TEST_F(Deadlines, ABrowserThatAnswersPingsStays) {
  settings().ping_interval = 50ms;
  settings().silent_after = 400ms;
  settings().handshake_timeout = 60s;
  start();
  PlainHost host;
  auto browser = connect();
  browser.send(open_frame(host.port(), password("x")));
  host.accept();
  EXPECT_TRUE(browser.read_for(1500ms));
  EXPECT_EQ(gateway().connections(), 1u);
}

}  // namespace
}  // namespace sallyport::support
