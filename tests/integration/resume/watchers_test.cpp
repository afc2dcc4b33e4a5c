// Those who only look on: each at its own pace, and nobody waits for them.
#include <gmock/gmock.h>

#include "numbered_lines.h"
#include "printing_shell.h"
#include "support/resume_fixture.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;

class Watchers : public ReturnTest {
 protected:
  Watchers() {
    settings().window_bytes = 64 * 1024;
    settings().log_bytes = 256 * 1024;
    settings().watchers = 3;
  }
  WebSocketClient open_shell(const OpenSshServer& server, Ticket& ticket) {
    auto browser = connect();
    browser.send(open_frame(server.port(), key(server.key()), {{"username", server.user()}}));
    ticket = ticket_of(browser.expect("opened"));
    return browser;
  }
  ScriptedSshServer host_;
};

TEST_F(Watchers, SeeWhatIsPrintedAndHowItEnds) {
  start();
  Ticket ticket;
  auto browser = open_session(host_, ticket);
  browser.type("one\n");
  browser.expect_output("one\n");
  Json attached;
  auto early = watch(ticket, 0, &attached);
  EXPECT_EQ(attached.at("start"), 0);
  EXPECT_EQ(attached.at("end"), 4);
  EXPECT_EQ(attached.at("cols"), 80);
  EXPECT_EQ(early.expect_output("one\n"), "");
  auto late = watch(ticket, 4, &attached);
  EXPECT_EQ(attached.at("start"), 4);
  browser.type("two\n");
  EXPECT_EQ(early.expect_output("two\n"), "");
  EXPECT_EQ(late.expect_output("two\n"), "");
  browser.type("!exit 6\n");
  for (auto* one : {&browser, &early, &late}) {
    EXPECT_EQ(one->expect("exited").at("status"), 6);
    EXPECT_EQ(one->close_code(), 1000u);
  }
}

TEST_F(Watchers, NeitherTypeNorSetTheSizeAndAreToldIt) {
  start();
  Ticket ticket;
  auto browser = open_session(host_, ticket);
  auto looking = watch(ticket);
  looking.send({{"type", "resize"}, {"cols", 10}, {"rows", 10}});
  looking.send({{"type", "ping"}, {"id", 1}});
  EXPECT_EQ(looking.expect("pong").at("id"), 1);
  browser.type("!size\n");
  browser.expect_output("80x24\r\n");
  browser.send({{"type", "resize"}, {"cols", 100}, {"rows", 30}});
  const auto size = looking.expect("size");
  EXPECT_EQ(size.at("cols"), 100);
  EXPECT_EQ(size.at("rows"), 30);
  looking.type("rm -rf precious\n");
  EXPECT_EQ(told(looking.expect("error")),
            "running bad-frame: The gateway did not understand the page: input: a watcher cannot "
            "type. | Reload the page.");
  EXPECT_EQ(looking.close_code(), 4000u);
  browser.type("end\n");
  EXPECT_EQ(browser.expect_output("end\n"), "");
  browser.hang_up();
}

TEST_F(Watchers, WhoLeaveOrHangUpEndNothing) {
  start();
  Ticket ticket;
  auto browser = open_session(host_, ticket);
  watch(ticket).reset();
  auto looking = watch(ticket);
  looking.hang_up();
  EXPECT_EQ(looking.close_code(), 1000u);
  browser.type("still here\n");
  browser.expect_output("still here\n");
  browser.hang_up();
}

TEST_F(Watchers, AreNoMoreThanTheSettingAllows) {
  start();
  Ticket ticket;
  auto browser = open_session(host_, ticket);
  std::vector<WebSocketClient> looking;
  for (int i = 0; i < 3; ++i) looking.push_back(watch(ticket));
  auto fourth = send_first(watch_frame(ticket, 0));
  EXPECT_EQ(told(fourth.expect("error")),
            "running too-many-watchers: This session already has 3 watchers. | Try again when one "
            "has left.");
  EXPECT_EQ(fourth.close_code(), 4013u);
  looking.pop_back();
  EXPECT_TRUE(eventually([this] { return gateway().connections() == 3; }));
  looking.push_back(watch(ticket));
  browser.hang_up();
}

TEST_F(Watchers, OnesThatReadNothingSlowNobodyAndAreMovedForwardAtASafeCut) {
  start();
  OpenSshServer server(plain_shell());
  Ticket ticket;
  auto browser = open_shell(server, ticket);
  // One stops reading its socket, one reads and does not acknowledge, one does both.
  auto asleep = watch(ticket);
  asleep.set_reading(false);
  auto silent = watch(ticket);
  silent.set_acking(false);
  auto awake = watch(ticket);
  const PrintingShell shell(server, browser, 120'000);
  browser.wait_until([&] { return browser.output_end() == shell.begin + shell.bytes; },
                     "all lines");
  EXPECT_EQ(NumberedLines::differs(0, std::string_view(browser.output()).substr(shell.begin)),
            std::string::npos);
  browser.type("0\n");
  EXPECT_EQ(browser.expect("exited").at("status"), 0);
  // Who had the keyboard has seen how it ended, and is gone; they still get what is left.
  EXPECT_EQ(browser.close_code(), 1000u);

  asleep.set_reading(true);
  silent.set_acking(true);
  for (auto* one : {&asleep, &silent, &awake}) {
    one->wait_until([&] { return !one->open(); }, "the end");
    std::uint64_t moves = 0;
    while (one->unexpected() > 1) {
      const auto moved = one->expect("attached");
      const auto start = moved.at("start").get<std::uint64_t>();
      ++moves;
      EXPECT_GT(start, shell.begin);
      EXPECT_FALSE(NumberedLines::inside_sequence(start - shell.begin));
      EXPECT_TRUE(NumberedLines::begins_character(start - shell.begin));
    }
    EXPECT_EQ(one->expect("exited").at("status"), 0);
    EXPECT_EQ(one->close_code(), 1000u);
    if (one == &silent) {
      EXPECT_GT(moves, 0u);
    }
    const auto from = std::max(one->output_start(), shell.begin);
    EXPECT_GE(one->output_end(), shell.begin + shell.bytes);
    const auto numbered = std::string_view(one->output())
                              .substr(from - one->output_start(), shell.begin + shell.bytes - from);
    EXPECT_EQ(NumberedLines::differs(from - shell.begin, numbered), std::string::npos);
  }
}

}  // namespace
}  // namespace sallyport::support
