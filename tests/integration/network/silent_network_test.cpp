// A network that falls silent: packets are lost, nobody refuses them. Both ends are noticed in
// their time, an interruption that is shorter is not noticed at all, and the session is there when
// the network is. bench/soak silent-network runs it more often.
#include <gmock/gmock.h>

#include <algorithm>
#include <iostream>

#include "networks.h"
#include "support/gateway_fixture.h"
#include "support/scripted_ssh_server.h"
#include "support/size_of_run.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Cable = Networks::Cable;

constexpr auto kSilentAfter = 1500ms;
constexpr auto kDeadAfter = 1500ms;
constexpr auto kLook = 300ms;    // how often either is asked
constexpr auto kSlack = 1500ms;  // a timer of the kernel's, and a busy machine

class SilentNetwork : public GatewayTest {
 protected:
  SilentNetwork() {
    auto& now = settings();
    now.listen_address = Networks::kGatewayAddress;
    now.ping_interval = now.keepalive = kLook;
    now.silent_after = kSilentAfter;
    now.dead_after = kDeadAfter;
    now.connect_timeout = kDeadAfter;
    now.detached_limit = now.hold = 10min;
  }
  void SetUp() override {
    networks_.gateway().run([this] { start(); });
    networks_.host().run(
        [this] { host_ = std::make_unique<ScriptedSshServer>(Script{.any_address = true}); });
  }
  WebSocketClient browser(const Json& first) {
    std::optional<WebSocketClient> browser;
    auto options = socket_options();
    options.address = Networks::kGatewayAddress;
    networks_.browser().run([&] { browser.emplace(options); });
    EXPECT_EQ(browser->upgrade(), 101u);
    browser->send(first);
    return std::move(*browser);
  }
  Json open_host() const {
    return open_frame(host_->port(), password("right horse"), {{"host", Networks::kHostAddress}});
  }
  static Json attach_frame(const Json& opened, std::uint64_t received) {
    return {{"type", "attach"},
            {"session", opened.at("session")},
            {"token", opened.at("token")},
            {"received", received},
            {"cols", 80},
            {"rows", 24}};
  }
  static void end(WebSocketClient& browser) {
    browser.hang_up();
    EXPECT_EQ(browser.close_code(), 1000u);
  }
  // Notes how long something took that must take between these.
  void expect_took(Clock::time_point since, Clock::duration least, Clock::duration most) {
    const auto took = Clock::now() - since;
    EXPECT_GE(took, least);
    EXPECT_LE(took, most);
    longest_ = std::max(longest_, took);
    shortest_ = std::min(shortest_, took);
  }
  void tell(const char* what) const {
    std::cout << what << " noticed after " << std::chrono::duration<double>(shortest_).count()
              << " to " << std::chrono::duration<double>(longest_).count() << " s in " << rounds_
              << " rounds\n";
  }
  void expect_browser_noticed(Clock::time_point since) {
    EXPECT_TRUE(eventually([this] { return gateway().connections() == 0; }));
    expect_took(since, kSilentAfter - 2 * kLook, kSilentAfter + kLook + kSlack);
  }

  const std::uint64_t rounds_ = size_of_run("SILENCES", 1);
  Networks networks_;
  std::unique_ptr<ScriptedSshServer> host_;
  Clock::duration longest_{0};
  Clock::duration shortest_ = Clock::duration::max();
};

TEST_F(SilentNetwork, AnIdleBrowserIsNoticedAndItsSessionIsThereAfterwards) {
  for (std::uint64_t round = 0; round < rounds_; ++round) {
    auto first = browser(open_host());
    const auto opened = first.expect("opened");
    first.type("before\n");
    first.expect_output("before\n");
    const auto shown = first.output_end();
    networks_.pull(Cable::kBrowser);
    expect_browser_noticed(Clock::now());
    EXPECT_EQ(gateway().sessions(), 1u);
    networks_.put_back(Cable::kBrowser);
    auto second = browser(attach_frame(opened, shown));
    EXPECT_EQ(second.expect("attached").at("start"), shown);
    second.type("after\n");
    EXPECT_EQ(second.expect_output("after\n"), "");
    end(second);
  }
  tell("an idle browser's silence");
}

TEST_F(SilentNetwork, ABrowserInAFloodIsNoticedAndNothingIsLost) {
  constexpr std::size_t kFlood = 30'000'000;
  for (std::uint64_t round = 0; round < rounds_; ++round) {
    auto first = browser(open_host());
    const auto opened = first.expect("opened");
    const std::string command = "!flood " + std::to_string(kFlood) + "\n";
    first.type(command);
    first.wait_until([&] { return first.output_end() > 200'000; }, "the flood");
    networks_.pull(Cable::kBrowser);
    const auto pulled = Clock::now();
    first.set_reading(false);
    auto all = first.take_output();
    expect_browser_noticed(pulled);
    networks_.put_back(Cable::kBrowser);
    auto second = browser(attach_frame(opened, all.size()));
    EXPECT_EQ(second.expect("attached").at("start"), all.size());
    second.wait_until([&] { return second.output_end() == command.size() + kFlood; },
                      "the rest of it");
    all += second.output();
    EXPECT_TRUE(all == command + flood_bytes(kFlood));
    end(second);
  }
  tell("the silence of a browser in a flood");
}

TEST_F(SilentNetwork, AHostIsNoticedWhetherAnybodyTypesOrNot) {
  for (std::uint64_t round = 0; round < 2 * rounds_; ++round) {
    auto first = browser(open_host());
    first.expect("opened");
    first.type("before\n");
    first.expect_output("before\n");
    networks_.pull(Cable::kHost);
    const auto pulled = Clock::now();
    if (round % 2 == 0) first.type("into the void\n");
    EXPECT_EQ(told(first.expect("error")),
              "running stopped-answering: 10.72.0.2 stopped answering. | The host or the network "
              "to it may be down. Connect again.");
    expect_took(pulled, kDeadAfter - 2 * kLook, kDeadAfter + kLook + kSlack);
    EXPECT_EQ(first.close_code(), 1000u);
    networks_.put_back(Cable::kHost);
    EXPECT_TRUE(eventually([this] { return gateway().sessions() == 0; }));
  }
  tell("a host's silence");
}

TEST_F(SilentNetwork, AHostThatFellSilentWhileNobodyWasThereIsToldToWhoComesBack) {
  auto first = browser(open_host());
  const auto opened = first.expect("opened");
  first.type("before\n");
  first.expect_output("before\n");
  first.reset();
  EXPECT_TRUE(eventually([this] { return gateway().connections() == 0; }));
  networks_.pull(Cable::kHost);
  EXPECT_TRUE(eventually([this] { return gateway().sessions() == 0; }));
  auto second = browser(attach_frame(opened, 0));
  second.expect("attached");
  EXPECT_EQ(second.expect("error").at("code"), "stopped-answering");
  EXPECT_EQ(second.output(), "before\n");
  EXPECT_EQ(second.close_code(), 1000u);
  networks_.put_back(Cable::kHost);
}

TEST_F(SilentNetwork, AShortSilenceOfBothIsNotNoticed) {
  auto first = browser(open_host());
  first.expect("opened");
  for (int round = 0; round < 3; ++round) {
    const auto line = "round " + std::to_string(round) + "\n";
    networks_.pull(Cable::kBrowser);
    networks_.pull(Cable::kHost);
    first.type(line);
    EXPECT_TRUE(first.read_for(kSilentAfter / 4));
    networks_.put_back(Cable::kBrowser);
    networks_.put_back(Cable::kHost);
    EXPECT_EQ(first.expect_output(line), "");
  }
  end(first);
}

TEST_F(SilentNetwork, AHostThatWasNeverThereDidNotAnswer) {
  networks_.pull(Cable::kHost);
  auto first = browser(open_host());
  const auto asked = Clock::now();
  EXPECT_THAT(told(first.expect("error")),
              ::testing::StartsWith("connect connect-timeout: 10.72.0.2:"));
  expect_took(asked, kDeadAfter - 200ms, kDeadAfter + kSlack);
  EXPECT_EQ(first.close_code(), 4014u);
  networks_.put_back(Cable::kHost);
}

}  // namespace
}  // namespace sallyport::support
