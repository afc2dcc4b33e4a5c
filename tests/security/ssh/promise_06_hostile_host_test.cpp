// Promise 6: a hostile SSH server can end its own session and nothing else. Whatever it does, at
// whatever moment, the user is told in a sentence or the session goes on; another session of the
// same thread echoes meanwhile; and it is held to a bounded memory.
#include <gtest/gtest.h>

#include "hostile_acts.h"
#include "support/gateway_fixture.h"
#include "support/hostile_host.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;
using End = HostileEnd;

class Promise06HostileHostEndsItsOwnSession : public GatewayTest,
                                              public ::testing::WithParamInterface<HostileCase> {
 protected:
  static constexpr std::size_t kBound = 64 * 1024;  // KiB: libssh2's 16 MiB, the log, what is read

  Promise06HostileHostEndsItsOwnSession() {
    settings().threads = 1;  // the same one for both sessions
    settings().handshake_timeout = settings().authenticate_timeout = settings().shell_timeout = 2s;
  }
  void echo(WebSocketClient& browser) {
    const std::string word = "still-" + std::to_string(++echoed_) + ";";
    browser.type(word);
    browser.expect_output(word);
  }
  int echoed_ = 0;
};

TEST_P(Promise06HostileHostEndsItsOwnSession, AndNothingElse) {
  start();
  HostileHost polite;
  HostileHost hostile(GetParam().moment, GetParam().act);
  auto neighbour = open(open_frame(polite.port(), password("x")));
  echo(neighbour);
  const auto before = Holdings::now();

  auto browser = connect();
  browser.send(
      open_frame(hostile.port(), GetParam().is_asked ? interactive() : password("right horse")));
  while (!browser.has_event()) {
    echo(neighbour);
    browser.read_for(1ms);
  }
  Json first = browser.take_event();
  if (first.at("type") == "opened") {
    browser.type("a");
    const auto until = std::chrono::steady_clock::now() + 500ms;
    while (browser.read_for(1ms) && !browser.has_event() &&
           std::chrono::steady_clock::now() < until) {
      echo(neighbour);
    }
    if (browser.has_event()) first = browser.take_event();
  }
  expect_memory_near(before, kBound);
  if (first.at("type") == "opened") {
    EXPECT_NE(GetParam().end, End::kSentence) << "it goes on";
    browser.hang_up();
  } else if (first.at("type") == "error") {
    EXPECT_NE(GetParam().end, End::kGoesOn) << told(first);
    EXPECT_TRUE(first.at("message").get<std::string>().ends_with('.')) << told(first);
    EXPECT_NE(first.at("code"), "internal-error") << told(first);
    EXPECT_EQ(told(first).find('\x1b'), std::string::npos) << "its escapes reach the page";
    browser.close_code();
  } else {
    EXPECT_EQ(first.at("type"), "exited") << first;
    EXPECT_EQ(GetParam().end, End::kEither);
  }
  echo(neighbour);
  neighbour.hang_up();
}

INSTANTIATE_TEST_SUITE_P(EachAct, Promise06HostileHostEndsItsOwnSession,
                         ::testing::ValuesIn(hostile_cases()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace sallyport::support
