// A browser that falls behind: the shell waits, memory stays, others notice nothing, no byte is
// lost.
#include <gmock/gmock.h>

#include <cstdint>
#include <thread>

#include "support/gateway_fixture.h"
#include "support/openssh_server.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kWindow = 256 * 1024;      // of settings(), in bytes
constexpr std::size_t kFirstWindow = 64 * 1024;  // before any ack
constexpr std::size_t kSlack = 64 * 1024;        // what may come on top of it
constexpr int kLines = 2'000'000;                // of a flood: 17 MB with their line ends

std::string numbered_lines(int count) {
  std::string lines;
  for (int i = 1; i <= count; ++i) lines += std::to_string(i) + "\r\n";
  return lines;
}

class Flow : public GatewayTest {
 protected:
  void SetUp() override { start(); }
  // A shell that is about to print kLines numbered lines and then ends.
  WebSocketClient flooding(bool acking) {
    auto browser =
        open(open_frame(server_.port(), key(server_.key()), {{"username", server_.user()}}));
    browser.type("PS1= ENV= exec sh\n");
    browser.type("stty -echo; echo rea''dy\n");
    browser.expect_output("ready\r\n");
    browser.set_acking(acking);
    browser.type("seq 1 " + std::to_string(kLines) + "; exit 0\n");
    return browser;
  }
  // Reads until nothing has come for a while.
  static void read_until_quiet(WebSocketClient& browser) {
    for (std::uint64_t before = 0; before != browser.output_end();) {
      before = browser.output_end();
      ASSERT_TRUE(browser.read_for(700ms));
    }
  }
  void expect_others_work() {
    auto other = open(open_frame(others_.port(), password("right horse")));
    for (int i = 0; i < 20; ++i) {
      const auto line = "bystander " + std::to_string(i);
      other.type(line + "\n");
      other.expect_output(line);
    }
  }
  OpenSshServer server_;
  ScriptedSshServer others_;
};

TEST_F(Flow, WithoutAcksOutputStopsAtTheWindowAndGoesOnByteExactWhenTheyCome) {
  auto browser = flooding(false);
  const auto begun = browser.output_end();
  const auto memory = Holdings::now();
  read_until_quiet(browser);
  const auto received = browser.output_end() - begun;
  EXPECT_GE(received, kFirstWindow / 2);
  EXPECT_LE(received, kWindow + kSlack);
  expect_memory_near(memory);
  expect_others_work();

  browser.set_acking(true);
  browser.ack(browser.output_end());
  EXPECT_EQ(browser.expect("exited").at("status"), 0);
  // Not EXPECT_EQ: its message would be the flood.
  EXPECT_TRUE(browser.output().substr(begun) == numbered_lines(kLines));
}

TEST_F(Flow, ABrowserThatDoesNotReadItsSocketCostsABoundedAmount) {
  auto browser = flooding(true);
  browser.read_for(20ms);
  browser.set_reading(false);
  const auto memory = Holdings::now();
  expect_others_work();
  expect_others_work();
  expect_memory_near(memory);

  browser.set_reading(true);
  EXPECT_EQ(browser.expect("exited").at("status"), 0);
  EXPECT_TRUE(browser.output().ends_with(numbered_lines(kLines)));
}

TEST_F(Flow, AFloodThatIsAckedDoesNotKeepOthersWaiting) {
  auto browser = flooding(true);
  std::thread reader([&] { browser.expect("exited"); });
  expect_others_work();
  reader.join();
  EXPECT_TRUE(browser.output().ends_with(numbered_lines(kLines)));
}

TEST_F(Flow, AcksInAnyOrderAndTooOftenDoNoHarm) {
  auto browser = flooding(false);
  while (browser.read_for(1ms) && browser.unexpected() == 0) {
    const auto end = browser.output_end();
    for (const auto at : {end, end / 2, std::uint64_t{0}, end}) browser.ack(at);
  }
  EXPECT_EQ(browser.expect("exited").at("status"), 0);
  EXPECT_TRUE(browser.output().ends_with(numbered_lines(kLines)));
}

TEST_F(Flow, AnAckOfWhatWasNeverSentIsABadFrame) {
  auto browser = open(open_frame(others_.port(), password("right horse")));
  browser.ack(1'000'000);
  EXPECT_EQ(told(browser.expect("error")),
            "running bad-frame: The gateway did not understand the page: ack: end is beyond what "
            "was sent. | Reload the page.");
  EXPECT_EQ(browser.close_code(), 4000u);
}

TEST_F(Flow, ABrowserThatLeavesInAFloodTakesTheShellWithIt) {
  auto browser = flooding(false);
  read_until_quiet(browser);
  browser.drop();
  EXPECT_TRUE(eventually([this] { return gateway().sessions() == 0; }));
}

}  // namespace
}  // namespace sallyport::support
