// A session that nobody watches: its shell waits so that nothing is lost, then runs on, and at last
// it ends.
#include <gmock/gmock.h>

#include "numbered_lines.h"
#include "printing_shell.h"
#include "support/resume_fixture.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLog = 256 * 1024;
constexpr std::size_t kOneRead = 96 * 1024;  // kept beyond it
constexpr std::size_t kBlock = 32 * 1024;    // and what is dropped at once
constexpr std::uint64_t kLines = 60'000;     // some 5 MB

class Waiting : public ReturnTest {
 protected:
  Waiting() {
    settings().window_bytes = 64 * 1024;
    settings().log_bytes = kLog;
  }
  WebSocketClient open_shell(Ticket& ticket) {
    auto browser = connect();
    browser.send(open_frame(server_.port(), key(server_.key()), {{"username", server_.user()}}));
    ticket = ticket_of(browser.expect("opened"));
    return browser;
  }
  // All that is still to come is the lines from where the browser is.
  static void expect_the_rest(WebSocketClient& browser, const PrintingShell& shell) {
    browser.wait_until([&] { return browser.output_end() >= shell.begin + shell.bytes; },
                       "the last line");
    EXPECT_EQ(NumberedLines::differs(browser.output_start() - shell.begin, browser.output()),
              std::string::npos);
  }
  static void exit_with(WebSocketClient& browser, int status) {
    browser.type(std::to_string(status) + "\n");
    EXPECT_EQ(browser.expect("exited").at("status"), status);
    EXPECT_EQ(browser.close_code(), 1000u);
  }
  OpenSshServer server_{plain_shell()};
};

TEST_F(Waiting, AShortAbsenceLosesNothingThoughTheLogIsFull) {
  start();
  Ticket ticket;
  auto browser = open_shell(ticket);
  const PrintingShell shell(server_, browser, kLines);
  browser.drop();
  shell.wait_until_it_waits();
  EXPECT_FALSE(shell.done());
  Json attached;
  auto again = come_back(ticket, shell.begin, &attached);
  EXPECT_EQ(attached.at("start"), shell.begin);
  const auto kept = attached.at("end").get<std::uint64_t>() - shell.begin;
  EXPECT_GE(kept, kLog);
  EXPECT_LE(kept, kLog + kOneRead);
  expect_the_rest(again, shell);
  exit_with(again, 4);
}

TEST_F(Waiting, AfterTheHoldTheShellRunsOnAndTheNewestOutputIsKeptFromASafeCut) {
  settings().hold = 100ms;
  start();
  Ticket ticket;
  auto browser = open_shell(ticket);
  const PrintingShell shell(server_, browser, kLines);
  browser.drop();
  ASSERT_TRUE(eventually([&] { return shell.done(); }));
  // The last of it may still be on its way.
  Json attached;
  ASSERT_TRUE(eventually([&] {
    come_back(ticket, shell.begin, &attached).drop();
    return attached.at("end") == shell.begin + shell.bytes;
  }));
  auto again = come_back(ticket, shell.begin, &attached);
  const auto start = attached.at("start").get<std::uint64_t>();
  EXPECT_GE(shell.bytes - (start - shell.begin), kLog);
  EXPECT_LE(shell.bytes - (start - shell.begin), kLog + kOneRead + kBlock);
  EXPECT_FALSE(NumberedLines::inside_sequence(start - shell.begin));
  EXPECT_TRUE(NumberedLines::begins_character(start - shell.begin));
  expect_the_rest(again, shell);
  exit_with(again, 4);
}

TEST_F(Waiting, WhoComesBackDuringTheHoldStopsItsClock) {
  settings().hold = 1500ms;
  start();
  Ticket ticket;
  auto browser = open_shell(ticket);
  const PrintingShell shell(server_, browser, kLines);
  browser.drop();
  shell.wait_until_it_waits();
  // Somebody is there, takes nothing, and stays for longer than the hold.
  auto again = connect();
  again.set_acking(false);
  again.send(attach_frame(ticket, shell.begin));
  again.expect("attached");
  EXPECT_TRUE(again.read_for(2s));
  EXPECT_FALSE(shell.done());
  again.set_acking(true);
  again.ack(again.output_end());
  expect_the_rest(again, shell);
  exit_with(again, 4);
}

TEST_F(Waiting, AScreenThatWasSkippedIsDrawnAnewBecauseItsSizeChanges) {
  settings().hold = 1ms;
  start();
  Ticket ticket;
  auto browser = open_shell(ticket);
  const auto printed = server_.folder() / "printed";
  // One process group without job control, as a full-screen program is.
  browser.type(
      "exec sh -c 'stty -echo; trap \"echo size \\$(stty size)\" WINCH; echo ready; "
      "seq 1 200000; : > " +
      printed.string() + "; while :; do sleep 0.02; done'\n");
  browser.expect_output("ready\r\n");
  const auto shown = browser.output_end();
  browser.drop();
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(printed); }));
  Json attached;
  auto again = come_back(ticket, shown, &attached);
  EXPECT_GT(attached.at("start"), shown);
  again.expect_output("size 23 80");
  again.expect_output("size 24 80");
  again.hang_up();
  EXPECT_EQ(again.close_code(), 1000u);
}

TEST_F(Waiting, ASessionThatNobodyComesBackToEnds) {
  settings().detached_limit = 300ms;
  start();
  Ticket ticket;
  auto browser = open_shell(ticket);
  auto watcher = watch(ticket);
  browser.drop();
  EXPECT_EQ(told(watcher.expect("error")),
            "running detached-limit: Nobody came back to the session within 1 s. | Connect again.");
  EXPECT_EQ(watcher.close_code(), 4011u);
  EXPECT_TRUE(eventually([this] { return gateway().sessions() == 0; }));
  auto late = send_first(attach_frame(ticket, 0));
  EXPECT_EQ(late.expect("error").at("code"), "no-such-session");
}

TEST_F(Waiting, AReturnStopsTheClockOfTheDetachedLimit) {
  settings().detached_limit = 700ms;
  start();
  Ticket ticket;
  auto browser = open_shell(ticket);
  browser.drop();
  auto again = come_back(ticket, 0);
  EXPECT_TRUE(again.read_for(1s));
  again.hang_up();
}

TEST_F(Waiting, AnIdleSessionEndsThoughItPrints) {
  settings().idle_limit = 1s;
  start();
  Ticket ticket;
  auto browser = open_shell(ticket);
  browser.type("while :; do echo still here; sleep 0.1; done\n");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(browser.read_for(600ms));
  browser.type("x");
  EXPECT_EQ(told(browser.expect("error")),
            "running idle-limit: Nothing was typed for 1 s, so the gateway ended the session. | "
            "Connect again.");
  EXPECT_GE(std::chrono::steady_clock::now() - began, 1600ms);
  EXPECT_EQ(browser.close_code(), 4010u);
}

TEST_F(Waiting, ASessionEndsAtItsTimeLimitWhoeverTypes) {
  settings().time_limit = 1s;
  start();
  Ticket ticket;
  Ticket away;
  auto browser = open_shell(ticket);
  open_shell(away).drop();
  while (!browser.has_event() && browser.read_for(50ms)) browser.type("x");
  EXPECT_EQ(
      told(browser.expect("error")),
      "running time-limit: The session reached this gateway's limit of 1 s. | Connect again.");
  EXPECT_EQ(browser.close_code(), 4011u);
  EXPECT_TRUE(eventually([this] { return gateway().sessions() == 0; }));
}

class LogMemory : public ReturnTest {
 protected:
  static constexpr std::size_t kPrinted = 200'000;
  LogMemory() { settings().log_memory_bytes = 800'000; }
  void SetUp() override { start(); }
  WebSocketClient open_with_output(Ticket& ticket) {
    auto browser = open_session(host_, ticket);
    browser.type(command_);
    browser.wait_until([&] { return browser.output_end() == command_.size() + kPrinted; },
                       "the flood");
    return browser;
  }
  void expect_all_kept(const Ticket& ticket) {
    auto again = come_back(ticket, 0);
    again.wait_until([&] { return again.output_end() == command_.size() + kPrinted; }, "it again");
    EXPECT_TRUE(again.output() == command_ + flood_bytes(kPrinted));
    again.hang_up();
    EXPECT_EQ(again.close_code(), 1000u);
  }
  std::string command_ = "!flood " + std::to_string(kPrinted) + "\n";
  ScriptedSshServer host_;
};

TEST_F(LogMemory, OfAllTogetherIsLimitedAndWhoWasAwayTheLongestLosesFirst) {
  Ticket live;
  Ticket first;
  Ticket second;
  Ticket last;
  auto browser = open_with_output(live);
  open_with_output(first).drop();
  EXPECT_TRUE(eventually([this] { return gateway().connections() == 1; }));
  open_with_output(second).drop();
  EXPECT_TRUE(eventually([this] { return gateway().connections() == 1; }));
  open_with_output(last).drop();
  EXPECT_TRUE(eventually([this] { return gateway().connections() == 1; }));
  Json attached;
  auto lost = come_back(first, 0, &attached);
  EXPECT_EQ(attached.at("start"), command_.size() + kPrinted);
  EXPECT_EQ(attached.at("end"), command_.size() + kPrinted);
  lost.type("it still runs\n");
  lost.expect_output("it still runs\n");
  lost.hang_up();
  EXPECT_EQ(lost.close_code(), 1000u);
  expect_all_kept(second);
  expect_all_kept(last);
  browser.drop();
  expect_all_kept(live);
}

TEST_F(LogMemory, NeverTakesALiveSessionsOutput) {
  std::vector<Ticket> tickets(6);
  std::vector<WebSocketClient> browsers;
  for (auto& ticket : tickets) browsers.push_back(open_with_output(ticket));
  // Far beyond the limit, and each of them can still begin from the first byte.
  for (const auto& ticket : tickets) expect_all_kept(ticket);
}

// What is forgotten may end inside an escape sequence; the rest of it must not be shown as text.
TEST_F(LogMemory, ForgottenInsideAnEscapeSequenceGoesOnBehindIt) {
  Ticket ticket;
  auto browser = open_session(host_, ticket);
  browser.type("\x1b]0;half a title");
  browser.expect_output("half a title");
  browser.drop();
  expect_no_browsers();
  std::vector<Ticket> tickets(5);
  std::vector<WebSocketClient> browsers;
  for (auto& other : tickets) browsers.push_back(open_with_output(other));
  Json attached;
  auto again = come_back(ticket, 0, &attached);
  EXPECT_GT(attached.at("start"), 0);
  again.type(" and the other half\x07visible");
  again.expect_output("visible");
  EXPECT_EQ(again.output(), "visible");
  again.hang_up();
  for (auto& other : browsers) other.hang_up();
}

}  // namespace
}  // namespace sallyport::support
